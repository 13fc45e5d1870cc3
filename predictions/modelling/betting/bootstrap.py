"""How sure a return is: a bootstrap over match days, of many ways to bet at once.

Bets of one day rise and fall together: the same weather, the same rules, the same movers of prices.
So days are drawn, never single bets. The interval is studentised (bootstrap-t): few bets at long
prices return lopsidedly, and percentiles of the return itself would miss the truth too often.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from predictions.modelling.arrays import Floats

Singles = NDArray[np.float32]  # twice as fast to multiply, and exact enough to rank draws

LEVEL = 0.90
N_DRAWS = 1_000
# Fewer say nothing: with no win among ten long shots every draw is a loss of everything.
FEWEST_DAYS = 10
SMALLEST = 1e-6  # a standard error under it is rounding
# How often a draw takes a day: Poisson with mean 1, looked up by 16 random bits.
TIMES = stats.poisson.ppf((np.arange(65_536) + 0.5) / 65_536, 1.0).astype(np.float32)


def roi_interval(
    staked: Floats, profit: Floats, rng: np.random.Generator, *, n_draws: int = N_DRAWS
) -> tuple[Floats, Floats]:
    """Lower and upper bound of total profit over total stake, in per cent.

    Parameters
    ----------
    staked, profit : (n_days, n_ways), sums of each day and way to bet; the ways share the draws
    rng, n_draws : how many samples of days are drawn

    Returns
    -------
    Two of (n_ways,): NaN where a way placed bets on fewer than FEWEST_DAYS days. A bound is never
    under -100, the loss of all that was staked.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 12.5; the standard error of
    a ratio as in Cochran (1977), Sampling Techniques, chapter 6; Poisson counts of days as in
    Hanley & MacGibbon (2006), Computer Methods and Programs in Biomedicine 83(1).

    Raises
    ------
    ValueError
        If the shapes disagree.

    >>> days = np.ones((40, 1)), np.tile([[0.9], [-1.0]], (20, 1))
    >>> low, high = roi_interval(*days, np.random.default_rng(0))
    >>> bool(low[0] < -5 < high[0])
    True
    """
    if staked.shape != profit.shape:
        raise ValueError(f"Stakes {staked.shape} do not fit profits {profit.shape}.")
    low, high = (np.full(staked.shape[1], np.nan) for _ in range(2))
    enough = (staked > 0).sum(axis=0) >= FEWEST_DAYS
    if enough.any():
        low[enough], high[enough] = _bounds(staked[:, enough], profit[:, enough], rng, n_draws)
    return low, high


def _bounds(
    staked: Floats, profit: Floats, rng: np.random.Generator, n_draws: int
) -> tuple[Floats, Floats]:
    total = staked.sum(axis=0)
    roi = profit.sum(axis=0) / total
    rest = profit - roi * staked
    error = np.sqrt((rest**2).sum(axis=0)) / total
    drawn = _studentised(staked.astype(np.float32), rest.astype(np.float32), rng, n_draws)
    drawn.sort(axis=1)
    ends = np.array([(1 - LEVEL) / 2, (1 + LEVEL) / 2]) * (n_draws - 1)
    lower, upper = drawn[:, np.round(ends).astype(np.int64)].T.astype(np.float64)
    return 100.0 * np.maximum(roi - upper * error, -1.0), 100.0 * (roi - lower * error)


def _studentised(staked: Singles, rest: Singles, rng: np.random.Generator, n_draws: int) -> Singles:
    """How many of its own standard errors each draw's return lies above ours: (n_ways, n_draws).

    `rest` is the profit less what our return would have brought, so its sum over days is 0.
    """
    bits = rng.integers(0, len(TIMES), size=(n_draws, len(staked)), dtype=np.uint16)
    times = TIMES[bits].T
    total = staked.T @ times
    has_bets = total > 0
    total[~has_bets] = 1.0
    above = (rest.T @ times) / total
    # The sum over days of times * (rest - above * staked) ** 2, multiplied out.
    squares = (rest**2).T @ times - 2 * above * ((rest * staked).T @ times)
    squares += above**2 * ((staked**2).T @ times)
    error = np.sqrt(np.maximum(squares, 0)) / total
    known = has_bets & (error > SMALLEST)
    return np.where(known, above / np.where(known, error, 1), 0).astype(np.float32)
