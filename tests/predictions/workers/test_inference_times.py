"""How long predictions take, as a histogram that all workers fill."""

import time

import pytest

from predictions.workers.inference_times import LABELS, SECONDS, observe, read, timed

pytestmark = pytest.mark.usefixtures("redis_client")


def below():
    """Predictions by upper bound, as `/metrics` tells them."""
    return dict(read().cumulated)


def test_where_nobody_predicted_all_is_nothing():
    found = read()

    assert found.total_seconds == 0.0
    assert found.cumulated == [(label, 0.0) for label in LABELS]


def test_each_bound_includes_those_below():
    for seconds in (0.0004, 0.003, 0.003, 0.2):
        observe(seconds)

    found = below()

    assert found["0.0005"] == 1.0
    assert found["0.002"] == 1.0
    assert found["0.005"] == 3.0
    assert found["0.1"] == 3.0
    assert found["0.25"] == found["+Inf"] == 4.0
    assert read().total_seconds == pytest.approx(0.2064)


@pytest.mark.parametrize("bound", SECONDS)
def test_a_bound_belongs_to_what_lies_below(bound):
    """As Prometheus has it: le means less or equal."""
    observe(bound)

    assert below()[str(bound)] == 1.0


def test_one_that_takes_longer_than_all_bounds_is_counted():
    observe(9.0)

    assert (below()["5.0"], below()["+Inf"]) == (0.0, 1.0)


def test_a_prediction_is_timed_and_answers():
    @timed
    def predict(home, *, away):
        """Says who meets."""
        time.sleep(0.011)
        return f"{home} - {away}"

    assert predict("Alpha", away="Beta") == "Alpha - Beta"

    assert (below()["0.01"], below()["+Inf"]) == (0.0, 1.0)
    assert read().total_seconds >= 0.011
    assert predict.__doc__ == "Says who meets."


def test_one_that_fails_is_not_timed():
    @timed
    def predict():
        raise ValueError("No features.")

    with pytest.raises(ValueError, match="No features"):
        predict()

    assert below()["+Inf"] == 0.0
