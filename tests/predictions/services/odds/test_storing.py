"""Prices as they come in: what is news, what cannot be true, and when they stood."""

from datetime import UTC, datetime, timedelta
from math import inf, nan

import pytest
from django.utils import timezone

from livescores.sources.records import MatchRecord, Quote, TournamentRecord, TwoWayQuote
from predictions.models import Odds, OddsSource, QuarantinedOdds, TwoWayOdds
from predictions.services.odds import storing
from tests.factories import DAY, HOUR, NOON, make_bookmaker, make_match

pytestmark = pytest.mark.django_db

GOOD = (2.0, 3.5, 4.0)


@pytest.fixture
def match(db):
    return make_match(start_time_utc=NOON)


def quote(prices=GOOD, *, code="B365", kind="pre_match", at=NOON - DAY, **fields):
    return Quote(code, kind, at, *prices, **fields)


def store(match, *quotes, source="test", line=7):
    record = MatchRecord(
        line, TournamentRecord("X", "Y"), "2025-26", "A", "B", NOON, True, "scheduled", (), quotes
    )
    table = {"Max": ("Best", "best", 200)}
    return storing.store(
        source, [record], {line: match.pk}, storing.Bookmakers(table), file="E0.csv"
    )


def stored(*names):
    return list(Odds.objects.order_by("captured_at", "id").values_list(*names))


def test_a_price_is_stored_with_all_we_know_of_it(match):
    store(match, quote(moment="habit"))

    row = Odds.objects.get()
    assert (row.odd_home, row.odd_draw, row.odd_away) == GOOD
    assert (row.match, row.bookmaker.code, row.kind) == (match, "B365", "pre_match")
    assert (row.captured_at, row.moment, row.source) == (NOON - DAY, "habit", "test")


def test_the_same_price_again_is_no_news(match):
    store(match, quote())

    assert store(match, quote()).inserted == 0
    assert store(match, quote(at=NOON - HOUR)).inserted == 0


def test_a_price_that_moved_is_appended(match):
    store(match, quote())

    store(match, quote((2.1, 3.5, 4.0), at=NOON - HOUR))

    assert stored("odd_home") == [(2.0,), (2.1,)]


def test_a_price_that_moved_back_is_appended_too(match):
    for hours, home in ((5, 2.0), (4, 2.1), (3, 2.0)):
        store(match, quote((home, 3.5, 4.0), at=NOON - hours * HOUR))

    assert stored("odd_home") == [(2.0,), (2.1,), (2.0,)]


def test_an_older_copy_fills_the_gap_before_what_is_known_and_only_once(match):
    store(match, quote((2.1, 3.5, 4.0), at=NOON - HOUR))
    early = quote(at=NOON - 5 * HOUR)

    assert [store(match, early).inserted for _ in range(2)] == [1, 0]


def test_sources_and_kinds_are_told_apart(match):
    store(match, quote())

    assert store(match, quote(), source="other").inserted == 1
    assert store(match, quote(kind="closing")).inserted == 1


def test_a_moment_worked_out_never_lies_ahead(match):
    ahead = timezone.now() + 3 * DAY

    store(match, quote(at=ahead, moment="habit"))

    row = Odds.objects.get()
    assert row.captured_at <= timezone.now()
    assert row.moment == "read"
    assert store(match, quote(at=ahead, moment="habit")).inserted == 0


def test_each_source_of_prices_gets_its_switch_once(match):
    store(match, quote())
    OddsSource.objects.update(may_pass_on=False)

    store(match, quote((2.1, 3.5, 4.0)))

    assert OddsSource.objects.get(name="test").may_pass_on is False


IMPOSSIBLE = {
    "zero": ((0.0, 3.4, 3.4), "has a price of 1 or less"),
    "one": ((1.0, 3.4, 3.4), "has a price of 1 or less"),
    "nan": ((nan, 3.4, 3.4), "has a price of 1 or less"),
    "infinite": ((inf, 3.4, 1.2), "beyond belief"),
    "over 1.5": ((1.44, 3.0, 1.57), "sums to 1.665"),
    "under 0.98": ((3.1, 3.1, 3.1), "sums to 0.968"),
}


@pytest.mark.parametrize(("prices", "why"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_an_impossible_book_goes_to_quarantine(match, prices, why):
    result = store(match, quote(prices))

    assert not Odds.objects.exists()
    row = QuarantinedOdds.objects.get()
    assert (row.match, row.bookmaker.code, row.source) == (match, "B365", "test")
    assert (row.file, row.line, row.state) == ("E0.csv", 7, "waiting")
    assert why in row.reason
    assert (result.read, result.inserted) == (1, 0)
    assert [(r.line, r.reason, r.text) for r in result.refused] == [(7, row.reason, row.as_read)]


def test_quarantine_keeps_the_prices_as_read(match):
    store(match, quote((nan, nan, nan), text="8,5 / 3.4 / none"), quote((0.0, 3.4, 3.4), code="BW"))

    kept = QuarantinedOdds.objects.order_by("id").values_list("as_read", "odd_home", "odd_away")
    assert list(kept) == [("8,5 / 3.4 / none", None, None), ("0 / 3.4 / 3.4", 0.0, 3.4)]
    assert "is not three prices" in QuarantinedOdds.objects.earliest("id").reason


def test_the_same_impossible_book_is_quarantined_once(match):
    for _ in range(2):
        store(match, quote((9.0, 9.0, 9.0)))

    assert QuarantinedOdds.objects.count() == 1


def test_the_good_prices_of_the_same_match_are_stored(match):
    result = store(match, quote((9.0, 9.0, 9.0)), quote(code="BW"))

    assert (result.read, result.inserted) == (2, 1)
    assert Odds.objects.get().bookmaker.code == "BW"


def test_best_prices_may_sum_to_less_than_1(match):
    store(match, quote((3.2, 3.6, 3.2), code="Max"))

    assert Odds.objects.get().bookmaker.kind == "best"


def test_a_bookmaker_keeps_the_kind_that_an_operator_gave_it(match):
    make_bookmaker("B365", kind="best")

    store(match, quote((3.2, 3.6, 3.2)))

    assert not QuarantinedOdds.objects.exists()


def test_prices_of_a_row_that_was_no_match_are_left(match):
    record = MatchRecord(
        8, TournamentRecord("X", "Y"), "", "A", "B", NOON, True, "scheduled", (), [quote()]
    )

    assert storing.store("test", [record], {}, storing.Bookmakers({})).read == 0


def test_a_moment_is_kept_to_the_microsecond(match):
    at = datetime(2026, 3, 13, 9, 30, 0, 123456, tzinfo=UTC)

    store(match, quote(at=at))

    assert stored("captured_at") == [(at,)]
    assert store(match, quote((2.1, 3.5, 4.0), at=at + timedelta(microseconds=1))).inserted == 1


def pair(prices=(1.9, 2.0), *, market="over_under", line=2.5, kind="pre_match", **fields):
    at = fields.pop("at", NOON - DAY)
    return TwoWayQuote("B365", market, line, kind, at, prices[0], prices[1], **fields)


def store_pairs(match, *pairs, source="test"):
    record = MatchRecord(
        7, TournamentRecord("X", "Y"), "2025-26", "A", "B", NOON, True, "scheduled", ()
    )
    records = [record._replace(two_way=pairs)]
    return storing.store(source, records, {7: match.pk}, storing.Bookmakers({}), file="E0.csv")


def test_prices_on_a_line_stand_in_a_table_of_their_own(match):
    result = store_pairs(match, pair(), pair(market="asian_handicap", line=-0.75))

    assert (result.read, result.inserted) == (2, 2)
    assert not Odds.objects.exists()
    names = ("market", "line", "odd_first", "odd_second", "kind", "captured_at", "source")
    assert list(TwoWayOdds.objects.order_by("id").values_list(*names)) == [
        ("over_under", 2.5, 1.9, 2.0, "pre_match", NOON - DAY, "test"),
        ("asian_handicap", -0.75, 1.9, 2.0, "pre_match", NOON - DAY, "test"),
    ]


def test_on_a_line_the_same_price_is_no_news_and_one_that_moved_is(match):
    store_pairs(match, pair())

    assert store_pairs(match, pair(), pair(at=NOON - HOUR)).inserted == 0
    assert store_pairs(match, pair((1.95, 1.95), at=NOON - HOUR)).inserted == 1


def test_lines_markets_kinds_and_sources_are_told_apart(match):
    store_pairs(match, pair())

    others = (pair(line=3.5), pair(market="asian_handicap"), pair(kind="closing"))
    assert store_pairs(match, *others).inserted == 3
    assert store_pairs(match, pair(), source="other").inserted == 1


IMPOSSIBLE_PAIRS = {
    "one": (pair((1.0, 1.9)), "The pre_match over/under book of B365 has a price of 1 or less"),
    "over 1.2": (pair((1.55, 1.55)), "sums to 1.290"),
    "under 0.98": (pair((3.55, 3.2)), "sums to 0.594"),
    "no quarter": (pair(line=2.4), "has the line 2.4"),
    "no goals": (pair(line=0.0), "has the line 0"),
    "lost point": (pair(market="asian_handicap", line=-275.0), "has the line -275"),
    "no number": (
        pair((nan, nan), line=nan, text="1,9 / x at 2.5"),
        "is not two prices and a line",
    ),
}


@pytest.mark.parametrize(("quoted", "why"), IMPOSSIBLE_PAIRS.values(), ids=IMPOSSIBLE_PAIRS)
def test_an_impossible_book_on_a_line_goes_to_quarantine_once(match, quoted, why):
    results = [store_pairs(match, quoted) for _ in range(2)]

    assert not TwoWayOdds.objects.exists()
    row = QuarantinedOdds.objects.get()
    assert why in row.reason
    assert (row.market, row.odd_draw, row.state) == (quoted.market, None, "waiting")
    assert [result.inserted for result in results] == [0, 0]
    assert [r.text for r in results[0].refused] == [row.as_read]


def test_quarantine_tells_lines_apart(match):
    store_pairs(match, pair((1.5, 1.5)), pair((1.5, 1.5), line=3.5))

    assert set(QuarantinedOdds.objects.values_list("as_read", "market_line")) == {
        ("over/under: 1.5 / 1.5 at 2.5", 2.5),
        ("over/under: 1.5 / 1.5 at 3.5", 3.5),
    }


@pytest.mark.parametrize("prices", [(1.02, 990.0, 1000.0), (1.9, 80.0, 2.2), (500.0, 12.0, 1.05)])
def test_what_no_book_pays_before_kick_off_goes_to_quarantine(match, prices):
    store(match, quote(prices))

    assert not Odds.objects.exists()
    assert f"pays {max(prices):g} before kick-off" in QuarantinedOdds.objects.get().reason


def test_in_play_a_draw_may_be_paid_a_hundredfold(match):
    store(match, quote((1.02, 120.0, 900.0), kind="live"))

    assert Odds.objects.count() == 1
