"""What can be told of prices without a numerical library: for web processes, too."""

from math import isfinite
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from predictions.modelling.arrays import Floats

Number = TypeVar("Number", float, "Floats")

TOP_PRICE = 10_000.0
LOWEST_SUM, HIGHEST_SUM = 0.98, 1.5  # of the inverse prices of a book that can be true
# Before kick-off. Of 1.9 million real books none pays more than 101 for a win and 29 for a draw; of
# best prices none more than 301 and 47. A market that hardly anybody trades in shows 1000.
TOP_WIN, TOP_DRAW = 400.0, 60.0
# With two sides: goals in all, goals added to the home side's score, and sums of inverse prices.
MOST_GOALS, MOST_HANDICAP = 12.0, 6.0
LOWEST_PAIR, HIGHEST_PAIR = 0.98, 1.2
OVER_UNDER = "over_under"
# A larger edge is a wrong price or a wrong model far rather than a gift: of 1.54 million real books
# 134 pay so much over what the other bookmakers call fair.
DOUBTFUL_EDGE = 0.5


def fault(
    home: float, draw: float, away: float, *, is_best: bool = False, is_live: bool = False
) -> str | None:
    """Why three decimal prices can be no book; None if they can.

    Best prices over bookmakers are no book of one of them: theirs may sum to less than 1. In play
    a draw may well be paid a thousandfold.

    >>> fault(2.0, 3.4, 3.8), fault(2.6, 3.9, 4.2), fault(2.6, 3.9, 4.2, is_best=True)
    (None, 'sums to 0.879', None)
    >>> fault(1.02, 990, 1000), fault(1.02, 990, 1000, is_live=True)
    ('pays 1000 before kick-off', None)
    """
    if not (1 < home < TOP_PRICE and 1 < draw < TOP_PRICE and 1 < away < TOP_PRICE):
        return "has a price of 1 or less, or beyond belief"
    total = 1 / home + 1 / draw + 1 / away
    if total > HIGHEST_SUM or (total < LOWEST_SUM and not is_best):
        return f"sums to {total:.3f}"
    if not is_live and (draw > TOP_DRAW or home > TOP_WIN or away > TOP_WIN):
        return f"pays {max(home, draw, away):g} before kick-off"
    return None


def two_way_fault(
    market: str, line: float, first: float, second: float, *, is_best: bool = False
) -> str | None:
    """Why two decimal prices and a line can be no book; None if they can.

    >>> two_way_fault("over_under", 2.5, 1.9, 1.95), two_way_fault("over_under", 2.4, 1.9, 1.95)
    (None, 'has the line 2.4')
    >>> two_way_fault("asian_handicap", -0.75, 1.02, 80.0)
    """
    if not (1 < first < TOP_PRICE and 1 < second < TOP_PRICE):
        return "has a price of 1 or less, or beyond belief"
    if not is_line(market, line):
        return f"has the line {line:g}"
    total = 1 / first + 1 / second
    if total > HIGHEST_PAIR or (total < LOWEST_PAIR and not is_best):
        return f"sums to {total:.3f}"
    return None


def is_line(market: str, line: float) -> bool:
    """Whether a market can have it: quarters of a goal, within what is ever offered.

    >>> is_line(OVER_UNDER, 2.25), is_line(OVER_UNDER, 2.3), is_line("asian_handicap", -7.0)
    (True, False, False)
    """
    if not isfinite(line) or line * 4 != round(line * 4):
        return False
    return 0 < line <= MOST_GOALS if market == OVER_UNDER else abs(line) <= MOST_HANDICAP


def kelly_fraction(edge: Number, price: Number) -> Number:
    """Share of the bankroll that makes it grow fastest, 0 where there is no edge.

    Of numbers, and of arrays of one shape, alike.

    Parameters
    ----------
    edge : expected profit of a unit stake
    price : decimal, above 1

    References
    ----------
    Kelly (1956), Bell System Technical Journal 35(4): edge over price minus 1.

    >>> kelly_fraction(0.25, 3.5), kelly_fraction(-0.1, 2.0)
    (0.1, 0.0)
    """
    # Half of a number and its absolute value is its positive part, exactly.
    return (edge + abs(edge)) / 2 / (price - 1.0)
