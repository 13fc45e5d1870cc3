"""When to bet, how much, and what came of it.

Probabilities, prices and edges are (n, 3) in the order home, draw, away; prices are decimal
and NaN where there is none.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.pricing.books import kelly_fraction

NO_BET = -1
VOID = -2  # an outcome: the match does not count, and stakes on it go back


@dataclass(frozen=True)
class Bets:
    """One bet at most per match.

    Attributes
    ----------
    selection : (n,), outcome backed, or NO_BET
    stake : (n,), in units; 0 without a bet
    price : (n,), decimal price taken; NaN without a bet
    edge : (n,), expected profit of a unit stake; NaN without a bet
    """

    selection: Ints
    stake: Floats
    price: Floats
    edge: Floats


def edge(proba: Floats, prices: Floats) -> Floats:
    """Expected profit of a unit stake on each outcome: probability times price, minus 1.

    Raises
    ------
    ValueError
        If the shapes disagree.

    >>> edge(np.array([[0.5, 0.3, 0.2]]), np.array([[2.2, 3.2, 4.0]])).round(4)
    array([[ 0.1 , -0.04, -0.2 ]])
    """
    if proba.shape != prices.shape:
        raise ValueError(f"Probabilities {proba.shape} do not fit prices {prices.shape}.")
    return np.asarray(proba * prices - 1.0)


def flat(proba: Floats, prices: Floats, *, min_edge: float, stake: float = 1.0) -> Bets:
    """The same stake on the outcome with the largest edge, where that reaches `min_edge`.

    >>> bets = flat(np.array([[0.5, 0.3, 0.2]]), np.array([[2.2, 3.2, 4.0]]), min_edge=0.05)
    >>> bets.selection, bets.stake
    (array([0]), array([1.]))
    """
    edges = edge(proba, prices)
    selection = _best(edges, min_edge)
    staked = np.where(selection == NO_BET, 0.0, stake)
    return Bets(selection, staked, taken(prices, selection), taken(edges, selection))


def fractional_kelly(
    proba: Floats,
    prices: Floats,
    *,
    min_edge: float,
    fraction: float = 0.25,
    cap: float = 0.05,
    bankroll: float = 100.0,
) -> Bets:
    """A fraction of Kelly's stake of a constant bankroll, at most `cap` of it.

    References
    ----------
    MacLean, Thorp & Ziemba (2010), Quantitative Finance 10(7).

    >>> proba, prices = np.array([[0.5, 0.3, 0.2]]), np.array([[2.2, 3.2, 4.0]])
    >>> fractional_kelly(proba, prices, min_edge=0.05).stake.round(4)
    array([2.0833])
    """
    bets = flat(proba, prices, min_edge=min_edge)
    full = np.nan_to_num(kelly_fraction(bets.edge, bets.price))
    staked = bankroll * np.minimum(fraction * full, cap)
    return Bets(bets.selection, staked, bets.price, bets.edge)


STRATEGIES: dict[str, Callable[..., Bets]] = {"flat": flat, "kelly": fractional_kelly}


def settle(bets: Bets, outcome: Ints) -> Floats:
    """Profit of each match in units.

    Stake times (price - 1) if won, minus the stake if lost, nothing where the match is VOID.

    Raises
    ------
    ValueError
        If there is not one outcome, as (n,), for each match.

    >>> bets = flat(np.array([[0.5, 0.3, 0.2]] * 2), np.array([[2.2, 3.2, 4.0]] * 2), min_edge=0)
    >>> settle(bets, np.array([0, 1])).round(4)
    array([ 1.2, -1. ])
    """
    if outcome.shape != bets.selection.shape:
        raise ValueError(f"{len(outcome)} outcomes for {len(bets.selection)} matches.")
    won = bets.stake * (np.nan_to_num(bets.price) - 1.0)
    profit = np.where(bets.selection == outcome, won, -bets.stake)
    return np.asarray(np.where(outcome == VOID, 0.0, profit))


def closing_line_value(bets: Bets, line: Floats) -> Floats:
    """Expected profit of a unit at the price taken, if the closing line's chances are right.

    Parameters
    ----------
    line : (n, 3), probabilities of the closing line, its margin removed; NaN where there is none

    Returns
    -------
    (n,); NaN without a bet or without a line. Above 0: the bet was struck at a better price than
    the market's last word.

    >>> bets = flat(np.array([[0.5, 0.3, 0.2]]), np.array([[2.2, 3.2, 4.0]]), min_edge=0.05)
    >>> closing_line_value(bets, np.array([[0.48, 0.3, 0.22]])).round(4)
    array([0.056])
    """
    return np.asarray(taken(line, bets.selection) * bets.price - 1.0)


def taken(values: Floats, selection: Ints) -> Floats:
    """Of (n, 3) those of the outcome backed; NaN without a bet.

    >>> taken(np.array([[2.2, 3.2, 4.0], [1.5, 4.0, 7.0]]), np.array([1, NO_BET]))
    array([3.2, nan])
    """
    picked = np.take_along_axis(values, np.maximum(selection, 0)[:, None], axis=1)[:, 0]
    return np.where(selection == NO_BET, np.nan, picked)


def _best(edges: Floats, min_edge: float) -> Ints:
    """Outcome with the largest edge, or NO_BET; unpriced outcomes are never chosen."""
    known = np.where(np.isnan(edges), -np.inf, edges)
    best = known.argmax(axis=1)
    return np.where(known.max(axis=1) >= min_edge, best, NO_BET)
