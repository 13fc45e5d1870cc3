"""Other markets of a match, against a matrix of six scores done by hand."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from predictions.modelling.features.feature_names import FEATURE_NAMES
from predictions.modelling.features.goal_rates import expected_goals
from predictions.modelling.features.machine import TeamState
from predictions.modelling.pricing.markets import (
    HANDICAPS,
    N_GOALS,
    all_markets,
    asian_handicap,
    both_teams_to_score,
    correct_scores,
    outcome_of,
    over,
    reconciled,
    score_matrix,
)

CHANCES = np.zeros((N_GOALS, N_GOALS))
CHANCES[1, 0], CHANCES[2, 1], CHANCES[3, 1] = 0.3, 0.1, 0.1
CHANCES[0, 0], CHANCES[1, 1] = 0.2, 0.1
CHANCES[0, 1] = 0.2
MATRIX = CHANCES.tolist()


def test_the_1x2_of_a_matrix():
    assert_allclose(outcome_of(MATRIX), [0.5, 0.3, 0.2])


def test_independent_goals_are_products_of_poisson_chances():
    matrix = np.array(score_matrix(1.6, 1.1, rho=0.0))

    assert matrix.sum() == pytest.approx(1.0, abs=1e-12)
    assert matrix[0, 0] == pytest.approx(math.exp(-2.7), rel=1e-6)
    assert matrix[2, 1] == pytest.approx(1.6**2 / 2 * 1.1 * math.exp(-2.7), rel=1e-6)


def test_dixon_and_coles_shift_the_four_low_scores():
    plain, shifted = (np.array(score_matrix(1.6, 1.1, rho=rho)) for rho in (0.0, -0.05))

    ratio = shifted / plain

    assert ratio[0, 0] == pytest.approx(1 + 0.05 * 1.6 * 1.1)
    assert ratio[0, 1] == pytest.approx(1 - 0.05 * 1.6)
    assert ratio[1, 0] == pytest.approx(1 - 0.05 * 1.1)
    assert ratio[1, 1] == pytest.approx(1.05)
    assert ratio[2:, :] == pytest.approx(1.0)
    assert shifted.sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("home", "away", "rho"),
    [(0.0, 1.0, 0.0), (1.0, -1.0, 0.0), (math.nan, 1.0, 0.0), (1.5, 1.5, 0.9), (1.5, 1.5, -0.9)],
)
def test_goals_that_cannot_be_are_refused(home, away, rho):
    with pytest.raises(ValueError, match=r"not positive|impossible"):
        score_matrix(home, away, rho=rho)


def test_reconciling_scales_each_outcome():
    matrix = np.array(reconciled(MATRIX, [0.6, 0.15, 0.25]))

    assert matrix[1, 0] == pytest.approx(0.36)
    assert matrix[0, 0] == pytest.approx(0.10)
    assert matrix[1, 1] == pytest.approx(0.05)
    assert matrix[0, 1] == pytest.approx(0.25)


goals = st.floats(0.05, 6.0)
weights = st.tuples(*(st.floats(0.001, 1.0),) * 3)


@settings(deadline=None)
@given(goals, goals, weights)
def test_a_reconciled_matrix_has_the_served_1x2(home, away, weights):
    served = np.array(weights) / sum(weights)

    matrix = reconciled(score_matrix(home, away), served.tolist())

    assert_allclose(outcome_of(matrix), served, rtol=0, atol=1e-9)
    chances = np.array(matrix)
    assert chances.sum() == pytest.approx(1.0, abs=1e-9)
    assert (chances >= 0).all()


@pytest.mark.parametrize(
    "proba", [(0.5, 0.5), (0.5, 0.4, 0.2), (1.1, -0.1, 0.0), (math.nan, 0.5, 0.5)]
)
def test_what_is_no_1x2_is_refused(proba):
    with pytest.raises(ValueError, match="not three probabilities"):
        reconciled(MATRIX, list(proba))


@pytest.mark.parametrize(
    ("line", "chance"), [(0.5, 0.8), (1.5, 0.3), (2.5, 0.2), (3.5, 0.1), (4.5, 0.0)]
)
def test_over_counts_the_scores_above_the_line(line, chance):
    assert over(MATRIX, line) == pytest.approx(chance)


def test_both_teams_score_at_1_1_2_1_and_3_1():
    assert both_teams_to_score(MATRIX) == pytest.approx(0.3)


def test_correct_scores_come_likeliest_first():
    assert correct_scores(MATRIX, n=2) == [(1, 0, 0.3), (0, 0, 0.2)]


@pytest.mark.parametrize(
    ("line", "win", "push", "lose"),
    [
        (-1.5, 0.1, 0.0, 0.9),
        (-1.0, 0.1, 0.4, 0.5),
        (-0.75, 0.3, 0.2, 0.5),
        (-0.5, 0.5, 0.0, 0.5),
        (-0.25, 0.5, 0.15, 0.35),
        (0.0, 0.5, 0.3, 0.2),
        (0.25, 0.65, 0.15, 0.2),
        (0.5, 0.8, 0.0, 0.2),
        (0.75, 0.8, 0.1, 0.1),
        (1.0, 0.8, 0.2, 0.0),
        (1.5, 1.0, 0.0, 0.0),
    ],
)
def test_asian_lines_by_hand(line, win, push, lose):
    found = asian_handicap(MATRIX, line)

    assert (found.win, found.push, found.lose) == pytest.approx((win, push, lose))


def test_a_line_between_quarters_is_refused():
    with pytest.raises(ValueError, match="quarters"):
        asian_handicap(MATRIX, 0.1)


def features_of_goals(home, away):
    features = np.zeros(len(FEATURE_NAMES))
    features[FEATURE_NAMES.index("composite_ratio")] = math.log(home / away)
    features[FEATURE_NAMES.index("composite_total")] = math.log(home + away)
    return features


def test_expected_goals_are_read_from_the_features():
    assert expected_goals(features_of_goals(1.6, 1.1)[None])[0] == pytest.approx((1.6, 1.1))


def test_expected_goals_of_strangers_are_those_of_a_fresh_league():
    features = TeamState().features_of(1, 2, 3, 0)

    assert expected_goals(features[None])[0] == pytest.approx(
        (1.3 * math.exp(0.175), 1.3 * math.exp(-0.175))
    )


def test_all_markets_agree_with_the_served_1x2():
    markets: Any = all_markets(1.6, 1.1, [0.6, 0.25, 0.15])

    lines = {one["line"]: one for one in markets["asian_handicap"]}
    assert tuple(lines) == HANDICAPS
    assert lines[-0.5]["home_win"] == pytest.approx(0.6, abs=1e-9)
    assert lines[0.0]["push"] == pytest.approx(0.25, abs=1e-9)
    assert lines[0.5]["home_loss"] == pytest.approx(0.15, abs=1e-9)


def test_all_markets_add_up():
    markets: Any = all_markets(1.6, 1.1, [0.5, 0.27, 0.23])

    for line in markets["over_under"]:
        assert line["over"] + line["under"] == pytest.approx(1.0)
    for line in markets["asian_handicap"]:
        assert line["home_win"] + line["push"] + line["home_loss"] == pytest.approx(1.0)
    assert sum(markets["both_teams_to_score"].values()) == pytest.approx(1.0)
    shown = [score["probability"] for score in markets["correct_score"]]
    assert len(shown) == 10
    assert shown == sorted(shown, reverse=True)
    assert markets["expected_goals"]["home"] > markets["expected_goals"]["away"]


def test_every_market_is_told_under_the_names_that_clients_read():
    proba = [0.5, 0.27, 0.23]
    matrix = reconciled(score_matrix(1.6, 1.1), proba)
    both = both_teams_to_score(matrix)
    home, away, chance = correct_scores(matrix)[0]
    handicap = asian_handicap(matrix, -0.75)

    markets: Any = all_markets(1.6, 1.1, proba)

    assert set(markets) == {
        *("expected_goals", "score_matrix", "over_under"),
        *("both_teams_to_score", "correct_score", "asian_handicap"),
    }
    assert markets["score_matrix"] == [row[:7] for row in matrix[:7]]
    assert markets["both_teams_to_score"] == {"yes": both, "no": 1 - both}
    assert markets["correct_score"][0] == {"home": home, "away": away, "probability": chance}
    assert markets["over_under"][2] == {
        "line": 2.5,
        "over": over(matrix, 2.5),
        "under": 1 - over(matrix, 2.5),
    }
    assert markets["asian_handicap"][2] == {
        "line": -0.75,
        "home_win": handicap.win,
        "push": handicap.push,
        "home_loss": handicap.lose,
    }
    sides = (matrix, zip(*matrix, strict=True))
    goals = [sum(n * sum(row) for n, row in enumerate(side)) for side in sides]
    assert list(markets["expected_goals"].values()) == pytest.approx(goals)
