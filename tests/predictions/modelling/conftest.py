"""A sample with a known signal, and every recipe fitted on it once."""

from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
import pytest

from predictions.modelling.features.feature_names import (
    CLOSING,
    FEATURE_NAMES,
    OWN_PRICES,
    PRE_MATCH,
    places_of,
)
from predictions.modelling.fitting.models import softmax

N_MATCHES = 3000
HOUR = 3600


class Planted(NamedTuple):
    """Matches whose first feature alone decides how they go, as the market knows."""

    features: np.ndarray
    outcome: np.ndarray
    kickoff: np.ndarray
    proba: np.ndarray


def planted_matches(n, *, seed):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(n, len(FEATURE_NAMES)))
    scores = features[:, :1] * (1.0, 0.0, -1.0) + (0.4, 0.0, 0.0)
    features[:, places_of(PRE_MATCH)] = scores[:, [0, 2]] + rng.normal(scale=0.2, size=(n, 2))
    features[:, places_of(CLOSING)] = scores[:, [0, 2]]
    # The play of two matches' clubs in seven was never measured.
    features[:, places_of(("home_coverage", "away_coverage"))] = (np.arange(n) % 7 > 1)[:, None]
    # Every fourth match is one of clubs without a priced history, every fifth has no price.
    features[:, places_of(("home_priced", "away_priced"))] = (np.arange(n) % 4 > 0)[:, None]
    features[::5, OWN_PRICES] = np.nan
    proba = softmax(scores)
    outcome = (rng.random((n, 1)) > proba.cumsum(axis=1)).sum(axis=1)
    return Planted(features, outcome, np.arange(n) * HOUR, proba)


FOR_FEW_MATCHES = {
    "learning_rate": 0.2,
    "min_data_in_leaf": 400,
    "feature_fraction": 0.4,
    "lambda_l2": 20.0,
}


@contextmanager
def fewer_trees():
    """Enough for the planted signal; other tests of this process have those of the product."""
    from predictions.modelling.fitting import (
        boosted,  # LightGBM takes seconds: for tests that learn
    )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(boosted, "ROUNDS", 40)
        for name, value in FOR_FEW_MATCHES.items():
            patch.setitem(boosted.PARAMETERS, name, value)
        yield


@pytest.fixture
def few_trees():
    with fewer_trees():
        yield


@pytest.fixture(scope="session")
def planted():
    return planted_matches(N_MATCHES, seed=1)


@pytest.fixture(scope="session")
def unseen():
    return planted_matches(1000, seed=2)


@pytest.fixture(scope="session")
def fitted(planted):
    """Every recipe's model of the planted matches, by name."""
    from predictions.modelling.fitting.recipes import RECIPES, fit

    with fewer_trees():
        return {name: fit(name, *planted[:3], threads=1) for name in RECIPES}
