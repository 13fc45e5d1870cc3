"""The rules of the machine, against sums done by hand."""

import math

import numpy as np
import pytest

from predictions.modelling.features import FEATURE_NAMES, walk
from predictions.modelling.kernel import applying, chances, columns, reading
from predictions.modelling.ratings import REGISTRY, Rating, as_spec
from tests.predictions.modelling.played import frame, match

GOALS, COMPOSITE = 0, 3  # places in the registry
HOME_CLUB, AWAY_CLUB, LEAGUE = 1, 2, 1  # rows in order of first appearance


def state_after(*rows):
    return walk(frame(*rows))[1]


def test_two_sides_with_a_goal_each_draw_by_the_bessel_function():
    home, draw, away = chances.outcome_probabilities(1.0, 1.0)

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

    proba = chances.outcome_probabilities(home, away)

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
    assert strength[HOME_CLUB, GOALS, columns.ATTACK] == pytest.approx(change)
    assert strength[AWAY_CLUB, GOALS, columns.DEFENCE] == pytest.approx(-change)
    assert strength[HOME_CLUB, GOALS, columns.ATTACK_VARIANCE] == pytest.approx(
        0.05 * (1 - 0.05 * gain * rate)
    )


def test_the_leagues_level_learns_from_its_first_match():
    rate_home, rate_away = 1.3 * math.exp(0.175), 1.3 * math.exp(-0.175)
    errors = 3 - rate_home, 1 - rate_away
    mean = (rate_home + rate_away) / 2

    level = state_after(match(1, 0, 1, 2, (3, 1))).tables.level[LEAGUE, GOALS]

    assert level[columns.MU] == pytest.approx(math.log(1.3) + sum(errors) / 2 / mean / 40)
    assert level[columns.HOME] == pytest.approx(0.35 + (errors[0] - errors[1]) / mean / 40)


def test_a_statistic_hands_its_weight_to_the_goals_where_it_is_missing():
    league = state_after(match(1, 0, 1, 2)).tables.league[LEAGUE]
    weights = as_spec((Rating("x", {"goals": 0.5, "shots": 0.5}, 0.0, 1.0),)).weights[0]
    unmeasured = np.full(14, np.nan)
    unmeasured[:2] = 2, 0
    measured = unmeasured.copy()
    measured[2:4] = 23, 0

    # 11.5 shots come with 1.3 goals: 23 are worth 2.6.
    assert applying._observe(league, weights, measured, 0) == pytest.approx((2.3, 0.0))
    assert applying._observe(league, weights, unmeasured, 0) == pytest.approx((2.0, 1.0))


def test_shots_without_goals_move_the_composite_and_not_the_goals_rating():
    few = state_after(match(1, 0, 1, 2, (1, 1), home_shots=2, away_shots=2))
    many = state_after(match(1, 0, 1, 2, (1, 1), home_shots=30, away_shots=2))

    attack = [one.tables.strength[HOME_CLUB, :, columns.ATTACK] for one in (few, many)]

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


def test_a_step_on_neutral_ground_knows_no_home_edge():
    gain = 1 / (1.3 * (0.05 + 0.05) + 0.9)

    tables = state_after(match(1, 0, 1, 2, (3, 1), neutral=True)).tables

    attack = tables.strength[HOME_CLUB, GOALS, columns.ATTACK]
    assert attack == pytest.approx(0.05 * gain * (3 - 1.3))
    assert tables.level[LEAGUE, GOALS, columns.HOME] == 0.35


def test_surprises_add_up_for_a_club_at_home_and_away():
    # 3 goals where 0.592466 of the points were expected: 3 - 4 * 0.092466 = 2.630136.
    row = walk(frame(match(1, 0, 1, 2, (3, 0)), match(2, 72, 1, 2)))[0][-1]

    surprise = 3 - 4 * (0.592466 - 0.5)
    named = dict(zip(FEATURE_NAMES, row, strict=True))
    assert named["ground_edge"] == pytest.approx(2 * 0.05 * surprise, abs=1e-6)
    assert named["head_to_head"] == pytest.approx(surprise / 5, abs=1e-6)


def test_meetings_at_either_ground_count_alike():
    rows = match(1, 0, 1, 2, (3, 0)), match(2, 72, 2, 1, (0, 3)), match(3, 144, 1, 2)

    row = walk(frame(*rows))[0][-1]

    # Two surprises of near 2.6 and 3.3, their mean weighed by 2 / 6.
    assert row[FEATURE_NAMES.index("head_to_head")] == pytest.approx(1.0, abs=0.1)


@pytest.fixture
def two_leagues():
    """The tables after a match in each of two leagues: clubs 1 and 2, then 3 and 4."""
    here = match(1, 0, 1, 2, (3, 1))
    return state_after(here, match(2, 0, 3, 4, (1, 1), tournament_id=2)).tables


def strength_of(tables, rating, *, league=LEAGUE, days):
    kickoff = tables.team[HOME_CLUB, columns.LAST] + days * columns.DAY
    return reading.strength(tables, as_spec((rating,)), HOME_CLUB, league, 0, kickoff)


@pytest.mark.parametrize(("days", "kept", "grown"), [(40, 1.0, 0.004), (60, 0.8, 0.016)])
def test_a_long_pause_shrinks_strength_and_makes_it_less_certain(two_leagues, days, kept, grown):
    rating = Rating("x", {"goals": 1.0}, 1e-4, 1.0, shrink=0.8, prior=1.0, break_variance=0.01)
    state = two_leagues.strength[HOME_CLUB, GOALS]

    attack, _, variance, _, _ = strength_of(two_leagues, rating, days=days)

    assert attack == pytest.approx(kept * state[columns.ATTACK])
    assert variance == pytest.approx(state[columns.ATTACK_VARIANCE] + grown)


def test_variance_never_exceeds_that_of_a_stranger(two_leagues):
    rating = Rating("x", {"goals": 1.0}, 1e-4, 1.0, prior=0.06)

    _, _, variance, _, _ = strength_of(two_leagues, rating, days=3650)

    assert variance == 0.06


def test_a_club_of_a_stronger_league_is_stronger_in_a_weaker_one(two_leagues):
    two_leagues.level[:, GOALS, columns.STANDING] = (0.0, 0.3, -0.1)
    attack = two_leagues.strength[HOME_CLUB, GOALS, columns.ATTACK]

    there = strength_of(two_leagues, REGISTRY[GOALS], league=2, days=3)

    assert there[0] == pytest.approx(attack + 0.2)
    assert there[-1] == pytest.approx(0.2)


def test_a_move_carries_the_gap_between_leagues_over(two_leagues):
    two_leagues.level[:, GOALS, columns.STANDING] = (0.0, 0.3, -0.1)
    before = two_leagues.strength[HOME_CLUB, GOALS].copy()
    later = two_leagues.team[HOME_CLUB, columns.LAST] + 31 * columns.DAY

    applying._settle_in(two_leagues, HOME_CLUB, 2, later, 1)

    change = two_leagues.strength[HOME_CLUB, GOALS] - before
    assert change == pytest.approx([0.2, 0.2, columns.MOVE_VARIANCE, columns.MOVE_VARIANCE])
    assert two_leagues.team[HOME_CLUB, columns.LEAGUE] == 2
    assert two_leagues.team[HOME_CLUB, columns.MOVED_FROM] == 1


def test_an_arrival_that_does_well_credits_the_league_it_came_from(two_leagues):
    club = two_leagues.team[HOME_CLUB]
    club[[columns.MOVED_FROM, columns.SINCE_MOVE]] = 1, 0

    applying._learn(two_leagues, HOME_CLUB, 2, GOALS, 0.10, 0.05)

    # 0.08 * 0.15, half to each.
    assert two_leagues.level[1:, GOALS, columns.STANDING] == pytest.approx([0.006, -0.006])


def test_a_newcomer_teaches_its_league_what_newcomers_are_like(two_leagues):
    club = two_leagues.team[HOME_CLUB]
    club[[columns.MOVED_FROM, columns.SINCE_MOVE]] = columns.FIRST_MOVE, 0
    two_leagues.league[LEAGUE, columns.N] = 600

    applying._learn(two_leagues, HOME_CLUB, LEAGUE, GOALS, 0.10, 0.05)

    level = two_leagues.level[LEAGUE, GOALS]
    assert level[[columns.NEW_ATTACK, columns.NEW_DEFENCE]] == pytest.approx([-0.04, -0.045])


def test_a_settled_club_teaches_nothing(two_leagues):
    before = two_leagues.level.copy()
    two_leagues.team[HOME_CLUB, columns.SINCE_MOVE] = columns.SETTLED

    applying._learn(two_leagues, HOME_CLUB, LEAGUE, GOALS, 0.10, 0.05)

    np.testing.assert_array_equal(two_leagues.level, before)
