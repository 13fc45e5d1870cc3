"""What a class may not see changes nothing: neither what it learns nor what it answers."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from predictions.modelling.features.feature_names import (
    CLOSING,
    FEATURE_NAMES,
    IDENTITY,
    ODDS_FREE,
    PAST_ODDS,
    PRE_MATCH,
    places_of,
)
from predictions.modelling.features.machine import walk
from predictions.modelling.fitting.recipe_classes import RecipeClass
from predictions.modelling.fitting.recipes import RECIPES, fit
from tests.predictions.modelling.played import frame, priced, season, without_prices

pytestmark = pytest.mark.usefixtures("few_trees")

# To learn, B to E may see closing odds of matches that were played before.
UNSEEN_TO_LEARN = {
    "A": (*PAST_ODDS, *PRE_MATCH, *CLOSING, *IDENTITY),
    "B": (*PAST_ODDS, *PRE_MATCH),
    "C": (*PRE_MATCH, *IDENTITY),
    "D": IDENTITY,
    "E": IDENTITY,
}
UNSEEN_TO_ANSWER = {
    "A": (*PAST_ODDS, *PRE_MATCH, *CLOSING, *IDENTITY),
    "B": (*PAST_ODDS, *PRE_MATCH, *CLOSING),
    "C": (*PRE_MATCH, *CLOSING, *IDENTITY),
    "D": (*CLOSING, *IDENTITY),
    "E": IDENTITY,
}
recipes = pytest.mark.parametrize("name", RECIPES)


def changed(features, names):
    """The same features, those of `names` made up anew."""
    other = features.copy()
    shape = (len(features), len(names))
    other[:, places_of(names)] = np.random.default_rng(5).normal(size=shape)
    return other


@recipes
def test_what_it_may_not_see_does_not_change_its_answers(fitted, unseen, name):
    letter = RECIPES[name].recipe_class.letter
    model = fitted[name]

    other = model.predict_proba(changed(unseen.features, UNSEEN_TO_ANSWER[letter]))

    assert_array_equal(other, model.predict_proba(unseen.features))


@recipes
def test_what_it_may_not_see_does_not_change_what_it_learns(fitted, planted, name):
    letter = RECIPES[name].recipe_class.letter
    features = changed(planted.features, UNSEEN_TO_LEARN[letter])

    other = fit(name, features, planted.outcome, planted.kickoff, threads=1)

    assert other.model.to_files() == fitted[name].model.to_files()


@recipes
def test_what_it_may_see_does_change_its_answers(fitted, unseen, name):
    model = fitted[name]
    seen = {"D": PRE_MATCH, "E": CLOSING}.get(RECIPES[name].recipe_class.letter, ODDS_FREE[:4])

    other = model.predict_proba(changed(unseen.features, seen))

    assert (other != model.predict_proba(unseen.features)).any()


@pytest.mark.parametrize("name", [n for n, r in RECIPES.items() if r.recipe_class.letter != "A"])
def test_a_market_taught_recipe_learns_from_closing_odds(fitted, planted, name):
    features = changed(planted.features, CLOSING)

    other = fit(name, features, planted.outcome, planted.kickoff, threads=1)

    assert other.model.to_files() != fitted[name].model.to_files()


def test_every_class_is_registered_and_says_what_it_sees():
    found = {recipe.recipe_class for recipe in RECIPES.values()}

    assert found == set(RecipeClass)
    assert [one.label for one in RecipeClass] == [
        "A odds-free",
        "B market-taught",
        "C past odds",
        "D pre-match odds",
        "E closing odds",
    ]
    assert all(one.promise.endswith(".") for one in RecipeClass)


def test_each_class_sees_what_the_ones_before_see():
    seen = [set(one.columns) - set(IDENTITY) for one in RecipeClass]

    assert all(less <= more for less, more in pairwise(seen))
    assert (*RecipeClass.E.columns, *IDENTITY) == FEATURE_NAMES
    assert RecipeClass.A.columns == ODDS_FREE
    assert RecipeClass.B.columns == (*ODDS_FREE, *IDENTITY)
    assert not any("price" in name or "market" in name for name in ODDS_FREE)


def columns(features, names):
    return features[:, places_of(names)]


def test_prices_do_not_reach_the_odds_free_features():
    matches = priced(season(60))

    features, _ = walk(matches)
    without, _ = walk(without_prices(matches))

    assert_array_equal(columns(features, ODDS_FREE), columns(without, ODDS_FREE))
    assert (columns(features, PAST_ODDS) != columns(without, PAST_ODDS)).any()


def test_a_match_own_prices_reach_only_their_own_columns():
    matches = priced(season(60))

    features, _ = walk(matches)
    without, _ = walk(without_prices(matches, [30]))

    for names in (ODDS_FREE, PAST_ODDS):
        assert_array_equal(columns(features, names)[:31], columns(without, names)[:31])
    assert np.isnan(columns(without, (*PRE_MATCH, *CLOSING))[30]).all()
    assert np.isfinite(columns(features, (*PRE_MATCH, *CLOSING))).all()


def test_earlier_prices_reach_the_next_match_of_a_club():
    matches = priced(season(60))
    first = matches.iloc[0]
    clubs = {first["home_team_id"], first["away_team_id"]}
    later = matches.index[
        (matches["kickoff"] > first["known_at"])
        & (matches["home_team_id"].isin(clubs) | matches["away_team_id"].isin(clubs))
    ]

    features, _ = walk(matches)
    without, _ = walk(without_prices(matches, [0]))

    after = columns(features, PAST_ODDS)[later[0]]
    assert (after != columns(without, PAST_ODDS)[later[0]]).any()


def test_a_frame_without_price_columns_is_one_of_unpriced_matches():
    matches = season(20)

    features, _ = walk(matches)

    assert np.isnan(columns(features, (*PRE_MATCH, *CLOSING))).all()
    assert (columns(features, ("home_priced", "away_priced")) == 0).all()
    assert_array_equal(features, walk(without_prices(priced(matches)))[0])


def test_a_state_gives_fixtures_their_own_prices_and_asks_for_none():
    matches = priced(season(60))
    _, state = walk(matches[:50])
    later = matches[55:]
    fixture = later.iloc[-1]
    home, away, league = (int(fixture[f"{n}_id"]) for n in ("home_team", "away_team", "tournament"))

    asked = state.features(later)[-1]
    alone = state.features_of(home, away, league, int(fixture["kickoff"].timestamp()))

    own = (*PRE_MATCH, *CLOSING)
    assert np.isfinite(asked[places_of(own)]).all()
    assert np.isnan(alone[places_of(own)]).all()
    seen = places_of((*ODDS_FREE, *PAST_ODDS))
    assert_array_equal(asked[seen], alone[seen])


def test_an_empty_frame_has_no_prices():
    assert walk(priced(season(1))[:0])[0].shape == (0, len(FEATURE_NAMES))


def test_prices_that_are_no_prices_count_as_missing():
    matches = frame(*season(3).to_dict("records"))
    for place, value in enumerate((0.0, 1.0, np.inf)):
        matches = priced(matches)
        matches.loc[place, "price_closing_draw"] = value

    features, _ = walk(matches)

    assert np.isfinite(columns(features, PRE_MATCH)).all()
    assert np.isnan(columns(features, CLOSING)[2]).all()


def test_neither_club_nor_day_is_compared_between_matches():
    assert RecipeClass.B.compared == ODDS_FREE
    assert RecipeClass.C.compared == RecipeClass.C.columns
