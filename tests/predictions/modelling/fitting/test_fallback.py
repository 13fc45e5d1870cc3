"""Who answers which match, and with which columns."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from predictions.modelling.features.feature_names import OWN_PRICES, places_of
from predictions.modelling.fitting import learning
from predictions.modelling.fitting.fallback import Fallback, Route
from predictions.modelling.fitting.models import BadFeatures
from predictions.modelling.fitting.recipes import fit

pytestmark = pytest.mark.usefixtures("few_trees")

PRICED = places_of(("home_priced", "away_priced"))


class Says:
    """A model that always says the same, and remembers how many columns it was given."""

    kind = "says"

    def __init__(self, *proba):
        self.proba = np.array(proba)

    def predict_proba(self, features):
        self.width = features.shape[1]
        return np.tile(self.proba, (len(features), 1))

    def explain(self, features):
        return np.zeros((*features.shape, 3))

    def base_rates(self):
        return self.proba

    def parameters(self):
        return {"says": 1}

    def to_files(self):
        return {"says.txt": b"x"}


ROUTE = Route(np.array([2]), 0.5, first=np.array([0, 1, 2]), rest=np.array([0]))
HOME, AWAY = (0.6, 0.2, 0.2), (0.2, 0.2, 0.6)
ROWS = np.array([[1.0, 2.0, 0.9], [1.0, 2.0, 0.5], [1.0, 2.0, np.nan]])


@pytest.fixture
def model():
    return Fallback(ROUTE, Says(*HOME), Says(*AWAY))


def test_only_matches_above_the_mark_go_to_the_first_model(model):
    assert_array_equal(model.predict_proba(ROWS), [HOME, AWAY, AWAY])


def test_each_model_reads_its_own_columns(model):
    model.predict_proba(ROWS)

    assert (model.first.width, model.rest.width) == (3, 1)


def test_without_a_first_model_the_rest_answers_all():
    alone = Fallback(ROUTE, None, Says(*AWAY))

    assert_array_equal(alone.predict_proba(ROWS), [AWAY] * 3)
    assert_array_equal(alone.base_rates(), AWAY)


def test_shares_lead_from_one_base_whoever_answers(model):
    shares = model.explain(ROWS)

    assert_allclose(model.base_rates() + shares.sum(axis=1), model.predict_proba(ROWS))
    assert_allclose(shares[1, 2], np.subtract(AWAY, HOME))


def test_files_and_parameters_of_both_are_told_apart(model):
    assert set(model.to_files()) == {"first.says.txt", "rest.says.txt"}
    assert set(model.parameters()) == {"first.says", "rest.says"}


def test_too_few_columns_are_refused(model):
    with pytest.raises(BadFeatures, match="too few"):
        model.predict_proba(ROWS[:, :2])


def test_the_champion_answers_as_the_odds_free_recipe_where_a_club_has_no_priced_history(
    fitted, unseen
):
    stranger = unseen.features.copy()
    stranger[:, PRICED[0]] = 0.0

    proba = fitted["past_odds"].predict_proba(stranger)

    assert_array_equal(proba, fitted["blend"].predict_proba(stranger))


@pytest.mark.parametrize(("name", "poorer"), [("closing", "pre_match"), ("pre_match", "past_odds")])
def test_without_a_price_a_recipe_answers_as_the_one_that_needs_none(fitted, unseen, name, poorer):
    unpriced = unseen.features.copy()
    unpriced[:, OWN_PRICES] = np.nan

    proba = fitted[name].predict_proba(unpriced)

    assert_array_equal(proba, fitted[poorer].predict_proba(unpriced))


def test_too_few_priced_matches_teach_no_model_of_their_own(planted):
    features = planted.features.copy()
    features[learning.FEWEST - 1 :, PRICED] = 0.0

    champion = fit("past_odds", features, planted.outcome, planted.kickoff, threads=1)

    assert getattr(champion.model, "first", champion) is None
