"""Every recipe learns what there is to learn, the same way each time."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from predictions.modelling.evaluation.scoring import log_loss, paired_difference
from predictions.modelling.features.feature_names import FEATURE_NAMES, OWN_PRICES
from predictions.modelling.fitting.learning import BLEND_WEIGHTS
from predictions.modelling.fitting.models import BadFeatures
from predictions.modelling.fitting.recipes import (
    CHALLENGER,
    CHAMPION,
    RECIPES,
    CannotFit,
    UnknownRecipe,
    fit,
    recency,
    recipe_of,
)

pytestmark = pytest.mark.usefixtures("few_trees")

YEAR = 365.25 * 86_400
recipes = pytest.mark.parametrize("name", RECIPES)


@recipes
def test_rows_are_probabilities(fitted, unseen, name):
    proba = fitted[name].predict_proba(unseen.features)

    assert proba.shape == (1000, 3)
    assert_allclose(proba.sum(axis=1), 1.0, rtol=0, atol=1e-12)
    assert (proba > 0).all()


@recipes
def test_the_same_matches_and_seed_give_the_same_model(fitted, planted, name):
    again = fit(name, *planted[:3], threads=1)

    assert again.model.to_files() == fitted[name].model.to_files()


@pytest.mark.parametrize("name", ["boosted", "market_taught"])
def test_more_threads_give_the_same_answers(fitted, planted, unseen, name):
    again = fit(name, *planted[:3], threads=2)

    first = fitted[name].predict_proba(unseen.features)
    assert_array_equal(again.predict_proba(unseen.features), first)


@pytest.mark.parametrize("name", ["boosted", "blend"])
def test_another_seed_gives_other_trees(fitted, planted, unseen, name):
    other = fit(name, *planted[:3], seed=1, threads=1).predict_proba(unseen.features)

    assert (other != fitted[name].predict_proba(unseen.features)).any()


@recipes
def test_one_match_is_answered_as_among_many(fitted, unseen, name):
    model = fitted[name]

    together = model.predict_proba(unseen.features)[7]

    assert_allclose(model.predict_proba(unseen.features[7:8])[0], together, rtol=0, atol=1e-14)
    assert_allclose(model.predict_proba(unseen.features[7])[0], together, rtol=0, atol=1e-14)


@recipes
def test_it_beats_the_frequencies_on_matches_it_has_not_seen(fitted, planted, unseen, name):
    frequencies = np.bincount(planted.outcome) / len(planted.outcome)
    naive = log_loss(np.tile(frequencies, (1000, 1)), unseen.outcome)

    losses = log_loss(fitted[name].predict_proba(unseen.features), unseen.outcome)

    gain = paired_difference(losses, naive)
    assert gain.mean < -5 * gain.standard_error
    # The planted signal is worth about 0.2; a good part of it is found.
    assert losses.mean() < log_loss(unseen.proba, unseen.outcome).mean() + 0.05


@recipes
def test_the_base_rates_are_near_the_frequencies(fitted, planted, name):
    frequencies = np.bincount(planted.outcome) / len(planted.outcome)

    assert_allclose(fitted[name].base_rates(), frequencies, atol=0.1)


def test_the_blend_is_the_mean_of_its_parts(fitted, unseen):
    parts = [fitted[name].predict_proba(unseen.features) for name in ("logistic", "boosted")]

    assert_allclose(
        fitted["blend"].predict_proba(unseen.features),
        np.average(parts, axis=0, weights=BLEND_WEIGHTS),
    )


@recipes
def test_a_model_keeps_eight_of_its_matches(fitted, planted, name):
    assert_array_equal(fitted[name].golden, planted.features[::375])


@recipes
def test_parameters_are_on_record(fitted, name):
    parameters = fitted[name].parameters()

    assert parameters["half_life_years"] == 7.0
    assert len(parameters) > 2


@recipes
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_gap_in_the_features_is_not_answered(fitted, unseen, name, value):
    rows = unseen.features[:2].copy()
    rows[1, 3] = value
    rows[:, OWN_PRICES] = np.nan  # with prices a recipe may not read the rest

    for answer in (fitted[name].predict_proba, fitted[name].explain):
        with pytest.raises(BadFeatures, match="missing or infinite"):
            answer(rows)


@recipes
def test_features_of_another_width_are_not_answered(fitted, unseen, name):
    with pytest.raises(BadFeatures, match=rf"\(2, {len(FEATURE_NAMES) - 1}\)"):
        fitted[name].predict_proba(unseen.features[:2, 1:])


def test_a_match_of_seven_years_ago_counts_half():
    kickoff = np.array([0, 7 * YEAR, 14 * YEAR]).astype(np.int64)

    assert_allclose(recency(kickoff), [0.25, 0.5, 1.0])


def test_old_matches_count_less_in_a_fit():
    # Weights 1, 1 and a half: 0.4, 0.4 and 0.2.
    features = np.zeros((3, len(FEATURE_NAMES)))
    kickoff = np.array([7 * YEAR, 7 * YEAR, 0]).astype(np.int64)

    model = fit("logistic", features, np.array([0, 1, 2]), kickoff)

    assert_allclose(model.predict_proba(features[:1])[0], [0.4, 0.4, 0.2], atol=1e-6)


def small():
    features = np.random.default_rng(0).normal(size=(6, len(FEATURE_NAMES)))
    return {
        "features": features,
        "outcome": np.array([0, 1, 2, 0, 1, 2]),
        "kickoff_seconds": np.arange(6),
    }


def with_value(array, place, value):
    changed = array.copy()
    changed[place] = value
    return changed


@recipes
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s: {name: array[:0] for name, array in s.items()}, "no matches"),
        (lambda s: {"features": s["features"][:, :5]}, r"\(6, 5\)"),
        (lambda s: {"features": s["features"][:, 0]}, r"\(6,\)"),
        (lambda s: {"outcome": s["outcome"][:5]}, "differ in number"),
        (lambda s: {"kickoff_seconds": np.arange(7)}, "differ in number"),
        (lambda s: {"features": with_value(s["features"], (2, 3), np.nan)}, "missing or inf"),
        (lambda s: {"features": with_value(s["features"], (2, 3), -np.inf)}, "missing or inf"),
        (lambda s: {"outcome": with_value(s["outcome"], 2, 3)}, "not 0, 1 or 2"),
        (lambda s: {"outcome": with_value(s["outcome"], 2, -1)}, "not 0, 1 or 2"),
        (lambda s: {"outcome": with_value(s["outcome"].astype(float), 2, np.nan)}, "missing"),
        (lambda s: {"outcome": with_value(s["outcome"].astype(float), 2, 0.5)}, "missing"),
        (lambda s: {"outcome": with_value(s["outcome"].astype(object), 2, None)}, "missing"),
        (lambda s: {"outcome": np.array([0, 1, 1, 0, 1, 0])}, "ended with away_win"),
        (lambda s: {"outcome": np.array([0, 2, 2, 0, 2, 0])}, "ended with draw"),
    ],
)
def test_matches_that_teach_nothing_are_refused(name, change, reason):
    sample = small()
    sample |= change(sample)

    with pytest.raises(CannotFit, match=reason):
        fit(name, **sample)


def test_an_unknown_recipe_is_answered_with_those_there_are():
    with pytest.raises(UnknownRecipe, match="'forest'; there are blend, boosted, "):
        fit("forest", **small())


def test_the_champion_sees_past_odds_and_the_challenger_none():
    assert recipe_of(CHAMPION).class_label == "C past odds"
    assert recipe_of(CHALLENGER).class_label == "A odds-free"


@pytest.mark.parametrize("n", [60, 1000])
def test_trees_grow_from_few_matches(planted, n):
    features, outcome = planted.features[:n], planted.outcome[:n]

    model = fit("boosted", features, outcome, planted.kickoff[:n], threads=1)

    assert_allclose(model.predict_proba(features).sum(axis=1), 1.0)
