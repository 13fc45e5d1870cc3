"""What a staking strategy would have returned, by group, with an interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from predictions.modelling.staking import NO_BET, Bets, settle

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVEL = 0.90  # of the interval
N_DRAWS = 1_000
# Draws that are held in memory at a time.
DRAWS_AT_ONCE = 50


@dataclass(frozen=True)
class Return:
    """How the bets of one group came out; money in units, ROI in per cent of the stakes.

    `roi_low` and `roi_high` bound the bootstrap interval; without a bet all three ROI are None.
    """

    group: int
    n_matches: int
    n_bets: int
    n_won: int
    staked: float
    profit: float
    roi: float | None
    roi_low: float | None
    roi_high: float | None


def returns_by_group(
    bets: Bets, outcome: Ints, group: Ints, *, seed: int = 0, n_draws: int = N_DRAWS
) -> list[Return]:
    """Settle the bets and sum them up by group, in the order of the groups' numbers.

    Parameters
    ----------
    bets, outcome : (n,) settled matches
    group : (n,), such as the region of each match
    n_draws : bootstrap samples of each group's bets; the same seed gives the same interval

    Raises
    ------
    ValueError
        If the lengths differ.
    """
    profit = settle(bets, outcome)
    if group.shape != outcome.shape:
        raise ValueError(f"{len(group)} groups for {len(outcome)} matches.")
    won = (bets.selection == outcome).astype(np.int64)
    rng = np.random.default_rng(seed)
    order = np.argsort(group, kind="stable")
    numbers, starts = np.unique(group[order], return_index=True)
    parts = np.split(order, starts[1:]) if len(numbers) else []
    return [
        _return_of(int(number), bets, profit, won, part, rng, n_draws)
        for number, part in zip(numbers, parts, strict=True)
    ]


def roi_interval(
    stake: Floats, profit: Floats, rng: np.random.Generator, n_draws: int
) -> tuple[float, float]:
    """Percentile bootstrap over bets of total profit over total stake, in per cent.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 13.
    """
    n = len(stake)
    ratios = []
    for start in range(0, n_draws, DRAWS_AT_ONCE):
        size = min(DRAWS_AT_ONCE, n_draws - start)
        drawn = rng.integers(0, n, size=(size, n), dtype=np.int32)
        ratios.append(profit[drawn].sum(axis=1) / stake[drawn].sum(axis=1))
    tail = 50.0 * (1.0 - LEVEL)
    low, high = np.percentile(np.concatenate(ratios), [tail, 100.0 - tail])
    return float(100.0 * low), float(100.0 * high)


def _return_of(
    number: int,
    bets: Bets,
    profit: Floats,
    won: Ints,
    part: Ints,
    rng: np.random.Generator,
    n_draws: int,
) -> Return:
    placed = part[(bets.selection[part] != NO_BET) & (bets.stake[part] > 0)]
    staked, gained = float(bets.stake[placed].sum()), float(profit[placed].sum())
    roi: float | None = None
    low: float | None = None
    high: float | None = None
    if len(placed):
        roi = 100.0 * gained / staked
        low, high = roi_interval(bets.stake[placed], profit[placed], rng, n_draws)
    n_won = int(won[placed].sum())
    return Return(number, len(part), len(placed), n_won, staked, gained, roi, low, high)
