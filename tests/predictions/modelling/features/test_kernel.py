"""The rules of the machine, against sums done by hand."""

import math

import numpy as np
import pytest

from predictions.modelling.features.kernel import applying, chances, filtering, reading
from predictions.modelling.features.kernel.records import (
    DAY,
    FIRST_MOVE,
    STATISTICS,
    plain,
    records,
)
from predictions.modelling.features.machine import FEATURE_NAMES, walk
from predictions.modelling.features.ratings import REGISTRY, SPEC, Rating, as_spec
from tests.predictions.modelling.played import START, frame, match

GOALS, COMPOSITE = 0, 2  # places in the registry
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


GOAL_RATES = 1.3 * math.exp(0.175), 1.3 * math.exp(-0.175)


def kalman_step(rating, goals, rates=GOAL_RATES):
    """Means (attack and defence of home and away) and covariance after a match of strangers."""
    shared, style = rating.first_spread, rating.first_style_spread
    club = np.array([[shared + style, shared - style], [shared - style, shared + style]])
    covariance = np.kron(np.eye(2), club)
    seen_of = np.array([[1, 0, 0, -1], [0, -1, 1, 0]])  # which goals tell of whom
    noise = rating.dispersion / np.sqrt(np.outer(rates, rates))
    noise[[0, 1], [1, 0]] *= rating.correlation
    errors = np.array(goals) / rates - 1
    gain = covariance @ seen_of.T @ np.linalg.inv(seen_of @ covariance @ seen_of.T + noise)
    return gain @ errors, covariance - gain @ seen_of @ covariance


def test_one_kalman_step_is_that_of_the_matrices():
    # A fresh league: 1.3 goals a side, home edge 0.35 (half each way).
    means, covariance = kalman_step(REGISTRY[GOALS], (3, 1))

    strength = state_after(match(1, 0, 1, 2, (3, 1))).tables.strength[1:, GOALS]

    assert means[0] == pytest.approx(0.0469, abs=1e-4)
    np.testing.assert_allclose(plain(strength)[:, :2].ravel(), means)
    for place, club in enumerate(strength):
        own = covariance[2 * place : 2 * place + 2, 2 * place : 2 * place + 2]
        assert club["attack_variance"] == pytest.approx(own[0, 0])
        assert club["defence_variance"] == pytest.approx(own[1, 1])
        assert club["covariance"] == pytest.approx(own[0, 1])


def test_the_leagues_level_learns_from_its_first_match():
    errors = 3 - GOAL_RATES[0], 1 - GOAL_RATES[1]
    mean = sum(GOAL_RATES) / 2
    apart = (errors[0] - errors[1]) / mean

    tables = state_after(match(1, 0, 1, 2, (3, 1))).tables

    level = tables.level[LEAGUE, GOALS]
    assert level["mu"] == pytest.approx(math.log(1.3) + sum(errors) / 2 / mean / 40)
    assert level["home"] == pytest.approx(0.35 + apart / 40)
    rate = REGISTRY[GOALS].world_rate
    assert tables.world["home_edge"][0, GOALS] == pytest.approx(rate * apart)


def test_a_club_learns_what_its_own_ground_adds():
    errors = 3 / GOAL_RATES[0] - 1, 1 / GOAL_RATES[1] - 1

    strength = state_after(match(1, 0, 1, 2, (3, 1))).tables.strength

    learned = REGISTRY[GOALS].ground_rate * (errors[0] - errors[1]) * filtering.GROUND_KEPT
    assert strength["ground"][HOME_CLUB, GOALS] == pytest.approx(learned)
    assert strength["ground"][AWAY_CLUB, GOALS] == 0.0


def test_a_statistic_hands_its_weight_to_the_goals_where_it_is_missing():
    league = state_after(match(1, 0, 1, 2)).tables.league[LEAGUE]
    weights = as_spec((Rating("x", {"goals": 0.5, "shots": 0.5}, 1.0),)).weights[0]
    unmeasured, measured = records(np.full((2, 16), np.nan), STATISTICS)
    for seen in unmeasured, measured:
        seen["goals"] = 2, 0
    measured["counted"][0] = 23, 0

    # 11.5 shots come with 1.3 goals: 23 are worth 2.6.
    assert filtering.observed(league, weights, measured, 0) == pytest.approx((2.3, 0.0))
    assert filtering.observed(league, weights, unmeasured, 0) == pytest.approx((2.0, 1.0))


def test_shots_without_goals_move_the_composite_and_not_the_goals_rating():
    few = state_after(match(1, 0, 1, 2, (1, 1), home_shots=2, away_shots=2))
    many = state_after(match(1, 0, 1, 2, (1, 1), home_shots=30, away_shots=2))

    attack = [one.tables.strength["attack"][HOME_CLUB, :] for one in (few, many)]

    assert attack[0][GOALS] == attack[1][GOALS]
    assert attack[0][COMPOSITE] < attack[1][COMPOSITE]


@pytest.fixture(scope="module")
def home_sides_win():
    """A league of four clubs that know each other, whose pi-ratings are far from 0."""
    clubs = [(1, 2), (3, 4), (1, 3), (4, 2), (1, 4), (2, 3), (2, 1), (4, 3)]
    n = 2 * int(reading.ESTABLISHED)
    return state_after(*(match(i, 72 * i, *clubs[i % len(clubs)], (2, 0)) for i in range(n)))


def pi_difference(state, home, away):
    fixture = state.features_of(home, away, 1, state.as_of + 7 * int(DAY))
    return fixture[FEATURE_NAMES.index("pi_difference")]


def test_strangers_have_their_leagues_pi_ratings_less_a_newcomers_distance(home_sides_win):
    league, teams = home_sides_win.tables.league[LEAGUE], home_sides_win.tables.team
    at_home, away = league["mean_pi_home"], league["mean_pi_away"]
    under = reading.NEWCOMER_PI

    assert at_home - away > 0.5
    assert pi_difference(home_sides_win, 98, 99) == pytest.approx(at_home - away)
    assert pi_difference(home_sides_win, 1, 99) == pytest.approx(
        teams["pi_home"][HOME_CLUB] - away + under
    )
    assert pi_difference(home_sides_win, 99, 1) == pytest.approx(
        at_home - under - teams["pi_away"][HOME_CLUB]
    )


def test_a_newcomer_begins_where_strangers_stand(home_sides_win):
    league = home_sides_win.tables.league[LEAGUE].copy()
    under, hours = reading.NEWCOMER_PI, (home_sides_win.as_of - START.timestamp()) / 3600
    first = frame(match(999, hours + 72, 1, 99, (0, 0)))
    expected = pi_difference(home_sides_win, 1, 99)

    _, after = walk(first, home_sides_win)

    # The home side won by no goal: its rival learns the whole gap's share, and 0.7 of it at home.
    newcomer = after.tables.team[-1]
    step = applying.PI_STEP * -expected
    assert newcomer["pi_away"] == pytest.approx(league["mean_pi_away"] - under - step)
    assert newcomer["pi_home"] == pytest.approx(league["mean_pi_home"] - under - 0.7 * step)


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

    named = dict(zip(FEATURE_NAMES, away_trip, strict=True))
    for rating in REGISTRY[:5]:
        assert named[f"{rating.name}_ratio"] < -0.3
    assert named["elo_difference"] < -100


def test_every_ratings_evidence_sums_to_one():
    for rating in REGISTRY:
        assert sum(rating.weights.values()) == pytest.approx(1.0)
        assert plain(as_spec((rating,)).weights).sum() == pytest.approx(1.0)


def test_a_step_on_neutral_ground_knows_no_home_edge():
    means, _ = kalman_step(REGISTRY[GOALS], (3, 1), rates=(1.3, 1.3))

    tables = state_after(match(1, 0, 1, 2, (3, 1), neutral=True)).tables

    assert tables.strength["attack"][HOME_CLUB, GOALS] == pytest.approx(means[0])
    assert tables.strength["ground"][HOME_CLUB, GOALS] == 0.0
    assert tables.level["home"][LEAGUE, GOALS] == 0.35
    assert tables.world["home_edge"][0, GOALS] == 0.0


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


def later(tables, days):
    return tables.team["last"][HOME_CLUB] + days * DAY


def strength_of(tables, rating, *, league=LEAGUE, days):
    spec = as_spec((rating,))
    return reading.strength(tables, spec, HOME_CLUB, league, 0, later(tables, days))


def variance_of(tables, rating, *, days):
    """Of what a club's attack and defence share, and of its style."""
    spec = as_spec((rating,))
    attack, defence, both = filtering.uncertainty(tables, spec, HOME_CLUB, 0, later(tables, days))
    shared = (attack + defence) / 4 + both / 2
    return shared, shared - both


def test_a_long_pause_shrinks_strength_and_style(two_leagues):
    rating = Rating("x", {"goals": 1.0}, 1.0, shrink=0.8, style_shrink=0.5)
    state = two_leagues.strength[HOME_CLUB, GOALS]
    state["attack"], state["defence"] = 0.3, 0.1

    assert strength_of(two_leagues, rating, days=40)[:2] == pytest.approx((0.3, 0.1))
    # Strength 0.2 is kept by 0.8, style 0.1 by half.
    assert strength_of(two_leagues, rating, days=60)[:2] == pytest.approx((0.21, 0.11))


@pytest.mark.parametrize(
    ("days", "expected"), [(10, (0.021, 0.0065)), (40, (0.024, 0.008)), (60, (0.03, 0.009))]
)
def test_a_club_becomes_less_certain_with_time_and_wholly_so_in_a_pause(
    two_leagues, days, expected
):
    rating = Rating(
        "x", {"goals": 1.0}, 1.0, drift=1e-4, style_drift=5e-5, spread=0.03, style_spread=0.009
    )
    state = two_leagues.strength[HOME_CLUB, GOALS]
    state["attack_variance"] = state["defence_variance"] = 0.026
    state["covariance"] = 0.014  # shared 0.02, style 0.006

    assert variance_of(two_leagues, rating, days=days) == pytest.approx(expected)


def test_time_never_makes_a_club_more_certain(two_leagues):
    rating = Rating("x", {"goals": 1.0}, 1.0, spread=1e-4, style_spread=1e-4)
    before = variance_of(two_leagues, rating, days=0)

    assert variance_of(two_leagues, rating, days=3650) == pytest.approx(before)


def test_a_club_of_a_stronger_league_is_stronger_in_a_weaker_one(two_leagues):
    two_leagues.level["standing"][:, GOALS] = (0.0, 0.3, -0.1)
    attack = two_leagues.strength["attack"][HOME_CLUB, GOALS]

    there = strength_of(two_leagues, REGISTRY[GOALS], league=2, days=3)

    assert there[0] == pytest.approx(attack + 0.2)
    assert there[-1] == pytest.approx(0.2)


def test_a_move_carries_the_gap_between_leagues_over(two_leagues):
    two_leagues.level["standing"][:, GOALS] = (0.0, 0.3, -0.1)
    before = plain(two_leagues.strength)[HOME_CLUB, GOALS].copy()
    moment = later(two_leagues, 31)

    applying.settle_in(two_leagues, SPEC, HOME_CLUB, 2, moment)

    change = plain(two_leagues.strength)[HOME_CLUB, GOALS] - before
    grown = REGISTRY[GOALS].move_variance
    assert change == pytest.approx([0.2, 0.2, grown, grown, grown / 2, 0.0])
    assert two_leagues.team["league"][HOME_CLUB] == 2
    assert two_leagues.team["moved_from"][HOME_CLUB] == 1


def test_an_arrival_that_does_well_credits_the_league_it_came_from(two_leagues):
    club = two_leagues.team[HOME_CLUB]
    club["moved_from"], club["since_move"] = 1, 0

    filtering.learn_origin(two_leagues, SPEC, HOME_CLUB, 2, GOALS, 0.10, 0.05)

    # 0.17 * 0.15, half to each.
    standing = two_leagues.level["standing"][1:, GOALS]
    assert standing == pytest.approx([0.01275, -0.01275])


def test_a_newcomer_teaches_its_league_what_newcomers_are_like(two_leagues):
    club = two_leagues.team[HOME_CLUB]
    club["moved_from"], club["since_move"] = FIRST_MOVE, 0
    two_leagues.league["n"][LEAGUE] = 600

    filtering.learn_origin(two_leagues, SPEC, HOME_CLUB, LEAGUE, GOALS, 0.10, 0.05)

    rate = REGISTRY[GOALS].newcomer_rate
    level = two_leagues.level[LEAGUE, GOALS]
    assert level["new_attack"] == pytest.approx(-0.05 + 0.10 * rate)
    assert level["new_defence"] == pytest.approx(-0.05 + 0.05 * rate)


def test_a_settled_club_teaches_nothing(two_leagues):
    before = two_leagues.level.copy()
    two_leagues.team["since_move"][HOME_CLUB] = filtering.SETTLED

    filtering.learn_origin(two_leagues, SPEC, HOME_CLUB, LEAGUE, GOALS, 0.10, 0.05)

    np.testing.assert_array_equal(two_leagues.level, before)


CUP = 2  # a tournament


def cup_match(number, days, home, away, goals):
    more = {"tournament_id": CUP, "season_id": 7, "is_cup": True}
    return match(number, 24 * days, home, away, goals, **more)


def league_match(number, days, home, away, goals, *, tournament=1):
    more = {"tournament_id": tournament, "season_id": tournament, "is_cup": False}
    return match(number, 24 * days, home, away, goals, **more)


def test_a_cup_is_no_move_however_long_the_league_pauses():
    state = state_after(
        league_match(1, 0, 1, 2, (1, 0)),
        cup_match(2, 60, 1, 2, (0, 0)),
        cup_match(3, 95, 1, 2, (0, 0)),
    )

    assert state.tournament_of(1) == 1
    assert state.tables.team["moved_from"][HOME_CLUB] == FIRST_MOVE


def test_a_club_that_was_met_in_a_cup_belongs_to_its_league_at_once():
    state = state_after(cup_match(1, 0, 1, 2, (1, 0)), league_match(2, 3, 1, 3, (1, 0)))

    assert (state.tournament_of(1), state.tournament_of(2)) == (1, CUP)
    assert state.tables.team["moved_from"][HOME_CLUB] == FIRST_MOVE


def test_a_cup_between_two_leagues_tells_which_is_the_stronger():
    leagues = [
        league_match(1, 0, 1, 2, (1, 1)),
        league_match(2, 0, 3, 4, (1, 1), tournament=3),
    ]
    before = state_after(*leagues).tables.level["standing"][:, GOALS]

    state = state_after(*leagues, cup_match(3, 4, 1, 3, (4, 0)))

    first, second = state.tournaments.row(1), state.tournaments.row(3)
    standing = state.tables.level["standing"][:, GOALS]
    assert before.tolist() == [0.0, 0.0, 0.0]
    assert standing[first] > 0 > standing[second]
    assert standing[first] == pytest.approx(-standing[second], rel=0.2)
    assert standing[state.tournaments.row(CUP)] == 0


def test_a_club_without_a_league_stands_for_all_such_in_the_cup():
    state = state_after(
        league_match(1, 0, 1, 2, (1, 1)),
        cup_match(2, 4, 1, 9, (1, 0)),
        cup_match(3, 8, 2, 9, (5, 0)),
    )

    standing = state.tables.level["standing"][:, GOALS]
    assert standing[state.tournaments.row(1)] > 0 > standing[state.tournaments.row(CUP)]


def test_a_cup_within_one_league_tells_nothing_of_leagues():
    state = state_after(league_match(1, 0, 1, 2, (1, 1)), cup_match(2, 4, 1, 2, (4, 0)))

    assert not state.tables.level["standing"][:, GOALS].any()


def test_a_club_keeps_its_rating_in_a_cup():
    state = state_after(league_match(1, 0, 1, 2, (3, 0)), cup_match(2, 4, 1, 3, (2, 0)))
    alone = state_after(league_match(1, 0, 1, 2, (3, 0)))

    assert state.tables.team["elo"][HOME_CLUB] > alone.tables.team["elo"][HOME_CLUB] > 1500


def test_on_neutral_ground_nobody_is_at_home():
    """The same two clubs, the other way round: the features mirror each other."""
    state = state_after(league_match(1, 0, 1, 2, (3, 0)))
    moment = int(later(state.tables, 5))

    there, back = (
        dict(zip(FEATURE_NAMES, state.features_of(*pair, CUP, moment, True), strict=True))
        for pair in ((1, 2), (2, 1))
    )

    assert there["elo_difference"] == pytest.approx(-back["elo_difference"])
    assert there["neutral"] == 1.0
