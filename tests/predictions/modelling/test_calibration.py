"""Scalings that undo a fault we planted, and are kept only if they help."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from predictions.modelling.calibration import (
    IDENTITY,
    Scaling,
    if_it_helps,
    temperature,
    vector_scaling,
)
from predictions.modelling.models import softmax
from predictions.modelling.scoring import log_loss


def forecasts(n, *, seed):
    """True chances and what happened."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet((5, 3, 3), size=n)
    return proba, (rng.random((n, 1)) > proba.cumsum(axis=1)).sum(axis=1)


def overconfident(proba):
    return softmax(2 * np.log(proba))


def test_no_scaling_changes_nothing():
    proba, _ = forecasts(5, seed=0)

    assert_allclose(IDENTITY(proba), proba)


def test_a_slope_of_two_squares_the_odds():
    twice = Scaling(np.full(3, 2.0), np.zeros(3))

    # 0.5, 0.3 and 0.2 squared are 0.25, 0.09 and 0.04, of 0.38.
    assert_allclose(twice(np.array([[0.5, 0.3, 0.2]])), [[25 / 38, 9 / 38, 4 / 38]])


def test_the_impossible_stays_a_number():
    half = Scaling(np.full(3, 0.5), np.zeros(3))

    assert np.isfinite(half(np.array([[1.0, 0.0, 0.0]]))).all()


def test_temperature_cools_overconfidence_by_half():
    proba, outcome = forecasts(20_000, seed=1)

    found = temperature(overconfident(proba), outcome)

    assert_allclose(found.slope, [0.5] * 3, atol=0.02)
    assert_allclose(found.slope, found.slope[0])
    assert_allclose(found.shift, 0.0)


def test_vector_scaling_undoes_a_bias_against_draws():
    proba, outcome = forecasts(20_000, seed=2)
    biased = softmax(np.log(proba) + np.array([0.0, -0.5, 0.0]))

    found = vector_scaling(biased, outcome)

    assert found.shift[1] == 0.0
    assert log_loss(found(biased), outcome).mean() == pytest.approx(
        log_loss(proba, outcome).mean(), abs=5e-4
    )
    assert_allclose(found(biased).mean(axis=0), proba.mean(axis=0), atol=0.01)


def test_a_scaling_that_helps_on_other_matches_is_kept():
    proba, outcome = forecasts(5000, seed=3)
    other, happened = forecasts(5000, seed=4)
    scaling = temperature(overconfident(proba), outcome)

    assert if_it_helps(scaling, overconfident(other), happened) is scaling


def test_a_scaling_that_learned_noise_is_dropped():
    proba, outcome = forecasts(30, seed=5)
    other, happened = forecasts(5000, seed=6)

    assert if_it_helps(vector_scaling(proba, outcome), other, happened) is IDENTITY


def test_a_gain_within_the_error_is_no_reason():
    proba, outcome = forecasts(5000, seed=3)
    other, happened = forecasts(5000, seed=4)
    scaling = temperature(overconfident(proba), outcome)

    kept = if_it_helps(scaling, overconfident(other), happened, standard_errors=1000.0)

    assert kept is IDENTITY
