"""The interval of a return, on days that were made by hand."""

import numpy as np
import pytest

from predictions.modelling.betting import bootstrap
from predictions.modelling.betting.bootstrap import TIMES, roi_interval


def days(n, *, seed=0, mean=0.0):
    rng = np.random.default_rng(seed)
    return np.ones((n, 1)), rng.normal(mean, 1.0, size=(n, 1))


def interval(staked, profit, *, seed=0, n_draws=1000):
    low, high = roi_interval(staked, profit, np.random.default_rng(seed), n_draws=n_draws)
    return low[0], high[0]


def test_the_interval_is_near_the_one_of_the_central_limit():
    staked, profit = days(400, mean=0.05)

    low, high = interval(staked, profit, n_draws=4000)

    error = 100 * profit.std() / 20
    middle = 100 * profit.mean()
    assert low == pytest.approx(middle - 1.645 * error, abs=0.15 * error)
    assert high == pytest.approx(middle + 1.645 * error, abs=0.15 * error)


def test_the_interval_narrows_with_the_root_of_the_days():
    few, many = (interval(*(part[:n] for part in days(6400))) for n in (400, 6400))

    assert (few[1] - few[0]) / (many[1] - many[0]) == pytest.approx(4.0, rel=0.2)


def test_the_same_seed_gives_the_same_interval():
    assert interval(*days(50), seed=1) == interval(*days(50), seed=1)
    assert interval(*days(50), seed=1) != interval(*days(50), seed=2)


@pytest.mark.parametrize("unit", [1000, 0.001])
def test_money_may_be_counted_in_any_unit(unit):
    staked, profit = days(50)

    assert interval(staked * unit, profit * unit) == pytest.approx(
        interval(staked, profit), rel=1e-3
    )


def test_days_without_a_bet_change_little():
    staked, profit = days(200)
    empty = np.zeros((200, 1))

    low, high = interval(np.concatenate([staked, empty]), np.concatenate([profit, empty]))

    assert (low, high) == pytest.approx(interval(staked, profit), abs=2.0)


@pytest.mark.parametrize(("n_days", "is_known"), [(0, False), (1, False), (9, False), (10, True)])
def test_with_few_days_of_bets_it_is_unknown(n_days, is_known):
    staked = np.zeros((30, 1))
    staked[:n_days] = 1.0
    profit = np.where(np.arange(30) % 2, 1.0, -1.0)[:, None] * staked

    assert np.isfinite(interval(staked, profit)).all() == is_known


def test_ways_that_are_known_stand_beside_those_that_are_not():
    staked, profit = days(30)
    none = np.zeros_like(staked)

    low, high = roi_interval(
        np.hstack([none, staked]), np.hstack([none, profit]), np.random.default_rng(0)
    )

    assert np.isnan([low[0], high[0]]).all()
    assert (low[1], high[1]) == interval(staked, profit)


def test_no_more_than_all_can_be_lost():
    profit = np.full((40, 1), -1.0)
    profit[::13] = 8.0

    low, _ = interval(np.ones((40, 1)), profit)

    assert low >= -100.0


def test_when_every_day_returns_the_same_there_is_nothing_to_draw():
    low, high = interval(np.full((20, 1), 2.0), np.full((20, 1), 0.5))

    assert (low, high) == pytest.approx((25.0, 25.0))


def test_a_day_is_drawn_once_on_average():
    assert TIMES.mean() == pytest.approx(1.0, abs=1e-3)
    assert TIMES.var() == pytest.approx(1.0, abs=5e-3)


def test_stakes_of_other_days_are_refused():
    with pytest.raises(ValueError, match=r"Stakes \(3, 1\) do not fit profits \(2, 1\)"):
        roi_interval(np.ones((3, 1)), np.ones((2, 1)), np.random.default_rng(0))


def test_its_level_is_the_one_that_is_shown():
    assert (bootstrap.LEVEL, bootstrap.N_DRAWS) == (0.90, 1_000)
