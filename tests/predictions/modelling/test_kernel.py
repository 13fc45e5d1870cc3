"""The rules of the machine, against sums done by hand."""

import math

import numpy as np
import pytest

from predictions.modelling import kernel
from predictions.modelling.features import FEATURE_NAMES, walk
from predictions.modelling.ratings import REGISTRY, Rating, as_spec
from tests.predictions.modelling.played import frame, match

GOALS, COMPOSITE = 0, 3  # places in the registry
HOME_CLUB, AWAY_CLUB, LEAGUE = 1, 2, 1  # rows in order of first appearance


def state_after(*rows):
    return walk(frame(*rows))[1]


def test_two_sides_with_a_goal_each_draw_by_the_bessel_function():
    home, draw, away = kernel.outcome_probabilities(1.0, 1.0)

    # e^-2 * I0(2) = 0.135335 * 2.279585
    assert draw == pytest.approx(0.308508, abs=1e-6)
    assert home == pytest.approx(away, abs=1e-12)
    assert home == pytest.approx(0.345746, abs=1e-6)


@pytest.mark.parametrize(("home", "away"), [(0.05, 0.05), (1.6, 1.1), (0.2, 4.5), (6.0, 6.0)])
def test_outcome_probabilities_are_those_of_the_score_matrix(home, away):
    goals = np.arange(60)
    log_factorial = np.array([math.lgamma(n + 1) for n in goals])
    poisson = [np.exp(goals * math.log(mean) - mean - log_factorial) for mean in (home, away)]
    matrix = np.outer(*poisson)

    proba = kernel.outcome_probabilities(home, away)

    expected = (np.tril(matrix, -1).sum(), np.trace(matrix), np.triu(matrix, 1).sum())
    assert sum(proba) == pytest.approx(1.0, abs=1e-12)
    # From 12 goals on a home side counts as the winner: that matters with six a side only.
    assert proba == pytest.approx(expected, abs=1e-9 if max(home, away) < 5 else 1e-3)


def test_one_kalman_step_by_hand():
    # A fresh league: 1.3 goals a side, home edge 0.35 (half each way); prior variance 0.05.
    rate = 1.3 * math.exp(0.175)
    gain = 1 / (rate * (0.05 + 0.05) + 0.9)
    change = 0.05 * gain * (3 - rate)

    strength = state_after(match(1, 0, 1, 2, (3, 1))).tables.strength

    assert change == pytest.approx(0.0688, abs=1e-4)
    assert strength[HOME_CLUB, GOALS, kernel.ATTACK] == pytest.approx(change)
    assert strength[AWAY_CLUB, GOALS, kernel.DEFENCE] == pytest.approx(-change)
    assert strength[HOME_CLUB, GOALS, kernel.ATTACK_VARIANCE] == pytest.approx(
        0.05 * (1 - 0.05 * gain * rate)
    )


def test_the_leagues_level_learns_from_its_first_match():
    rate_home, rate_away = 1.3 * math.exp(0.175), 1.3 * math.exp(-0.175)
    errors = 3 - rate_home, 1 - rate_away
    mean = (rate_home + rate_away) / 2

    level = state_after(match(1, 0, 1, 2, (3, 1))).tables.level[LEAGUE, GOALS]

    assert level[kernel.MU] == pytest.approx(math.log(1.3) + sum(errors) / 2 / mean / 40)
    assert level[kernel.HOME] == pytest.approx(0.35 + (errors[0] - errors[1]) / mean / 40)


def test_a_statistic_hands_its_weight_to_the_goals_where_it_is_missing():
    league = state_after(match(1, 0, 1, 2)).tables.league[LEAGUE]
    weights = as_spec((Rating("x", {"goals": 0.5, "shots": 0.5}, 0.0, 1.0),)).weights[0]
    unmeasured = np.full(14, np.nan)
    unmeasured[:2] = 2, 0
    measured = unmeasured.copy()
    measured[2:4] = 23, 0

    # 11.5 shots come with 1.3 goals: 23 are worth 2.6.
    assert kernel._observe(league, weights, measured, 0) == pytest.approx((2.3, 0.0))
    assert kernel._observe(league, weights, unmeasured, 0) == pytest.approx((2.0, 1.0))


def test_shots_without_goals_move_the_composite_and_not_the_goals_rating():
    few = state_after(match(1, 0, 1, 2, (1, 1), home_shots=2, away_shots=2))
    many = state_after(match(1, 0, 1, 2, (1, 1), home_shots=30, away_shots=2))

    attack = [one.tables.strength[HOME_CLUB, :, kernel.ATTACK] for one in (few, many)]

    assert attack[0][GOALS] == attack[1][GOALS]
    assert attack[0][COMPOSITE] < attack[1][COMPOSITE]


def test_nobody_is_written_to_the_row_of_the_unknown():
    state = state_after(*(match(i, 24 * i, 1 + i % 3, 4, (i % 4, 1)) for i in range(40)))

    fresh = state_after(match(1, 0, 1, 2))
    for name in ("team", "strength", "league", "level", "pair"):
        unknown = getattr(state.tables, name)[0]
        np.testing.assert_array_equal(unknown, getattr(fresh.tables, name)[0], err_msg=name)


def test_a_better_side_comes_out_ahead():
    rows = [match(i, 24 * i, 1, 2, (3, 0)) for i in range(0, 40, 2)]
    rows += [match(i, 24 * i, 2, 1, (0, 3)) for i in range(1, 40, 2)]

    away_trip = walk(frame(*rows, match(99, 24 * 41, 2, 1)))[0][-1]

    chances = dict(zip(FEATURE_NAMES, away_trip, strict=True))
    for rating in REGISTRY[:5]:
        assert chances[f"{rating.name}_home"] < 0.3
    assert chances["elo_difference"] < -100


def test_every_ratings_evidence_sums_to_one():
    for rating in REGISTRY:
        assert sum(rating.weights.values()) == pytest.approx(1.0)
        assert as_spec((rating,)).weights.sum() == pytest.approx(1.0)
