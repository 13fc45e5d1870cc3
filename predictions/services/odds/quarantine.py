"""What an operator decides about prices that cannot be true, or that others contradict."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from predictions.modelling.pricing.books import TOP_PRICE, is_line
from predictions.models import Market, Odds, QuarantinedOdds, TwoWayOdds
from predictions.services.odds import judging
from soccerpredict.errors import Conflict, InvalidInput

MOST_REASON = 300
WHOSE = ("match_id", "bookmaker_id", "kind", "captured_at", "moment", "source")
SIDES = ("odd_home", "odd_draw", "odd_away")


def can_be_released(row: QuarantinedOdds) -> bool:
    """Whether it is a price for each side at all; what they sum to is for a person to judge."""
    prices = [row.odd_home, row.odd_away]
    if row.market == Market.RESULT:
        prices.append(row.odd_draw)
    elif row.market_line is None or not is_line(row.market, row.market_line):
        return False
    return all(price is not None and 1 < price < TOP_PRICE for price in prices)


@transaction.atomic
def release(row_id: int, *, by: str, reason: str) -> Odds | TwoWayOdds:
    """Take the prices for true: they are stored as if they had come in like this.

    Raises:
        Conflict: it is decided already, or a price is 1 or less, or none.
        InvalidInput: no reason is given.
    """
    row = _undecided(row_id)
    if not can_be_released(row):
        raise Conflict(
            f"{row}: a price of 1 or less, or none at all, or a line that no market has, can "
            "never be released."
        )
    stored = _stored(row)
    _decide(row, QuarantinedOdds.State.RELEASED, by, reason)
    judging.judge([row.match_id])
    return stored


def _stored(row: QuarantinedOdds) -> Odds | TwoWayOdds:
    held = row.released_as or row.released_as_two_way
    if held is not None:  # contradicted, so it is stored already
        held.is_quarantined = False
        held.save(update_fields=["is_quarantined"])
        return held
    whose: dict[str, Any] = {name: getattr(row, name) for name in WHOSE}
    if row.market == Market.RESULT:
        prices = {name: getattr(row, name) for name in SIDES}
        row.released_as = Odds.objects.create(**whose, **prices)
        return row.released_as
    whose |= {"market": row.market, "line": row.market_line}
    whose |= {"odd_first": row.odd_home, "odd_second": row.odd_away}
    row.released_as_two_way = TwoWayOdds.objects.create(**whose)
    return row.released_as_two_way


@transaction.atomic
def discard(row_id: int, *, by: str, reason: str) -> None:
    """Leave the prices out for good; the row stays, so that a later import doesn't ask again.

    Raises:
        Conflict: it is decided already.
        InvalidInput: no reason is given.
    """
    row = _undecided(row_id)
    _decide(row, QuarantinedOdds.State.DISCARDED, by, reason)
    judging.judge([row.match_id])


def _undecided(row_id: int) -> QuarantinedOdds:
    # Of two who decide at once the second waits here, and is told of the first.
    row = QuarantinedOdds.objects.select_for_update(of=("self",)).get(pk=row_id)
    if row.state != QuarantinedOdds.State.WAITING:
        by = row.decided_by or "other prices"
        raise Conflict(f"{row} is {row.state} already, by {by}.")
    return row


def _decide(row: QuarantinedOdds, state: str, by: str, reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Write why: the decision is kept with its reason.")
    row.state, row.decided_by, row.decided_at = state, by, timezone.now()
    row.decision_reason = reason.strip()[:MOST_REASON]
    decision = ["state", "decided_by", "decided_at", "decision_reason"]
    row.save(update_fields=[*decision, "released_as", "released_as_two_way"])
