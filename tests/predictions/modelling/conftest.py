"""A sample with a known signal, and every recipe fitted on it once."""

from typing import NamedTuple

import numpy as np
import pytest

from predictions.modelling.feature_names import FEATURE_NAMES
from predictions.modelling.models import softmax
from predictions.modelling.recipes import IS_PROBABILITY, RECIPES, fit

N_MATCHES = 3000
HOUR = 3600


class Planted(NamedTuple):
    """Matches whose first feature alone decides how they go."""

    features: np.ndarray
    outcome: np.ndarray
    kickoff: np.ndarray
    proba: np.ndarray


def planted_matches(n, *, seed):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n, len(FEATURE_NAMES)))
    scores = features[:, :1] * (1.0, 0.0, -1.0) + (0.4, 0.0, 0.0)
    features[:, IS_PROBABILITY] = 1 / (1 + np.exp(-features[:, IS_PROBABILITY]))
    proba = softmax(scores)
    outcome = (rng.random((n, 1)) > proba.cumsum(axis=1)).sum(axis=1)
    return Planted(features, outcome, np.arange(n) * HOUR, proba)


@pytest.fixture(scope="session")
def planted():
    return planted_matches(N_MATCHES, seed=1)


@pytest.fixture(scope="session")
def unseen():
    return planted_matches(1000, seed=2)


@pytest.fixture(scope="session")
def fitted(planted):
    """Every recipe's model of the planted matches, by name."""
    return {name: fit(name, *planted[:3], threads=1) for name in RECIPES}
