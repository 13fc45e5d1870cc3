"""The tables of a file: one of a CSV, one a sheet of a workbook, all of the files in a zip."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

import xlrd

from livescores.sources import archives, decimals
from livescores.sources.archives import LONGEST, ZIP
from livescores.sources.content import plain, refuse_other_forms
from livescores.sources.encodings import decoded, utf_16
from livescores.sources.records import FileRejected

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Row 12 of the third sheet is line 200012: lines are unique in a file.
LINES_OF_A_SHEET = 100_000
SEPARATORS = ",;\t|"
HINT = "sep="  # as Excel writes it into the first line

FEW = 10  # of whose rows one is longer than the header in real files, by other mistakes
MIDNIGHT = time()
MOST_ROWS, MOST_COLUMNS = 20_000, 400

Row = tuple[int, list[str]]
Sheet = tuple[str, list[list[object]]]


class Table(NamedTuple):
    """Rows that hold something, each with its line; numbers have a decimal point in all of them.

    `sheet` names it in a workbook or archive. Only a CSV has an encoding and a separator. `fault`
    says what is wrong with a file of an archive that holds no table.
    """

    sheet: str
    rows: list[Row]
    encoding: str = ""
    separator: str = ""
    decimal_mark: str = "."
    fault: str = ""
    line: int = 1  # where it begins
    is_member: bool = False  # of an archive


def tables(content: bytes, name: str) -> list[Table]:
    """All tables of a file that hold anything, cells as text.

    Raises:
        FileRejected: it is no table, damaged, empty, or unpacks to more than 64 MB.
    """
    content = plain(content, name)
    if archives.is_archive(content):
        return _numbered([t for part in archives.members(content) for t in _member(*part)])
    return _numbered(_filled(content))


def _filled(content: bytes) -> list[Table]:
    found = _sheets(content) if content.startswith((ZIP, OLE)) else [_csv(content)]
    filled = [table for table in found if table.rows]
    if not filled:
        raise FileRejected("The file is empty.", 1)
    return filled


def _member(name: str, content: bytes) -> list[Table]:
    """A file of an archive; one that is no table leaves the others as they are."""
    try:
        found = _filled(content)
    except FileRejected as exc:
        return [Table(name, [], fault=str(exc), is_member=True)]
    return [one._replace(sheet=f"{name}/{one.sheet}".rstrip("/"), is_member=True) for one in found]


def _numbered(found: list[Table]) -> list[Table]:
    """Lines that are unique in the whole file."""
    numbered: list[Table] = []
    start = 0
    for table in found:
        rows = [(line + start, row) for line, row in table.rows] if start else table.rows
        numbered.append(table._replace(rows=rows, line=start + 1))
        last = rows[-1][0] if rows else start
        start = (last // LINES_OF_A_SHEET + 1) * LINES_OF_A_SHEET
    return numbered


def _csv(content: bytes) -> Table:
    if not utf_16(content):
        refuse_other_forms(content, "a table")
    text, encoding = decoded(content)
    text = text.replace("\xa0", " ")
    separator = _separator(text)
    rows = _csv_rows(text, separator)
    if separator == "," and '"' not in text:
        return Table("", rows, encoding, separator)
    return _with_points(Table("", rows, encoding, separator))


def _separator(text: str) -> str:
    """What parts the names of the header, which hold none of these themselves."""
    header = next((line for line in io.StringIO(text) if line.strip()), "")
    if header.lower().startswith(HINT) and len(header.strip()) == len(HINT) + 1:
        return header[len(HINT)]
    return max(SEPARATORS, key=header.count)


def _csv_rows(text: str, separator: str) -> list[Row]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        found = [(lines.line_num, row) for row in lines if any(map(str.strip, row))]
    except csv.Error as exc:
        raise FileRejected(f"The table is damaged: {exc}.", lines.line_num) from exc
    if found and found[0][1][0].lower().startswith(HINT):
        found = found[1:]
    if all(len(row) == 1 and separator in row[0] for _, row in found):  # quoted line by line
        found = [(line, next(csv.reader(row, delimiter=separator))) for line, row in found]
    _refuse_loose_commas(found, separator)
    return found


def _refuse_loose_commas(rows: Sequence[Row], separator: str) -> None:
    """A decimal comma that nothing quotes parts a number in two, and moves all cells behind it."""
    if separator != "," or not rows:
        return
    width = len(rows[0][1])
    wider = [line for line, row in rows if len(row) > width and any(map(str.strip, row[width:]))]
    if len(wider) * FEW > len(rows):
        raise FileRejected(
            "Rows have more cells than the header: decimal commas need quotes around them, or "
            "another separator between cells.",
            wider[0],
        )


def _with_points(table: Table) -> Table:
    mark = decimals.mark_of(row for _, row in table.rows)
    if mark == ".":
        return table
    rows = [(line, decimals.with_points(row)) for line, row in table.rows]
    return table._replace(rows=rows, decimal_mark=mark)


def _sheets(content: bytes) -> list[Table]:
    read = _xlsx if content.startswith(ZIP) else _xls
    try:
        sheets = list(read(content))
    except FileRejected:
        raise
    except Exception as exc:  # both readers answer damage with whatever their code runs into
        raise FileRejected(f"The workbook is damaged: {type(exc).__name__}.") from exc
    return [_with_points(Table(name, list(_sheet_rows(cells)))) for name, cells in sheets]


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


def _sheet_rows(sheet: list[list[object]]) -> Iterator[Row]:
    for line, cells in enumerate(sheet, start=1):
        row = [_text(cell) for cell in cells]
        if any(row):
            yield line, row


def _text(cell: object) -> str:
    """As the source's CSV would write it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime) and cell.time() != MIDNIGHT:
        return f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
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
