"""Market prices as log odds and as expected goals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from predictions.modelling.features import prices
from predictions.modelling.features.kernel.chances import implied_goals, outcome_probabilities

rates = st.floats(0.1, 5.0)


def test_a_fair_book_becomes_its_own_log_odds():
    # 0.5, 0.25 and 0.25: twice the draw's chance and as much.
    assert_allclose(prices.log_odds(np.array([[2.0, 4.0, 4.0]])), [[np.log(2), 0.0]], atol=1e-9)


def test_log_odds_are_probabilities_again():
    proba = prices.probabilities(np.array([[np.log(2), 0.0]]))

    assert_allclose(proba, [[0.5, 0.25, 0.25]])


@pytest.mark.parametrize("price", [np.nan, np.inf, 1.0, 0.0, -2.0])
def test_a_line_with_a_price_that_is_none_is_missing(price):
    found = prices.log_odds(np.array([[2.0, price, 4.0], [2.0, 4.0, 4.0]]))

    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()


@settings(deadline=None)
@given(rates, rates)
def test_chances_of_two_goal_rates_give_the_rates_back(home, away):
    win, _, loss = outcome_probabilities(home, away)
    found = np.empty((1, 2))

    implied_goals(np.array([[win, loss]]), found)

    again = outcome_probabilities(*found[0])
    assert_allclose([again[0], again[2]], [win, loss], atol=1e-6)


def test_closing_prices_expect_goals_before_earlier_ones():
    fair = np.log([[2.0, 1.0]])
    other = np.log([[1.0, 2.0]])

    both = prices.expected_goals(np.hstack([other, fair]))
    early = prices.expected_goals(np.hstack([other, np.full((1, 2), np.nan)]))
    none = prices.expected_goals(np.full((1, 4), np.nan))

    assert both[0, 0] > both[0, 1]
    assert_allclose(early[0], both[0, ::-1])
    assert np.isnan(none).all()
