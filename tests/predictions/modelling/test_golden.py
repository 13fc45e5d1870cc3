"""What the features of a known world are: a changed meaning must raise FEATURE_VERSION."""

import hashlib

import numpy as np
import pytest

from predictions.modelling.features.machine import FEATURE_NAMES, FEATURE_VERSION, walk
from tests.predictions.modelling import golden_world

# One for each version of the features. A digest once written here is never written anew: features
# that say something else get a new version, so that saved states and models are refused.
GOLDEN = {5: "2f54bd59534d9ce7475f0320a21fff4d7cdc433cba2de9167884a2c6141cb8c1"}
# Machines differ in the last bits of exp and log; a rate changed by a tenth shows long before.
DECIMALS = 4


def digest_of(features):
    rounded = np.nan_to_num(np.rint(features * 10**DECIMALS), nan=-(2.0**62)).astype("<i8")
    return hashlib.sha256(rounded.tobytes()).hexdigest()


@pytest.fixture(scope="module")
def features():
    return walk(golden_world.matches())[0]


def test_the_features_of_a_known_world_are_those_of_their_version(features):
    assert digest_of(features) == GOLDEN[FEATURE_VERSION], (
        "Features say something else than before: raise FEATURE_VERSION and give it a digest."
    )


def test_every_feature_tells_matches_of_the_known_world_apart(features):
    """One that is the same everywhere could change its meaning unseen."""
    spread = np.nanmax(features, axis=0) - np.nanmin(features, axis=0)

    assert [name for name, apart in zip(FEATURE_NAMES, spread, strict=True) if apart < 0.01] == []
