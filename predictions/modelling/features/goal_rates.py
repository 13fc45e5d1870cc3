"""The goals that features expect of each side: what stands behind a fixture's score matrix."""

import numpy as np

from predictions.modelling.arrays import Floats
from predictions.modelling.features.feature_names import FEATURE_NAMES

GOALS_RATING = "composite"
_RATIO = FEATURE_NAMES.index(f"{GOALS_RATING}_ratio")
_TOTAL = FEATURE_NAMES.index(f"{GOALS_RATING}_total")


def expected_goals(features: Floats) -> Floats:
    """Home and away goals of features (n, n_features) as (n, 2).

    >>> found = expected_goals(np.zeros((1, len(FEATURE_NAMES))))
    >>> found.round(2)
    array([[0.5, 0.5]])
    """
    total = np.exp(features[:, _TOTAL])
    home = total / (1.0 + np.exp(-features[:, _RATIO]))
    return np.stack([home, total - home], axis=1)
