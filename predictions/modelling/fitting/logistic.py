"""Multinomial logistic regression on standardised features, fitted by Newton's method."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from predictions.modelling.arrays import Floats
from predictions.modelling.fitting.explanation import probability_points
from predictions.modelling.fitting.models import Sample, as_rows, softmax
from predictions.outcomes import LABELS

N_CLASSES = len(LABELS)
SMALLEST = 1e-15
DRAW = 1
FREE = [0, 2]  # home and away, each against the draw
MAX_STEPS = 50
GAIN_ENOUGH = 1e-12  # in log-loss, where the search ends
SLICE = 16_384  # rows at a time: they stay in the processor's cache
_FIELDS = ("centre", "scale", "weights", "intercept")


@dataclass(frozen=True)
class Design:
    """How features become regressors: standardised and clipped."""

    centre: Floats
    scale: Floats
    clip: float = 4.0

    @classmethod
    def of(cls, sample: Sample) -> "Design":
        """That of a sample: its weighted means and standard deviations."""
        centre = np.average(sample.features, axis=0, weights=sample.weight)
        variance = np.average((sample.features - centre) ** 2, axis=0, weights=sample.weight)
        # A feature that never varies says nothing: any scale will do.
        scale = np.where(variance > 1e-12, np.sqrt(variance), 1.0)
        return cls(centre, scale)

    def __call__(self, features: Floats) -> Floats:
        return np.clip((features - self.centre) / self.scale, -self.clip, self.clip)


@dataclass(frozen=True)
class Logistic:
    """Scores are intercept + regressors @ weights; weights (k, 3), intercept (3,)."""

    design: Design
    weights: Floats
    intercept: Floats
    kind = "logistic"

    def predict_proba(self, features: Floats) -> Floats:
        rows = as_rows(features, len(self.weights))
        return softmax(self.design(rows) @ self.weights + self.intercept)

    def explain(self, features: Floats) -> Floats:
        rows = self.design(as_rows(features, len(self.weights)))
        return probability_points(rows[:, :, None] * self.weights, self.intercept)

    def base_rates(self) -> Floats:
        return softmax(self.intercept)

    def parameters(self) -> dict[str, Any]:
        return {"n_weights": int(self.weights.size), "clip": self.design.clip}

    def to_files(self) -> dict[str, bytes]:
        buffer = io.BytesIO()
        design = self.design
        np.savez(
            buffer,
            allow_pickle=False,
            centre=design.centre,
            scale=design.scale,
            weights=self.weights,
            intercept=self.intercept,
        )
        return {"logistic.npz": buffer.getvalue()}

    @classmethod
    def from_files(cls, files: dict[str, bytes]) -> "Logistic":
        """The model of `to_files`, with the same answers."""
        with np.load(io.BytesIO(files["logistic.npz"]), allow_pickle=False) as saved:
            arrays = {name: saved[name] for name in _FIELDS}
        design = Design(arrays["centre"], arrays["scale"])
        return cls(design, arrays["weights"], arrays["intercept"])


def fit_logistic(sample: Sample, *, penalty: float = 1e-4) -> Logistic:
    """Minimise mean cross-entropy + penalty / 2 * |weights|^2 by Newton's method.

    The draw is the class of reference: its weights are 0. The problem is convex, so that
    there is one answer; a step that makes matters worse is halved.

    References
    ----------
    Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, chapter 4.4.

    >>> features = np.random.default_rng(0).normal(size=(600, 2))
    >>> outcome = np.digitize(features[:, 0], [-0.5, 0.5])
    >>> sample = Sample(("a", "b"), features, outcome, np.ones(600), np.full((600, 3), np.nan))
    >>> int(fit_logistic(sample).predict_proba(np.array([[-2.0, 0.0]])).argmax())
    0
    """
    design = Design.of(sample)
    columns = np.hstack([np.ones((len(sample.features), 1)), design(sample.features)])
    problem = _Problem(columns, sample.target, sample.weight / sample.weight.sum(), penalty)
    free = problem.solve()
    matrix = np.insert(free, DRAW, 0.0, axis=1)
    return Logistic(design, matrix[1:], matrix[0])


@dataclass(frozen=True)
class _Problem:
    """Cross-entropy of `target` (n, 3) and `columns` (n, 1 + k), the first all ones.

    The free weights are (1 + k, 2).
    """

    columns: Floats
    target: Floats
    share: Floats
    penalty: float

    def solve(self) -> Floats:
        free = np.zeros((self.columns.shape[1], N_CLASSES - 1))
        loss, gradient, curvature = self.expand(free)
        for _ in range(MAX_STEPS):
            flat = np.linalg.solve(curvature, gradient.ravel(order="F"))
            step = np.asarray(flat.reshape(free.shape, order="F"), dtype=np.float64)
            free, loss, gradient, curvature, gain = self._descend(free, step, loss)
            if gain < GAIN_ENOUGH:
                break
        return free

    def _descend(
        self, free: Floats, step: Floats, loss: float
    ) -> tuple[Floats, float, Floats, Floats, float]:
        """The first of the whole, half, ... step that does not make matters worse."""
        for halvings in range(30):
            there = free - step * 0.5**halvings
            reached, gradient, curvature = self.expand(there)
            if reached <= loss + 1e-13:
                break
        return there, reached, gradient, curvature, loss - reached

    def expand(self, free: Floats) -> tuple[float, Floats, Floats]:
        """Loss, gradient (1 + k, 2) and Hessian (2 + 2k, 2 + 2k), summed over slices of rows."""
        size = len(free)
        ridge = np.full(size, self.penalty, dtype=np.float64)
        ridge[0] = 0.0
        loss = 0.5 * float(ridge @ (free**2).sum(axis=1))
        gradient = ridge[:, None] * free
        curvature = np.diag(np.tile(ridge, 2))
        for start in range(0, len(self.columns), SLICE):
            part = slice(start, start + SLICE)
            rows, share = self.columns[part], self.share[part]
            proba = softmax(np.insert(rows @ free, DRAW, 0.0, axis=1))
            target = self.target[part]
            loss -= float(share @ (np.log(np.maximum(proba, SMALLEST)) * target).sum(axis=1))
            error = share[:, None] * (proba - target)
            gradient = gradient + rows.T @ error[:, FREE]
            curvature += _curvature(rows, share, proba[:, FREE])
        return loss, gradient, curvature


def _curvature(rows: Floats, share: Floats, proba: Floats) -> Floats:
    """Hessian of the log-loss of some rows: blocks by pair of free classes."""
    blocks = [
        [
            (rows * (share * proba[:, a] * ((a == b) - proba[:, b]))[:, None]).T @ rows
            for b in range(proba.shape[1])
        ]
        for a in range(proba.shape[1])
    ]
    return np.block(blocks)
