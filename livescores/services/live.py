"""Live scores: what sources say of matches under way, until they end.

Only a match that is not decided changes, and only by what a source says near its kick-off: a feed's
mistake must not open a match that is over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from livescores.models import Match, MatchQuerySet, MatchStatus
from livescores.services import corrections
from livescores.sources.records import EventRecord, MatchRecord, latest_result

OPEN = (MatchStatus.SCHEDULED, MatchStatus.LIVE, MatchStatus.POSTPONED, MatchStatus.UNKNOWN)
EARLY = timedelta(minutes=15)  # before kick-off
SAME_DAY = timedelta(hours=18)  # before noon, where only the day is known
SHORTEST = timedelta(minutes=80)  # from kick-off to the final whistle
CHANGED = (
    "status",
    "home_score",
    "away_score",
    "home_half_time_score",
    "away_half_time_score",
    "minute",
    "live_at",
    "finished_at",
    "updated_at",
)

Score = tuple[int, int]


class LiveReport(NamedTuple):
    """What a source says of a match; `status` is live or finished, the score that after 90'."""

    match_id: int
    status: str
    score: Score | None
    half_time: Score | None
    minute: int | None
    told_at: datetime


def reports_of(
    records: Iterable[MatchRecord | EventRecord], ids: Mapping[int, int]
) -> Iterator[LiveReport]:
    """What records say of matches under way; `ids` gives the match of each line."""
    for one in records:
        match_id = ids.get(one.line)
        if one.told_at is None or match_id is None:
            continue
        score, half_time = (
            (one.score, one.half_time)
            if isinstance(one, EventRecord)
            else (_pair(one.counts, 0), _pair(one.counts, 2))
        )
        yield LiveReport(match_id, one.status, score, half_time, one.minute, one.told_at)


def _pair(counts: Sequence[int | None], first: int) -> Score | None:
    home, away = counts[first : first + 2]
    return None if home is None or away is None else (home, away)


class Followed(NamedTuple):
    updated: int
    closed: int


def follow(told: Iterable[LiveReport], source: str) -> Followed:
    """Bring matches under way to what was told; older news than the last changes nothing.

    Call it inside a transaction.
    """
    news = {one.match_id: one for one in told if one.status in ("live", "finished")}
    if not news:
        return Followed(0, 0)
    closing = Q(status=MatchStatus.FINISHED, finished_at=None, live_at__isnull=False)
    # Locked: two sources may tell of a match at once, and the later must know what the first said.
    matches = Match.objects.select_for_update().filter(Q(status__in=OPEN) | closing, pk__in=news)
    changed = [match for match in matches if _take(match, news[match.pk], source)]
    Match.objects.bulk_update(changed, CHANGED)
    closed = sum(match.status == MatchStatus.FINISHED for match in changed)
    return Followed(len(changed) - closed, closed)


def _take(match: Match, told: LiveReport, source: str) -> bool:
    since = told.told_at - match.start_time_utc
    if match.start_time_utc > latest_result():
        return False
    if match.status == MatchStatus.FINISHED:
        is_open = "status" not in match.corrected
        return is_open and told.status == "finished" and match.finish(told.told_at)
    first, last = -EARLY if match.has_kickoff_time else -SAME_DAY, match.longest
    if not first <= since <= last or (match.live_at and told.told_at < match.live_at):
        return False
    if told.score:
        corrections.hear(match, "score", told.score, source)
    if told.half_time:
        corrections.hear(match, "half_time", told.half_time, source)
    if "status" in match.corrected:
        corrections.hear(match, "status", [told.status], source)
        return True
    if told.status == "finished":
        can_have_ended = since >= SHORTEST if match.has_kickoff_time else match.live_at is not None
        return can_have_ended and match.finish(told.told_at)
    match.go_on(told.minute, told.told_at)
    return True


def close_silent() -> int:
    """Call what no source has confirmed for hours unknown, for good."""
    return _call_unknown(Match.objects.silent(timezone.now()))


def close_overdue() -> int:
    """Call fixtures unknown that are over for days, and whose end no source has told.

    A source that tells it later is believed as ever.
    """
    return _call_unknown(Match.objects.overdue(_overdue_since()))


def _call_unknown(matches: MatchQuerySet) -> int:
    ids = list(matches.exclude(corrected__contains=["status"]).values_list("pk", flat=True))
    return Match.objects.filter(pk__in=ids).update(
        status=MatchStatus.UNKNOWN, minute=None, updated_at=timezone.now()
    )


def status_by_now(status: str, start: datetime) -> str:
    """What a source's status means today: a fixture that is long over is none."""
    is_overdue = status == MatchStatus.SCHEDULED and start < _overdue_since()
    return MatchStatus.UNKNOWN.value if is_overdue else status


def _overdue_since() -> datetime:
    return timezone.now() - timedelta(days=settings.FIXTURE_SILENT_DAYS)
