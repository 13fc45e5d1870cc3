"""A league's table from its results: three points for a win, then goal difference, then goals.

Points that were deducted are taken off from the day of the decision on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Sum
from django.utils import timezone

from livescores.models import Match, PointsDeduction, Season
from livescores.services.form import N_LAST, Letter

WIN, DRAW = 3, 1


@dataclass
class Standing:
    """A team's line in the table; `letters` are its results, the oldest first."""

    team_id: int
    team: str
    letters: list[Letter] = field(default_factory=list)
    scored: int = 0
    conceded: int = 0
    deducted: int = 0

    @property
    def played(self) -> int:
        return len(self.letters)

    @property
    def won(self) -> int:
        return self.letters.count("W")

    @property
    def drawn(self) -> int:
        return self.letters.count("D")

    @property
    def lost(self) -> int:
        return self.letters.count("L")

    @property
    def difference(self) -> int:
        return self.scored - self.conceded

    @property
    def points(self) -> int:
        return WIN * self.won + DRAW * self.drawn - self.deducted

    @property
    def form(self) -> list[Letter]:
        """The last results, the newest last."""
        return self.letters[-N_LAST:]

    def add(self, scored: int, conceded: int) -> None:
        self.scored += scored
        self.conceded += conceded
        self.letters.append("W" if scored > conceded else "D" if scored == conceded else "L")


Result = tuple[int, str, int, str, int, int]


def table(season: Season) -> list[Standing]:
    """The season's standings, the leader first, less the points that were deducted by now.

    A cup has none, whatever its groups have.
    """
    if season.tournament.is_cup:
        return []
    matches = Match.objects.settled().filter(season=season).in_order()
    columns = ("home_team_id", "home_team__name", "away_team_id", "away_team__name")
    results = matches.values_list(*columns, "home_score", "away_score")
    return of_results(results, deducted(season))


def deducted(season: Season) -> dict[int, int]:
    """Points by team, of decisions that have been made."""
    made = PointsDeduction.objects.filter(season=season, decided_at__lte=timezone.now())
    by_team = made.order_by().values("team").annotate(taken=Sum("points"))
    return dict(by_team.values_list("team", "taken"))


def of_results(
    results: Iterable[Result], deducted: Mapping[int, int] | None = None
) -> list[Standing]:
    """Standings from home and away teams with their goals, in order of time."""
    lines: dict[int, Standing] = {}
    for home_id, home, away_id, away, home_score, away_score in results:
        lines.setdefault(home_id, Standing(home_id, home)).add(home_score, away_score)
        lines.setdefault(away_id, Standing(away_id, away)).add(away_score, home_score)
    for team_id, points in (deducted or {}).items():
        if team_id in lines:
            lines[team_id].deducted = points
    return sorted(lines.values(), key=_rank)


def _rank(line: Standing) -> tuple[int, int, int, str]:
    return -line.points, -line.difference, -line.scored, line.team
