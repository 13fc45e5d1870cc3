"""Points that were taken from a club: they count from the decision on, never before."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from predictions.modelling.features.machine import FEATURE_NAMES, History, TeamState, walk
from tests.predictions.modelling.features.kernel.test_standings import (
    ROUNDS,
    WEEK,
    YEAR,
    at_stake,
    season,
)
from tests.predictions.modelling.played import START, frame, seconds

SEASON, LEAGUE = 2, 1
LAST_ROUND = YEAR + (ROUNDS - 1) * WEEK
MIDWEEK = LAST_ROUND - 3 * 24  # hours, between the last round but one and the last


def deduction(hours, team, points, *, season_id=SEASON, league=LEAGUE):
    return np.array([[seconds(START) + hours * 3600, league, season_id, team, points]])


@pytest.fixture(scope="module")
def matches():
    return frame(*season(season_id=1), *season(1, season_id=SEASON))


def stakes(matches, deductions, round_=ROUNDS - 1):
    """What each match of a round says of its home club, by that club."""
    features, _ = walk(matches, deductions=deductions)
    in_round = matches["kickoff"] == START + (YEAR + round_ * WEEK) * np.timedelta64(1, "h")
    rows = np.flatnonzero(in_round)
    place = FEATURE_NAMES.index("home_title_stake")
    return dict(zip(matches["home_team_id"][rows], features[rows, place], strict=True))


def test_a_leader_that_loses_points_has_a_title_to_win_again(matches):
    """Of the last round, which the lower number of each pair is going to win."""
    pairs = matches[["home_team_id", "away_team_id"]].tail(3).to_numpy(int).tolist()
    points = {club: 3 * 2 * (6 - club) for club in range(1, 7)}
    for pair in pairs:
        points[min(pair)] -= 3
    rival = max(won for club, won in points.items() if club != 1)

    before = stakes(matches, deduction(MIDWEEK, 1, 5)[:0])
    after = stakes(matches, deduction(MIDWEEK, 1, 5))

    assert before[1] == pytest.approx(at_stake(points[1] - rival, 1))
    assert after[1] == pytest.approx(at_stake(points[1] - 5 - rival, 1))


def test_before_the_decision_it_is_not_known(matches):
    without, _ = walk(matches)
    decided = START + MIDWEEK * np.timedelta64(1, "h")

    taken, _ = walk(matches, deductions=deduction(MIDWEEK, 1, 6))

    earlier = (matches["kickoff"] < decided).to_numpy()
    assert_array_equal(taken[earlier], without[earlier])
    assert not np.array_equal(taken[~earlier], without[~earlier], equal_nan=True)


@pytest.mark.parametrize("elsewhere", [{"season_id": 1}, {"season_id": 3}, {"league": 2}])
def test_another_season_or_league_is_not_touched(matches, elsewhere):
    without, _ = walk(matches)

    taken, _ = walk(matches, deductions=deduction(MIDWEEK, 1, 6, **elsewhere))

    assert_array_equal(taken, without)


def test_points_given_back_count_from_then_on(matches):
    taken = deduction(MIDWEEK, 1, 6)
    back = deduction(MIDWEEK + 1, 1, -6)

    assert stakes(matches, np.concatenate([taken, back])) == stakes(matches, taken[:0])


def test_one_before_the_season_counts_from_its_first_day(matches):
    early = deduction(YEAR - 10 * 24, 1, 6)

    assert stakes(matches, early) == stakes(matches, deduction(MIDWEEK, 1, 6))


def test_read_live_at_any_moment_it_is_the_walk(matches, tmp_path):
    deductions = deduction(MIDWEEK, 1, 6)
    features, _ = walk(matches, deductions=deductions)
    History.of(matches, deductions).save(tmp_path / "history.npz")
    history = History.load(tmp_path / "history.npz")

    for i in (0, len(matches) - 7, len(matches) - 1):
        row = matches.iloc[i]
        kickoff = seconds(row["kickoff"])
        asked = (int(row["home_team_id"]), int(row["away_team_id"]), LEAGUE, kickoff)
        assert_array_equal(history.state_at(kickoff).features_of(*asked), features[i])
    assert history.deducts(deductions)
    assert not history.deducts(deductions[:0])


def test_a_saved_state_keeps_them(matches, tmp_path):
    _, state = walk(matches, deductions=deduction(MIDWEEK, 1, 6))
    state.save(tmp_path / "state.npz")

    again = TeamState.load(tmp_path / "state.npz")

    assert again.tables.deduction["points"].tolist() == [6.0]
    assert again.copy().tables.deduction["points"].tolist() == [6.0]
