"""Whether two samples have the same distributions, feature by feature: the maths of drift.

Kolmogorov and Smirnov's distance of each feature is judged by a false-discovery procedure whose
level is calibrated on these very samples: their rows are dealt out at random many times, so that
nothing has drifted, and the level is set where one deal in a hundred raises an alarm. That holds
for every sample size, for features that hang together, and for those with few values.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import kolmogorov

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

FALSE_ALARMS = 0.01  # share of windows without drift in which any feature is called drifted
DEALS = 999
N_BINS = 64


@dataclass(frozen=True)
class Verdicts:
    """Of k features, each of shape (k,).

    Attributes
    ----------
    distance : Kolmogorov-Smirnov, 0 to 1
    p_value : of each feature alone
    adjusted : for the number of features, after Benjamini and Hochberg
    drifted : adjusted below `level`
    """

    distance: Floats
    p_value: Floats
    adjusted: Floats
    drifted: Mask
    level: float


def verdicts(reference: Floats, current: Floats, *, seed: int = 0) -> Verdicts:
    """Which features of `current` (n, k) are distributed otherwise than in `reference` (m, k)."""
    pool = Pool(reference, current)
    limit = pool.level(seed=seed)
    distance, p_value = pool.compared(np.arange(len(reference), len(reference) + len(current)))
    adjusted = benjamini_hochberg(p_value)
    return Verdicts(distance, p_value, adjusted, adjusted < limit, limit)


class Pool:
    """Both samples' rows as bins, whose edges are quantiles of both together."""

    def __init__(self, reference: Floats, current: Floats) -> None:
        rows = np.concatenate([reference, current])
        self.n_rows, self.n_features = rows.shape
        self.n_current = len(current)
        self._cells = _bins(rows) + N_BINS * np.arange(self.n_features)
        self._total = self._counted(np.arange(self.n_rows))

    def compared(self, chosen: Ints) -> tuple[Floats, Floats]:
        """Distance and p-value of each feature, between the chosen rows and all others."""
        inside, n = self._counted(chosen), len(chosen)
        others = self.n_rows - n
        apart = np.cumsum(inside / n - (self._total - inside) / others, axis=1)
        distance = np.abs(apart).max(axis=1)
        return distance, _p_value(distance, n * others / self.n_rows)

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
    k = p_values.shape[-1]
    order = np.argsort(p_values, axis=-1)
    scaled = np.take_along_axis(p_values, order, axis=-1) * k / np.arange(1, k + 1)
    rising = np.minimum.accumulate(scaled[..., ::-1], axis=-1)[..., ::-1]
    adjusted = np.empty_like(rising)
    np.put_along_axis(adjusted, order, rising, axis=-1)
    return np.minimum(adjusted, 1.0)
