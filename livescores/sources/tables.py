"""The tables of a file: one of a CSV, one a sheet of a workbook (`.xls`, `.xlsx`)."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple

import xlrd

from livescores.sources.content import LONGEST, plain, refuse_other_forms
from livescores.sources.records import FileRejected

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Row 12 of the third sheet is line 200012: lines are unique in a file.
LINES_OF_A_SHEET = 100_000

MOST_ROWS, MOST_COLUMNS = 20_000, 400

Row = tuple[int, list[str]]
Sheet = tuple[str, list[list[object]]]


class Table(NamedTuple):
    """Rows that hold something, each with its line; only a CSV has an encoding and separator."""

    sheet: str
    rows: list[Row]
    encoding: str = ""
    separator: str = ""


def tables(content: bytes, name: str) -> list[Table]:
    """All tables of a file that hold anything, cells as text.

    Raises:
        FileRejected: it is no table, damaged, empty, or unpacks to more than 64 MB.
    """
    content = plain(content, name)
    found = _sheets(content) if content.startswith((ZIP, OLE)) else [_csv(content)]
    filled = [table for table in found if table.rows]
    if not filled:
        raise FileRejected("The file is empty.", 1)
    return filled


def _csv(content: bytes) -> Table:
    text, encoding = decoded(content)
    return Table("", _csv_rows(text), encoding, ",")


def _csv_rows(text: str) -> list[Row]:
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        return [(lines.line_num, row) for row in lines if any(map(str.strip, row))]
    except csv.Error as exc:
        raise FileRejected(f"The table is damaged: {exc}.", lines.line_num) from exc


def decoded(content: bytes) -> tuple[str, str]:
    """The text, and its encoding."""
    refuse_other_forms(content, "a table")
    try:
        text, encoding = content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = content.decode("cp1252", errors="replace"), "cp1252"
    return text.replace("\xa0", " "), encoding


def _sheets(content: bytes) -> list[Table]:
    read = _xlsx if content.startswith(ZIP) else _xls
    try:
        sheets = list(read(content))
    except FileRejected:
        raise
    except Exception as exc:  # both readers answer damage with whatever their code runs into
        raise FileRejected(f"The workbook is damaged: {type(exc).__name__}.") from exc
    return [
        Table(name, list(_sheet_rows(number, cells))) for number, (name, cells) in enumerate(sheets)
    ]


def _xlsx(content: bytes) -> Iterator[Sheet]:
    import openpyxl  # it brings numpy along, which web processes do without

    _refuse_bomb(content)
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    for sheet in book.worksheets:
        rows = sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True)
        yield sheet.title, [list(row) for row in rows]


def _xls(content: bytes) -> Iterator[Sheet]:
    """`ragged_rows`: a sheet must not be as wide everywhere as its widest row says."""
    book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO(), ragged_rows=True)
    for sheet in book.sheets():
        yield (
            sheet.name,
            [
                [_xls_value(cell, book.datemode) for cell in sheet.row(number)[:MOST_COLUMNS]]
                for number in range(min(sheet.nrows, MOST_ROWS))
            ],
        )


def _xls_value(cell: "xlrd.sheet.Cell", mode: int) -> object:
    """A date without a day is a time of day."""
    if cell.ctype != xlrd.XL_CELL_DATE:
        return cell.value
    value = xlrd.xldate_as_datetime(cell.value, mode)
    return value.time() if cell.value < 1 else value


def _sheet_rows(number: int, sheet: list[list[object]]) -> Iterator[Row]:
    for line, cells in enumerate(sheet, start=number * LINES_OF_A_SHEET + 1):
        row = [_text(cell) for cell in cells]
        if any(row):
            yield line, row


def _text(cell: object) -> str:
    """As the source's CSV would write it."""
    if cell is None:
        return ""
    if isinstance(cell, date | datetime):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\xa0", " ").strip()


def _refuse_bomb(content: bytes) -> None:
    """The sizes that an archive states are proven by reading it, before anything relies on them."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > LONGEST:
            raise FileRejected("The workbook unpacks to more than 64 MB.")
        if archive.testzip():
            raise FileRejected("The workbook is damaged: a part is not what the archive states.")
