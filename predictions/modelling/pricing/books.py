"""What can be told of prices without a numerical library: for web processes, too."""

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from predictions.modelling.arrays import Floats

Number = TypeVar("Number", float, "Floats")

TOP_PRICE = 10_000.0
LOWEST_SUM, HIGHEST_SUM = 0.98, 1.5  # of the inverse prices of a book that can be true


def fault(home: float, draw: float, away: float, *, is_best: bool = False) -> str | None:
    """Why three decimal prices can be no book; None if they can.

    Best prices over bookmakers are no book of one of them: theirs may sum to less than 1.

    >>> fault(2.0, 3.4, 3.8), fault(2.6, 3.9, 4.2), fault(2.6, 3.9, 4.2, is_best=True)
    (None, 'sums to 0.879', None)
    """
    if not (1 < home < TOP_PRICE and 1 < draw < TOP_PRICE and 1 < away < TOP_PRICE):
        return "has a price of 1 or less, or beyond belief"
    total = 1 / home + 1 / draw + 1 / away
    if total > HIGHEST_SUM or (total < LOWEST_SUM and not is_best):
        return f"sums to {total:.3f}"
    return None


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
