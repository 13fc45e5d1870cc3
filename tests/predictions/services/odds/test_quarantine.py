"""Decisions about impossible prices: kept with who, when and why."""

from typing import Any

import pytest
from django.utils import timezone

from livescores.models import Match
from predictions.models import Odds, QuarantinedOdds, TwoWayOdds
from predictions.services.odds import closing_line, quarantine
from soccerpredict.errors import Conflict, InvalidInput
from tests.factories import make_quarantined

pytestmark = pytest.mark.django_db
SAID = {"by": "ann", "reason": "Seen on the bookmaker's own page."}


def only_line_of(match: Match) -> Any:
    """The closing price, or why there is none."""
    (answer,) = closing_line.of_match(match)
    return answer


def test_released_prices_are_stored_as_if_they_had_come_in():
    row = make_quarantined()

    odds = quarantine.release(row.pk, **SAID)

    assert isinstance(odds, Odds)
    assert (odds.odd_home, odds.odd_draw, odds.odd_away) == (1.44, 3.0, 1.57)
    assert (odds.match, odds.bookmaker, odds.source) == (row.match, row.bookmaker, row.source)
    assert (odds.kind, odds.captured_at, odds.moment) == (row.kind, row.captured_at, row.moment)


@pytest.mark.parametrize(
    ("decide", "state"), [(quarantine.release, "released"), (quarantine.discard, "discarded")]
)
def test_a_decision_is_kept_with_who_when_and_why(decide, state):
    row = make_quarantined()

    decide(row.pk, **SAID)

    row.refresh_from_db()
    assert (row.state, row.decided_by, row.decision_reason) == (state, *SAID.values())
    assert row.decided_at <= timezone.now()
    assert (row.released_as is None) == (state == "discarded")


@pytest.mark.parametrize("prices", [(1.0, 3.0, 4.0), (0.0, 3.0, 4.0), (None, 3.0, 4.0)])
def test_what_is_no_price_is_never_released(prices):
    row = make_quarantined(odd_home=prices[0], odd_draw=prices[1], odd_away=prices[2])

    with pytest.raises(Conflict, match="can never be released"):
        quarantine.release(row.pk, **SAID)

    assert not Odds.objects.exists()


@pytest.mark.parametrize("decide", [quarantine.release, quarantine.discard])
def test_a_decision_stands(decide):
    row = make_quarantined()
    quarantine.discard(row.pk, **SAID)

    with pytest.raises(Conflict, match="discarded already, by ann"):
        decide(row.pk, by="bob", reason="No.")

    row.refresh_from_db()
    assert row.decided_by == "ann"


@pytest.mark.parametrize("decide", [quarantine.release, quarantine.discard])
def test_a_decision_needs_a_reason(decide):
    row = make_quarantined()

    with pytest.raises(InvalidInput, match="Write why"):
        decide(row.pk, by="ann", reason="  ")

    assert QuarantinedOdds.objects.get().state == "waiting"
    assert not Odds.objects.exists()


def test_prices_in_quarantine_are_no_closing_price():
    row = make_quarantined()

    answer = only_line_of(row.match)

    assert answer.reason == (
        "Its prices are in quarantine: The pre_match book of B365 sums to 1.665."
    )


def test_released_prices_are():
    row = make_quarantined()
    quarantine.release(row.pk, **SAID)

    answer = only_line_of(row.match)

    assert answer.prices == (1.44, 3.0, 1.57)


def make_pair(**fields: Any) -> QuarantinedOdds:
    """Over and under 2.5 goals, two prices that sum to 1.25."""
    prices = {"odd_home": 1.6, "odd_draw": None, "odd_away": 1.6}
    quoted = {"market": "over_under", "market_line": 2.5, "as_read": "over/under: 1.6 / 1.6 at 2.5"}
    return make_quarantined(**{**prices, **quoted, **fields})


def test_released_prices_on_a_line_are_stored_with_their_line():
    row = make_pair()

    stored = quarantine.release(row.pk, **SAID)

    row.refresh_from_db()
    assert row.released_as_two_way == TwoWayOdds.objects.get() == stored
    assert (stored.market, stored.line) == ("over_under", 2.5)
    assert (stored.odd_first, stored.odd_second) == (1.6, 1.6)
    assert not Odds.objects.exists()


@pytest.mark.parametrize("line", [None, 2.4])
def test_without_a_line_that_the_market_can_have_prices_are_never_released(line):
    row = make_pair(market_line=line)

    with pytest.raises(Conflict, match="can never be released"):
        quarantine.release(row.pk, **SAID)
