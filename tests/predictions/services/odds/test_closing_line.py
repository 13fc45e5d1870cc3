"""The last price before kick-off: which it is, where it is from, and why there may be none."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from livescores.models import Match
from predictions.services.odds import closing_line, market_probabilities
from predictions.services.odds.closing_line import ClosingPrice, NoClosingPrice
from tests.factories import DAY, HOUR, NOON, make_bookmaker, make_match, make_odds

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
PRICES = (2.0, 4.0, 4.0)


def only_line_of(match: Match) -> Any:
    """The closing price, or why there is none."""
    (answer,) = closing_line.of_match(match)
    return answer


@pytest.fixture
def match(db):
    return make_match(start_time_utc=NOON, score=(1, 0))


def home_price(match):
    answer = only_line_of(match)
    return answer.prices[0] if isinstance(answer, ClosingPrice) else answer.reason


def offer(match, home, at, **fields):
    return make_odds(match, (home, 4.0, 4.0), captured_at=at, **fields)


def test_it_is_the_last_before_kick_off(match):
    offer(match, 2.2, NOON - HOUR)
    offer(match, 2.1, NOON - 2 * HOUR)
    offer(match, 2.3, NOON - DAY, kind="opening")

    assert home_price(match) == 2.2


def test_it_says_where_it_is_from(match):
    offer(match, 2.2, NOON - HOUR, source="feed", moment="read")

    assert closing_line.of_match(match) == [
        ClosingPrice(
            "B365", "pre_match", "feed", NOON - HOUR, "read", is_at_close=True, prices=(2.2, 4, 4)
        )
    ]


@pytest.mark.parametrize("at", [NOON, NOON + MINUTE, NOON + DAY])
def test_a_price_at_kick_off_or_later_never_is(match, at):
    offer(match, 2.2, at, kind="closing")

    assert home_price(match) == "No price stood before kick-off."


def test_an_in_play_price_never_is(match):
    offer(match, 2.2, NOON - HOUR, kind="live")

    assert home_price(match) == "All its prices are in-play prices."


def test_of_two_prices_of_a_moment_the_correction_counts(match):
    first = offer(match, 2.2, NOON - HOUR)
    offer(match, 2.4, NOON - HOUR, recorded_at=first.recorded_at + HOUR)

    assert home_price(match) == 2.4


def test_a_kick_off_that_comes_forward_leaves_later_prices_out(match):
    offer(match, 2.1, NOON - 5 * HOUR)
    offer(match, 2.2, NOON - HOUR)

    move(match, NOON - 2 * HOUR)

    assert home_price(match) == 2.1


def test_a_kick_off_that_is_put_off_lets_later_prices_in(match):
    offer(match, 2.1, NOON - HOUR)
    offer(match, 2.2, NOON + HOUR)

    move(match, NOON + 2 * HOUR)

    assert home_price(match) == 2.2


def move(match, kickoff):
    match.start_time_utc = kickoff
    match.save()


@pytest.mark.parametrize("hours", [-5, 0, 5])
def test_what_a_source_calls_closing_stood_before_kick_off_whenever_that_was(match, hours):
    offer(match, 2.2, NOON - MINUTE, kind="closing", moment="kick_off")
    kickoff = NOON + hours * HOUR

    move(match, kickoff)

    answer = only_line_of(match)
    assert (answer.captured_at < kickoff, answer.is_at_close) == (True, True)


def test_a_price_of_a_feed_does_not_stand_in_for_it_once_kick_off_came_forward(match):
    offer(match, 2.2, NOON - MINUTE, kind="closing", moment="kick_off")
    offer(match, 2.5, NOON - 2 * MINUTE)

    move(match, NOON - HOUR)

    assert home_price(match) == 2.2


class TestWithoutAnHourOfKickOff:
    """Noon UTC stands for the day; the match may have begun at any hour of it."""

    @pytest.fixture
    def match(self, db):
        return make_match(start_time_utc=NOON, has_kickoff_time=False, score=(1, 0))

    @pytest.mark.parametrize("hours", [-1, -12, 8])
    def test_a_price_of_that_day_never_counts(self, match, hours):
        offer(match, 2.2, NOON + hours * HOUR)

        assert home_price(match) == (
            "The hour of kick-off is unknown, and no price stood before that day."
        )

    def test_a_price_of_the_day_before_counts_but_not_as_the_close(self, match):
        offer(match, 2.2, NOON - 12 * HOUR - MINUTE)

        answer = only_line_of(match)
        assert (answer.prices[0], answer.is_at_close) == (2.2, False)

    def test_what_the_source_calls_closing_counts(self, match):
        offer(match, 2.2, NOON - MINUTE, kind="closing", moment="kick_off")

        answer = only_line_of(match)
        assert (answer.prices[0], answer.is_at_close) == (2.2, True)

    def test_once_the_hour_is_known_prices_of_the_day_count(self, match):
        offer(match, 2.2, NOON + HOUR)
        match.has_kickoff_time = True

        move(match, NOON + 7 * HOUR)

        assert home_price(match) == 2.2


def test_before_kick_off_there_is_none_yet():
    match = make_match(start_time_utc=timezone.now() + DAY)
    make_odds(match, PRICES)

    assert home_price(match) == "The match has not kicked off yet."


@pytest.mark.parametrize("status", ["postponed", "cancelled"])
def test_a_match_that_was_not_played_has_none(status):
    match = make_match(start_time_utc=NOON, status=status)
    make_odds(match, PRICES)

    assert home_price(match) == f"The match did not kick off: it is {status}."


def test_each_bookmaker_has_its_own_by_priority(match):
    offer(match, 2.1, NOON - HOUR, bookmaker=make_bookmaker("WH", priority=40))
    offer(match, 2.2, NOON + HOUR, bookmaker=make_bookmaker("PS", priority=10))

    assert [(type(a), a.bookmaker) for a in closing_line.of_match(match)] == [
        (NoClosingPrice, "PS"),
        (ClosingPrice, "WH"),
    ]


def test_a_match_without_prices_has_no_answer(match):
    assert closing_line.of_match(match) == []


@pytest.mark.parametrize(
    ("minutes", "is_at_close"), [(1, True), (60, True), (61, False), (60 * 24, False)]
)
def test_the_close_is_the_last_hour(match, minutes, is_at_close):
    offer(match, 2.2, NOON - minutes * MINUTE)

    answer = only_line_of(match)

    assert answer.is_at_close is is_at_close
    assert np.isfinite(lines_of(match)[0, 0]) == is_at_close


def lines_of(*matches, method="proportional"):
    return market_probabilities.probabilities(np.array([m.pk for m in matches]), method=method)


def test_lines_come_in_the_order_asked_for_and_nan_where_there_is_none(match):
    other = make_match(start_time_utc=NOON, score=(1, 0))
    make_odds(match, (2.0, 4.0, 4.0), kind="closing")

    lines = lines_of(other, match, match)

    np.testing.assert_allclose(lines, [[np.nan] * 3, [0.5, 0.25, 0.25], [0.5, 0.25, 0.25]])


def test_the_first_bookmaker_speaks_for_the_market_and_never_the_best_prices(match):
    for code, priority, kind, home in (
        ("Max", 1, "best", 9.0),
        ("PS", 10, "book", 2.0),
        ("WH", 40, "book", 3.0),
    ):
        book = make_bookmaker(code, priority=priority, kind=kind)
        make_odds(match, (home, 4.0, 4.0), kind="closing", bookmaker=book)

    np.testing.assert_allclose(lines_of(match), [[0.5, 0.25, 0.25]])


def test_a_bookmaker_without_a_price_at_the_close_lets_the_next_speak(match):
    offer(match, 9.0, NOON - DAY, bookmaker=make_bookmaker("PS", priority=10))
    make_odds(match, PRICES, kind="closing", bookmaker=make_bookmaker("WH", priority=40))

    np.testing.assert_allclose(lines_of(match), [[0.5, 0.25, 0.25]])


def test_the_margin_is_taken_out_by_the_method_asked_for(match):
    make_odds(match, (1.5, 4.0, 8.0), kind="closing")

    shares = {name: lines_of(match, method=name)[0] for name in ("proportional", "shin", "power")}

    assert all(line.sum() == pytest.approx(1) for line in shares.values())
    assert shares["proportional"][2] > shares["shin"][2] > shares["power"][2]
