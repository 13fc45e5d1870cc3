"""The market's price of a match: the average over bookmakers, early and at the close."""

import pytest

from predictions.modelling.features.prices import PRICE_COLUMNS
from predictions.services.features import match_frame
from predictions.services.odds import market_prices
from tests.factories import DAY, HOUR, NOON, make_bookmaker, make_match, make_odds

pytestmark = pytest.mark.django_db


def price(match, hours_before, prices, **fields):
    at = match.start_time_utc - hours_before * HOUR
    return make_odds(match, prices, captured_at=at, **fields)


def row(match):
    return market_prices.prices().loc[match.pk]


@pytest.fixture
def match():
    return make_match(start_time_utc=NOON, has_kickoff_time=True)


def test_early_and_closing_prices_are_told_apart(match):
    price(match, 20, (2.0, 3.0, 4.0))
    price(match, 0.5, (2.5, 3.5, 4.5), bookmaker=make_bookmaker(code="OTHER"))

    found = row(match)

    assert found["price_pre_match_home"] == pytest.approx(2.0)
    assert found["price_closing_away"] == pytest.approx(4.5)


def test_books_are_averaged_by_inverse_prices(match):
    for code, home in (("ONE", 2.0), ("TWO", 4.0)):
        price(match, 20, (home, 3.0, 4.0), bookmaker=make_bookmaker(code=code))

    # 1 / 2 and 1 / 4 make 3 / 8 on average.
    assert row(match)["price_pre_match_home"] == pytest.approx(8 / 3)


def test_a_stated_average_goes_before_books_and_best_prices_never_count(match):
    price(match, 20, (2.0, 3.0, 4.0), bookmaker=make_bookmaker(code="ONE"))
    price(match, 20, (2.2, 3.2, 4.2), bookmaker=make_bookmaker(code="AVG", kind="average"))
    price(match, 20, (9.0, 9.0, 9.0), bookmaker=make_bookmaker(code="MAX", kind="best"))

    assert row(match)["price_pre_match_home"] == pytest.approx(2.2)


def test_a_bookmakers_newest_price_counts(match):
    book = make_bookmaker(code="ONE")
    price(match, 30, (2.0, 3.0, 4.0), bookmaker=book)
    price(match, 20, (3.0, 3.0, 4.0), bookmaker=book)

    assert row(match)["price_pre_match_home"] == pytest.approx(3.0)


def test_prices_after_kick_off_and_in_play_never_count(match):
    price(match, -1, (2.0, 3.0, 4.0))
    price(match, 2, (2.0, 3.0, 4.0), kind="live", bookmaker=make_bookmaker(code="LIVE"))

    assert match.pk not in market_prices.prices().index


def test_prices_of_earlier_matches_are_left_out_on_request(match):
    price(match, 20, (2.0, 3.0, 4.0))

    assert market_prices.prices(since=NOON + DAY).empty
    assert len(market_prices.prices(since=NOON)) == 1


def test_the_frame_of_matches_brings_them(match):
    other = make_match(start_time_utc=NOON + DAY)
    price(match, 20, (2.0, 3.0, 4.0))

    frame = match_frame.matches().set_index("match_id")

    assert frame.loc[match.pk, "price_pre_match_draw"] == pytest.approx(3.0)
    assert frame.loc[other.pk][list(PRICE_COLUMNS)].isna().all()
