"""Frames that features cannot be computed from are refused, with the reason."""

import numpy as np
import pandas as pd
import pytest

from predictions.modelling.features.feature_names import OWN_PRICES
from predictions.modelling.features.frames import FIXTURE_COLUMNS, MATCH_COLUMNS, seconds
from predictions.modelling.features.machine import BadFrame, TeamState, walk
from tests.predictions.modelling.played import START, frame, match

MATCHES = frame(match(1, 0, 1, 2, (1, 0)), match(2, 24, 2, 1, (0, 0)))


def refused(matches):
    with pytest.raises(BadFrame) as caught:
        walk(matches)
    return str(caught.value)


@pytest.mark.parametrize("column", MATCH_COLUMNS)
def test_a_missing_column_is_named(column):
    assert refused(MATCHES.drop(columns=column)) == f"Missing columns: {column}."


@pytest.mark.parametrize("column", FIXTURE_COLUMNS)
def test_a_fixture_needs_its_columns_too(column):
    with pytest.raises(BadFrame, match=column):
        TeamState().features(MATCHES[list(FIXTURE_COLUMNS)].drop(columns=column))


@pytest.mark.parametrize("column", ["kickoff", "known_at"])
@pytest.mark.parametrize("change", [lambda t: t.dt.tz_localize(None), lambda t: t.astype(str)])
def test_times_without_a_zone_are_refused(column, change):
    matches = MATCHES.assign(**{column: change(MATCHES[column])})

    assert refused(matches) == f"{column} is not of times with a time zone."


@pytest.mark.parametrize("column", ["kickoff", "known_at"])
def test_a_missing_time_is_refused(column):
    matches = MATCHES.copy()
    matches.loc[1, column] = pd.NaT

    assert refused(matches) == f"{column} is missing in 1 rows."


@pytest.mark.parametrize("value", [np.nan, None, "x"])
@pytest.mark.parametrize(
    "column", ["match_id", "region_id", "tournament_id", "home_team_id", "away_team_id"]
)
def test_a_missing_id_is_refused(column, value):
    matches = MATCHES.assign(**{column: pd.Series([1, value])})

    assert refused(matches) == f"{column} is missing or no number in some rows."


def test_matches_out_of_order_are_refused():
    assert refused(MATCHES.iloc[::-1]) == "Matches must be sorted by kick-off."


@pytest.mark.parametrize("delay", [0, -1])
def test_a_result_known_by_its_kick_off_is_refused(delay):
    matches = frame(match(7, 0, 1, 2, (1, 0), delay=delay))

    assert refused(matches) == "Match 7 has a result known by its kick-off."


def test_a_fixture_without_result_may_say_anything_of_when_it_is_known():
    features, state = walk(frame(match(7, 0, 1, 2, delay=-1)))

    assert np.isfinite(features[:, : OWN_PRICES.start]).all()
    assert state.n_results == 0


def test_half_a_score_is_no_result():
    _, state = walk(frame(match(1, 0, 1, 2, (1, None))))

    assert state.n_results == 0


def test_times_of_any_zone_and_unit_are_whole_seconds_rounded_down():
    times = pd.Series([START, START + pd.Timedelta("1.9s")], name="kickoff")
    noon = 1_709_380_800

    for unit in ("ms", "us", "ns"):
        for zone in ("UTC", "Asia/Kathmandu"):
            there = times.dt.as_unit(unit).dt.tz_convert(zone)
            assert seconds(there).tolist() == [noon, noon + 1]


def test_an_empty_frame_has_no_features_and_changes_nothing():
    features, state = walk(MATCHES.iloc[:0])

    assert len(features) == 0
    assert state.n_results == 0
