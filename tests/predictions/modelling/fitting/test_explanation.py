"""Shares of a prediction: they add up to what they explain."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from predictions.modelling.fitting.explanation import probability_points
from predictions.modelling.fitting.models import softmax
from predictions.modelling.fitting.recipes import RECIPES

BASE = np.log([0.45, 0.27, 0.28])


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.5))
def test_shares_add_up_to_the_difference(seed, size):
    rng = np.random.default_rng(seed)
    contributions = rng.normal(scale=size, size=(4, 5, 3)).clip(-2, 2) / 2

    shares = probability_points(contributions, BASE)

    difference = softmax(BASE + contributions.sum(axis=1)) - softmax(BASE)
    assert_allclose(shares.sum(axis=1), difference, rtol=0, atol=1e-6)
    assert_allclose(shares.sum(axis=2), 0.0, atol=1e-12)


def test_one_feature_alone_has_the_whole_difference():
    # Odds doubled: 0.45 of 1 becomes 0.9 of 1.45.
    doubled = np.array([[[np.log(2.0), 0.0, 0.0]]])

    shares = probability_points(doubled, BASE)

    assert_allclose(shares[0, 0], [0.9 / 1.45 - 0.45, 0.27 / 1.45 - 0.27, 0.28 / 1.45 - 0.28])


def test_equal_features_have_equal_shares_and_idle_ones_none():
    push = [0.3, 0.0, -0.2]

    shares = probability_points(np.array([[push, push, [0.0, 0.0, 0.0]]]), BASE)

    assert_allclose(shares[0, 0], shares[0, 1])
    assert_allclose(shares[0, 2], 0.0)


def test_what_moves_all_scores_alike_moves_no_probability():
    assert_allclose(probability_points(np.full((1, 2, 3), 0.7), BASE), 0.0, atol=1e-15)


def test_every_match_is_explained_on_its_own():
    contributions = np.random.default_rng(0).normal(size=(3, 4, 3))

    together = probability_points(contributions, BASE)

    assert_allclose(together[1], probability_points(contributions[1:2], BASE)[0])


@pytest.mark.parametrize("name", RECIPES)
def test_a_models_shares_lead_from_its_base_rates_to_its_answer(fitted, unseen, name):
    model, rows = fitted[name], unseen.features[:40]

    shares = model.explain(rows)

    difference = model.predict_proba(rows) - model.base_rates()
    assert shares.shape == (40, len(model.recipe.columns), 3)
    assert_allclose(shares.sum(axis=1), difference, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", ["blend", "logistic", "boosted", "market_taught", "past_odds"])
def test_the_feature_that_decides_has_the_largest_share(fitted, unseen, name):
    shares = fitted[name].explain(unseen.features[:200])

    assert np.abs(shares).mean(axis=(0, 2)).argmax() == 0
