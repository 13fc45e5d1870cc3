"""Gradient-boosted trees: LightGBM's native booster, kept as its text format."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import lightgbm
import numpy as np

from predictions.modelling.arrays import Floats
from predictions.modelling.fitting.explanation import probability_points
from predictions.modelling.fitting.models import Sample, as_rows, softmax
from predictions.outcomes import LABELS

N_CLASSES = len(LABELS)
# A handful of rows is answered sooner by one thread than by waking the others.
ALONE_BELOW = 256
AS_SETTLED = 0  # as many threads as OpenMP was told when it was loaded

# Found by `tune_model` on seasons 2015-16 to 2017-18 (`benchmarks/quality.md`).
PARAMETERS: dict[str, Any] = {
    "objective": "multiclass",
    "num_class": N_CLASSES,
    "learning_rate": 0.0155,
    "num_leaves": 11,
    "min_data_in_leaf": 940,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.6,
    "bagging_freq": 1,
    "lambda_l2": 1.6,
    "max_bin": 127,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
ROUNDS = 430
FEWEST_LEAVES = 20  # that the matches suffice for
HESSIAN_FACTOR = N_CLASSES / (N_CLASSES - 1)  # as LightGBM's multiclass has it

Objective = Callable[[Floats, lightgbm.Dataset], tuple[Floats, Floats]]


@dataclass(frozen=True)
class Boosted:
    """A booster of three score series, which start from `offset` (3,).

    `base` are the scores of the average match.
    """

    booster: lightgbm.Booster
    offset: Floats
    base: Floats
    kind = "boosted"

    def predict_proba(self, features: Floats) -> Floats:
        rows = as_rows(features, self.booster.num_feature())
        scores = self.booster.predict(rows, raw_score=True, num_threads=_threads(len(rows)))
        return softmax(np.asarray(scores, dtype=np.float64) + self.offset)

    def explain(self, features: Floats) -> Floats:
        """(n, k, 3), by TreeSHAP on the scores, carried over to probabilities.

        References
        ----------
        Lundberg et al. (2020), Nature Machine Intelligence 2.
        """
        rows = as_rows(features, self.booster.num_feature())
        flat = self.booster.predict(rows, pred_contrib=True, num_threads=_threads(len(rows)))
        shap = np.asarray(flat).reshape(len(rows), N_CLASSES, -1)
        return probability_points(shap[:, :, :-1].transpose(0, 2, 1), self.base)

    def base_rates(self) -> Floats:
        return softmax(self.base)

    def parameters(self) -> dict[str, Any]:
        rounds = self.booster.current_iteration()
        return {**PARAMETERS, "fewest_leaves": FEWEST_LEAVES, "rounds": rounds}

    def to_files(self) -> dict[str, bytes]:
        return {
            "booster.txt": self.booster.model_to_string().encode(),
            "offset.json": json.dumps(self.offset.tolist()).encode(),
        }

    @classmethod
    def from_files(cls, files: dict[str, bytes]) -> "Boosted":
        """The model of `to_files`, with the same answers."""
        booster = lightgbm.Booster(model_str=files["booster.txt"].decode())
        return _with_base(booster, np.array(json.loads(files["offset.json"]), dtype=np.float64))


def fit_boosted(
    sample: Sample, *, seed: int, threads: int, parameters: Mapping[str, Any] = MappingProxyType({})
) -> Boosted:
    """The same sample, seed and version of LightGBM give the same trees, whatever the threads.

    `parameters` go before PARAMETERS, and their `rounds` before ROUNDS.

    References
    ----------
    Ke et al. (2017), Advances in Neural Information Processing Systems 30: LightGBM.

    >>> features = np.random.default_rng(0).normal(size=(600, 2))
    >>> outcome = np.digitize(features[:, 0], [-0.5, 0.5])
    >>> sample = Sample(("a", "b"), features, outcome, np.ones(600), np.full((600, 3), np.nan))
    >>> model = fit_boosted(sample, seed=0, threads=1, parameters={"rounds": 30})
    >>> int(model.predict_proba(np.array([[-2.0, 0.0]])).argmax())
    0
    """
    chosen = {**PARAMETERS, "rounds": ROUNDS, **parameters, "seed": seed, "num_threads": threads}
    rounds = chosen.pop("rounds")
    target = sample.target
    # LightGBM refuses to grow anything where no two leaves could have so many matches.
    chosen["min_data_in_leaf"] = min(chosen["min_data_in_leaf"], len(target) // FEWEST_LEAVES)
    offset = np.log(np.average(target, axis=0, weights=sample.weight))
    data = lightgbm.Dataset(
        sample.features,
        label=sample.outcome,
        weight=sample.weight,
        init_score=np.tile(offset, (len(target), 1)),
        feature_name=list(sample.names),
        free_raw_data=True,
    )
    if sample.is_taught:
        chosen["objective"] = _towards(target, sample.weight)
    return _with_base(lightgbm.train(chosen, data, num_boost_round=rounds), offset)


def _towards(target: Floats, weight: Floats) -> Objective:
    """Cross-entropy of probabilities (n, 3): LightGBM's own multiclass knows only classes."""
    share = weight[:, None]

    def gradient(scores: Floats, _: lightgbm.Dataset) -> tuple[Floats, Floats]:
        proba = softmax(scores)
        return share * (proba - target), share * HESSIAN_FACTOR * proba * (1.0 - proba)

    return gradient


def _with_base(booster: lightgbm.Booster, offset: Floats) -> Boosted:
    """TreeSHAP's base is the trees' mean over their training matches: the same for any row."""
    row = np.zeros((1, booster.num_feature()))
    shap = np.asarray(booster.predict(row, pred_contrib=True, num_threads=1))
    return Boosted(booster, offset, offset + shap.reshape(N_CLASSES, -1)[:, -1])


def _threads(n_rows: int) -> int:
    return 1 if n_rows < ALONE_BELOW else AS_SETTLED
