"""How good probabilities were: scores match by match, and their means.

All take `proba` of shape (n, K), rows summing to 1 in the order home, draw, away, and
`outcome` of shape (n,), the index of what happened; all raise ValueError when they disagree.
"""

from dataclasses import dataclass

import numpy as np

from predictions.modelling.arrays import Floats, Ints

SMALLEST = 1e-15  # log-loss of an impossible event stays finite


def log_loss(proba: Floats, outcome: Ints) -> Floats:
    """Minus the natural logarithm of the probability of what happened; (n,), in nats."""
    _check(proba, outcome)
    happened = np.take_along_axis(proba, outcome[:, None], axis=1)[:, 0]
    return np.asarray(-np.log(np.maximum(happened, SMALLEST)))


def brier(proba: Floats, outcome: Ints) -> Floats:
    """Squared error summed over the outcomes: (n,), 0 is perfect, 2 is worst.

    References
    ----------
    Brier (1950), Monthly Weather Review 78(1): the sum form, not its mean over outcomes.
    """
    _check(proba, outcome)
    return np.asarray(((proba - _happened(proba, outcome)) ** 2).sum(axis=1))


def ranked_probability_score(proba: Floats, outcome: Ints) -> Floats:
    """Score ordered forecasts: (n,), 0 is perfect, 1 is worst.

    References
    ----------
    Constantinou & Fenton (2012), J. Quant. Analysis in Sports 8(1). Divided by K - 1;
    other authors leave that out.
    """
    _check(proba, outcome)
    error = np.cumsum(proba - _happened(proba, outcome), axis=1)[:, :-1]
    return np.asarray((error**2).sum(axis=1) / (proba.shape[1] - 1))


def hits(proba: Floats, outcome: Ints) -> Floats:
    """1 where the likeliest outcome (the first of equals) happened, else 0; (n,)."""
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
    """Bins of equal width over all n * K stated probabilities."""
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
    """All scores of a set of matches."""
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
    """Ours minus theirs on the same matches: below 0, ours is better."""
    if ours.shape != theirs.shape:
        raise ValueError(f"{len(ours)} scores against {len(theirs)}: not the same matches.")
    apart = ours - theirs
    return Difference(float(apart.mean()), standard_error(apart), len(apart))


def standard_error(values: Floats) -> float:
    """Of the mean of independent values; 0 for a single one."""
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
