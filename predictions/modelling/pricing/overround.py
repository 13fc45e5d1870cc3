"""From decimal prices to implied probabilities: three ways to take out the margin.

All take prices of shape (n, K), above 1, and answer (n, K) with rows summing to 1. A book
whose inverse prices sum to less than 1 has no margin to take out: it raises ImpossibleBook, and
`implied` only scales it. Which prices can be no book at all, `books.fault` says.
"""

from collections.abc import Callable

import numpy as np

from predictions.modelling.arrays import Floats

STEPS = 80  # of bisection: the bracket shrinks by 2^80
NEWTON_STEPS = 8
MOST_INSIDERS = 0.9
# A book may fall short of 1 by rounding of its prices.
ROUNDING = 1e-9


class ImpossibleBook(ValueError):
    """Prices that are no bookmaker's book; the text names the first such row."""


def overround(prices: Floats) -> Floats:
    """Sum of inverse prices minus 1, by row: the bookmaker's margin on a balanced book.

    >>> overround(np.array([[2.0, 3.4, 3.8]])).round(4)
    array([0.0573])
    """
    return np.asarray((1.0 / _checked(prices)).sum(axis=1) - 1.0)


def proportional(prices: Floats) -> Floats:
    """Each inverse price over their sum: the margin in proportion to probability.

    >>> proportional(np.array([[1.25, 6.0, 12.0]])).round(4)
    array([[0.7619, 0.1587, 0.0794]])
    """
    inverse = _inverse_of_book(prices)
    return np.asarray(inverse / inverse.sum(axis=1, keepdims=True))


def power(prices: Floats) -> Floats:
    """Inverse prices to the one power that makes them sum to 1.

    References
    ----------
    Clarke, Kovalchik & Ingram (2017), American Journal of Sports Science 5(6).

    >>> power(np.array([[1.25, 6.0, 12.0]])).round(4)
    array([[0.7863, 0.145 , 0.0687]])
    """
    inverse = _inverse_of_book(prices)

    def excess(exponent: Floats) -> Floats:
        return np.asarray((inverse ** exponent[:, None]).sum(axis=1) - 1.0)

    exponent = _root(excess, low=np.ones(len(inverse)), high=np.full(len(inverse), 50.0))
    return _normalised(inverse ** exponent[:, None])


def shin(prices: Floats) -> Floats:
    """The book of a bookmaker who faces a share z of insiders; takes more off longshots.

    References
    ----------
    Shin (1993), Economic Journal 103; solved for z as in Strumbelj (2014), Int. J. of
    Forecasting 30(4).

    >>> shin(np.array([[1.25, 6.0, 12.0]])).round(4)
    array([[0.7778, 0.152 , 0.0701]])
    """
    inverse = _inverse_of_book(prices)
    booked = inverse.sum(axis=1, keepdims=True)

    return _normalised(_shin_proba(inverse, booked, _insiders(inverse**2 / booked)))


METHODS = {"proportional": proportional, "shin": shin, "power": power}


def implied(prices: Floats, method: str = "shin") -> Floats:
    """Probabilities by a method of METHODS; books without a margin are scaled to sum to 1.

    >>> implied(np.array([[2.0, 3.4, 3.8], [2.6, 3.9, 4.2]])).sum(axis=1).round(4)
    array([1., 1.])
    """
    inverse = 1.0 / _checked(prices)
    probabilities = inverse / inverse.sum(axis=1, keepdims=True)
    has_margin = inverse.sum(axis=1) > 1.0
    probabilities[has_margin] = METHODS[method](prices[has_margin])
    return np.asarray(probabilities)


def _shin_proba(inverse: Floats, booked: Floats, insiders: Floats) -> Floats:
    z = insiders[:, None]
    root = np.sqrt(z**2 + 4 * (1 - z) * inverse**2 / booked)
    return np.asarray((root - z) / (2 * (1 - z)))


def _insiders(squares: Floats) -> Floats:
    """The share that makes Shin's probabilities sum to 1: a convex equation, by Newton's method."""
    outcomes = squares.shape[1]
    insiders = np.zeros(len(squares))
    for _ in range(NEWTON_STEPS):
        z = insiders[:, None]
        root = np.sqrt(z**2 + 4 * (1 - z) * squares)
        excess = root.sum(axis=1) - 2 - (outcomes - 2) * insiders
        slope = ((z - 2 * squares) / root).sum(axis=1) - (outcomes - 2)
        insiders = np.clip(insiders - excess / slope, 0.0, MOST_INSIDERS)
    return insiders


def _root(excess: Callable[[Floats], Floats], *, low: Floats, high: Floats) -> Floats:
    """Where a falling function crosses 0, row by row, by bisection."""
    for _ in range(STEPS):
        middle = (low + high) / 2
        above = excess(middle) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray((low + high) / 2)


def _normalised(proba: Floats) -> Floats:
    return np.asarray(proba / proba.sum(axis=1, keepdims=True))


def _inverse_of_book(prices: Floats) -> Floats:
    inverse = 1.0 / _checked(prices)
    short = inverse.sum(axis=1) < 1.0 - ROUNDING
    if short.any():
        row = int(short.argmax())
        raise ImpossibleBook(f"Prices {prices[row].tolist()} sum to a book under 1.")
    return np.asarray(inverse)


def _checked(prices: Floats) -> Floats:
    rows = np.asarray(prices, dtype=np.float64)
    if rows.ndim != 2:
        raise ImpossibleBook(f"Prices of shape {rows.shape}, not (n, K).")
    bad = ~(np.isfinite(rows) & (rows > 1.0)).all(axis=1)
    if bad.any():
        raise ImpossibleBook(f"Prices {rows[int(bad.argmax())].tolist()} are not all above 1.")
    return rows
