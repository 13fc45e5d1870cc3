"""Boosted trees: what they learn from, how they explain, and what is kept of them."""

import numpy as np
import pytest

from predictions.modelling.fitting.boosted import PARAMETERS, Boosted, fit_boosted
from predictions.modelling.fitting.models import BadFeatures, Sample, softmax

N = 1_200
QUICK = {"rounds": 25, "learning_rate": 0.1, "min_data_in_leaf": 40}


def drawn(seed=0, teacher=None):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(N, 3))
    scores = np.stack([0.3 + features[:, 0], np.zeros(N), 0.6 * features[:, 1]], axis=1)
    outcome = (rng.random((N, 1)) > softmax(scores).cumsum(axis=1)).sum(axis=1)
    said = np.full((N, 3), np.nan) if teacher is None else teacher(outcome, softmax(scores))
    return Sample(("a", "b", "c"), features, outcome, np.ones(N), said)


def fitted(sample, **parameters):
    return fit_boosted(sample, seed=0, threads=1, parameters={**QUICK, **parameters})


@pytest.fixture(scope="module")
def model():
    return fitted(drawn())


def test_it_learns(model):
    unseen = drawn(1)
    proba = model.predict_proba(unseen.features)
    happened = proba[np.arange(N), unseen.outcome]
    frequencies = np.bincount(unseen.outcome) / N

    floor = -(frequencies * np.log(frequencies)).sum()
    assert -np.log(happened).mean() < floor - 0.05


def test_rows_sum_to_one(model):
    proba = model.predict_proba(drawn(1).features)

    np.testing.assert_allclose(proba.sum(axis=1), 1.0, atol=1e-12)
    assert proba.min() > 0


def test_the_same_seed_grows_the_same_trees(model):
    assert fitted(drawn()).to_files() == model.to_files()


def test_a_teacher_that_says_what_happened_teaches_the_same():
    """The objective of ours is LightGBM's own, for probabilities in the place of classes."""
    whole = {"feature_fraction": 1.0, "bagging_freq": 0, "bagging_fraction": 1.0}
    told = drawn(teacher=lambda outcome, _: np.eye(3)[outcome])
    features = drawn(1).features

    ours, theirs = (fitted(sample, **whole).predict_proba(features) for sample in (told, drawn()))

    np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_a_teacher_that_knows_the_truth_teaches_better(model):
    def distance(found):
        unseen = drawn(1, teacher=lambda _, truth: truth)
        return np.abs(found.predict_proba(unseen.features) - unseen.teacher).mean()

    taught = fitted(drawn(teacher=lambda _, truth: truth))

    assert distance(taught) < 0.8 * distance(model)


def test_without_a_tree_it_says_the_frequencies():
    sample = drawn()
    features = np.zeros_like(sample.features)
    flat = Sample(sample.names, features, sample.outcome, sample.weight, sample.teacher)

    proba = fitted(flat).predict_proba(features[:1])[0]

    np.testing.assert_allclose(proba, np.bincount(sample.outcome) / N, atol=1e-6)


def test_a_match_that_counts_more_is_learned_more():
    sample = drawn()
    of_home = np.where(sample.outcome == 0, 5.0, 1.0)

    more = fitted(sample.weighed(of_home)).base_rates()

    assert more[0] > fitted(sample).base_rates()[0] + 0.2


@pytest.mark.parametrize("n", [1, 50, 255, 256, 1000])
def test_how_many_are_asked_makes_no_difference(model, n):
    features = drawn(1).features[:n]

    together = model.predict_proba(features)

    np.testing.assert_array_equal(together[:1], model.predict_proba(features[:1]))
    assert together.shape == (n, 3)


def test_shares_lead_from_the_average_to_the_answer(model):
    features = drawn(1).features[:40]

    moved = model.base_rates() + model.explain(features).sum(axis=1)

    np.testing.assert_allclose(moved, model.predict_proba(features), atol=1e-8)


def test_what_says_most_has_the_largest_share(model):
    shares = np.abs(model.explain(drawn(1).features)).mean(axis=(0, 2))

    assert shares[0] > shares[1] > shares[2]


def test_its_files_give_the_same_answers(model):
    again = Boosted.from_files(model.to_files())
    features = drawn(1).features

    np.testing.assert_array_equal(again.predict_proba(features), model.predict_proba(features))
    np.testing.assert_array_equal(again.explain(features[:9]), model.explain(features[:9]))
    np.testing.assert_allclose(again.base_rates(), model.base_rates())


def test_its_record_tells_the_rounds(model):
    assert model.parameters()["rounds"] == QUICK["rounds"]
    assert model.parameters().keys() > PARAMETERS.keys()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_it_refuses_what_is_no_number(model, bad):
    """LightGBM itself would take a gap for a value: no match of ours has one."""
    with pytest.raises(BadFeatures):
        model.predict_proba(np.array([[0.0, bad, 0.0]]))


def test_few_matches_grow_smaller_leaves():
    sample = drawn().part(np.arange(60))

    proba = fitted(sample, min_data_in_leaf=940).predict_proba(sample.features)

    assert proba.std(axis=0).max() > 0.01
