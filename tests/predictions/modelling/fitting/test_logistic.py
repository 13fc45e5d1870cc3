"""The logistic model: the one answer of a convex problem, whatever way leads there."""

import numpy as np
import pytest
from scipy import optimize

from predictions.modelling.fitting import logistic
from predictions.modelling.fitting.logistic import Design, Logistic, fit_logistic
from predictions.modelling.fitting.models import BadFeatures, Sample, softmax

N = 1_500
UNTAUGHT = np.full((N, 3), np.nan)


def drawn(seed=0, weight=None):
    """Outcomes drawn from a logistic model of two features; the third says nothing."""
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(N, 3))
    scores = np.stack([0.3 + 0.8 * features[:, 0], np.zeros(N), 0.5 * features[:, 1]], axis=1)
    edges = softmax(scores).cumsum(axis=1)
    outcome = (rng.random((N, 1)) > edges).sum(axis=1)
    return Sample(
        ("a", "b", "c"), features, outcome, np.ones(N) if weight is None else weight, UNTAUGHT
    )


def loss_of(model, sample, penalty=0.0):
    proba = model.predict_proba(sample.features)
    share = sample.weight / sample.weight.sum()
    ridge = 0.5 * penalty * (model.weights**2).sum()
    return float(-(share @ (np.log(proba) * sample.target).sum(axis=1)) + ridge)


def test_no_other_weights_are_better():
    """By a general optimiser, which knows neither the gradient nor the curvature."""
    sample, penalty = drawn(), 1e-2
    model = fit_logistic(sample, penalty=penalty)

    def loss(flat):
        free = flat.reshape(4, 2)
        matrix = np.insert(free, 1, 0.0, axis=1)
        return loss_of(Logistic(model.design, matrix[1:], matrix[0]), sample, penalty)

    found = optimize.minimize(loss, np.zeros(8), method="BFGS", options={"gtol": 1e-8})

    assert loss_of(model, sample, penalty) <= found.fun + 1e-10
    matrix = np.insert(found.x.reshape(4, 2), 1, 0.0, axis=1)
    np.testing.assert_allclose(model.weights, matrix[1:], atol=1e-4)
    np.testing.assert_allclose(model.intercept, matrix[0], atol=1e-4)


def test_it_finds_what_outcomes_were_drawn_from():
    model = fit_logistic(drawn())

    slopes = model.weights / model.design.scale[:, None]
    assert slopes[0, 0] == pytest.approx(0.8, abs=0.15)
    assert slopes[1, 2] == pytest.approx(0.5, abs=0.15)
    assert np.abs(slopes[2]).max() < 0.15


def test_the_draw_is_the_class_of_reference():
    model = fit_logistic(drawn())

    assert (model.weights[:, 1] == 0).all()
    assert model.intercept[1] == 0.0


def test_the_gradient_is_zero_at_the_answer():
    """Without a penalty the mean of what is said is the mean of what happened."""
    sample = drawn()
    model = fit_logistic(sample, penalty=0.0)
    missed = model.predict_proba(sample.features) - sample.target

    np.testing.assert_allclose(missed.mean(axis=0), 0.0, atol=1e-8)
    np.testing.assert_allclose(model.design(sample.features).T @ missed / N, 0.0, atol=1e-8)


def test_a_heavier_penalty_makes_smaller_weights():
    sizes = [np.abs(fit_logistic(drawn(), penalty=one).weights).sum() for one in (0, 0.01, 1.0)]

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 0.5 * sizes[0]


def test_a_match_that_counts_twice_is_like_two():
    sample = drawn()
    twice = np.where(np.arange(N) < N // 2, 2.0, 1.0)
    rows = np.concatenate([np.arange(N), np.arange(N // 2)])

    weighed, repeated = fit_logistic(sample.weighed(twice)), fit_logistic(sample.part(rows))

    np.testing.assert_allclose(weighed.weights, repeated.weights, atol=1e-7)
    np.testing.assert_allclose(weighed.intercept, repeated.intercept, atol=1e-7)


def test_what_a_teacher_says_is_learned_in_the_outcomes_stead():
    sample = drawn()
    said = np.tile([0.6, 0.3, 0.1], (N, 1))
    taught = Sample(sample.names, sample.features, sample.outcome, sample.weight, said)

    model = fit_logistic(taught)

    np.testing.assert_allclose(model.base_rates(), [0.6, 0.3, 0.1], atol=1e-6)
    np.testing.assert_allclose(model.weights, 0.0, atol=1e-6)


def test_slices_make_no_difference(monkeypatch):
    whole = fit_logistic(drawn())

    monkeypatch.setattr(logistic, "SLICE", 64)

    np.testing.assert_allclose(fit_logistic(drawn()).weights, whole.weights, atol=1e-10)


def test_the_unit_of_a_feature_makes_no_difference():
    sample = drawn()
    scaled = Sample(
        sample.names, sample.features * [1000.0, 1e-3, 1.0], sample.outcome, sample.weight, UNTAUGHT
    )

    ours = fit_logistic(sample).predict_proba(sample.features)

    np.testing.assert_allclose(fit_logistic(scaled).predict_proba(scaled.features), ours, atol=1e-9)


def test_outcomes_that_a_feature_tells_apart_do_not_run_away():
    features = np.repeat([[-1.0], [0.0], [1.0]], 20, axis=0)
    outcome = np.repeat([2, 1, 0], 20)
    sample = Sample(("a",), features, outcome, np.ones(60), np.full((60, 3), np.nan))

    model = fit_logistic(sample)

    assert np.isfinite(model.weights).all()
    assert (model.predict_proba(features).argmax(axis=1) == outcome).all()


class TestDesign:
    def test_it_standardises_by_weight(self):
        sample = drawn(weight=np.linspace(0.1, 1.0, N))
        design = Design.of(sample)
        rows = (sample.features - design.centre) / design.scale

        np.testing.assert_allclose(np.average(rows, axis=0, weights=sample.weight), 0.0, atol=1e-12)
        np.testing.assert_allclose(
            np.average(rows**2, axis=0, weights=sample.weight), 1.0, atol=1e-12
        )

    def test_a_feature_that_never_varies_is_nothing(self):
        sample = Sample(("a",), np.full((9, 1), 7.0), np.arange(9) % 3, np.ones(9), UNTAUGHT[:9])

        assert (Design.of(sample)(sample.features) == 0).all()

    def test_what_is_rare_is_clipped(self):
        design = Design(np.zeros(1), np.ones(1))

        assert design(np.array([[-99.0], [4.5], [3.9]])).ravel().tolist() == [-4.0, 4.0, 3.9]


@pytest.fixture(scope="module")
def model():
    return fit_logistic(drawn())


class TestModel:
    def test_rows_sum_to_one(self, model):
        proba = model.predict_proba(drawn(1).features)

        np.testing.assert_allclose(proba.sum(axis=1), 1.0, atol=1e-12)
        assert proba.min() > 0

    def test_shares_lead_from_the_average_to_the_answer(self, model):
        features = drawn(1).features[:50]

        moved = model.base_rates() + model.explain(features).sum(axis=1)

        np.testing.assert_allclose(moved, model.predict_proba(features), atol=1e-9)

    def test_the_average_match_is_moved_by_nothing(self, model):
        centre = model.design.centre[None]

        np.testing.assert_allclose(model.explain(centre), 0.0, atol=1e-15)
        np.testing.assert_allclose(model.predict_proba(centre)[0], model.base_rates())

    def test_its_files_give_the_same_answers(self, model):
        again = Logistic.from_files(model.to_files())
        features = drawn(1).features

        assert (again.predict_proba(features) == model.predict_proba(features)).all()
        assert again.parameters() == model.parameters() == {"n_weights": 9, "clip": 4.0}

    @pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
    def test_it_refuses_what_is_no_number(self, model, bad):
        with pytest.raises(BadFeatures, match="missing or infinite"):
            model.predict_proba(np.array([[0.0, bad, 0.0]]))

    @pytest.mark.parametrize("width", [0, 2, 4])
    def test_it_refuses_another_width(self, model, width):
        with pytest.raises(BadFeatures, match="the model takes 3 a match"):
            model.explain(np.zeros((1, width)))

    def test_one_match_may_come_alone(self, model):
        assert model.predict_proba(np.zeros(3)).shape == (1, 3)
