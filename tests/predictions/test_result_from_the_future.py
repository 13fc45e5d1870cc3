"""A typing error in a file: one result is dated years ahead."""

from datetime import UTC, datetime, timedelta

import pytest

from livescores.models import ImportRejection, Match
from predictions.services.features import feature_store
from tests.predictions.commands import run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
HEADER = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A"
TODAY = datetime.now(UTC).date()
PLAYED, COMING = TODAY - timedelta(days=20), TODAY + timedelta(days=6)
MISTYPED = PLAYED.replace(year=PLAYED.year + 3, day=min(PLAYED.day, 28))


@pytest.fixture
def take(tmp_path):
    """Import a season's file by the command; it says what it says to a person."""

    def importing(day_of_the_third):
        rows = [
            row("Kelsham", "Fennick", PLAYED, "2,2,D"),
            row("Garrow", "Jarwell", PLAYED, "3,0,H"),
            row("Ilmington", "Kelsham", day_of_the_third, "3,2,H"),
            row("Fennick", "Garrow", COMING, ",,"),
        ]
        file = tmp_path / "E3.csv"
        file.write_text("\n".join([HEADER, *rows]) + "\n")
        return run("import_matches", "football-data", str(file))

    return importing


def row(home, away, day, score):
    return f"E3,{day:%d/%m/%Y},15:00,{home},{away},{score},2.10,3.30,3.60"


def stored():
    matches = Match.objects.order_by("home_team__name")
    return list(matches.values_list("home_team__name", "status", "season__name"))


def test_it_alone_is_rejected_and_the_rest_goes_on(take):
    said = take(MISTYPED)

    reason = f"A result of {MISTYPED}, which lies in the future."
    assert "3 inserted, 0 updated, 0 unchanged, 1 rejected" in said
    assert "row x 1: A result of …, which lies in the future." in said
    assert f"E3.csv:4 {reason} E3,{MISTYPED:%d/%m/%Y},15:00,Ilmington,Kelsham" in said
    assert ImportRejection.objects.values_list("line", "reason").get() == (4, reason)
    season = Match.objects.first().season.name
    assert stored() == [
        ("Fennick", "scheduled", season),
        ("Garrow", "finished", season),
        ("Kelsham", "finished", season),
    ]
    assert ": 3 matches" in run("build_features")


def test_the_corrected_file_heals_it(take):
    take(MISTYPED)
    run("build_features")

    said = take(PLAYED)

    assert "1 inserted, 0 updated, 3 unchanged, 0 rejected" in said
    assert Match.objects.filter(home_team__name="Ilmington").get().status == "finished"
    assert ": 4 matches" in run("build_features")
    assert feature_store.current().manifest["n_results"] == 3


def test_a_file_that_was_good_before_takes_no_harm(take):
    take(PLAYED)
    before = stored()

    said = take(MISTYPED)

    assert "0 inserted, 0 updated, 3 unchanged, 1 rejected" in said
    assert stored() == before
    assert ": 4 matches" in run("build_features")


def test_one_that_is_stored_already_is_left_out_and_named(take):
    take(PLAYED)
    broken = Match.objects.get(home_team__name="Ilmington")
    Match.objects.filter(pk=broken.pk).update(start_time_utc=datetime(2140, 1, 1, tzinfo=UTC))

    said = run("build_features")

    assert ": 3 matches" in said
    assert f"Left out: Rule 'no result lies in the future' is broken by 1 match: {broken.pk}." in (
        said
    )


def test_a_first_match_of_the_next_season_is_kept_beside_the_last_ones(tmp_path):
    """It stands behind all the others; a mistyped year among them is none."""
    year_ago = TODAY - timedelta(days=360)
    rows = [row(f"Club {n}", f"Club {n + 1}", year_ago, "1,0,H") for n in range(0, 8, 2)]
    mistyped = row("Club 1", "Club 3", year_ago + timedelta(days=730), ",,")
    file = tmp_path / "E3.csv"
    lines = [HEADER, mistyped, *rows, row("Club 3", "Club 5", COMING, ",,")]
    file.write_text("\n".join(lines) + "\n")

    said = run("import_matches", "football-data", str(file))

    assert "5 inserted, 0 updated, 0 unchanged, 1 rejected" in said
    assert ImportRejection.objects.get().line == 2
    assert Match.objects.get(status="scheduled").home_team.name == "Club 3"
    assert Match.objects.values("season").distinct().count() == 2
