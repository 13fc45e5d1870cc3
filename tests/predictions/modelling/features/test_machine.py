"""Features without look-ahead: every match sees what was known at its kick-off, and no more."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from predictions.modelling.features import machine as door
from predictions.modelling.features.feature_names import OWN_PRICES
from predictions.modelling.features.frames import STATISTICS
from predictions.modelling.features.machine import (
    FEATURE_NAMES,
    OutOfOrder,
    TeamState,
    digest,
    walk,
)
from tests.predictions.modelling.played import (
    KICKOFFS,
    START,
    calendars,
    frame,
    match,
    season,
    seconds,
    without_results,
)

HOUR = pd.Timedelta(hours=1)
quick = settings(deadline=None, max_examples=60)


def feature(row, name):
    return row[FEATURE_NAMES.index(name)]


@quick
@given(calendars(), st.data())
def test_a_result_known_after_kick_off_moves_nothing_whatever_it_is(matches, data):
    i = data.draw(st.integers(0, len(matches) - 1))
    later = matches["known_at"] > matches["kickoff"][i]
    other = matches.copy()
    other.loc[later, list(STATISTICS)] = 9.0 * (np.arange(14) % 2)

    before, after = walk(matches)[0], walk(other)[0]

    assert_array_equal(after[i], before[i])


@quick
@given(calendars(), st.data())
def test_a_match_has_the_same_features_when_later_results_are_removed(matches, data):
    i = data.draw(st.integers(0, len(matches) - 1))
    later = matches["known_at"] > matches["kickoff"][i]
    kept = np.flatnonzero(~later | (matches.index == i))

    whole, _ = walk(matches)
    unknown, _ = walk(without_results(matches, later))
    removed, _ = walk(matches.iloc[kept])

    assert_array_equal(unknown[i], whole[i])
    assert_array_equal(removed[list(kept).index(i)], whole[i])


@pytest.mark.parametrize(("delay", "played"), [(23, 1), (24, 1), (25, 0)])
def test_a_result_counts_from_the_moment_it_is_known(delay, played):
    matches = frame(match(1, 0, 1, 2, (3, 1), delay=delay), match(2, 24, 1, 3))

    features, _ = walk(matches)

    assert feature(features[1], "home_played") == played


def test_matches_that_kick_off_together_see_none_of_each_others_results():
    together = [match(i, 24, 1, i, (9, 0), delay=0.5) for i in (2, 3, 4)]
    before = match(1, 0, 1, 5, (2, 2))
    alone = [walk(frame(before, one))[0][-1] for one in together]

    features, _ = walk(frame(before, *together))

    assert_array_equal(features[1:], alone)


@quick
@given(calendars(), st.sampled_from(KICKOFFS), st.sampled_from((0, 1, 3)))
def test_a_walk_continued_from_a_state_is_one_whole_walk(matches, hours, more):
    moment = START + HOUR * (hours + more)
    known = matches["known_at"] <= moment
    upcoming = matches["kickoff"] >= moment
    _, state = walk(without_results(matches, ~known)[~upcoming])

    continued, end = walk(matches[upcoming | ~known], state, skip_earlier=True)

    whole, whole_end = walk(matches)
    assert_array_equal(continued[upcoming[upcoming | ~known]], whole[upcoming])
    assert_states_alike(end, whole_end)


def assert_states_alike(one, other):
    for name, array in other.arrays().items():
        assert_array_equal(one.arrays()[name], array, err_msg=name)


def test_a_walk_leaves_the_state_it_continues_from_as_it_was():
    _, state = walk(frame(match(1, 0, 1, 2, (1, 0))))
    before = state.copy()

    walk(frame(match(2, 24, 2, 1, (4, 0))), state)

    assert_states_alike(state, before)


def test_a_match_read_by_an_earlier_walk_gets_no_features_and_its_result_counts():
    _, state = walk(frame(match(1, 24, 1, 2, (1, 0))))
    late = match(2, 12, 3, 4, (2, 0), delay=48)

    features, after = walk(frame(late), state, skip_earlier=True)

    assert np.isnan(features).all()
    assert after.knows(3)
    with pytest.raises(OutOfOrder, match="lies before the state's moment"):
        walk(frame(late), state)


def test_a_result_older_than_the_state_is_refused():
    _, state = walk(frame(match(1, 24, 1, 2, (1, 0))))

    with pytest.raises(OutOfOrder, match="result of match 7 was known before"):
        walk(frame(match(7, 0, 3, 4, (2, 0))), state, skip_earlier=True)


@quick
@given(calendars())
def test_features_are_finite(matches):
    features, _ = walk(matches)

    assert np.isfinite(features[:, : OWN_PRICES.start]).all()


def test_unknown_clubs_and_leagues_still_have_features():
    _, state = walk(season(60))
    noon = seconds(START) + 30 * 86_400

    strangers = state.features_of(9998, 9999, 77, noon)
    nobody = TeamState().features_of(1, 2, 3, noon)

    assert np.isfinite([strangers[: OWN_PRICES.start], nobody[: OWN_PRICES.start]]).all()
    assert feature(nobody, "goals_ratio") == pytest.approx(0.35)
    assert feature(nobody, "elo_difference") == 65.0
    assert feature(nobody, "home_rest_days") == 10.0


def test_form_after_a_3_1_home_win_by_hand():
    matches = frame(match(1, 0, 1, 2, (3, 1)), match(2, 72, 1, 2))

    _, row = walk(matches)[0]

    assert feature(row, "home_points_fast") == pytest.approx(1.35 + 0.25 * (3 - 1.35))
    assert feature(row, "away_points_slow") == pytest.approx(1.35 + 0.06 * (0 - 1.35))
    assert feature(row, "home_season_points") == pytest.approx(3 - 1.35)
    assert feature(row, "away_season_points") == pytest.approx(-1.35)
    assert feature(row, "home_scored") == pytest.approx(1.47)
    assert feature(row, "away_scored") == pytest.approx(1.27)
    assert feature(row, "home_rest_days") == 3.0
    assert feature(row, "league_home_rate") == pytest.approx(0.46 + 0.54 / 60)
    assert feature(row, "league_goals") == pytest.approx(2.6 + 1.4 / 60)


def test_elo_after_a_3_1_home_win_by_hand():
    # Expected 1 / (1 + 10^(-65/400)) = 0.592466; two goals weigh (3/2)^0.7 = 1.328201.
    step = 18 * 1.328201 * (1 - 0.592466)
    edge = 65 + 0.3 * (1 - 0.592466)

    _, row = walk(frame(match(1, 0, 1, 2, (3, 1)), match(2, 72, 1, 2)))[0]

    assert feature(row, "elo_difference") == pytest.approx(2 * step + edge, abs=1e-4)


def test_pi_ratings_after_a_3_1_home_win_by_hand():
    # Two goals ahead: log 3, of which 0.23 was expected, and 0.06 of the rest is learned.
    edge = 0.23
    step = 0.06 * (math.log(3) - edge)

    _, again, back = walk(frame(match(1, 0, 1, 2, (3, 1)), match(2, 72, 1, 2), match(3, 72, 2, 1)))[
        0
    ]

    assert feature(again, "pi_difference") == pytest.approx(edge + 2 * step)
    assert feature(back, "pi_difference") == pytest.approx(edge - 2 * 0.7 * step)


def test_a_meeting_counts_for_both_clubs_whoever_is_at_home():
    matches = frame(match(1, 0, 1, 2, (3, 0)), match(2, 72, 1, 2), match(3, 72, 2, 1))

    features, _ = walk(matches)

    here, there = features[1:, FEATURE_NAMES.index("head_to_head")]
    assert here == -there > 0
    assert [feature(row, "meetings") for row in features] == [0, 1, 1]


def test_a_season_starts_anew_after_a_long_pause():
    played = [match(i, 24 * 7 * i, 1, 2, (1, 1)) for i in range(5)]
    after_summer = match(9, 24 * (28 + 60), 1, 2)

    features, _ = walk(frame(*played, after_summer))

    assert [feature(row, "home_season_played") for row in features] == [0, 1, 2, 3, 4, 0]
    assert feature(features[-1], "home_played") == 5


def test_a_club_is_new_to_the_league_it_moves_to():
    here = [match(i, 24 * 7 * i, 1, 2, (1, 1)) for i in range(3)]
    there = match(9, 24 * 90, 1, 3, tournament_id=2)

    features, state = walk(frame(*here, there))

    assert feature(features[-1], "home_played_in_league") == 0
    assert state.tournament_of(1) == 1
    assert state.tournament_of(3) is None


def test_neutral_ground_takes_the_home_edge_away():
    home, neutral = walk(frame(match(1, 0, 1, 2), match(2, 0, 1, 2, neutral=True)))[0]

    assert feature(neutral, "composite_ratio") == 0.0
    assert feature(home, "composite_ratio") == pytest.approx(0.35)
    assert feature(neutral, "neutral") == 1.0


def test_a_result_known_months_late_leaves_variances_positive():
    late = match(0, 0, 1, 2, (5, 0), delay=24 * 300)
    weekly = [match(i, 24 * 6 * i, 1, 2, (1, 1)) for i in range(1, 50)]

    _, state = walk(frame(late, *weekly))

    assert state.n_results == 50
    for variance in ("attack_variance", "defence_variance"):
        assert (state.tables.strength[variance][1:] > 0).all()


def test_the_digest_names_the_content():
    features, ids = np.ones((2, len(FEATURE_NAMES))), np.array([1, 2])
    same = digest(features + 1e-9, ids)

    assert same == digest(features, ids)
    assert same != digest(features + 1e-5, ids)
    assert same != digest(features, ids[::-1])
    assert same != digest(np.where(features > 0, np.nan, 0), ids)


def test_the_digest_changes_with_the_version_of_the_features(monkeypatch):
    features, ids = np.ones((2, len(FEATURE_NAMES))), np.array([1, 2])
    before = digest(features, ids)

    monkeypatch.setattr(door, "FEATURE_VERSION", 99)

    assert digest(features, ids) != before


def test_a_digest_of_features_and_other_matches_is_refused():
    with pytest.raises(ValueError, match="for 3 matches"):
        digest(np.ones((2, len(FEATURE_NAMES))), np.array([1, 2, 3]))
