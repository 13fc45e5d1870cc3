"""The same file imported twice at once, and values that no column takes."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from livescores.models import Match, Region, Team
from livescores.services import matches
from predictions.models import Odds
from predictions.services.importing import files
from soccerpredict.errors import InvalidInput
from tests.factories import make_region
from tests.predictions.commands import failed

pytestmark = pytest.mark.fault
HEADER = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A"
CLUBS = ["Arsenal", "Brentford", "Chelsea", "Everton", "Fulham", "Leeds"]
ROWS = [
    f"E0,{day:02}/08/21,{home},{away},2,0,H,4.0,3.4,1.95"
    for day, (home, away) in enumerate(itertools.pairwise(CLUBS), start=10)
]


def written(folder, *rows, name="E0.csv"):
    path = folder / name
    path.write_text("\n".join((HEADER, *rows)))
    return path


@pytest.mark.django_db(transaction=True)
def test_one_of_two_at_once_waits_and_finds_everything_there(tmp_path):
    paths = [written(tmp_path, *ROWS, name=f"E0-{number}.csv") for number in range(6)]
    together = Barrier(2)

    def take(_):
        try:
            together.wait(10)
            return files.import_files("football-data", paths)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(take, range(2))

    assert first.status == second.status == "done"
    assert first.inserted + second.inserted == len(ROWS) == Match.objects.count()
    assert first.unchanged + second.unchanged == 11 * len(ROWS)
    assert Team.objects.count() == len(CLUBS)
    assert Odds.objects.count() == len(ROWS)


@pytest.mark.django_db
def test_a_name_of_300_letters_refuses_its_row_and_no_other(tmp_path):
    path = written(tmp_path, *ROWS, f"E0,20/08/21,{'A' * 300},Arsenal,2,0,H,4.0,3.4,1.95")

    report = files.import_files("football-data", [path])

    assert (report.status, report.inserted, report.rejected) == ("done", len(ROWS), 1)
    assert "a name of 300 characters" in report.rejections.get().reason


@pytest.mark.django_db
def test_a_name_with_what_cannot_be_seen_is_the_club_itself(tmp_path):
    files.import_files("football-data", [written(tmp_path, *ROWS)])
    seen = ROWS[0].replace("Arsenal", "Ars\u200be\u202enal")

    report = files.import_files("football-data", [written(tmp_path, seen)])

    assert (report.inserted, report.unchanged) == (0, 1)
    assert Team.objects.count() == len(CLUBS)


@pytest.mark.django_db
def test_a_value_that_fits_no_column_costs_its_file_only(tmp_path, monkeypatch):
    paths = [written(tmp_path, row, name=f"E0-{n}.csv") for n, row in enumerate(ROWS[:2])]
    store = matches.store

    def one_too_big(source, records, names):
        with connection.cursor() as cursor:
            if any(record.home == CLUBS[0] for record in records):
                cursor.execute("SELECT 70000::smallint")
        return store(source, records, names)

    monkeypatch.setattr(matches, "store", one_too_big)

    report = files.import_files("football-data", paths)

    assert (report.files_failed, report.inserted) == (1, 1)
    assert report.rejections.get().reason == "It holds a value that no match can have."


@pytest.mark.django_db
def test_real_files_are_refused_where_a_world_is_simulated(tmp_path):
    make_region(name="Utopia", is_simulated=True)

    with pytest.raises(InvalidInput):
        files.import_files("football-data", [written(tmp_path, *ROWS)])

    said = failed("import_matches", "football-data", str(written(tmp_path, *ROWS)))
    assert said.startswith("There is a simulated world here: real data must not mix with it.")
    assert [region.name for region in Region.objects.all()] == ["Utopia"]
