"""When to bet, how much, and what came of it.

Probabilities, prices and edges are (n, 3) in the order home, draw, away; prices are decimal
and NaN where there is none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NO_BET = -1


@dataclass(frozen=True)
class Bets:
    """One bet at most per match.

    Attributes
    ----------
    selection : (n,), outcome backed, or NO_BET
    stake : (n,), in units; 0 without a bet
    price : (n,), decimal price taken; NaN without a bet
    """

    selection: Ints
    stake: Floats
    price: Floats


def edge(proba: Floats, prices: Floats) -> Floats:
    """Expected profit of a unit stake on each outcome: probability times price, minus 1."""
    if proba.shape != prices.shape:
        raise ValueError(f"Probabilities {proba.shape} do not fit prices {prices.shape}.")
    return np.asarray(proba * prices - 1.0)


def kelly_fraction(proba: Floats, prices: Floats) -> Floats:
    """Share of the bankroll that makes it grow fastest, 0 where there is no edge.

    References
    ----------
    Kelly (1956), Bell System Technical Journal 35(4): edge over price minus 1.
    """
    return np.asarray(np.maximum(edge(proba, prices), 0.0) / (prices - 1.0))


def flat(proba: Floats, prices: Floats, *, min_edge: float, stake: float = 1.0) -> Bets:
    """The same stake on the outcome with the largest edge, where that reaches `min_edge`."""
    selection = _best(edge(proba, prices), min_edge)
    staked = np.where(selection == NO_BET, 0.0, stake)
    return Bets(selection, staked, _taken(prices, selection))


def fractional_kelly(
    proba: Floats,
    prices: Floats,
    *,
    min_edge: float,
    fraction: float = 0.25,
    cap: float = 0.05,
    bankroll: float = 100.0,
) -> Bets:
    """A fraction of Kelly's stake of a constant bankroll, at most `cap` of it."""
    selection = _best(edge(proba, prices), min_edge)
    full = _taken(kelly_fraction(proba, prices), selection)
    staked = bankroll * np.minimum(fraction * np.nan_to_num(full), cap)
    return Bets(selection, staked, _taken(prices, selection))


def settle(bets: Bets, outcome: Ints) -> Floats:
    """Profit of each match in units: stake times (price - 1) if won, else minus the stake."""
    if outcome.shape != bets.selection.shape:
        raise ValueError(f"{len(outcome)} outcomes for {len(bets.selection)} matches.")
    won = bets.selection == outcome
    return np.asarray(np.where(won, bets.stake * (np.nan_to_num(bets.price) - 1.0), -bets.stake))


def _best(edges: Floats, min_edge: float) -> Ints:
    """Outcome with the largest edge, or NO_BET; unpriced outcomes are never chosen."""
    known = np.where(np.isnan(edges), -np.inf, edges)
    best = known.argmax(axis=1)
    return np.where(known.max(axis=1) >= min_edge, best, NO_BET)


def _taken(values: Floats, selection: Ints) -> Floats:
    picked = np.take_along_axis(values, np.maximum(selection, 0)[:, None], axis=1)[:, 0]
    return np.where(selection == NO_BET, np.nan, picked)
