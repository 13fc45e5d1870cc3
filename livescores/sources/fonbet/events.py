"""What an event of Fonbet's line says of a match: where it is, how it stands, what it pays."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from livescores.sources.fonbet.forms import Event, Misc, Segment
from livescores.sources.fonbet.names import (
    AWAY,
    BEYOND_90,
    DRAW,
    HOME,
    HOME_NATIONS,
    OVER,
    REGIONS,
)
from livescores.sources.records import EventRecord, Quote

HALF, FULL = 45, 90
HALF_TIME = re.compile(r"^\((\d{1,2})-(\d{1,2})\)")
MOST_GOALS = 99


def event_of(
    line: int,
    event: Event,
    segment: Segment,
    misc: Misc | None,
    parts: Sequence[str],
    prices: Mapping[int, float],
    at: datetime | None,
) -> EventRecord | None:
    """The match, or None where the event is none: a bet on players, or no longer offered."""
    if event.name or not event.team1 or not event.team2 or event.place not in ("live", "line"):
        return None
    start = datetime.fromtimestamp(event.startTime, UTC)
    status = _status(event, misc, parts)
    is_beyond = _is_beyond(parts)
    return EventRecord(
        line=line,
        external_id=str(event.id),
        home=event.team1,
        away=event.team2,
        start_time_utc=start,
        region=_region(segment),
        competition=segment.name,
        home_id=str(event.team1Id or ""),
        away_id=str(event.team2Id or ""),
        status=status,
        score=_score(misc) if status != "scheduled" and not is_beyond else None,
        half_time=_half_time(misc),
        minute=_minute(misc, at) if status == "live" else None,
        told_at=at,
        quotes=list(_quotes(event, start, prices, at)),
    )


def _region(segment: Segment) -> str:
    words = [word.strip() for word in segment.name.split(".")]
    named = next((HOME_NATIONS[word] for word in words if word in HOME_NATIONS), "")
    return named or REGIONS.get(segment.regionId or 0, "")


def _status(event: Event, misc: Misc | None, parts: Sequence[str]) -> str:
    if event.place == "line" or misc is None:
        return "scheduled"
    if OVER in misc.comment and not _is_beyond(parts):
        return "finished"
    return "live"


def _is_beyond(parts: Sequence[str]) -> bool:
    """Whether there is extra time or a shoot-out: the score may then no longer be that of 90'."""
    return any(word in name.casefold() for name in parts for word in BEYOND_90)


def _score(misc: Misc | None) -> tuple[int, int] | None:
    if misc and 0 <= misc.score1 <= MOST_GOALS and 0 <= misc.score2 <= MOST_GOALS:
        return misc.score1, misc.score2
    return None


def _half_time(misc: Misc | None) -> tuple[int, int] | None:
    found = HALF_TIME.match(misc.comment) if misc else None
    return (int(found[1]), int(found[2])) if found else None


def _minute(misc: Misc | None, at: datetime | None) -> int | None:
    """The minute under way; stoppage time is the half's last minute. 9:57 is in the tenth."""
    if misc is None or misc.timerSeconds is None or misc.timerSeconds < 0:
        return None
    seconds = misc.timerSeconds
    if misc.timerDirection != 1:
        return min(seconds // 60, FULL)
    if at and misc.timerUpdateTimestamp:
        seconds += max(0, int(at.timestamp()) - misc.timerUpdateTimestamp)
    is_second_half = _half_time(misc) is not None
    return min(seconds // 60 + 1, FULL if is_second_half else HALF)


def _quotes(
    event: Event, start: datetime, prices: Mapping[int, float], at: datetime | None
) -> Iterator[Quote]:
    """The whole book or nothing; what still stands in the line after kick-off is no price."""
    home, draw, away = (prices.get(side, 0.0) for side in (HOME, DRAW, AWAY))
    if not (home and draw and away) or at is None:
        return
    if event.place == "live":
        yield Quote("FON", "live", at, home, draw, away)
    elif at < start:
        yield Quote("FON", "pre_match", at, home, draw, away)
