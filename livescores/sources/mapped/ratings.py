"""Ratings of clubs by others, as a table of them says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import NamedTuple

from livescores.sources.dates import written
from livescores.sources.mapped.mapping import Lookup, Mapping
from livescores.sources.mapped.rows import Row, parts
from livescores.sources.records import FileRejected, RecordRejected, Rejection

HIGHEST = 10_000


class RatingRecord(NamedTuple):
    """A club's rating from a day on, until another where the table says it."""

    line: int
    club: str
    region: str
    rating: float
    first_day: date
    last_day: date | None


@dataclass
class ParsedRatings:
    records: list[RatingRecord] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    rows: int = 0


def parse(content: bytes, name: str, mapping: Mapping) -> ParsedRatings:
    """
    Raises:
        FileRejected: it is no table of the mapping's columns.
    """
    parsed = ParsedRatings()
    for part in parts(content, name, records=mapping.records, header=mapping.header):
        if part.fault:
            raise FileRejected(part.fault, part.line)
        part.refuse_missing(mapping.needed())
        parsed.rows += len(part.rows)
        for line, row in part.rows:
            try:
                parsed.records.append(_record(line, row, mapping))
            except RecordRejected as exc:
                told = ", ".join(_cell(row, column, mapping) for column in mapping.columns)
                parsed.rejections.append(Rejection("row", line, str(exc), told[:500]))
    return parsed


def _record(line: int, row: Row, mapping: Mapping) -> RatingRecord:
    club, region = _cell(row, "club", mapping), _cell(row, "region", mapping)
    if not club:
        raise RecordRejected("A club has no name.")
    last = _cell(row, "last_day", mapping)
    first_day = _day(_cell(row, "first_day", mapping), mapping)
    last_day = _day(last, mapping) if last else None
    if last_day and last_day < first_day:
        raise RecordRejected(f"It ends on {last_day}, before it begins.")
    rating = _number(_cell(row, "rating", mapping))
    region = mapping.countries.get(region, region)
    return RatingRecord(line, club[:120], region, rating, first_day, last_day)


def _cell(row: Row, field: str, mapping: Mapping) -> str:
    column = mapping.columns.get(field)
    found = "" if column is None or isinstance(column, Lookup) else row.at(column)
    return found or mapping.constants.get(field, "")


def _day(text: str, mapping: Mapping) -> date:
    """Of an order that the date or the mapping says; a few ratings cannot tell it."""
    told = written(text)
    if not told.order and not mapping.date_order:
        raise RecordRejected(f"{text[:20]!r} may be two days: say date_order in the mapping.")
    return told.day(mapping.date_order)


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not (isfinite(number) and 0 < number < HIGHEST):
        raise RecordRejected(f"{text[:20]!r} is no rating.")
    return number


def newest(records: Sequence[RatingRecord]) -> list[RatingRecord]:
    """One of each club and first day: the last that the table has."""
    return list({(one.region, one.club, one.first_day): one for one in records}.values())
