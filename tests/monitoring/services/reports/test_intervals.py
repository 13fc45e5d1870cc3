import numpy as np
import pytest

from monitoring.services.reports import intervals
from predictions.modelling.evaluation import scoring

THIRDS = np.full(3, 1 / 3)


def drawn_from(proba, rng):
    return (rng.random(len(proba))[:, None] > proba.cumsum(axis=1)).sum(axis=1)


def test_a_mean_of_two_values():
    found = intervals.of_mean(np.array([1.0, 3.0]))

    # The standard error is sqrt(2) / sqrt(2) = 1.
    assert (found.value, found.low, found.high) == pytest.approx((2, 2 - 1.96, 2 + 1.96), abs=1e-4)


def test_one_value_has_no_width():
    found = intervals.of_mean(np.array([1.5]))

    assert (found.low, found.high) == (1.5, 1.5)


def test_half_of_ten():
    found = intervals.of_share(np.array([1.0, 0.0] * 5))

    # Wilson's interval for 5 of 10, as in tables: 0.2366 to 0.7634.
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.2366, 0.7634), abs=1e-4)


def test_a_share_stays_between_0_and_1():
    none, every = intervals.of_share(np.zeros(3)), intervals.of_share(np.ones(3))

    assert none.low == pytest.approx(0)
    assert every.high == pytest.approx(1)
    assert (none.high, every.low) == pytest.approx((0.5615, 0.4385), abs=1e-4)


def test_an_even_forecast_surprises_by_ln_3_whatever_happens():
    found = intervals.of_expected_log_loss(np.tile(THIRDS, (4, 1)))

    assert (found.value, found.low, found.high) == pytest.approx([np.log(3)] * 3)


def test_expected_log_loss_of_a_coin():
    found = intervals.of_expected_log_loss(np.array([[0.8, 0.2, 0.0]]))

    entropy = 0.8 * np.log(1 / 0.8) + 0.2 * np.log(1 / 0.2)
    deviation = np.sqrt(0.8 * 0.2) * np.log(0.8 / 0.2)
    assert found.value == pytest.approx(entropy)
    assert found.high - found.value == pytest.approx(1.959964 * deviation)


def test_true_probabilities_are_in_their_own_interval_19_times_in_20():
    rng = np.random.default_rng(1)
    proba = rng.dirichlet([4, 3, 3], size=400)
    expected = intervals.of_expected_log_loss(proba)

    losses = [scoring.log_loss(proba, drawn_from(proba, rng)).mean() for _ in range(1000)]

    inside = np.mean([expected.low < loss < expected.high for loss in losses])
    assert inside == pytest.approx(0.95, abs=0.025)


def test_the_calibration_error_is_the_one_of_scoring():
    rng = np.random.default_rng(2)
    proba = rng.dirichlet([4, 3, 3], size=300)
    outcome = drawn_from(proba, rng)

    found = intervals.of_calibration_error(proba, outcome)

    assert found.value == scoring.calibration(proba, outcome).error
    assert 0 < found.low < found.high < 0.2


@pytest.mark.parametrize("exponent", [1.0, 1.6])
def test_the_interval_holds_the_error_and_what_others_so_many_have(exponent):
    """Of true probabilities, and of a model that is too sure of itself."""
    rng = np.random.default_rng(3)
    found = []
    for _ in range(200):
        truth = rng.dirichlet([4, 3, 3], size=300)
        said = truth**exponent / (truth**exponent).sum(axis=1, keepdims=True)
        found.append(intervals.of_calibration_error(said, drawn_from(truth, rng)))

    usual = np.mean([one.value for one in found])
    assert all(one.low <= one.value <= one.high for one in found)
    assert np.mean([one.low <= usual <= one.high for one in found]) == pytest.approx(0.95, abs=0.06)


def test_always_right_has_no_calibration_error():
    found = intervals.of_calibration_error(np.eye(3)[[0, 1, 2]], np.array([0, 1, 2]))

    assert (found.value, found.low, found.high) == (0, 0, 0)
