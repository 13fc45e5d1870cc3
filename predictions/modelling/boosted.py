"""Gradient-boosted trees: LightGBM's native booster, kept as its text format."""

import os
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np

from predictions.modelling.explanation import probability_points
from predictions.modelling.models import Floats, Sample, as_rows, softmax

N_CLASSES = 3
# A handful of rows is answered sooner by one thread than by waking the others.
ALONE_BELOW = 256

PARAMETERS: dict[str, Any] = {
    "objective": "multiclass",
    "num_class": N_CLASSES,
    "learning_rate": 0.04,
    "num_leaves": 15,
    "min_data_in_leaf": 400,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.6,
    "bagging_freq": 1,
    "lambda_l2": 20.0,
    "max_bin": 127,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
ROUNDS = 300


@dataclass(frozen=True)
class Boosted:
    """A booster of three score series; `base` are the scores of the average match."""

    booster: lightgbm.Booster
    base: Floats
    kind = "boosted"

    def predict_proba(self, features: Floats) -> Floats:
        rows = as_rows(features, self.booster.num_feature())
        proba = self.booster.predict(rows, num_threads=_threads(len(rows)))
        return np.asarray(proba, dtype=np.float64)

    def explain(self, features: Floats) -> Floats:
        """By TreeSHAP on the scores, carried over to probabilities."""
        rows = as_rows(features, self.booster.num_feature())
        flat = self.booster.predict(rows, pred_contrib=True, num_threads=_threads(len(rows)))
        shap = np.asarray(flat).reshape(len(rows), N_CLASSES, -1)
        return probability_points(shap[:, :, :-1].transpose(0, 2, 1), self.base)

    def base_rates(self) -> Floats:
        return softmax(self.base)

    def parameters(self) -> dict[str, Any]:
        return {**PARAMETERS, "rounds": self.booster.current_iteration()}

    def to_files(self) -> dict[str, bytes]:
        return {"booster.txt": self.booster.model_to_string().encode()}

    @classmethod
    def from_files(cls, files: dict[str, bytes]) -> "Boosted":
        return _with_base(lightgbm.Booster(model_str=files["booster.txt"].decode()))


def fit_boosted(
    sample: Sample, names: tuple[str, ...], *, seed: int, threads: int, rounds: int = ROUNDS
) -> Boosted:
    """The same sample, seed and version of LightGBM give the same trees, whatever the threads."""
    data = lightgbm.Dataset(
        sample.features,
        label=sample.outcome,
        weight=sample.weight,
        feature_name=list(names),
        free_raw_data=True,
    )
    parameters = {**PARAMETERS, "seed": seed, "num_threads": threads}
    return _with_base(lightgbm.train(parameters, data, num_boost_round=rounds))


def _with_base(booster: lightgbm.Booster) -> Boosted:
    """TreeSHAP's base is the trees' mean over their training matches: the same for any row."""
    row = np.zeros((1, booster.num_feature()))
    shap = np.asarray(booster.predict(row, pred_contrib=True, num_threads=1))
    return Boosted(booster, shap.reshape(N_CLASSES, -1)[:, -1])


def _threads(n_rows: int) -> int:
    return 1 if n_rows < ALONE_BELOW else os.cpu_count() or 1
