"""A league's page: its table, its clubs' ratings, what comes next and what came last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from livescores.models import Match, Season, Tournament
from livescores.services import standings
from livescores.services.standings import Standing
from predictions.models import TeamRating
from predictions.pages import cards
from predictions.pages.numbers import signed
from predictions.services.publishing.prediction_rows import Filters
from predictions.services.publishing.published import Published
from predictions.services.reading import rating_history

N_NEXT, N_LAST = 12, 10
A_MONTH = timedelta(days=31)  # ratings are of the months' starts
FULL = 100.0  # a rating's bar in its own units
SHORTEST = 8.0


@dataclass(frozen=True)
class TableRow:
    """A club in the table; `width` is that of its rating's bar, of FULL."""

    place: int
    standing: Standing
    rating: TeamRating | None
    width: float

    @property
    def difference(self) -> str:
        return signed(self.standing.difference, 0)


def context_of(
    league: Tournament, season: Season | None, champion: Published | None, *, now: datetime
) -> dict[str, Any]:
    filters = Filters(tournament_id=league.pk)
    last = last_results(season) if season else []
    return {
        "league": league,
        "season": season,
        "seasons": list(league.seasons.order_by("-name")),
        "lines": lines(season, last) if season else [],
        "coming": cards.coming(champion, filters, now=now, limit=N_NEXT),
        "last": last,
    }


def last_results(season: Season) -> list[Match]:
    """The newest first."""
    played = Match.objects.settled().filter(season=season).with_names()
    return list(played.order_by("-start_time_utc", "-pk")[:N_LAST])


def lines(season: Season, last: list[Match]) -> list[TableRow]:
    """The table, with ratings as they were when the season's last match was played."""
    table = standings.table(season)
    teams = [one.team_id for one in table]
    ratings = rating_history.newest(teams, until=last[0].start_time_utc + A_MONTH) if last else {}
    elos = [rating.elo for rating in ratings.values()]
    low, high = min(elos, default=0.0), max(elos, default=0.0)
    return [
        TableRow(place, one, ratings.get(one.team_id), _width(ratings.get(one.team_id), low, high))
        for place, one in enumerate(table, start=1)
    ]


def _width(rating: TeamRating | None, low: float, high: float) -> float:
    if rating is None or high == low:
        return SHORTEST
    return round(SHORTEST + (FULL - SHORTEST) * (rating.elo - low) / (high - low), 1)
