"""Our matches as linking reads them."""

from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from livescores.linking.fixtures import ListedFixture
from livescores.models import Match

COLUMNS = (
    "id",
    "season__tournament_id",
    "told_season",
    "home_team_id",
    "away_team_id",
    "start_time_utc",
    "has_kickoff_time",
    "home_score",
    "away_score",
)


def listed(matches: "QuerySet[Match, Any]") -> list[ListedFixture]:
    """Clubs and leagues by our numbers, seasons by the name that sources have for them."""
    told_season = Coalesce(NullIf("season__told_name", Value("")), "season__name")
    rows = matches.annotate(told_season=told_season).order_by().values_list(*COLUMNS)
    return [_fixture(*row) for row in rows]


def _fixture(*facts: Any) -> ListedFixture:
    home, away = facts[-2:]
    score = None if home is None or away is None else (home, away)
    return ListedFixture._make((*facts[:-2], score))
