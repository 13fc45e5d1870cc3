"""Which of our matches the events of a feed are. A feed never makes a match, a club or a guess.

An event is a match if a person accepted both its names, or if of all matches of the region it alone
starts then and sounds like it on both sides. The others wait for a person: accepting the likeliest
match makes both names known. A match whose kick-off an operator moved starts, for a feed, also when
its source says.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import BooleanField, DateTimeField, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from livescores.linking.spelling import is_same, likeness
from livescores.models import (
    Match,
    MatchConflict,
    Region,
    RegionAlias,
    TeamAlias,
    WaitingEvent,
)
from livescores.services.priority import OPERATOR
from livescores.sources.records import EventRecord

NEVER = datetime.min.replace(tzinfo=UTC)
SAME_KICK_OFF = timedelta(minutes=20)
SAME_DAY = timedelta(hours=18)
MOVED = timedelta(hours=30)
IN_VAIN = timedelta(days=7)  # since kick-off, after which nobody need look at an event
LIKE = 0.72  # each side, where the kick-off agrees
LIKE_BY_DAY = 0.85  # each side, where only the day is known
UNLIKE = 0.55  # the worse side of every other match


class Candidate(NamedTuple):
    id: int
    start: datetime
    has_time: bool
    region: int
    home_id: int
    away_id: int
    home: str
    away: str


class Likely(NamedTuple):
    candidate: Candidate
    likeness: float


def link(source: str, events: Sequence[EventRecord]) -> dict[int, int]:
    """The match of each event's line, where there is one; the others are kept waiting."""
    candidates = _around(events)
    known = Known(source)
    refused = _refused(source)
    near = {event.line: _near(candidates[event.region], event) for event in events}
    claimed = {
        event.line: match
        for event in events
        if event.external_id not in refused
        and (match := known.match(event, near[event.line]) or _only_one(event, near[event.line]))
    }
    # A feed moves an event by telling of it once more: the older one must not wait for a person.
    found, twice = _claims(events, claimed)
    left = [event for event in events if event.line not in found and event.line not in twice]
    _wait(source, [(event, _likeliest(event, near[event.line])) for event in left])
    return found


def _claims(
    events: Sequence[EventRecord], claimed: Mapping[int, int]
) -> tuple[dict[int, int], set[int]]:
    """The match of each line, and lines whose event stands in the feed once more, newer.

    Two events that claim one match are both none, unless they are the same one.
    """
    by_match: dict[int, list[EventRecord]] = defaultdict(list)
    for event in events:
        if event.line in claimed:
            by_match[claimed[event.line]].append(event)
    found: dict[int, int] = {}
    twice: set[int] = set()
    for match, claiming in by_match.items():
        newest = max(claiming, key=lambda event: (_told_at(event), event.line))
        if all(_is_same_event(event, newest) for event in claiming):
            found[newest.line] = match
            twice |= {event.line for event in events if _is_older(event, newest)}
    return found, twice


def _is_older(event: EventRecord, newest: EventRecord) -> bool:
    """Whether an event is the newest one as the feed had it before, perhaps at another hour."""
    apart = abs(event.start_time_utc - newest.start_time_utc)
    return event is not newest and apart <= MOVED and _is_same_event(event, newest)


def _is_same_event(one: EventRecord, other: EventRecord) -> bool:
    return (
        one.region == other.region
        and is_same(one.home, other.home)
        and is_same(one.away, other.away)
    )


def _told_at(event: EventRecord) -> tuple[datetime, datetime]:
    """When the feed last said something of its prices, and of the event at all."""
    priced = max((quote.captured_at for quote in event.quotes), default=NEVER)
    return priced, event.told_at or NEVER


class Known:
    """Names of the feed that a person has accepted."""

    def __init__(self, source: str) -> None:
        self.teams: dict[str, set[int]] = defaultdict(set)
        for name, team in TeamAlias.objects.filter(source=source).values_list("name", "team_id"):
            self.teams[name].add(team)

    def match(self, event: EventRecord, near: Sequence[Candidate]) -> int | None:
        home, away = self.teams.get(event.home, set()), self.teams.get(event.away, set())
        same = [one.id for one in near if one.home_id in home and one.away_id in away]
        return same[0] if len(same) == 1 else None


def _refused(source: str) -> set[str]:
    """Events of which a person said that they are none of our matches."""
    rejected = WaitingEvent.objects.filter(source=source, state=WaitingEvent.State.REJECTED)
    return set(rejected.values_list("external_id", flat=True))


def _around(events: Sequence[EventRecord]) -> Mapping[str, list[Candidate]]:
    """Matches of the events' regions and days."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    if not events:
        return found
    starts = [event.start_time_utc for event in events]
    span = (min(starts) - MOVED, max(starts) + MOVED)
    told = _told(span)
    regions = _regions({event.region for event in events} - {""})
    rows = (
        Match.objects.standing()
        .filter(
            Q(start_time_utc__range=span) | Q(pk__in=told),
            season__tournament__region__in=regions,
        )
        .values_list(
            "id",
            "start_time_utc",
            "has_kickoff_time",
            "season__tournament__region_id",
            "home_team_id",
            "away_team_id",
            "home_team__name",
            "away_team__name",
        )
    )
    for row in rows:
        one = Candidate(*row)
        starting = [one, *(one._replace(start=at, has_time=has) for at, has in told[one.id])]
        for name in regions[one.region]:
            found[name] += starting
    return found


def _regions(names: Collection[str]) -> Mapping[int, set[str]]:
    """What feeds call our regions: as we do, or as we did when a source first told of them."""
    found: dict[int, set[str]] = defaultdict(set)
    for region, name in Region.objects.filter(name__in=names).values_list("pk", "name"):
        found[region].add(name)
    for region, name in RegionAlias.objects.filter(name__in=names).values_list("region", "name"):
        found[region].add(name)
    return found


def _told(span: tuple[datetime, datetime]) -> Mapping[int, list[tuple[datetime, bool]]]:
    """Kick-offs as sources tell them of matches that an operator moved, and whether to the hour."""
    moved = MatchConflict.objects.filter(
        what=MatchConflict.What.KICK_OFF, kept_source=OPERATOR
    ).annotate(
        start=Cast(KT("told__start_time_utc"), DateTimeField()),
        has_time=Cast(KT("told__has_kickoff_time"), BooleanField()),
    )
    found: dict[int, list[tuple[datetime, bool]]] = defaultdict(list)
    rows = moved.filter(start__range=span).values_list("match", "start", "has_time")
    for match, start, has_time in rows:
        found[match].append((start, has_time))
    return found


def _near(candidates: Iterable[Candidate], event: EventRecord) -> list[Candidate]:
    """Each match about that time once, by that one of its kick-offs which is nearest."""
    near = [one for one in candidates if _apart(one, event) <= MOVED]
    found: dict[int, Candidate] = {}
    for one in sorted(near, key=lambda one: _apart(one, event)):
        found.setdefault(one.id, one)
    return list(found.values())


def _apart(one: Candidate, event: EventRecord) -> timedelta:
    return abs(one.start - event.start_time_utc)


def _judged(event: EventRecord, one: Candidate) -> Likely:
    """How alike the worse of the two sides is."""
    return Likely(one, min(likeness(event.home, one.home), likeness(event.away, one.away)))


def _likeliest(event: EventRecord, near: Sequence[Candidate]) -> Likely | None:
    judged = (_judged(event, one) for one in near)
    return max(judged, key=lambda likely: likely.likeness, default=None)


def _only_one(event: EventRecord, near: Sequence[Candidate]) -> int | None:
    """The only match that it can be: another that is as alike, or starts then, leaves a doubt."""
    judged = [_judged(event, one) for one in near]
    fitting = [likely for likely in judged if _fits(event, likely)]
    if len(fitting) != 1:
        return None
    rivals = [
        likely
        for likely in judged
        if likely is not fitting[0]
        and likely.likeness >= (UNLIKE if _starts_then(event, likely.candidate) else LIKE)
    ]
    return None if rivals else fitting[0].candidate.id


def _fits(event: EventRecord, likely: Likely) -> bool:
    enough = LIKE if likely.candidate.has_time else LIKE_BY_DAY
    return likely.likeness >= enough and _starts_then(event, likely.candidate)


def _starts_then(event: EventRecord, one: Candidate) -> bool:
    return _apart(one, event) <= (SAME_KICK_OFF if one.has_time else SAME_DAY)


def _wait(source: str, waiting: Sequence[tuple[EventRecord, Likely | None]]) -> None:
    """Seen again, an event keeps its place and what a person said of it."""
    now = timezone.now()
    each = {e.external_id[:60]: (e, likely) for e, likely in waiting}  # an answer may repeat one
    rows = [
        WaitingEvent(
            source=source,
            external_id=event.external_id[:60],
            home=event.home[:120],
            away=event.away[:120],
            region=event.region,
            competition=event.competition[:200],
            start_time_utc=event.start_time_utc,
            candidate_id=likely.candidate.id if likely and likely.likeness >= UNLIKE else None,
            likeness=likely.likeness if likely else 0.0,
            first_seen_at=now,
            last_seen_at=now,
        )
        for event, likely in each.values()
    ]
    WaitingEvent.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["source", "external_id"],
        update_fields=["last_seen_at", "start_time_utc", "candidate", "likeness"],
    )


def forget_old() -> int:
    """Events that nobody decided on and that are long over."""
    old = WaitingEvent.objects.filter(
        state=WaitingEvent.State.WAITING, start_time_utc__lt=timezone.now() - IN_VAIN
    )
    return old.delete()[0]
