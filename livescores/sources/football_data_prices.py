"""The 1X2 price columns of football-data.co.uk, and which books cannot be true."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from livescores.sources.football_data_names import BOOKMAKERS, SAME_BOOK
from livescores.sources.records import Quote

CLOSING_BEFORE = timedelta(minutes=1)
TOP_PRICE = 10_000.0
LOWEST_SUM, HIGHEST_SUM = 0.98, 1.5  # of the inverse prices of one book


class Book(NamedTuple):
    """The three columns of a book's prices."""

    code: str
    kind: str
    is_best: bool
    home: int
    draw: int
    away: int


class Refused(NamedTuple):
    reason: str
    text: str


def columns_of(columns: Mapping[str, int], *, closing_only: bool) -> list[Book]:
    """The books that a header names in full; handicap and goals columns never are 1X2."""
    books = []
    for prefix, (_, kind_of_book, _) in BOOKMAKERS.items():
        for mark, kind in (("", "pre_match"), ("C", "closing")):
            names = [f"{prefix}{mark}{side}" for side in "HDA"]
            if all(name in columns for name in names):
                home, draw, away = (columns[name] for name in names)
                kept = "closing" if closing_only else kind
                code = SAME_BOOK.get(prefix, prefix)
                books.append(Book(code, kept, kind_of_book == "best", home, draw, away))
    return books


def read(
    books: Sequence[Book], row: Sequence[str], start: datetime, collected: datetime
) -> Iterator[Quote | Refused]:
    """Every book's prices in a row; the cells of a book that gave none are empty."""
    width = len(row)
    for code, kind, is_best, home, draw, away in books:
        if away >= width or home >= width or draw >= width:
            continue
        cells = row[home], row[draw], row[away]
        try:
            first, second, third = map(float, cells)
        except ValueError:
            if any(map(str.strip, cells)):
                yield _refused(code, kind, "is not three prices", cells)
            continue
        if not (1 < first < TOP_PRICE and 1 < second < TOP_PRICE and 1 < third < TOP_PRICE):
            yield _refused(code, kind, "has a price of 1 or less, or beyond belief", cells)
            continue
        total = 1 / first + 1 / second + 1 / third
        if total > HIGHEST_SUM or (total < LOWEST_SUM and not is_best):
            yield _refused(code, kind, f"sums to {total:.3f}", cells)
            continue
        at = collected if kind == "pre_match" else start - CLOSING_BEFORE
        yield Quote(code, kind, at, first, second, third)


def _refused(code: str, kind: str, why: str, cells: tuple[str, str, str]) -> Refused:
    return Refused(f"The {kind} book of {code} {why}.", " / ".join(cells)[:200])
