"""Imports end to end: files in, rows in Postgres out."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from livescores.models import ImportRejection, ImportReport, Match, Team
from predictions.models import Odds
from predictions.services.importing import files
from soccerpredict.errors import InvalidInput

pytestmark = pytest.mark.django_db

HEADER = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A"
ROW = "E0,14/08/21,Brentford,Arsenal,2,0,H,4.0,3.4,1.95"
FIXTURE = "E0,21/08/21,Arsenal,Chelsea,,,,3.5,3.4,2.1"


@pytest.fixture
def take(tmp_path):
    """Import these rows as one file, written anew."""

    def run(*rows: str, name: str = "E0.csv") -> ImportReport:
        path = tmp_path / name
        path.write_text("\n".join((HEADER, *rows)))
        return files.import_files("football-data", [path])

    return run


def counted(report: ImportReport) -> tuple[int, int, int, int]:
    return report.inserted, report.updated, report.unchanged, report.odds_inserted


def test_it_stores_matches_and_prices(take):
    report = take(ROW, FIXTURE)

    assert counted(report) == (2, 0, 0, 2)
    assert Match.objects.get(status="finished").home_score == 2
    assert Odds.objects.filter(match__status="scheduled").get().odd_away == 2.1


def test_a_second_run_changes_nothing(take):
    take(ROW, FIXTURE)

    assert counted(take(ROW, FIXTURE)) == (0, 0, 2, 0)


def test_a_later_copy_brings_the_result(take):
    take(ROW, FIXTURE)

    report = take(ROW, FIXTURE.replace(",,,,", ",0,2,A,"))

    assert counted(report) == (0, 1, 1, 0)
    assert Match.objects.get(away_team__name="Chelsea").status == "finished"


def test_a_fixture_list_takes_no_result_back(take):
    take(ROW)

    report = take(ROW.replace("2,0,H", ",,"))

    assert counted(report) == (0, 0, 1, 0)
    assert Match.objects.get().home_score == 2


def test_a_moved_fixture_stays_one_match(take):
    take(ROW, FIXTURE)

    report = take(ROW, FIXTURE.replace("21/08/21", "22/09/21"))

    assert report.updated == 1
    assert Match.objects.get(away_team__name="Chelsea").start_time_utc.month == 9


def test_a_fixture_whose_result_never_came_is_unknown_until_it_comes(take, settings):
    take(FIXTURE)
    assert Match.objects.get().status == "scheduled"  # as far back as tests tell
    settings.FIXTURE_SILENT_DAYS = 3

    take(ROW)
    assert Match.objects.get(away_team__name="Chelsea").status == "unknown"
    assert counted(take(FIXTURE)) == (0, 0, 1, 0)  # the same list says nothing more

    take(FIXTURE.replace(",,,,", ",0,2,A,"))
    assert Match.objects.get(away_team__name="Chelsea").status == "finished"


def test_an_old_fixture_is_unknown_from_the_beginning(take, settings):
    settings.FIXTURE_SILENT_DAYS = 3
    coming = f"{timezone.now() + timedelta(days=3):%d/%m/%y}"

    take(FIXTURE)
    assert Match.objects.get().status == "unknown"

    take(FIXTURE.replace("21/08/21", coming), name="fixtures.csv")
    assert "scheduled" in Match.objects.values_list("status", flat=True)


def test_the_same_pair_may_meet_twice_in_a_season(take):
    take(ROW, ROW.replace("14/08/21", "14/12/21"))

    assert Match.objects.count() == 2


def test_a_changed_price_is_appended(take):
    take(ROW)

    take(ROW.replace("4.0,", "4.2,"))

    prices = Odds.objects.order_by("recorded_at").values_list("odd_home", flat=True)
    assert list(prices) == [4.0, 4.2]


def test_a_match_that_stands_twice_is_refused_with_its_line(take):
    report = take(ROW, ROW)

    assert (report.inserted, report.rejected) == (1, 1)
    assert ImportRejection.objects.get().line == 3


def test_two_spellings_are_one_club(take):
    row = ROW.replace("E0", "D1")

    take(row.replace("Arsenal", "M'gladbach"), row.replace("Brentford", "M'Gladbach"))

    assert Team.objects.filter(name__iexact="m'gladbach").count() == 1


def test_a_broken_file_is_named_and_the_others_go_on(tmp_path):
    (tmp_path / "a.csv").write_text("<html>")
    (tmp_path / "b.csv").write_text(f"{HEADER}\n{ROW}\n")

    with pytest.raises(CommandError, match="1 of 2 files were not imported"):
        call_command("import_matches", "football-data", str(tmp_path))

    assert Match.objects.count() == 1
    assert ImportRejection.objects.get().file.endswith("a.csv")


def test_a_source_without_prices_is_imported_alike(tmp_path):
    match = {
        "date": "2022-08-06",
        "team1": "VfL Bochum 1848",
        "team2": "1. FSV Mainz 05",
        "score": {"ft": [1, 2]},
    }
    season = {"name": "Deutsche Bundesliga 2022/23", "matches": [match, {**match, "date": "x"}]}
    (tmp_path / "de.1.json").write_text(json.dumps(season))

    call_command("import_matches", "openfootball", str(tmp_path))

    assert Match.objects.get().away_score == 2
    assert ImportRejection.objects.get().reason == "Unreadable date 'x'."


def test_an_unknown_source_is_named():
    with pytest.raises(InvalidInput, match="Unknown source 'x'"):
        files.files_under("x", [])


def test_a_missing_path_is_named(tmp_path):
    with pytest.raises(InvalidInput, match=r"There is no .*nowhere"):
        files.files_under("football-data", [tmp_path / "nowhere"])


def test_a_folder_without_files_is_no_success(tmp_path):
    with pytest.raises(CommandError, match="no file to import"):
        call_command("import_matches", "football-data", str(tmp_path))


@pytest.mark.fault
def test_an_import_whose_process_was_killed_is_called_failed_by_the_next(take):
    killed = ImportReport.objects.create(source="football-data")
    working = ImportReport.objects.create(source="football-data")

    with files.ImportRun(working, {}):
        report = take(ROW)
        working.refresh_from_db()
        assert working.status == "running"

    killed.refresh_from_db()
    assert (killed.status, report.status) == ("failed", "done")
    assert killed.finished_at is not None
