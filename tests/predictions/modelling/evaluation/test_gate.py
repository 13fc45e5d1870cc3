"""Checks between two models on made-up matches, of which we know who is better."""

from dataclasses import replace

import numpy as np
import pytest

from predictions.modelling.evaluation import scoring
from predictions.modelling.evaluation.gate import (
    Limits,
    Trial,
    error_by_chance,
    judge,
    league_gaps,
    passed,
)

LIMITS = Limits()
N = 4000
NOTHING = np.zeros((0, 3))


@pytest.fixture(scope="module")
def truth():
    """Chances of N matches, and outcomes drawn from them."""
    rng = np.random.default_rng(3)
    proba = rng.dirichlet((5.0, 3.0, 3.0), N)
    outcome = (rng.random((N, 1)) > proba.cumsum(axis=1)[:, :2]).sum(axis=1)
    return proba, outcome


@pytest.fixture
def alike(truth):
    """A candidate that is its champion's equal; ten leagues of the same size."""
    proba, outcome = truth
    return Trial(proba, proba, outcome, np.arange(N) % 10, coming=NOTHING)


def verdicts(trial, limits=LIMITS):
    return {check.name: check.passed for check in judge(trial, limits)}


def failed(trial, limits=LIMITS):
    return [name for name, passed in verdicts(trial, limits).items() if not passed]


def flattened(proba, share):
    """On the way to thirds."""
    return (1 - share) * proba + share / 3


def sharpened(proba, power=1.6):
    raised = proba**power
    return raised / raised.sum(axis=1, keepdims=True)


def test_an_equal_passes_every_check(alike):
    assert verdicts(alike) == dict.fromkeys(
        ("matches", "sums", "ece", "log_loss", "brier", "leagues"), True
    )


def test_the_difference_and_its_error_are_those_of_the_pairs(alike):
    candidate = flattened(alike.candidate, 0.1)
    trial = replace(alike, candidate=candidate)

    (check,) = [check for check in judge(trial, LIMITS) if check.name == "log_loss"]

    apart = scoring.log_loss(candidate, alike.outcome) - scoring.log_loss(
        alike.candidate, alike.outcome
    )
    assert check.value == pytest.approx(apart.mean())
    assert f"± {apart.std(ddof=1) / np.sqrt(N):.5f}" in check.said


def test_a_clearly_worse_one_fails_by_log_loss_and_brier(alike):
    trial = replace(alike, candidate=flattened(alike.candidate, 0.5))

    assert {"log_loss", "brier"} <= set(failed(trial))


def test_a_better_one_passes(alike):
    trial = replace(alike, champion=flattened(alike.candidate, 0.5))

    assert failed(trial) == []


@pytest.mark.parametrize(("share", "passes"), [(0.8, True), (1.25, False)])
def test_the_margin_is_what_the_limits_say(alike, share, passes):
    candidate = flattened(alike.candidate, 0.15)
    worse = (
        scoring.log_loss(candidate, alike.outcome)
        - scoring.log_loss(alike.candidate, alike.outcome)
    ).mean()
    limits = Limits(log_loss=worse / share)

    assert verdicts(replace(alike, candidate=candidate), limits)["log_loss"] is passes


def test_one_that_claims_too_much_is_not_calibrated(alike):
    trial = replace(alike, candidate=sharpened(alike.candidate))

    assert "ece" in failed(trial)


def test_a_calibrated_one_is_not_blamed_for_few_matches(alike):
    few = Trial(alike.candidate[:150], None, alike.outcome[:150], alike.league[:150], NOTHING)

    assert scoring.calibration(few.candidate, few.outcome).error > LIMITS.ece
    assert verdicts(few)["ece"]


def test_many_matches_excuse_nothing(alike):
    assert error_by_chance(alike.candidate) < LIMITS.ece


def test_one_broken_league_is_seen_though_the_mean_hardly_moves(alike):
    candidate = alike.candidate.copy()
    inside = alike.league == 7
    candidate[inside] = candidate[inside][:, ::-1]
    trial = replace(alike, candidate=candidate)

    assert "leagues" in failed(trial, Limits(log_loss=1.0, brier=1.0, ece=1.0))
    assert league_gaps(trial, LIMITS)[0].league == 7


def test_leagues_that_differ_by_chance_are_no_reason(alike):
    rng = np.random.default_rng(4)
    noise = rng.normal(0, 0.1, alike.candidate.shape)
    candidate = alike.candidate * np.exp(noise)
    trial = replace(alike, candidate=candidate / candidate.sum(axis=1, keepdims=True))

    assert verdicts(trial)["leagues"]


def test_a_league_of_few_matches_says_nothing(alike):
    league = np.where(np.arange(N) < LIMITS.league_fewest - 1, 99, 1)

    assert [gap.league for gap in league_gaps(replace(alike, league=league), LIMITS)] == [1]


@pytest.mark.parametrize(
    "wrong", [(0.5, 0.3, 0.200002), (np.nan, 0.5, 0.5), (1.2, -0.1, -0.1), (np.inf, 0.0, 0.0)]
)
def test_one_answer_that_is_no_probability_fails_and_ends_the_examination(alike, wrong):
    candidate = alike.candidate.copy()
    candidate[17] = wrong

    assert verdicts(replace(alike, candidate=candidate)) == {"matches": True, "sums": False}


def test_answers_on_matches_to_come_count_too(alike):
    assert failed(replace(alike, coming=np.array([[0.5, 0.5, 0.5]]))) == ["sums"]


def test_too_few_matches_are_not_enough_to_replace_anybody(alike):
    n = LIMITS.fewest - 1
    few = Trial(
        alike.candidate[:n], alike.candidate[:n], alike.outcome[:n], alike.league[:n], NOTHING
    )

    assert failed(few) == ["matches"]


def test_without_a_champion_even_no_match_is_enough(alike):
    none = Trial(NOTHING, None, alike.outcome[:0], alike.league[:0], alike.candidate)

    assert verdicts(none) == {"matches": True, "sums": True}


def test_the_first_of_all_must_know_more_than_frequencies(alike):
    wrong_way = replace(alike, candidate=alike.candidate[:, ::-1], champion=None)

    assert "informed" in failed(wrong_way)
    assert verdicts(replace(alike, champion=None))["informed"]


def test_where_nothing_serves_quality_is_told_and_does_not_decide(alike):
    thoughtless = sharpened(alike.candidate, power=6.0)[:, ::-1]
    checks = judge(replace(alike, candidate=thoughtless, champion=None), LIMITS)

    assert [(check.name, check.passed, check.binding) for check in checks] == [
        ("matches", True, True),
        ("sums", True, True),
        ("ece", False, False),
        ("informed", False, False),
    ]
    assert passed(checks)


def test_what_is_no_probability_does_decide_where_nothing_serves(alike):
    trial = replace(alike, candidate=alike.candidate * 1.1, champion=None)

    assert not passed(judge(trial, LIMITS))


def test_a_limit_may_be_reached(alike):
    found = scoring.calibration(alike.candidate, alike.outcome).error

    assert verdicts(alike, Limits(ece=found, fewest=N)) == verdicts(alike)
    (enough,) = [one for one in judge(alike, Limits(fewest=N + 1)) if one.name == "matches"]
    assert (enough.passed, enough.value, enough.limit) == (False, N, N + 1)
