"""95 % intervals of means, shares and calibration errors: where chance alone may put them."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.evaluation import scoring

Z = 1.959964  # the normal distribution's 97.5 % point
RESAMPLES = 200


@dataclass(frozen=True)
class Interval:
    """A number and its 95 % interval."""

    value: float
    low: float
    high: float


def of_mean(values: Floats) -> Interval:
    """The mean of independent values of any distribution; exact only for many of them."""
    mean, reach = float(values.mean()), Z * scoring.standard_error(values)
    return Interval(mean, mean - reach, mean + reach)


def of_share(happened: Floats) -> Interval:
    """The share of ones among zeros and ones.

    References
    ----------
    Wilson (1927), J. American Statistical Association 22: inside 0 to 1 for every n.
    """
    return of_count(int(happened.sum()), len(happened))


def of_count(n_happened: int, n: int) -> Interval:
    """The share of what happened among `n` chances; as `of_share`."""
    found = binomtest(n_happened, n).proportion_ci(method="wilson")
    return Interval(n_happened / n, float(found.low), float(found.high))


def of_calibration_error(proba: Floats, outcome: Ints, *, seed: int = 0) -> Interval:
    """The expected calibration error, and where so many matches may put it, by resampling them.

    The error of a finite sample lies above 0 even for true probabilities, and so does the interval.
    Resampled matches lie further above it, by about as much again, which is taken off.
    """
    gaps = _gap_by_bin(proba, outcome)
    n, n_classes = proba.shape
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    errors = np.abs(drawn @ gaps).sum(axis=1) / (n * n_classes)
    value = scoring.calibration(proba, outcome).error
    low, high = np.quantile(errors, (0.025, 0.975)) - (errors.mean() - value)
    return Interval(value, max(0.0, float(low)), float(high))


def _gap_by_bin(proba: Floats, outcome: Ints, n_bins: int = 20) -> Floats:
    """Stated minus happened of each match, summed by the bin of the stated probability."""
    n, n_classes = proba.shape
    apart = proba - np.eye(n_classes)[outcome]
    bins = np.minimum((proba * n_bins).astype(np.int64), n_bins - 1)
    cells = (np.arange(n)[:, None] * n_bins + bins).ravel()
    return np.asarray(np.bincount(cells, apart.ravel(), n * n_bins), float).reshape(n, n_bins)


def of_expected_log_loss(proba: Floats) -> Interval:
    """The mean log-loss to expect if the probabilities are true, and how far chance may take it."""
    surprise = -np.log(np.maximum(proba, scoring.SMALLEST))
    expected = (proba * surprise).sum(axis=1)
    variance = (proba * surprise**2).sum(axis=1) - expected**2
    mean, reach = float(expected.mean()), float(Z * np.sqrt(variance.sum()) / len(proba))
    return Interval(mean, mean - reach, mean + reach)
