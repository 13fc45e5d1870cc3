"""Scores against sums done by hand and examples from the papers."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from predictions.modelling.evaluation.scoring import (
    brier,
    calibration,
    hits,
    log_loss,
    paired_difference,
    ranked_probability_score,
    scores,
    standard_error,
)

ONE = np.array([[0.5, 0.3, 0.2]] * 3)
EACH = np.array([0, 1, 2])


def test_log_loss_is_minus_the_log_of_what_happened():
    assert_allclose(log_loss(ONE, EACH), [-math.log(0.5), -math.log(0.3), -math.log(0.2)])


def test_log_loss_of_the_impossible_is_finite():
    assert log_loss(np.array([[1.0, 0.0, 0.0]]), np.array([2])) == pytest.approx(34.538776)


def test_brier_sums_over_outcomes():
    # (0.5, 0.3, 0.2) against a home win: 0.25 + 0.09 + 0.04.
    assert_allclose(brier(ONE, EACH), [0.38, 0.78, 0.98])


def test_brier_is_2_at_worst():
    assert brier(np.array([[1.0, 0.0, 0.0]]), np.array([2])) == 2.0


@pytest.mark.parametrize(
    ("proba", "outcome", "expected"),
    [
        ((1.0, 0.0, 0.0), 0, 0.0),
        ((0.9, 0.1, 0.0), 0, 0.005),
        ((0.8, 0.1, 0.1), 0, 0.025),
        ((0.5, 0.25, 0.25), 0, 0.15625),
        ((0.35, 0.3, 0.35), 1, 0.1225),
        ((0.6, 0.3, 0.1), 1, 0.185),
        ((0.6, 0.25, 0.15), 0, 0.09125),
        ((0.6, 0.15, 0.25), 0, 0.11125),
        ((0.0, 0.0, 1.0), 0, 1.0),
    ],
)
def test_ranked_probability_score_as_in_constantinou_and_fenton(proba, outcome, expected):
    rps = ranked_probability_score(np.array([proba]), np.array([outcome]))

    assert rps[0] == pytest.approx(expected)


def test_a_hit_is_the_first_of_the_likeliest():
    proba = np.array([[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [0.2, 0.3, 0.5]])

    assert hits(proba, np.array([0, 1, 2])).tolist() == [1.0, 0.0, 1.0]


def test_calibration_pools_all_outcomes_in_bins():
    # In [0.5, 1]: 0.6 and 0.8, one of which happened; below: 0.4, 0.2 and two zeros, one did.
    proba = np.array([[0.6, 0.4, 0.0], [0.8, 0.2, 0.0]])

    found = calibration(proba, np.array([0, 1]), n_bins=2)

    assert (found.lower.tolist(), found.upper.tolist()) == ([0.0, 0.5], [0.5, 1.0])
    assert found.count.tolist() == [4, 2]
    assert_allclose(found.stated, [0.15, 0.7])
    assert_allclose(found.observed, [0.25, 0.5])
    assert found.error == pytest.approx((4 * 0.10 + 2 * 0.20) / 6)


def test_a_certainty_falls_into_the_last_bin_and_empty_bins_count_nothing():
    found = calibration(np.array([[1.0, 0.0, 0.0]]), np.array([0]))

    assert found.count.tolist() == [2] + [0] * 18 + [1]
    assert np.isnan(found.stated[1:-1]).all()
    assert found.error == 0.0
    assert (found.lower[0], found.upper[-1]) == (0.0, 1.0)


def test_scores_are_means_over_matches():
    found = scores(ONE, EACH)

    losses = [0.693147, 1.203973, 1.609438]
    assert found.n_matches == 3
    assert found.log_loss == pytest.approx(np.mean(losses), abs=1e-6)
    assert found.log_loss_se == pytest.approx(np.std(losses, ddof=1) / math.sqrt(3), abs=1e-6)
    assert found.brier == pytest.approx((0.38 + 0.78 + 0.98) / 3)
    assert found.rps == pytest.approx((0.145 + 0.145 + 0.445) / 3)
    assert found.hit_rate == pytest.approx(1 / 3)
    assert found.ece == pytest.approx((0.5 - 1 / 3 + 1 / 3 - 0.3 + 1 / 3 - 0.2) / 3)


def test_a_paired_difference_is_ours_minus_theirs():
    found = paired_difference(np.array([1.0, 3.0]), np.array([2.0, 2.0]))

    # Differences -1 and 1: standard deviation sqrt 2, over sqrt 2.
    assert (found.mean, found.standard_error, found.n_matches) == (0.0, pytest.approx(1.0), 2)


def test_a_single_value_has_no_standard_error():
    assert standard_error(np.array([4.0])) == 0.0


def test_scores_of_different_matches_are_not_compared():
    with pytest.raises(ValueError, match="not the same matches"):
        paired_difference(np.zeros(2), np.zeros(3))


@pytest.mark.parametrize("score", [log_loss, brier, ranked_probability_score, hits, scores])
@pytest.mark.parametrize(
    ("proba", "outcome"),
    [
        (np.zeros((0, 3)), np.zeros(0, int)),
        (np.array([0.5, 0.3, 0.2]), np.array([0])),
        (ONE, np.array([0, 1])),
        (ONE, np.array([0, 1, 3])),
        (ONE, np.array([0, 1, -1])),
        (ONE * 1.01, EACH),
        (np.array([[1.1, 0.0, -0.1]]), np.array([0])),
        (np.array([[np.nan, 0.5, 0.5]]), np.array([1])),
    ],
)
def test_what_is_no_forecast_is_refused(score, proba, outcome):
    with pytest.raises(ValueError, match=r"fit|index|sum to 1"):
        score(proba, outcome)
