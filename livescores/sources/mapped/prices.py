"""Prices of mapped columns: decimal, fractional (5/2, evens) or American (+150, -200)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from math import nan

from livescores.sources.football_data import names as football_data
from livescores.sources.football_data.prices import CLOSING_BEFORE, MOST_TEXT
from livescores.sources.mapped.mapping import Prices
from livescores.sources.mapped.rows import Row
from livescores.sources.records import Quote, TwoWayQuote
from livescores.sources.the_odds_api import names as the_odds_api

BOOKMAKERS = {**the_odds_api.BOOKMAKERS, **football_data.BOOKMAKERS}
LONGEST_CODE = 20
FRACTION = re.compile(r"(\d+)\s*/\s*(\d+)", re.ASCII)
AMERICAN = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
EVENS = frozenset({"evens", "evs", "even", "ev"})


def decimal(text: str) -> float:
    return float(text)


def fractional(text: str) -> float:
    """
    >>> fractional("5/2"), fractional("evens")
    (3.5, 2.0)
    """
    if text.casefold() in EVENS:
        return 2.0
    found = FRACTION.fullmatch(text)
    if not found or not int(found[2]):
        raise ValueError(text)
    return int(found[1]) / int(found[2]) + 1


def american(text: str) -> float:
    """
    >>> american("+150"), american("-200")
    (2.5, 1.5)
    """
    if text.casefold() in EVENS:
        return 2.0
    number = float(text) if AMERICAN.fullmatch(text) else 0.0
    if abs(number) < 100:
        raise ValueError(text)
    return number / 100 + 1 if number > 0 else 100 / -number + 1


def _codes() -> dict[str, str]:
    """By name and by code, the first that has a name before others."""
    codes = dict(the_odds_api.OUR_CODES)
    for code, (name, *_) in {**football_data.BOOKMAKERS, **the_odds_api.BOOKMAKERS}.items():
        for key in (code, name):
            codes.setdefault(key.casefold(), football_data.SAME_BOOK.get(code, code))
    return codes


CODES = _codes()
FORMS: Mapping[str, Callable[[str], float]] = {
    "decimal": decimal,
    "fractional": fractional,
    "american": american,
}


def read(
    mapped: Iterable[Prices], row: Row, start: datetime, collected: datetime
) -> Iterator[Quote | TwoWayQuote]:
    """Every book's prices in a row; cells that are all empty are none.

    `collected` is when prices before the match stood, where the table does not say it.
    """
    for prices in mapped:
        entries = row.each(prices.each) if prices.each else (row,)
        for entry in entries:
            wanted = all(entry.at(name) == value for name, value in prices.where.items())
            sides = [entry.at(side) for side in prices.sides]
            if wanted and any(sides):
                yield _quote(prices, entry, sides, (start, collected))


def _quote(
    prices: Prices, row: Row, sides: Sequence[str], moments: tuple[datetime, datetime]
) -> Quote | TwoWayQuote:
    code = code_of(prices.bookmaker or row.at(prices.bookmaker_column) or "unknown")
    at, moment = _stood(prices, row, *moments)
    text = ""
    try:
        numbers = [FORMS[prices.form](side) for side in sides]
        line = _line(prices, row)
    except ValueError:
        numbers, line, text = [nan] * len(sides), nan, " / ".join(sides)[:MOST_TEXT]
    if prices.market == "1x2":
        home, draw, away = numbers
        return Quote(code, prices.kind, at, home, draw, away, moment, text)
    first, second = numbers
    return TwoWayQuote(code, prices.market, line, prices.kind, at, first, second, moment, text)


def _line(prices: Prices, row: Row) -> float:
    if prices.market == "1x2":
        return 0.0
    return prices.line if isinstance(prices.line, float) else float(row.at(prices.line))


def _stood(prices: Prices, row: Row, start: datetime, collected: datetime) -> tuple[datetime, str]:
    if prices.captured_at and (told := _moment(row.at(prices.captured_at))):
        return told, "stated"
    if prices.kind == "closing":
        return start - CLOSING_BEFORE, "kick_off"
    return collected, "habit"


def _moment(text: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def code_of(name: str) -> str:
    """Our code of a bookmaker that a table names, or the name where we have none."""
    return CODES.get(name.casefold(), name[:LONGEST_CODE])
