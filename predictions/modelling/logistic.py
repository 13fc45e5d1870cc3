"""Multinomial logistic regression on standardised features, fitted by L-BFGS."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from predictions.modelling.explanation import probability_points
from predictions.modelling.models import Floats, Sample, as_rows, softmax

N_CLASSES = 3
_FIELDS = ("centre", "scale", "is_probability", "weights", "intercept")


@dataclass(frozen=True)
class Design:
    """How features become regressors: chances as log odds, all standardised and clipped."""

    centre: Floats
    scale: Floats
    is_probability: NDArray[np.bool_]
    clip: float = 4.0

    @classmethod
    def of(cls, sample: Sample, is_probability: NDArray[np.bool_]) -> "Design":
        raw = _log_odds(sample.features, is_probability)
        centre = np.average(raw, axis=0, weights=sample.weight)
        variance = np.average((raw - centre) ** 2, axis=0, weights=sample.weight)
        # A feature that never varies says nothing: any scale will do.
        scale = np.where(variance > 1e-12, np.sqrt(variance), 1.0)
        return cls(centre, scale, is_probability)

    def __call__(self, features: Floats) -> Floats:
        raw = _log_odds(features, self.is_probability)
        return np.clip((raw - self.centre) / self.scale, -self.clip, self.clip)


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
            is_probability=design.is_probability,
            weights=self.weights,
            intercept=self.intercept,
        )
        return {"logistic.npz": buffer.getvalue()}

    @classmethod
    def from_files(cls, files: dict[str, bytes]) -> "Logistic":
        with np.load(io.BytesIO(files["logistic.npz"]), allow_pickle=False) as saved:
            arrays = {name: saved[name] for name in _FIELDS}
        design = Design(arrays["centre"], arrays["scale"], arrays["is_probability"])
        return cls(design, arrays["weights"], arrays["intercept"])


def fit_logistic(
    sample: Sample, is_probability: NDArray[np.bool_], *, penalty: float = 1e-4
) -> Logistic:
    """Minimise weighted log-loss + penalty / 2 * |weights|^2 (weights of standardised columns)."""
    design = Design.of(sample, is_probability)
    regressors = design(sample.features)
    share = sample.weight / sample.weight.sum()
    target = np.eye(N_CLASSES)[sample.outcome]
    n_features = regressors.shape[1]

    def loss(flat: Floats) -> tuple[float, Floats]:
        matrix = flat.reshape(n_features + 1, N_CLASSES)
        weights, intercept = matrix[1:], matrix[0]
        proba = softmax(regressors @ weights + intercept)
        entropy = -share @ np.log((proba * target).sum(axis=1))
        slope = (proba - target) * share[:, None]
        gradient = np.vstack([slope.sum(axis=0), regressors.T @ slope + penalty * weights])
        return float(entropy + penalty / 2 * (weights**2).sum()), gradient.ravel()

    start = np.zeros((n_features + 1, N_CLASSES))
    start[0] = np.log(share @ target)
    matrix = _descend(loss, start.ravel()).reshape(n_features + 1, N_CLASSES)
    return Logistic(design, matrix[1:], matrix[0])


def _descend(loss: Callable[[Floats], Any], start: Floats) -> Floats:
    """Where `loss` (value and gradient) is least, from `start`."""
    options: Any = {"maxiter": 300, "ftol": 1e-10, "gtol": 1e-6}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x, dtype=np.float64)


def _log_odds(features: Floats, is_probability: NDArray[np.bool_]) -> Floats:
    raw = np.array(features, dtype=np.float64)
    chances = np.clip(raw[:, is_probability], 1e-6, 1 - 1e-6)
    raw[:, is_probability] = np.log(chances / (1 - chances))
    return raw
