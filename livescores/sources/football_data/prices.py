"""The 1X2 price columns of football-data.co.uk."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import nan
from typing import NamedTuple

from livescores.sources.football_data.names import BOOKMAKERS, SAME_BOOK
from livescores.sources.records import Quote

CLOSING_BEFORE = timedelta(minutes=1)
MOST_TEXT = 200


class Book(NamedTuple):
    """The three columns of a book's prices."""

    code: str
    kind: str
    home: int
    draw: int
    away: int


def columns_of(columns: Mapping[str, int], *, closing_only: bool) -> list[Book]:
    """The books that a header names in full; handicap and goals columns never are 1X2."""
    books = []
    for prefix in BOOKMAKERS:
        for mark, kind in (("", "pre_match"), ("C", "closing")):
            names = [f"{prefix}{mark}{side}" for side in "HDA"]
            if all(name in columns for name in names):
                home, draw, away = (columns[name] for name in names)
                kept = "closing" if closing_only else kind
                code = SAME_BOOK.get(prefix, prefix)
                books.append(Book(code, kept, home, draw, away))
    return books


def read(
    books: Sequence[Book], row: Sequence[str], start: datetime, collected: datetime
) -> Iterator[Quote]:
    """Every book's prices in a row; the cells of a book that gave none are empty."""
    width = len(row)
    closing = start - CLOSING_BEFORE
    for code, kind, home, draw, away in books:
        if away >= width or home >= width or draw >= width:
            continue
        at, moment = (collected, "habit") if kind == "pre_match" else (closing, "kick_off")
        cells = row[home], row[draw], row[away]
        try:
            first, second, third = map(float, cells)
        except ValueError:
            text = " / ".join(map(str.strip, cells))[:MOST_TEXT]
            if any(map(str.strip, cells)):
                yield Quote(code, kind, at, nan, nan, nan, moment, text)
            continue
        yield Quote(code, kind, at, first, second, third, moment)
