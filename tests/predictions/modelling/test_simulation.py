"""What betting would have returned, on markets whose truth we made."""

import numpy as np
import pytest

from predictions.modelling.simulation import returns_by_group, roi_interval
from predictions.modelling.staking import NO_BET, Bets, edge, flat

MARGIN = 0.05


def market(n, *, seed):
    """True chances, prices with the margin in proportion, and what happened."""
    rng = np.random.default_rng(seed)
    proba = rng.dirichlet((9, 6, 5), size=n)
    outcome = (rng.random((n, 1)) > proba.cumsum(axis=1)).sum(axis=1)
    return proba, 1 / (proba * (1 + MARGIN)), outcome


def one_group(bets, outcome, **options):
    return returns_by_group(bets, outcome, np.zeros(len(outcome), int), **options)[0]


def test_five_bets_by_hand():
    bets = Bets(
        selection=np.array([0, 0, 2, 1, NO_BET]),
        stake=np.array([1.0, 2.0, 1.0, 1.0, 0.0]),
        price=np.array([2.0, 3.0, 5.0, 3.0, np.nan]),
    )

    found = one_group(bets, np.array([0, 0, 2, 0, 1]))

    # 1 + 4 + 4 won, 1 lost, of 5 staked.
    assert (found.n_matches, found.n_bets, found.n_won) == (5, 4, 3)
    assert (found.staked, found.profit) == (5.0, 8.0)
    assert found.roi == pytest.approx(160.0)


def test_groups_come_in_the_order_of_their_numbers():
    bets = Bets(np.zeros(5, int), np.ones(5), np.full(5, 2.0))

    found = returns_by_group(bets, np.array([0, 1, 0, 1, 0]), np.array([7, 3, 7, 7, 3]))

    assert [(one.group, one.n_matches, one.profit) for one in found] == [(3, 2, 0.0), (7, 3, 1.0)]


def test_a_group_without_a_bet_has_no_roi():
    found = one_group(Bets(np.array([NO_BET]), np.zeros(1), np.array([np.nan])), np.array([0]))

    assert (found.n_bets, found.staked, found.profit) == (0, 0.0, 0.0)
    assert (found.roi, found.roi_low, found.roi_high) == (None, None, None)


def test_no_matches_are_no_groups():
    nothing = np.zeros(0, int)

    assert returns_by_group(Bets(nothing, np.zeros(0), np.zeros(0)), nothing, nothing) == []


def test_a_model_equal_to_the_market_loses_the_margin_on_every_bet():
    proba, prices, _ = market(1000, seed=1)

    expected = edge(proba, prices)

    assert expected == pytest.approx(1 / (1 + MARGIN) - 1)
    assert (flat(proba, prices, min_edge=0.0).selection == NO_BET).all()


def test_betting_with_the_markets_own_chances_returns_minus_the_margin():
    proba, prices, outcome = market(60_000, seed=2)

    found = one_group(flat(proba, prices, min_edge=-1.0), outcome, n_draws=200)

    # 100 / 1.05 - 100; with 60,000 bets the standard error is near half a per cent.
    assert found.n_bets == 60_000
    assert found.roi == pytest.approx(-4.76, abs=1.5)
    assert found.roi_low < -4.76 < found.roi_high


def test_outcomes_in_exact_proportion_return_exactly_minus_the_margin():
    prices = np.repeat(1 / (np.array([[0.5, 0.3, 0.2]]) * (1 + MARGIN)), 10, axis=0)
    bets = Bets(np.zeros(10, int), np.ones(10), prices[:, 0])

    found = one_group(bets, np.repeat([0, 1, 2], [5, 3, 2]))

    assert found.roi == pytest.approx(100 / 1.05 - 100)


def test_nine_intervals_in_ten_cover_the_truth():
    n_seasons, n_bets = 400, 250
    _, prices, outcome = market(n_seasons * n_bets, seed=3)
    bets = Bets(np.zeros(len(outcome), int), np.ones(len(outcome)), prices[:, 0])
    season = np.repeat(np.arange(n_seasons), n_bets)

    found = returns_by_group(bets, outcome, season, n_draws=200)

    truth = 100 / (1 + MARGIN) - 100
    covered = np.mean([one.roi_low <= truth <= one.roi_high for one in found])
    # Standard error over 400 seasons: 1.5 per cent.
    assert covered == pytest.approx(0.90, abs=0.045)


def test_the_interval_narrows_with_the_root_of_the_bets():
    _, prices, outcome = market(6400, seed=4)
    profit = np.where(outcome == 0, prices[:, 0] - 1, -1.0)

    widths = []
    for n in (400, 6400):
        low, high = roi_interval(np.ones(n), profit[:n], np.random.default_rng(0), 400)
        widths.append(high - low)

    assert widths[0] / widths[1] == pytest.approx(4.0, rel=0.2)


def test_the_same_seed_gives_the_same_interval():
    proba, prices, outcome = market(300, seed=5)
    bets = flat(proba, prices, min_edge=-1.0)

    first, again = one_group(bets, outcome, seed=1), one_group(bets, outcome, seed=1)
    other = one_group(bets, outcome, seed=2)

    assert again == first
    assert (other.roi, other.profit) == (first.roi, first.profit)
    assert other.roi_low != first.roi_low


def test_groups_of_other_matches_are_refused():
    bets = Bets(np.zeros(2, int), np.ones(2), np.full(2, 2.0))

    with pytest.raises(ValueError, match="3 groups for 2 matches"):
        returns_by_group(bets, np.array([0, 1]), np.array([1, 2, 3]))
