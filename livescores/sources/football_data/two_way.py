"""The over/under and Asian handicap price columns of football-data.co.uk."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from math import nan
from typing import NamedTuple

from livescores.sources.football_data.names import BOOKMAKERS, SAME_BOOK
from livescores.sources.football_data.prices import CLOSING_BEFORE, MOST_TEXT
from livescores.sources.records import ASIAN_HANDICAP, OVER_UNDER, TwoWayQuote

KINDS = (("", "pre_match"), ("C", "closing"))
BETBRAIN = "Bb"
HALF = 0.5
GOALS = re.compile(r"(?P<book>.+?)>(?P<line>\d+(?:\.\d+)?)")


class TwoWayBook(NamedTuple):
    """Where a book's prices of a market stand, and its line: of all rows, or in a column."""

    code: str
    market: str
    kind: str
    first: int
    second: int
    line: float
    line_column: int | None = None


def columns_of(columns: Mapping[str, int]) -> list[TwoWayBook]:
    """The books that a header names in full, with their line."""
    return [*_goals(columns), *_handicaps(columns)]


def _goals(columns: Mapping[str, int]) -> Iterator[TwoWayBook]:
    """As B365>2.5 beside B365<2.5; of closing prices B365C>2.5."""
    books = {f"{code}{mark}": (code, kind) for code in BOOKMAKERS for mark, kind in KINDS}
    for name, over in columns.items():
        found = GOALS.fullmatch(name)
        under = columns.get(name.replace(">", "<"))
        if found and under is not None and found["book"] in books:
            code, kind = books[found["book"]]
            line = float(found["line"])
            yield TwoWayBook(SAME_BOOK.get(code, code), OVER_UNDER, kind, over, under, line)


def _handicaps(columns: Mapping[str, int]) -> Iterator[TwoWayBook]:
    """As B365AHH beside B365AHA; of closing prices B365CAHH."""
    for code in BOOKMAKERS:
        for mark, kind in KINDS:
            home, away = (columns.get(f"{code}{mark}AH{side}") for side in "HA")
            line = _line_column(columns, code, mark)
            if home is not None and away is not None and line is not None:
                book = SAME_BOOK.get(code, code)
                yield TwoWayBook(book, ASIAN_HANDICAP, kind, home, away, nan, line)


def _line_column(columns: Mapping[str, int], code: str, mark: str) -> int | None:
    """A book's own line, B365AH, or that of all; BbAH is none: it counts Betbrain's books."""
    if code.startswith(BETBRAIN):
        return columns.get("BbAHh")
    return columns.get(f"{code}{mark}AH", columns.get("AHCh" if mark else "AHh"))


def read(
    books: Sequence[TwoWayBook], row: Sequence[str], start: datetime, collected: datetime
) -> Iterator[TwoWayQuote]:
    """Every book's prices in a row; the cells of a book that gave none are empty."""
    width, closing = len(row), start - CLOSING_BEFORE
    for code, market, kind, first, second, line, line_column in books:
        if first >= width or second >= width or not (row[first].strip() or row[second].strip()):
            continue
        at, moment = (collected, "habit") if kind == "pre_match" else (closing, "kick_off")
        stated = str(line) if line_column is None else _cell(row, line_column)
        try:
            numbers = _line(stated), float(row[first]), float(row[second])
        except ValueError:
            text = f"{row[first].strip()} / {row[second].strip()} at {stated or 'no line'}"
            yield TwoWayQuote(code, market, nan, kind, at, nan, nan, moment, text[:MOST_TEXT])
            continue
        yield TwoWayQuote(code, market, numbers[0], kind, at, *numbers[1:], moment)


def _cell(row: Sequence[str], number: int) -> str:
    return row[number].strip() if number < len(row) else ""


def _line(text: str) -> float:
    """A number, or as here and there the two halves that a quarter stands between: -0.5,-1.

    >>> _line("-0.5,-1"), _line("2.5")
    (-0.75, 2.5)
    """
    halves = [float(part) for part in text.split(",")]
    if len(halves) == 2 and abs(halves[0] - halves[1]) == HALF:
        return sum(halves) / 2
    (line,) = halves
    return line
