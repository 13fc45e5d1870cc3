"""How teams did lately, as far as it was known at a moment."""

from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from typing import Literal

from livescores.models import Match, MatchQuerySet

N_LAST = 6
N_MEETINGS = 5

Letter = Literal["W", "D", "L"]


@dataclass(frozen=True)
class TeamResult:
    """A result from one team's side."""

    match: Match
    letter: Letter


def last_results(team_id: int, *, known_at: datetime, n: int = N_LAST) -> list[TeamResult]:
    """The team's last results, the newest first."""
    past = Match.objects.as_of(known_at)
    # Each half by its own index: one condition over both would walk all matches.
    found = _newest(n, past.filter(home_team_id=team_id), past.filter(away_team_id=team_id))
    return [TeamResult(match, letter_of(match, team_id)) for match in found]


def meetings(home_id: int, away_id: int, *, known_at: datetime) -> list[TeamResult]:
    """The last matches of two teams, the newest first, from the side of the first."""
    past = Match.objects.as_of(known_at)
    halves = (
        past.filter(home_team_id=home_id, away_team_id=away_id),
        past.filter(home_team_id=away_id, away_team_id=home_id),
    )
    return [TeamResult(match, letter_of(match, home_id)) for match in _newest(N_MEETINGS, *halves)]


def _newest(n: int, *parts: MatchQuerySet) -> list[Match]:
    found = [
        match
        for part in parts
        for match in part.select_related("home_team", "away_team").order_by("-start_time_utc")[:n]
    ]
    return nlargest(n, found, key=lambda match: match.start_time_utc)


def letter_of(match: Match, team_id: int) -> Letter:
    """Won, drawn or lost by the team."""
    margin = (match.home_score or 0) - (match.away_score or 0)
    if match.home_team_id != team_id:
        margin = -margin
    return "W" if margin > 0 else "D" if margin == 0 else "L"
