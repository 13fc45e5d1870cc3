"""How good probabilities were: scores match by match, and their means.

All take `proba` of shape (n, K), rows summing to 1 in the order home, draw, away, and
`outcome` of shape (n,), the index of what happened; all raise ValueError when they disagree.
"""

from dataclasses import dataclass

import numpy as np

from predictions.modelling.arrays import Floats, Ints

SMALLEST = 1e-15  # log-loss of an impossible event stays finite


def log_loss(proba: Floats, outcome: Ints) -> Floats:
    """Minus the natural logarithm of the probability of what happened; (n,), in nats.

    References
    ----------
    Good (1952), J. of the Royal Statistical Society B 14(1).

    >>> log_loss(np.array([[0.5, 0.3, 0.2]]), np.array([0])).round(4)
    array([0.6931])
    """
    _check(proba, outcome)
    happened = np.take_along_axis(proba, outcome[:, None], axis=1)[:, 0]
    return np.asarray(-np.log(np.maximum(happened, SMALLEST)))


def brier(proba: Floats, outcome: Ints) -> Floats:
    """Squared error summed over the outcomes: (n,), 0 is perfect, 2 is worst.

    References
    ----------
    Brier (1950), Monthly Weather Review 78(1): the sum form, not its mean over outcomes.

    >>> brier(np.array([[0.5, 0.3, 0.2]]), np.array([0])).round(4)
    array([0.38])
    """
    _check(proba, outcome)
    return np.asarray(((proba - _happened(proba, outcome)) ** 2).sum(axis=1))


def ranked_probability_score(proba: Floats, outcome: Ints) -> Floats:
    """Score ordered forecasts: (n,), 0 is perfect, 1 is worst.

    References
    ----------
    Constantinou & Fenton (2012), J. Quant. Analysis in Sports 8(1). Divided by K - 1;
    other authors leave that out.

    >>> ranked_probability_score(np.array([[0.5, 0.3, 0.2]]), np.array([0])).round(4)
    array([0.145])
    """
    _check(proba, outcome)
    error = np.cumsum(proba - _happened(proba, outcome), axis=1)[:, :-1]
    return np.asarray((error**2).sum(axis=1) / (proba.shape[1] - 1))


def hits(proba: Floats, outcome: Ints) -> Floats:
    """1 where the likeliest outcome (the first of equals) happened, else 0; (n,).

    >>> hits(np.array([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]]), np.array([0, 0]))
    array([1., 0.])
    """
    _check(proba, outcome)
    return np.asarray(proba.argmax(axis=1) == outcome, dtype=np.float64)


@dataclass(frozen=True)
class Calibration:
    """Stated against observed frequency in bins of stated probability, all outcomes pooled.

    Attributes
    ----------
    lower, upper : (n_bins,), edges of the bins
    stated, observed : (n_bins,), mean probability and relative frequency; NaN in empty bins
    count : (n_bins,), number of probabilities
    """

    lower: Floats
    upper: Floats
    stated: Floats
    observed: Floats
    count: Ints

    @property
    def error(self) -> float:
        """Expected calibration error: mean |stated - observed|, weighted by count."""
        gap = np.nan_to_num(np.abs(self.stated - self.observed))
        return float((gap * self.count).sum() / self.count.sum())


def calibration(proba: Floats, outcome: Ints, *, n_bins: int = 20) -> Calibration:
    """Bins of equal width over all n * K stated probabilities.

    References
    ----------
    Naeini, Cooper & Hauskrecht (2015), AAAI 29, of one class; all three are pooled here.

    >>> found = calibration(np.array([[0.7, 0.2, 0.1]] * 10), np.zeros(10, int), n_bins=5)
    >>> found.count
    array([10, 10,  0, 10,  0])
    >>> found.observed.round(2)
    array([ 0.,  0., nan,  1., nan])
    """
    _check(proba, outcome)
    stated, happened = proba.ravel(), _happened(proba, outcome).ravel()
    bins = np.minimum((stated * n_bins).astype(np.int64), n_bins - 1)
    count = np.bincount(bins, minlength=n_bins)
    with np.errstate(invalid="ignore"):
        mean_stated = np.bincount(bins, stated, n_bins) / count
        observed = np.bincount(bins, happened, n_bins) / count
    edges = np.arange(n_bins + 1) / n_bins
    return Calibration(edges[:-1], edges[1:], mean_stated, observed, count)


def calibration_by_chance(proba: Floats, *, n_worlds: int, seed: int = 0) -> Floats:
    """Calibration errors (n_worlds,) of forecasts that are right, by the luck of the matches.

    Outcomes are drawn from the probabilities themselves: with 20 bins and few matches an error
    above 0 says nothing.

    References
    ----------
    Bröcker & Smith (2007), Weather and Forecasting 22(3).

    >>> calibration_by_chance(np.full((90, 3), 1 / 3), n_worlds=2).shape
    (2,)
    """
    rng = np.random.default_rng(seed)
    edges = proba.cumsum(axis=1)[:, :-1]
    drawn = ((rng.random((len(proba), 1)) > edges).sum(axis=1) for _ in range(n_worlds))
    return np.array([calibration(proba, outcome).error for outcome in drawn])


@dataclass(frozen=True)
class Scores:
    """Means over matches, with the standard error of the log-loss."""

    n_matches: int
    log_loss: float
    log_loss_se: float
    brier: float
    rps: float
    ece: float
    hit_rate: float


def scores(proba: Floats, outcome: Ints) -> Scores:
    """All scores of a set of matches.

    >>> found = scores(np.array([[0.5, 0.3, 0.2]] * 2), np.array([0, 1]))
    >>> found.n_matches, round(found.log_loss, 4), found.hit_rate
    (2, 0.9486, 0.5)
    """
    losses = log_loss(proba, outcome)
    return Scores(
        n_matches=len(outcome),
        log_loss=float(losses.mean()),
        log_loss_se=standard_error(losses),
        brier=float(brier(proba, outcome).mean()),
        rps=float(ranked_probability_score(proba, outcome).mean()),
        ece=calibration(proba, outcome).error,
        hit_rate=float(hits(proba, outcome).mean()),
    )


@dataclass(frozen=True)
class Difference:
    """Mean of paired differences in a score, its standard error and number of matches."""

    mean: float
    standard_error: float
    n_matches: int


def paired_difference(ours: Floats, theirs: Floats) -> Difference:
    """Ours minus theirs on the same matches: below 0, ours is better.

    References
    ----------
    Diebold & Mariano (1995), J. of Business & Economic Statistics 13(3).

    >>> paired_difference(np.array([0.9, 1.1]), np.array([1.0, 1.0])).n_matches
    2
    """
    if ours.shape != theirs.shape:
        raise ValueError(f"{len(ours)} scores against {len(theirs)}: not the same matches.")
    apart = ours - theirs
    return Difference(float(apart.mean()), standard_error(apart), len(apart))


def standard_error(values: Floats) -> float:
    """Of the mean of independent values; 0 for a single one.

    >>> round(standard_error(np.array([1.0, 2.0, 3.0])), 4)
    0.5774
    """
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0


def _happened(proba: Floats, outcome: Ints) -> Floats:
    return np.asarray(np.eye(proba.shape[1])[outcome])


def _check(proba: Floats, outcome: Ints) -> None:
    if proba.ndim != 2 or len(proba) == 0 or outcome.shape != (len(proba),):
        raise ValueError(f"Probabilities {proba.shape} do not fit outcomes {outcome.shape}.")
    if not ((outcome >= 0) & (outcome < proba.shape[1])).all():
        raise ValueError("An outcome is not the index of a class.")
    if not np.allclose(proba.sum(axis=1), 1.0, atol=1e-6) or (proba < 0).any():
        raise ValueError("Probabilities are negative or do not sum to 1.")
