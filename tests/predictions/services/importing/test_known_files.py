"""A folder given once more: what is new or changed in it, and nothing else."""

from pathlib import Path

import pytest

from livescores.models import ImportReport, Match
from predictions.services.importing import files, known_files
from predictions.services.undoing import service as undoing
from soccerpredict.errors import InvalidInput
from tests import season_files

pytestmark = pytest.mark.django_db
SOURCE = "football-data"


@pytest.fixture
def folder(tmp_path):
    for division in ("E0", "D1"):
        (tmp_path / f"{division}.csv").write_text(season_files.season(division, 2020))
    return tmp_path


def take(folder):
    """What an import of the folder takes."""
    new, n_files = known_files.news_of(SOURCE, [folder])
    if new:
        files.import_files(SOURCE, new)
        known_files.remember(SOURCE, new)
    return sorted(path.name for path in new), n_files


def test_a_folder_is_taken_once(folder):
    assert take(folder) == (["D1.csv", "E0.csv"], 2)
    assert take(folder) == ([], 2)
    assert Match.objects.count() == 2 * 380


def test_a_new_and_a_changed_file_are_taken(folder):
    take(folder)
    (folder / "E1.csv").write_text(season_files.season("E1", 2020))
    with (folder / "D1.csv").open("a") as file:
        file.write("D1,02/08/2021,15:00,Ashton,Birchton,1,1,D,2,3,4,2,3,4\n")

    assert take(folder) == (["D1.csv", "E1.csv"], 3)


def test_a_file_that_was_refused_is_tried_again(folder):
    (folder / "E0.csv").write_text("<html>")

    take(folder)

    assert take(folder) == (["E0.csv"], 2)


def test_the_same_file_elsewhere_is_another(folder, tmp_path):
    take(folder)
    (folder / "again").mkdir()
    (folder / "again" / "E0.csv").write_bytes((folder / "E0.csv").read_bytes())

    assert take(folder) == (["E0.csv"], 3)


def test_a_folder_that_is_not_there_is_named():
    with pytest.raises(InvalidInput, match=r"There is no /nowhere\."):
        known_files.news_of(SOURCE, [Path("/nowhere")])


def test_files_of_an_import_that_was_undone_are_new_again(folder):
    take(folder)

    undoing.undo(ImportReport.objects.get().pk, by="tests", why="it was the wrong folder")

    assert take(folder) == (["D1.csv", "E0.csv"], 2)
    assert Match.objects.count() == 2 * 380
