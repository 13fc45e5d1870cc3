"""Prices that others contradict are held back, whatever came first, until somebody decides."""

from itertools import permutations

import numpy as np
import pytest
from django.utils import timezone

from livescores.sources.records import MatchRecord, Quote, TournamentRecord, TwoWayQuote
from predictions.models import Odds, QuarantinedOdds, TwoWayOdds
from predictions.services.odds import (
    best_prices,
    closing_line,
    judging,
    listing,
    quarantine,
    storing,
)
from predictions.services.odds import market_probabilities as market
from predictions.services.odds.listing import OddsFilters
from predictions.services.publishing.publication import publish
from tests.factories import DAY, HOUR, make_batch, make_match, make_odds, make_prediction

pytestmark = pytest.mark.django_db

BOOKS = {"PS": (2.05, 3.4, 3.9), "B365": (2.0, 3.3, 3.8), "WH": (2.05, 3.25, 3.75)}
SWAPPED = (3.8, 3.3, 2.0)
SAID = {"by": "ann", "reason": "Seen on the bookmaker's own page."}


@pytest.fixture
def match(db):
    return make_match(start_time_utc=timezone.now() + 2 * DAY)


def store(match, books, *, source="test", two_way=(), kind="pre_match", hours=24):
    at = match.start_time_utc - hours * HOUR
    quotes = [Quote(code, kind, at, *prices) for code, prices in books.items()]
    league = TournamentRecord("X", "Y")
    record = MatchRecord(
        7, league, "2025-26", "A", "B", match.start_time_utc, True, "scheduled", (), quotes
    )
    records = [record._replace(two_way=two_way)]
    return storing.store(source, records, {7: match.pk}, storing.Bookmakers({}), file="E0.csv")


def held():
    return set(Odds.objects.filter(is_quarantined=True).values_list("bookmaker__code", flat=True))


def waiting():
    return set(QuarantinedOdds.objects.waiting().values_list("bookmaker__code", flat=True))


def used(match):
    """Whose prices the API lists."""
    return {row["bookmaker"] for row in listing.odds(OddsFilters(match_id=match.pk))}


def test_a_price_that_the_others_contradict_is_held_back_with_its_reason(match):
    result = store(match, {**BOOKS, "BFE": SWAPPED})

    row = QuarantinedOdds.objects.get()
    assert (row.bookmaker.code, row.rule, row.state) == ("BFE", "contradicted", "waiting")
    assert row.reason == (
        "The pre_match book of BFE says 24.7 / 28.4 / 46.9 %, "
        "but the middle of 3 others says 46.9 / 28.4 / 24.7 %."
    )
    assert row.as_read == "3.8 / 3.3 / 2"
    assert [one.reason for one in result.contradicted] == [row.reason]
    assert (result.read, result.inserted, result.refused) == (4, 4, [])
    assert used(match) == set(BOOKS)


@pytest.mark.parametrize("order", list(permutations([*BOOKS, "BFE"])), ids="-".join)
def test_prices_come_one_by_one_in_any_order_and_the_same_one_is_held_back(match, order):
    prices = {**BOOKS, "BFE": SWAPPED}

    for code in order:
        store(match, {code: prices[code]})

    assert held() == waiting() == {"BFE"}


def test_a_good_price_that_was_held_back_because_the_bad_came_first_comes_out(match):
    store(match, {"BFE": SWAPPED})
    store(match, {"PS": BOOKS["PS"]})
    assert held() == waiting() == {"BFE", "PS"}

    store(match, {"WH": BOOKS["WH"]}, source="another")

    assert held() == waiting() == {"BFE"}
    row = QuarantinedOdds.objects.get(bookmaker__code="PS")
    assert (row.state, row.get_state_display()) == ("cleared", "cleared by other prices")
    assert row.decided_at is not None


def test_what_was_cleared_waits_again_if_it_is_contradicted_again(match):
    store(match, {"BFE": SWAPPED})
    store(match, {"PS": BOOKS["PS"]})
    store(match, {"WH": BOOKS["WH"]})
    store(match, {"BF": SWAPPED, "BFD": SWAPPED, "1XB": SWAPPED})

    assert held() == waiting() == {"PS", "WH"}
    assert QuarantinedOdds.objects.get(bookmaker__code="BFE").state == "cleared"


def test_a_thin_exchange_is_never_the_best_bet(match):
    store(match, {**BOOKS, "BFE": (1.02, 55.0, 300.0)})

    (home, draw, away) = best_prices.of_matches([match.pk])[match.pk]

    assert (home.odds, draw.odds, away.odds) == (2.05, 3.4, 3.9)


def test_nothing_reads_what_is_held_back():
    match = make_match(start_time_utc=timezone.now() - DAY)
    store(match, {**BOOKS, "BFE": SWAPPED}, kind="closing", hours=0.5)

    answers = {answer.bookmaker: answer for answer in closing_line.of_match(match)}

    held_back = answers["BFE"]
    assert isinstance(held_back, closing_line.NoClosingPrice)
    assert "Its prices are in quarantine" in held_back.reason
    chances = market.probabilities(np.array([match.pk]))
    assert chances[0][0] > chances[0][2]


def test_the_same_file_again_changes_nothing(match):
    prices = {**BOOKS, "BFE": SWAPPED}
    store(match, prices)

    again = store(match, prices)

    assert (again.inserted, again.contradicted) == (0, [])
    assert QuarantinedOdds.objects.count() == 1
    assert Odds.objects.count() == 4


def test_an_operator_lets_it_out_and_it_stays_out(match):
    store(match, {**BOOKS, "BFE": SWAPPED})

    stored = quarantine.release(QuarantinedOdds.objects.get().pk, **SAID)
    store(match, {"VC": (2.0, 3.3, 3.9)})

    assert stored == Odds.objects.get(bookmaker__code="BFE")
    assert held() == waiting() == set()
    assert used(match) == {*BOOKS, "BFE", "VC"}


def test_what_an_operator_discards_is_never_heard_again(match):
    store(match, {"BFE": SWAPPED, "PS": BOOKS["PS"]})

    quarantine.discard(QuarantinedOdds.objects.get(bookmaker__code="BFE").pk, **SAID)

    assert held() == {"BFE"}
    assert waiting() == set()
    assert used(match) == {"PS"}


def test_the_count_of_the_list_follows_what_is_held_back(match):
    store(match, BOOKS)
    assert listing.count(OddsFilters(match_id=match.pk)) == 3

    store(match, {"BFE": SWAPPED})
    assert listing.count(OddsFilters(match_id=match.pk)) == 3

    quarantine.release(QuarantinedOdds.objects.get().pk, **SAID)
    assert listing.count(OddsFilters(match_id=match.pk)) == 4


def test_prices_in_play_contradict_nothing(match):
    store(match, BOOKS)

    store(match, {"BFE": (1.02, 120.0, 900.0)}, kind="live")

    assert held() == set()


def published(match, proba, **fields):
    batch = make_batch()
    make_prediction(match, proba, batch=batch, **fields)
    publish(batch)


def test_where_one_bookmaker_is_alone_the_model_is_asked_as_soon_as_it_speaks(match):
    store(match, {"BFE": (1.02, 55.0, 300.0)})
    assert held() == set()

    published(match, (0.48, 0.28, 0.24))
    judging.judge_coming()

    assert held() == waiting() == {"BFE"}
    assert "but the model says 48.0 / 28.0 / 24.0 %" in QuarantinedOdds.objects.get().reason


def test_a_model_that_learned_from_the_match_is_not_asked(match):
    published(match, (0.48, 0.28, 0.24), in_sample=True)

    store(match, {"BFE": (1.02, 55.0, 300.0)})

    assert held() == set()


def pair(code, prices, *, line=2.5, market="over_under", match):
    at = match.start_time_utc - DAY
    return TwoWayQuote(code, market, line, "pre_match", at, *prices)


def test_prices_on_a_line_are_held_beside_the_others_of_that_line(match):
    good = [pair(code, (1.9, 1.95), match=match) for code in ("PS", "WH", "VC")]
    other_line = pair("BFE", (1.3, 3.6), line=1.5, match=match)
    store(match, {}, two_way=[*good, other_line, pair("B365", (3.6, 1.3), match=match)])

    assert list(
        TwoWayOdds.objects.filter(is_quarantined=True).values_list("bookmaker__code", "line")
    ) == [("B365", 2.5)]
    row = QuarantinedOdds.objects.get()
    assert row.reason.startswith("The pre_match over/under book of B365 says 26.5 / 73.5 %, but")
    quarantine.release(row.pk, **SAID)
    assert not TwoWayOdds.objects.filter(is_quarantined=True).exists()


def test_two_lines_of_one_bookmaker_are_held_beside_each_other(match):
    low = pair("B365", (1.9, 1.95), match=match)
    high = pair("B365", (1.5, 2.6), line=3.5, match=match)

    store(match, {}, two_way=[low, high])

    assert TwoWayOdds.objects.filter(is_quarantined=True).count() == 2
    assert "contradicts its own price on another line" in QuarantinedOdds.objects.first().reason


def test_the_database_lets_only_the_hold_change(match):
    odds = make_odds(match, (2.0, 3.0, 4.0))
    Odds.objects.update(is_quarantined=True)

    odds.refresh_from_db()
    assert odds.is_quarantined
