"""The last price before kick-off: the one way in which a price is chosen.

Cards, simulations, the quality report and models all read it here. A price counts if it stood
before the kick-off that is known now, whatever was known when it was stored:

- where only the day is known, before that day, since the match may begin at any hour of it;
- a price that its source calls closing, and gives no time for, stood just before kick-off
  whenever that was;
- an in-play price never counts, nor does one in quarantine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from livescores.models import Match, MatchStatus
from predictions.models import PriceKind, QuarantinedOdds

CLOSE = timedelta(hours=1)  # a price that stood so long before kick-off or less is a closing line
NOT_PLAYED = (MatchStatus.POSTPONED, MatchStatus.CANCELLED)

# SQL over o (odds) and m (match).
KICK_OFF = """CASE WHEN m.has_kickoff_time THEN m.start_time_utc
                   ELSE date_trunc('day', m.start_time_utc, 'UTC') END"""
BEFORE = f"""(NOT o.is_quarantined AND o.kind <> 'live'
    AND (o.moment = 'kick_off' OR o.captured_at < {KICK_OFF}))"""
STOOD_AT = """CASE WHEN o.moment = 'kick_off'
                   THEN least(o.captured_at, m.start_time_utc - interval '1 minute')
                   ELSE o.captured_at END"""
NEWEST = f"{STOOD_AT} DESC, o.recorded_at DESC, o.id DESC"
AT_CLOSE = f"""(o.moment = 'kick_off' OR m.has_kickoff_time
    AND o.captured_at >= m.start_time_utc - interval '{CLOSE.total_seconds():.0f} seconds')"""

OF_MATCH = f"""
    SELECT DISTINCT ON (b.priority, b.code)
           b.code, {BEFORE}, o.kind, o.source, {STOOD_AT}, o.moment, {AT_CLOSE},
           o.odd_home, o.odd_draw, o.odd_away
    FROM predictions_odds o
    JOIN livescores_match m ON m.id = o.match_id
    JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
    WHERE o.match_id = %s AND NOT o.is_quarantined
    ORDER BY b.priority, b.code, {BEFORE} DESC, {NEWEST}
"""


@dataclass(frozen=True)
class ClosingPrice:
    """A bookmaker's last price before kick-off, where it comes from and how its time is known.

    `is_at_close` tells a closing line from a price that merely was the last we have.
    """

    bookmaker: str
    kind: str
    source: str
    captured_at: datetime
    moment: str
    is_at_close: bool
    prices: tuple[float, float, float]


@dataclass(frozen=True)
class NoClosingPrice:
    """Why a bookmaker has no closing price for a match: a sentence."""

    bookmaker: str
    reason: str


def of_match(match: Match) -> list[ClosingPrice | NoClosingPrice]:
    """One answer for each bookmaker that ever priced the match, the first by priority first."""
    not_yet = _not_kicked_off(match)
    with connection.cursor() as cursor:
        cursor.execute(OF_MATCH, [match.pk])
        found = [_answer(match, not_yet, *row) for row in cursor.fetchall()]
    priced = {answer.bookmaker for answer in found}
    return found + [one for one in _quarantined(match) if one.bookmaker not in priced]


def _answer(
    match: Match, not_yet: str | None, code: str, is_before: bool, kind: str, *facts: Any
) -> ClosingPrice | NoClosingPrice:
    if not_yet:
        return NoClosingPrice(code, not_yet)
    if is_before:
        source, captured_at, moment, is_at_close, *prices = facts
        home, draw, away = prices
        return ClosingPrice(
            code, kind, source, captured_at, moment, is_at_close, (home, draw, away)
        )
    return NoClosingPrice(code, _too_late(match, kind))


def _not_kicked_off(match: Match) -> str | None:
    if match.status in NOT_PLAYED:
        return f"The match did not kick off: it is {match.status}."
    if match.start_time_utc > timezone.now():
        return "The match has not kicked off yet."
    return None


def _too_late(match: Match, kind: str) -> str:
    if kind == PriceKind.LIVE:
        return "All its prices are in-play prices."
    if match.has_kickoff_time:
        return "No price stood before kick-off."
    return "The hour of kick-off is unknown, and no price stood before that day."


def _quarantined(match: Match) -> Iterator[NoClosingPrice]:
    rows = QuarantinedOdds.objects.filter(match=match).select_related("bookmaker")
    for row in rows.order_by("bookmaker__priority", "bookmaker__code", "-pk"):
        yield NoClosingPrice(row.bookmaker.code, f"Its prices are in quarantine: {row.reason}")
