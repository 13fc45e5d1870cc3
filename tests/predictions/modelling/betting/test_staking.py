"""When to bet, how much, and what came of it: by hand."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from predictions.modelling.betting.staking import (
    NO_BET,
    VOID,
    Bets,
    closing_line_value,
    edge,
    flat,
    fractional_kelly,
    settle,
)
from predictions.modelling.pricing.books import kelly_fraction

PROBA = np.array([[0.5, 0.3, 0.2]])
PRICES = np.array([[2.2, 3.2, 4.0]])


def test_the_edge_is_the_expected_profit_of_a_unit():
    assert_allclose(edge(PROBA, PRICES), [[0.1, -0.04, -0.2]])


def test_kellys_fraction_is_edge_over_what_can_be_won():
    # 0.1 / 1.2; nothing on outcomes without an edge.
    assert_allclose(kelly_fraction(edge(PROBA, PRICES), PRICES), [[0.1 / 1.2, 0.0, 0.0]])
    assert kelly_fraction(-0.2, 4.0) == 0.0


def test_kellys_fraction_makes_the_bankroll_grow_fastest():
    shares = np.linspace(0, 0.5, 5001)

    growth = 0.5 * np.log(1 + 1.2 * shares) + 0.5 * np.log(1 - shares)

    assert shares[growth.argmax()] == pytest.approx(kelly_fraction(0.1, 2.2), abs=1e-4)


def test_a_flat_bet_backs_the_largest_edge():
    bets = flat(PROBA, np.array([[2.2, 4.0, 4.0]]), min_edge=0.05, stake=10.0)

    assert (bets.selection[0], bets.stake[0], bets.price[0]) == (1, 10.0, 4.0)


@pytest.mark.parametrize(("min_edge", "selection"), [(0.12, 0), (0.125, 0), (0.13, NO_BET)])
def test_an_edge_has_to_reach_the_least_one_asked_for(min_edge, selection):
    # 0.5 * 2.25 - 1 is 0.125 exactly, in binary too.
    bets = flat(PROBA, np.array([[2.25, 3.0, 4.0]]), min_edge=min_edge)

    assert bets.selection[0] == selection


def three_bets():
    return Bets(
        np.array([0, 0, NO_BET]),
        np.array([2.0, 2.0, 0.0]),
        np.array([2.5, 2.5, np.nan]),
        np.array([0.1, 0.1, np.nan]),
    )


@pytest.mark.parametrize("strategy", [flat, fractional_kelly])
def test_without_an_edge_nothing_is_staked(strategy):
    bets = strategy(PROBA, np.array([[1.9, 3.2, 4.0]]), min_edge=0.0)

    assert_array_equal(bets.selection, [NO_BET])
    assert_array_equal(bets.stake, [0.0])
    assert_array_equal(bets.price, [np.nan])


@pytest.mark.parametrize("strategy", [flat, fractional_kelly])
def test_an_outcome_without_a_price_is_never_backed(strategy):
    prices = np.array([[np.nan, 3.5, 4.0], [np.nan, np.nan, np.nan]])

    bets = strategy(np.repeat(PROBA, 2, axis=0), prices, min_edge=0.0)

    assert_array_equal(bets.selection, [1, NO_BET])


def test_a_quarter_of_kelly_of_a_constant_bankroll():
    bets = fractional_kelly(PROBA, PRICES, min_edge=0.05, bankroll=1000.0)

    assert bets.stake[0] == pytest.approx(0.25 * 0.1 / 1.2 * 1000)


def test_no_stake_exceeds_its_cap():
    bets = fractional_kelly(np.array([[0.8, 0.1, 0.1]]), PRICES, min_edge=0.05)

    # A quarter of 0.76 / 1.2 would be 15.8 of 100.
    assert bets.stake[0] == pytest.approx(5.0)


def test_a_bet_wins_its_price_less_the_stake_or_loses_it():
    assert_allclose(settle(three_bets(), np.array([0, 1, 2])), [3.0, -2.0, 0.0])


def test_a_void_match_gives_the_stake_back():
    assert_array_equal(settle(three_bets(), np.array([VOID, VOID, VOID])), [0.0, 0.0, 0.0])


def test_a_bet_says_its_edge():
    bets = flat(np.repeat(PROBA, 2, axis=0), np.array([[2.25, 3.0, 4.0], [1.9, 3, 4]]), min_edge=0)

    assert_allclose(bets.edge, [0.125, np.nan])


def test_a_price_above_the_closing_line_has_a_value():
    line = np.array([[0.5, 0.3, 0.2], [0.3, 0.4, 0.3], [0.5, 0.3, 0.2]])

    # 0.5 * 2.5 - 1 and 0.3 * 2.5 - 1; the third is no bet.
    assert_allclose(closing_line_value(three_bets(), line), [0.25, -0.25, np.nan])


def test_without_a_closing_line_there_is_no_value():
    assert_array_equal(closing_line_value(three_bets(), np.full((3, 3), np.nan)), [np.nan] * 3)


def test_prices_of_other_matches_are_refused():
    with pytest.raises(ValueError, match="do not fit prices"):
        edge(PROBA, np.ones((2, 3)))


def test_outcomes_of_other_matches_are_refused():
    with pytest.raises(ValueError, match="2 outcomes for 1 matches"):
        settle(flat(PROBA, PRICES, min_edge=0.0), np.array([0, 1]))
