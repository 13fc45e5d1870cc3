"""The matches of the database as the maths reads them."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.services.features import match_frame
from predictions.services.odds import market_prices
from tests.factories import DAY, HOUR, NOON, make_match

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_a_finished_match_has_all_that_was_counted():
    match = make_match(score=(2, 1), home_shots=12, away_corners=3)

    (row,) = match_frame.matches().to_dict("records")

    assert (row["match_id"], row["kickoff"]) == (match.pk, NOON)
    assert (row["home_score"], row["away_score"]) == (2.0, 1.0)
    assert (row["home_shots"], row["away_corners"]) == (12.0, 3.0)
    assert np.isnan(row["away_shots"])
    assert row["tournament_id"] == match.season.tournament_id
    assert row["region_id"] == match.season.tournament.region_id


@pytest.mark.parametrize(
    ("fields", "known_at"),
    [
        ({}, NOON + timedelta(hours=2, minutes=15)),
        ({"has_kickoff_time": False}, NOON + 18 * HOUR),
        ({"finished_at": NOON + 3 * HOUR}, NOON + 3 * HOUR),
        ({"finished_at": NOON - HOUR}, NOON + MINUTE),  # nonsense never makes a look-ahead
    ],
)
def test_a_result_is_known_when_the_match_is_over(fields, known_at):
    make_match(score=(0, 0), **fields)

    assert match_frame.matches()["known_at"].tolist() == [known_at]


def test_the_score_of_a_match_that_is_not_over_is_left_out():
    make_match(status="live", home_score=1, away_score=0, home_shots=7)

    (row,) = match_frame.matches().to_dict("records")

    assert np.isnan([row["home_score"], row["away_score"], row["home_shots"]]).all()


def test_they_come_in_order_of_kick_off_and_id():
    later, first, second = (make_match(start_time_utc=NOON + n * DAY) for n in (1, 0, 0))

    assert match_frame.matches()["match_id"].tolist() == [first.pk, second.pk, later.pk]
    assert match_frame.matches(since=NOON + HOUR)["match_id"].tolist() == [later.pk]


def test_a_neutral_venue_is_said_so():
    make_match(neutral_venue=True)
    make_match()

    assert match_frame.matches()["neutral"].tolist() == [True, False]


def test_an_empty_database_gives_an_empty_frame():
    assert match_frame.matches().empty
    assert match_frame.match_ids().tolist() == []


def test_they_are_read_where_every_query_is_noted():
    """As with DEBUG: Django's cursor then takes no parameters with a COPY."""
    match = make_match()

    with CaptureQueriesContext(connection):
        assert match_frame.matches(since=NOON)["match_id"].tolist() == [match.pk]
        assert market_prices.prices(since=NOON).empty
