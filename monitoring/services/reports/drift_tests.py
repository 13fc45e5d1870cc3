"""Whether two samples have the same distributions, feature by feature: the maths of drift.

Kolmogorov and Smirnov's distance of each feature is judged by a false-discovery procedure whose
level is calibrated on these very samples: their rows are dealt out at random many times, so that
nothing has drifted, and the level is set where one deal in a hundred raises an alarm. That holds
for every sample size, for features that hang together, and for those with few values.

Matches of one window hang together, too: the same teams play in all of them, and what counts the
past (matches played, meetings) goes up from year to year. So a feature is judged beside how far
windows of other years lie apart, by Student's t with as many windows.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import kolmogorov
from scipy.stats import t as student

from predictions.modelling.arrays import Bools, Floats, Ints

Mask = Bools

# Moments of Kolmogorov's distribution, of the squared distance times the size.
MEAN_SQUARE, SPREAD_OF_SQUARE = np.pi**2 / 12, np.sqrt(7 * np.pi**4 / 720 - np.pi**4 / 144)
FEWEST_PARTS, SMALLEST_PART = 4, 30
SURE = 2.33  # standard deviations: one feature in a hundred is taken to vary that does not
FALSE_ALARMS = 0.01  # share of windows without drift in which any feature is called drifted
DEALS = 999
N_BINS = 64


@dataclass(frozen=True)
class Verdicts:
    """Of k features, each of shape (k,).

    Attributes
    ----------
    distance : Kolmogorov-Smirnov, 0 to 1
    usual : what it is without drift, in the quadratic mean
    p_value : of each feature alone
    adjusted : for the number of features, after Benjamini and Hochberg
    drifted : adjusted below `level`
    """

    distance: Floats
    usual: Floats
    p_value: Floats
    adjusted: Floats
    drifted: Mask
    level: float


@dataclass(frozen=True)
class Between:
    """Variance (k,) of each feature's distance between windows without drift; of how many."""

    variance: Floats
    n_windows: int


def verdicts(
    reference: Floats, current: Floats, *, between: Between | None = None, seed: int = 0
) -> Verdicts:
    """Which features of `current` (n, k) are distributed otherwise than in `reference` (m, k).

    `between` is what windows of other years differ by, of `variation_between`. NaN is a value
    like any other: a feature that goes missing more often has drifted.
    """
    pool = Pool(reference, current)
    limit = pool.level(seed=seed)
    chosen = np.arange(len(reference), len(reference) + len(current))
    distance, p_value = pool.compared(chosen, between)
    adjusted = benjamini_hochberg(p_value)
    usual = np.sqrt(pool.variance(len(current), between))
    return Verdicts(distance, usual, p_value, adjusted, adjusted < limit, limit)


def variation_between(rows: Floats, part: Ints) -> Between:
    """How far the parts of one sample lie apart beyond chance.

    `part` (n,) says which window each of the `rows` (n, k) is from. Nothing where there are too
    few windows, or where chance explains the distances.
    """
    pool = Pool(rows, rows[:0])
    members = [np.flatnonzero(part == one) for one in np.unique(part)]
    members = [chosen for chosen in members if len(chosen) >= SMALLEST_PART]
    if len(members) < FEWEST_PARTS:
        return Between(np.zeros(pool.n_features), len(members))
    sizes = np.array([len(chosen) * (1 - len(chosen) / pool.n_rows) for chosen in members])
    squares = np.array([pool.compared(chosen)[0] for chosen in members]) ** 2
    by_chance = SPREAD_OF_SQUARE / np.sqrt(len(members))
    is_sure = (sizes[:, None] * squares).mean(axis=0) > MEAN_SQUARE + SURE * by_chance
    beyond = np.average(squares, axis=0, weights=sizes) - MEAN_SQUARE * len(sizes) / sizes.sum()
    return Between(np.where(is_sure, np.maximum(beyond, 0.0), 0.0), len(members))


class Pool:
    """Both samples' rows as bins, whose edges are quantiles of both together."""

    def __init__(self, reference: Floats, current: Floats) -> None:
        rows = np.concatenate([reference, current])
        rows = np.where(np.isnan(rows), -np.inf, rows)
        self.n_rows, self.n_features = rows.shape
        self.n_current = len(current)
        self._cells = _bins(rows) + N_BINS * np.arange(self.n_features)
        self._total = self._counted(np.arange(self.n_rows))

    def compared(self, chosen: Ints, between: Between | None = None) -> tuple[Floats, Floats]:
        """Distance and p-value of each feature, between the chosen rows and all others."""
        inside, n = self._counted(chosen), len(chosen)
        others = self.n_rows - n
        apart = np.cumsum(inside / n - (self._total - inside) / others, axis=1)
        distance = np.abs(apart).max(axis=1)
        p_value = _p_value(distance, n * others / self.n_rows)
        if between is None or not between.variance.any():
            return distance, p_value
        deviations = distance / np.sqrt(self.variance(n, between))
        beside = 2 * student.sf(deviations, between.n_windows - 1)
        return distance, np.where(between.variance > 0, beside, p_value)

    def variance(self, n: int, between: Between | None = None) -> Floats:
        """Of the distance of n of the rows from the others without drift, of each feature."""
        by_chance = MEAN_SQUARE * self.n_rows / (n * (self.n_rows - n))
        return np.full(self.n_features, by_chance) + (between.variance if between else 0.0)

    def level(self, *, deals: int = DEALS, seed: int = 0) -> float:
        """The adjusted p-value that FALSE_ALARMS of random deals have something below."""
        rng = np.random.default_rng(seed)
        smaller = min(self.n_current, self.n_rows - self.n_current)  # the others are the rest
        dealt = np.array(
            [
                self.compared(rng.choice(self.n_rows, smaller, replace=False, shuffle=False))[1]
                for _ in range(deals)
            ]
        )
        smallest = np.sort(benjamini_hochberg(dealt).min(axis=1))
        return float(smallest[int(FALSE_ALARMS * (deals + 1)) - 1])

    def _counted(self, chosen: Ints) -> Ints:
        cells = self._cells[chosen].ravel()
        counts = np.bincount(cells, minlength=self.n_features * N_BINS)
        return np.asarray(counts).reshape(self.n_features, N_BINS)


def _bins(rows: Floats) -> Ints:
    """The bin of each value; equal values share one."""
    shares = np.arange(1, N_BINS) / N_BINS
    edges = np.quantile(rows, shares, axis=0, method="inverted_cdf").T
    columns = [np.searchsorted(edge, column) for edge, column in zip(edges, rows.T, strict=True)]
    return np.stack(columns, axis=1)


def _p_value(distance: Floats, size: float) -> Floats:
    """Of the distance; `size` is that of one sample against a known distribution.

    References
    ----------
    Stephens (1970), J. Royal Statistical Society B 32(1), for small samples.
    """
    root = np.sqrt(size)
    return np.asarray(kolmogorov((root + 0.12 + 0.11 / root) * distance))


def benjamini_hochberg(p_values: Floats) -> Floats:
    """P-values along the last axis, adjusted so that a threshold bounds the false-discovery rate.

    References
    ----------
    Benjamini & Hochberg (1995), J. Royal Statistical Society B 57(1).
    """
    return np.asarray(stats.false_discovery_control(p_values, axis=-1))
