"""Prices on goals and handicaps, as a match's page shows them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from livescores.sources.records import OVER_UNDER
from predictions.pages.numbers import signed
from predictions.services.reading.two_way_quotes import Line, PairQuote


@dataclass(frozen=True)
class ShownLine:
    """A line with the names of its sides, and every bookmaker's prices."""

    name: str
    sides: tuple[str, str]
    quotes: list[PairQuote]


def shown(lines: Iterable[Line]) -> Iterator[ShownLine]:
    for one in lines:
        if one.market == OVER_UNDER:
            yield ShownLine(f"{one.line:g} goals", ("Over", "Under"), one.quotes)
        else:
            name = f"Home {handicap(one.line)}"
            yield ShownLine(name, ("Home", "Away"), one.quotes)


def handicap(line: float) -> str:
    """Goals added to the home side's score: +0.25, or \u00b10."""
    return f"{signed(line)[0]}{abs(line):g}" if line else "\u00b10"
