"""Matches with their status and score, by month, day, region, tournament, team or status."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q

from livescores.models import Match, MatchQuerySet

COLUMNS: dict[str, type] = {
    "id": int,
    "startTimeUtc": datetime,
    "status": str,
    "regionId": int,
    "regionName": str,
    "tournamentId": int,
    "tournamentName": str,
    "seasonId": int,
    "homeTeamId": int,
    "homeTeamName": str,
    "awayTeamId": int,
    "awayTeamName": str,
    "homeScore": int,
    "awayScore": int,
    "minute": int,
    "kickoff_known": bool,
    "isCup": bool,
    "neutralVenue": bool,
}
SOURCES = {
    "startTimeUtc": "start_time_utc",
    "status": "shown_status",
    "regionId": "season__tournament__region_id",
    "regionName": "season__tournament__region__name",
    "tournamentId": "season__tournament_id",
    "tournamentName": "season__tournament__name",
    "seasonId": "season_id",
    "homeTeamId": "home_team_id",
    "homeTeamName": "home_team__name",
    "awayTeamId": "away_team_id",
    "awayTeamName": "away_team__name",
    "homeScore": "home_score",
    "awayScore": "away_score",
    "minute": "shown_minute",
    "kickoff_known": "has_kickoff_time",
    "isCup": "season__tournament__is_cup",
    "neutralVenue": "neutral_venue",
}
# What is shown as unknown may still be stored as live.
STORED_AS = {"unknown": ["unknown", "live"]}


@dataclass(frozen=True)
class ScoreFilters:
    """Which matches; days, months and years are UTC. None does not filter."""

    year: int | None = None
    month: int | None = None
    day: date | None = None
    region_id: int | None = None
    tournament_id: int | None = None
    team_id: int | None = None
    status: str | None = None

    def span(self) -> tuple[datetime, datetime] | None:
        """The moments between which a match kicks off, the second excluded."""
        if self.day is not None:
            start = midnight(self.day)
            return start, start + timedelta(days=1)
        if self.year is None:
            return None
        first = date(self.year, self.month or 1, 1)
        return midnight(first), midnight(month_after(first) if self.month else year_after(first))


def matching(filters: ScoreFilters, *, now: datetime) -> MatchQuerySet:
    """The matches in order of kick-off and id; without any filter those of the current month."""
    if filters == ScoreFilters():
        filters = ScoreFilters(year=now.year, month=now.month)
    return fitting(filters, now=now)


def fitting(filters: ScoreFilters, *, now: datetime) -> MatchQuerySet:
    """The matches in order of kick-off and id; without any filter all of them."""
    conditions = {
        "season__tournament__region_id": filters.region_id,
        "season__tournament_id": filters.tournament_id,
        "shown_status": filters.status,
        "status__in": STORED_AS.get(filters.status or "", [filters.status]),
    }
    asked = Q(**{name: value for name, value in conditions.items() if value not in (None, [None])})
    if filters.team_id is not None:
        asked &= Q(home_team_id=filters.team_id) | Q(away_team_id=filters.team_id)
    if span := filters.span():
        asked &= Q(start_time_utc__gte=span[0], start_time_utc__lt=span[1])
    return Match.objects.as_shown(now).filter(asked).in_order()


def rows(matches: MatchQuerySet) -> Iterator[dict[str, Any]]:
    """One query, one dictionary a match, in the API's names."""
    for found in matches.values_list(*(SOURCES.get(name, name) for name in COLUMNS)):
        yield dict(zip(COLUMNS, found, strict=True))


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def month_after(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def year_after(first: date) -> date:
    return first.replace(year=first.year + 1)
