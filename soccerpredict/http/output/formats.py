"""Rows as JSON, CSV or Parquet bytes: plain functions, for views and for publications."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import orjson

JSON = "application/json"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
ROW_GROUP = 50_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
JSON_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY

Row = Mapping[str, Any]


def to_json(content: Any) -> bytes:
    """NaN becomes null, moments ISO 8601 with offset."""
    return orjson.dumps(content, default=_plain, option=JSON_OPTIONS)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return str(value)


def to_csv(rows: Iterable[Row], columns: Sequence[str], *, header: bool = True) -> bytes:
    """UTF-8; text that a spreadsheet would run as a formula is disarmed."""
    text = io.StringIO()
    writer = csv.writer(text)
    if header:
        writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        return disarmed(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def disarmed(text: str) -> str:
    """An apostrophe before what Excel and its like would take for a formula."""
    dangerous = text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
    return f"'{text}" if dangerous else text


def to_parquet(rows: Iterable[Row], columns: Mapping[str, type]) -> bytes:
    """A file whose schema depends on `columns` only; row groups of ROW_GROUP rows.

    `columns` maps each name to int, float, str, bool or datetime (UTC, microseconds).
    """
    import pyarrow as pa  # 50 MB that only processes pay that are asked for Parquet
    from pyarrow import parquet

    types = {
        int: pa.int64(),
        float: pa.float64(),
        str: pa.string(),
        bool: pa.bool_(),
        datetime: pa.timestamp("us", tz="UTC"),
    }
    schema = pa.schema([(name, types[kind]) for name, kind in columns.items()])
    sink, rest = pa.BufferOutputStream(), iter(rows)
    with parquet.ParquetWriter(sink, schema) as writer:
        while group := [dict(row) for row in islice(rest, ROW_GROUP)]:
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
    content: bytes = sink.getvalue().to_pybytes()
    return content
