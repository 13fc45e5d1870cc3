"""What the features of a known world are: a changed meaning must raise FEATURE_VERSION."""

import hashlib

import numpy as np
import pytest

from predictions.modelling.features.kernel.records import plain
from predictions.modelling.features.machine import FEATURE_NAMES, FEATURE_VERSION, walk
from predictions.modelling.features.ratings import SPEC
from tests.predictions.modelling import golden_world
from tests.predictions.modelling.rounding import rounded

# Two for each version of the features: of the world's first seasons, and of the whole of it. A
# digest once written here is never written anew: features that say something else get a new
# version, so that saved states and models are refused. Which constants the whole world does not
# show, `changed_constants` tells.
GOLDEN = {
    5: (
        "2f54bd59534d9ce7475f0320a21fff4d7cdc433cba2de9167884a2c6141cb8c1",
        "7b6aa5a91bcf8c9c5bd6f13d8a84ace8486e344bd8f69919a83536f13cb25779",
    ),
    6: (
        "fc676e9ab9f8964e72d8fa4d225117fbb428b7aa656a6f01c060a7d8c39e994a",
        "b616792a9114296c31f35a74618a850d63d8a1ce2dc7c570631b5d1ce8b7eb57",
    ),
}
# So many matches, and rates so slow, that no small world shows them: the numbers of the ratings.
RATINGS = dict.fromkeys((5, 6), "2da757995497b0e5b3f0c9049d6e9f2b5bb10b1c368b006f801eff1dbcdefeeb")


@pytest.fixture(scope="module")
def features():
    return walk(golden_world.matches())[0]


def digest_of(features):
    return hashlib.sha256(rounded(features).tobytes()).hexdigest()


def test_the_features_of_a_known_world_are_those_of_their_version(features):
    n_first = len(golden_world.matches(n_later=0))

    assert (digest_of(features[:n_first]), digest_of(features)) == GOLDEN[FEATURE_VERSION], (
        "Features say something else than before: raise FEATURE_VERSION and give it digests."
    )


def test_the_numbers_of_the_ratings_are_those_of_their_version():
    numbers = np.concatenate([plain(SPEC.weights), plain(SPEC.numbers)], axis=1)

    assert hashlib.sha256(numbers.round(12).tobytes()).hexdigest() == RATINGS[FEATURE_VERSION]


def test_every_feature_tells_matches_of_the_known_world_apart(features):
    """One that is the same everywhere could change its meaning unseen."""
    spread = np.nanmax(features, axis=0) - np.nanmin(features, axis=0)

    assert [name for name, apart in zip(FEATURE_NAMES, spread, strict=True) if apart < 0.01] == []
