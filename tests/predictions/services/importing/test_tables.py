"""Any table by a mapping, through the command: once, again, and what is said of a fault."""

import pytest
from django.core.management import CommandError
from django.db import transaction

from livescores.models import ClubRating, ImportReport, Match, Team, TeamAlias
from livescores.services import link_decisions
from predictions.models import Odds
from tests.livescores.sources.football_data.test_forms import HEADER, N, season
from tests.predictions.commands import failed, run

pytestmark = pytest.mark.django_db

MAPPING = """
source = "own"
[constants]
league = "England, Premier League"
[columns]
date = "Date"
home = "HomeTeam"
away = "AwayTeam"
home_score = "FTHG"
away_score = "FTAG"
[[prices]]
bookmaker = "Bet365"
home = "B365H"
draw = "B365D"
away = "B365A"
"""


@pytest.fixture
def take(tmp_path):
    mapping = tmp_path / "own.toml"
    mapping.write_text(MAPPING)

    def importing(rows, *words, name="table.csv", by=run):
        path = tmp_path / name
        path.write_text("\n".join((HEADER, *rows)) + "\n")
        return by("import_matches", "table", str(path), "--mapping", str(mapping), *words)

    return importing


def test_it_comes_in_once(take):
    assert f"{N} inserted, 0 updated, 0 unchanged, 0 rejected" in take(season(2023))
    assert f"0 inserted, 0 updated, {N} unchanged, 0 rejected" in take(season(2023))

    assert Odds.objects.filter(bookmaker__code="B365", source="table:own").count() == N
    assert ImportReport.objects.first().source == "table:own"


def test_its_clubs_and_matches_are_those_that_we_know(take, tmp_path):
    path = tmp_path / "E0.csv"
    path.write_text("\n".join((HEADER, *season(2023))))
    run("import_matches", "football-data", str(path))
    renamed = [row.replace("Aldmoor", "Aldmoor FC") for row in season(2023)]

    said = take(renamed)

    assert "0 inserted" in said
    assert Match.objects.count() == N
    assert set(Match.objects.values_list("source", flat=True)) == {"football-data"}
    assert Team.objects.count() == 8
    assert TeamAlias.objects.get(name="Aldmoor FC").team.name == "Aldmoor"


def test_it_never_overrules_a_source(take, tmp_path):
    path = tmp_path / "E0.csv"
    path.write_text("\n".join((HEADER, *season(2023))))
    run("import_matches", "football-data", str(path))

    take(
        [row.replace(",1,0,H,", ",3,3,D,") if n < 3 else row for n, row in enumerate(season(2023))]
    )

    assert not Match.objects.filter(home_score=3).exists()


def test_many_files_are_read_by_another_process(take, tmp_path):
    rows = list(season(2023))
    for number in range(9):
        part = rows[number * 4 : number * 4 + 4]
        take(part, "--date-order", "dmy", name=f"part{number}.csv")

    words = ("--mapping", str(tmp_path / "own.toml"), "--date-order", "dmy")
    said = run("import_matches", "table", str(tmp_path), *words)

    assert "9 files, 36 rows read: 0 inserted, 0 updated, 36 unchanged" in said


def test_the_order_of_day_and_month_may_be_told(take):
    rows = [row for row in season(2023) if ",03/08/" in row]

    with pytest.raises(CommandError):
        take(rows)
    assert "cannot be told apart" in ImportReport.objects.first().rejections.get().reason
    take(rows, "--date-order", "dmy")

    assert {start.month for start in Match.objects.values_list("start_time_utc", flat=True)} == {8}


def test_a_mapping_that_is_none_is_told(tmp_path):
    (tmp_path / "table.csv").write_text(HEADER)
    (tmp_path / "wrong.toml").write_text(MAPPING.replace("date =", "day ="))
    table = str(tmp_path / "table.csv")

    missing = failed("import_matches", "table", table, "--mapping", "nowhere")
    wrong = failed("import_matches", "table", table, "--mapping", str(tmp_path / "wrong.toml"))

    assert missing.startswith("There is no mapping 'nowhere': name a TOML file or one of")
    assert wrong.startswith("The mapping is wrong: columns.day: unknown field")
    assert not ImportReport.objects.exists()


@pytest.mark.parametrize(
    "words", [("table", "."), ("table", "--mapping", "x"), ("openfootball", ".", "--mapping", "x")]
)
def test_a_table_and_its_mapping_go_together(words):
    with pytest.raises(CommandError, match="Write: import_matches table FILE"):
        run("import_matches", *words)


ELO = "Rank,Club,Country,Level,Elo,From,To\n"
RATED = "1,Aldmoor,ENG,1,1901.5,2024-08-10,2024-08-16\n"


@pytest.fixture
def rate(take, tmp_path):
    """Import ratings of clubs that a season has made known."""
    take(season(2023))

    def importing(*rows, by=run):
        path = tmp_path / "2024-08-16.csv"
        path.write_text(ELO + "".join(rows))
        return by("import_matches", "table", str(path), "--mapping", "clubelo")

    return importing


def test_ratings_of_clubs_come_in_once_and_a_newer_copy_corrects_them(rate):
    assert "1 inserted, 0 updated, 0 unchanged, 0 rejected" in rate(RATED)
    assert "0 inserted, 0 updated, 1 unchanged, 0 rejected" in rate(RATED)
    assert "0 inserted, 1 updated, 0 unchanged" in rate(RATED.replace("1901.5", "1902"))

    rating = ClubRating.objects.get()
    assert str(rating) == "Aldmoor: 1902 from 2024-08-10 (table:clubelo)"
    assert str(rating.last_day) == "2024-08-16"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("Aldmoor", "Nowhere"), "'Nowhere' (England) is no club of ours."),
        (("ENG", "XXX"), "'Aldmoor' (XXX) is no club of ours."),
        (("1901.5", "None"), "'None' is no rating."),
        (("2024-08-10", "10/08/2024"), "'10/08/2024' may be two days: say date_order in the"),
        (("2024-08-10", "2024-09-10"), "It ends on 2024-08-16, before it begins."),
    ],
)
def test_a_rating_that_is_none_is_refused_and_makes_no_club(rate, change, why):
    n_clubs = Team.objects.count()

    said = rate(RATED, RATED.replace(*change))

    assert "1 inserted" in said
    assert why in said
    assert Team.objects.count() == n_clubs


def test_a_table_without_any_rating_of_ours_has_failed(rate):
    with pytest.raises(CommandError, match="1 of 1 files were not imported"):
        rate(RATED.replace("Aldmoor", "Nowhere"))


def test_ratings_stay_with_a_club_that_turns_out_to_be_another(rate):
    rate(RATED)
    team, into = (
        Team.objects.get(name="Aldmoor"),
        Team.objects.create(region=Team.objects.first().region, name="Aldmoor Town"),
    )

    with transaction.atomic():
        assert link_decisions.join(team, into)

    assert ClubRating.objects.get().team == into
