"""The stored ratings of clubs, for readers: web processes need no maths for them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from predictions.models import TeamRating


def of_teams(
    team_ids: Iterable[int], *, since: datetime, until: datetime
) -> dict[int, list[TeamRating]]:
    """Each team's ratings between two moments, the oldest first."""
    found = TeamRating.objects.filter(team_id__in=list(team_ids), at__gt=since, at__lte=until)
    histories: dict[int, list[TeamRating]] = defaultdict(list)
    for rating in found.order_by("at"):
        histories[rating.team_id].append(rating)
    return histories


def newest(team_ids: Iterable[int], *, until: datetime) -> dict[int, TeamRating]:
    """The last rating that each team had by a moment."""
    found = TeamRating.objects.filter(team_id__in=list(team_ids), at__lte=until)
    ordered = found.order_by("team_id", "-at").distinct("team_id")
    return {rating.team_id: rating for rating in ordered}


def last(team_id: int, n: int) -> list[TeamRating]:
    """The team's newest ratings, the oldest of them first."""
    return list(TeamRating.objects.filter(team_id=team_id).order_by("-at")[:n])[::-1]
