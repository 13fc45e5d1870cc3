"""What the pages of all apps share: the note on simulated data, and the choices of their forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import Q
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from livescores.models import Match, Region, Season, Team, Tournament

Named = tuple[int, str]  # a row's number and name


@dataclass(frozen=True)
class RegionChoice:
    """A region with its leagues, as forms offer them."""

    pk: int
    name: str
    leagues: list[Named]


@dataclass(frozen=True)
class Places:
    """What a form offers and has chosen of regions, leagues and teams."""

    regions: list[RegionChoice]
    teams: list[Named]
    region_id: int | None
    tournament_id: int | None
    team_id: int | None


def places(query: Mapping[str, Any]) -> Places:
    """Regions and leagues by name; teams of the chosen league only, besides a chosen one."""
    chosen = {name: query.get(name) for name in ("region_id", "tournament_id", "team_id")}
    return Places(_regions(), _teams(chosen["tournament_id"], chosen["team_id"]), **chosen)


def _regions() -> list[RegionChoice]:
    columns = ("region_id", "region__name", "pk", "name")
    found = Tournament.objects.order_by("region__name", "tier", "name").values_list(*columns)
    return [
        RegionChoice(pk, name, [(row[2], row[3]) for row in leagues])
        for (pk, name), leagues in groupby(found, key=lambda row: row[:2])
    ]


def _teams(tournament_id: int | None, team_id: int | None) -> list[Named]:
    wanted = Q(pk=team_id) if team_id else Q(pk__in=[])
    if tournament_id:
        season = Season.objects.filter(tournament_id=tournament_id).order_by("-name").first()
        wanted |= Q(pk__in=Match.objects.filter(season=season).values("home_team_id"))
    return list(Team.objects.filter(wanted).order_by("name").values_list("pk", "name"))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: pages say where their data are invented."""
    return {"is_simulated": SimpleLazyObject(is_simulated)}


def is_simulated() -> bool:
    try:
        return Region.objects.filter(is_simulated=True).exists()
    except (OperationalError, InterfaceError):
        return False  # the page that says so must not need the database
