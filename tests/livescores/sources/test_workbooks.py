"""Workbooks as football-data.co.uk makes them: a sheet for each division, all leagues in one."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, time
from itertools import chain
from pathlib import Path

import openpyxl
import pytest

from livescores.sources import tables
from livescores.sources.football_data import parser as football_data
from livescores.sources.records import FileRejected

HEADER = ["Div", "Date", "Time", "HomeTeam", "AwayTeam", "FTHG", "FTAG", "FTR", "B365H", "B365D"]
ROW = ["E0", datetime(2021, 8, 14), time(15), "Brentford", "Arsenal", 2, 0, "H", 4.0, 3.4]


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_each_sheet_is_a_division():
    second = ["E1", *ROW[1:3], "Leeds", "Derby", None, None, None, None, None]

    parsed = football_data.parse(
        workbook(E0=[[*HEADER, "B365A"], [*ROW, 1.95]], E1=[HEADER, second]), "all-euro-data.xlsx"
    )

    first, other = parsed.matches
    assert (first.home, first.counts[:2], first.quotes[0][3:6]) == (
        "Brentford",
        (2, 0),
        (4.0, 3.4, 1.95),
    )
    assert first.start_time_utc == datetime(2021, 8, 14, 14, tzinfo=UTC)
    assert (other.tournament.name, other.status) == ("Championship", "scheduled")


def test_a_cell_of_day_and_hour_is_both():
    """As a spreadsheet keeps what was typed into one cell; a column of the hour goes without."""
    at = datetime(2021, 8, 14, 17, 30)
    [rows] = [table.rows for table in tables.tables(workbook(E0=[["Date"], [at]]), "a.xlsx")]

    assert rows[1][1][0] == "14/08/2021 17:30"


def test_a_workbook_with_a_changed_byte_is_refused():
    stored = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(E0=[HEADER, ROW]))) as packed,
        zipfile.ZipFile(stored, "w") as archive,
    ):
        for name in packed.namelist():
            archive.writestr(name, packed.read(name))

    with pytest.raises(FileRejected, match="a part is not what the archive states"):
        football_data.parse(stored.getvalue().replace(b"Brentford", b"Brentforx"), "season.xlsx")


def test_lines_are_unique_over_all_sheets():
    parsed = football_data.parse(workbook(E0=[HEADER, ROW], E1=[HEADER, ROW]), "season.xlsx")

    assert [match.line for match in parsed.matches] == [2, 100_002]


def test_a_sheet_of_notes_is_named_and_left_out():
    parsed = football_data.parse(workbook(Notes=[["Read me"]], E0=[HEADER, ROW]), "season.xlsx")

    assert len(parsed.matches) == 1
    assert parsed.rejections[0].reason.startswith("Sheet Notes: No column HomeTeam")


def test_a_workbook_without_any_table_is_refused():
    with pytest.raises(FileRejected, match="Sheet Notes: No column"):
        football_data.parse(workbook(Notes=[["Read me"]]), "season.xlsx")


def test_an_archive_that_unpacks_too_far_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "LONGEST", 1000)

    with pytest.raises(FileRejected, match="unpacks to more than 64 MB"):
        football_data.parse(workbook(E0=[HEADER, ROW]), "season.xlsx")


@pytest.mark.parametrize("cut", [40, 300, 2000])
def test_a_workbook_that_breaks_off_is_refused(cut):
    with pytest.raises(FileRejected, match="The workbook"):
        football_data.parse(workbook(E0=[HEADER, ROW])[:-cut], "season.xlsx")


def test_an_archive_of_something_else_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("picture.png", b"no workbook")

    with pytest.raises(FileRejected, match="The archive holds no table"):
        football_data.parse(content.getvalue(), "season.xlsx")


def test_real_files_say_the_same_as_sheets(real_data):
    folder = real_data / "football-data" / "2021-22"
    files = {name: (folder / f"{name}.csv").read_bytes() for name in ("E0", "SC0")}
    sheets = {
        name: [row for _, row in tables.tables(content, name)[0].rows]
        for name, content in files.items()
    }

    parsed = football_data.parse(workbook(**sheets), "all-euro-data-2021-2022.xlsx")

    one_by_one = chain.from_iterable(
        football_data.parse(content, name).matches for name, content in files.items()
    )
    assert [match._replace(line=0) for match in parsed.matches] == [
        match._replace(line=0) for match in one_by_one
    ]


def test_older_seasons_are_workbooks_of_the_older_form():
    content = (Path(__file__).parent / "season.xls").read_bytes()

    first, second = football_data.parse(content, "all-euro-data-2015-2016.xls").matches

    assert (first.home, first.season, first.counts[:2]) == ("Brentford", "2015-16", (2, 0))
    assert second.quotes[0][3:6] == (4.0, 3.4, 1.95)
