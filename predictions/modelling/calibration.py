"""Temperature and vector scaling, fitted on earlier matches and kept only if they help."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.models import softmax
from predictions.modelling.scoring import SMALLEST, log_loss


@dataclass(frozen=True)
class Scaling:
    """Probabilities become softmax(slope * log p + shift); slope and shift are (3,)."""

    slope: Floats
    shift: Floats

    def __call__(self, proba: Floats) -> Floats:
        """Rescaled probabilities, (n, 3), rows summing to 1."""
        return softmax(np.log(np.maximum(proba, SMALLEST)) * self.slope + self.shift)


IDENTITY = Scaling(np.ones(3), np.zeros(3))


def temperature(proba: Floats, outcome: Ints) -> Scaling:
    """One slope for all outcomes, by least log-loss.

    References
    ----------
    Guo et al. (2017), On Calibration of Modern Neural Networks.
    """
    found = _least(lambda x: Scaling(np.full(3, x[0]), np.zeros(3)), np.ones(1), proba, outcome)
    return Scaling(np.full(3, found[0]), np.zeros(3))


def vector_scaling(proba: Floats, outcome: Ints) -> Scaling:
    """A slope and a shift of its own for each outcome, by least log-loss."""
    start = np.array([1.0, 1.0, 1.0, 0.0, 0.0])
    return _vector(_least(_vector, start, proba, outcome))


def if_it_helps(
    scaling: Scaling, proba: Floats, outcome: Ints, *, standard_errors: float = 1.0
) -> Scaling:
    """The scaling if it clearly lowers log-loss on matches it was not fitted on, else none.

    'Clearly' is by so many standard errors of the paired difference.
    """
    gain = log_loss(proba, outcome) - log_loss(scaling(proba), outcome)
    clear = gain.mean() > standard_errors * gain.std(ddof=1) / np.sqrt(len(gain))
    return scaling if clear else IDENTITY


def _vector(x: Floats) -> Scaling:
    # The draw's shift is the reference: only differences count.
    return Scaling(x[:3], np.array([x[3], 0.0, x[4]]))


def _least(
    scaling_of: Callable[[Floats], Scaling], start: Floats, proba: Floats, outcome: Ints
) -> Floats:
    def loss(x: Floats) -> float:
        return float(log_loss(scaling_of(x)(proba), outcome).mean())

    return np.asarray(minimize(loss, start, method="L-BFGS-B").x, dtype=np.float64)
