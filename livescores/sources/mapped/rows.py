"""The rows of any file: of CSV, workbooks and archives, of Parquet, of JSON and JSON lines."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Protocol

from livescores.sources import tables
from livescores.sources.content import json_of, plain
from livescores.sources.mapped.mapping import Column
from livescores.sources.records import FileRejected

PARQUET = b"PAR1"
MOST_ROWS = 500_000
STEP = re.compile(r"([^\[\].]+)(?:\[([^=\]]+)=([^\]]*)\])?")


class Row(Protocol):
    """One record; an empty text is what it does not tell."""

    def at(self, column: Column) -> str: ...

    def each(self, path: str) -> Sequence["Row"]: ...


@dataclass
class Part:
    """A table of a file."""

    name: str
    rows: list[tuple[int, Row]]
    columns: Mapping[str, int] = field(default_factory=dict)
    encoding: str = ""
    separator: str = ""
    decimal_mark: str = ""
    fault: str = ""
    line: int = 1

    def refuse_missing(self, wanted: Mapping[str, Column]) -> None:
        """
        Raises:
            FileRejected: a column that the mapping names is not in the header.
        """
        for what, column in wanted.items():
            names = column if isinstance(column, list) else [column]
            if self.columns and not any(isinstance(n, int) or n in self.columns for n in names):
                found = ", ".join(list(self.columns)[:8])
                told = f"{' or '.join(map(str, names))} for {what}"
                raise FileRejected(f"No column {told} in the header ({found}).", self.line)


@dataclass(frozen=True)
class Cells:
    """A row of a table."""

    columns: Mapping[str, int]
    cells: Sequence[str]

    def at(self, column: Column) -> str:
        for name in column if isinstance(column, list) else (column,):
            number = name - 1 if isinstance(name, int) else self.columns.get(name)
            if number is not None and 0 <= number < len(self.cells):
                return self.cells[number].strip()
        return ""

    def each(self, path: str) -> Sequence[Row]:
        return ()


@dataclass(frozen=True)
class Document:
    """A record of JSON, or an entry of a list in it, which may ask the record."""

    told: Any
    record: Any

    def at(self, column: Column) -> str:
        for path in column if isinstance(column, list) else (column,):
            text = _text(self._found(str(path)))
            if text:
                return text
        return ""

    def each(self, path: str) -> Sequence[Row]:
        found = self._found(path)
        entries = found if isinstance(found, list) else []
        return [Document(entry, self.record) for entry in entries]

    def _found(self, path: str) -> Any:
        """What a path leads to; a name with dots in it comes before a path."""
        if path.startswith("@"):
            return Document(self.record, self.record)._found(path[1:])
        if isinstance(self.told, dict) and path in self.told:
            return self.told[path]
        value = self.told
        for name, key, wanted in STEP.findall(path):
            value = value.get(name) if isinstance(value, dict) else None
            if key:
                value = self._entry(value, key, wanted)
        return value

    def _entry(self, entries: Any, key: str, wanted: str) -> Any:
        if wanted.startswith("@"):
            wanted = _text(self._found(wanted))
        listed = [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
        return next((entry for entry in listed if _text(entry.get(key)) == wanted), None)


def parts(content: bytes, name: str, *, records: str = "", header: bool = True) -> list[Part]:
    """All tables of a file.

    Raises:
        FileRejected: it is of no form that we read, damaged, or too large.
    """
    content = plain(content, name)
    if content.startswith(PARQUET):
        return [_parquet(content)]
    if content.lstrip()[:1] in (b"{", b"["):
        return [_json(content, records)]
    return [_table(table, header=header) for table in tables.tables(content, name)]


def _table(table: tables.Table, *, header: bool) -> Part:
    (line, names), *rows = table.rows or [(table.line, [])]
    columns: dict[str, int] = {}
    if header:
        for number, name in enumerate(names):
            columns.setdefault(name.strip(), number)
    else:
        rows = table.rows
    return Part(
        table.sheet,
        [(number, Cells(columns, row)) for number, row in rows],
        columns,
        table.encoding,
        table.separator,
        table.decimal_mark,
        table.fault,
        line,
    )


def _parquet(content: bytes) -> Part:
    import pyarrow as pa  # large, and web processes do without
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        if file.metadata.num_rows > MOST_ROWS:
            raise FileRejected(f"The file has more than {MOST_ROWS:,} rows.")
        table = file.read()
    except (pa.ArrowException, OSError) as exc:
        raise FileRejected(f"The Parquet file is damaged: {type(exc).__name__}.") from exc
    columns = {name: number for number, name in enumerate(table.column_names)}
    rows = enumerate(table.to_pylist(), start=1)
    return Part("", [(n, Document(row, row)) for n, row in rows], columns)


def _json(content: bytes, records: str) -> Part:
    """One document, or one a line."""
    lines = content.strip().splitlines()
    first = [line.strip() for line in lines[:2]]
    if len(first) > 1 and all(line[:1] + line[-1:] == b"{}" for line in first):
        found = [(n, json_of(line, n)) for n, line in enumerate(lines, 1) if line.strip()]
    else:
        found = list(enumerate(_listed(json_of(content), records), start=1))
    documents = [(n, one) for n, one in found if isinstance(one, dict)]
    if not documents:
        raise FileRejected("The file holds no list of records: say `records` in the mapping.", 1)
    return Part("", [(n, Document(one, one)) for n, one in documents])


def _listed(document: Any, records: str) -> list[Any]:
    if records and isinstance(document, dict):
        document = Document(document, document)._found(records)
    return document if isinstance(document, list) else [document]


def _text(value: Any) -> str:
    if value is None or value != value:  # NaN
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return "" if isinstance(value, dict | list) else str(value).strip()
