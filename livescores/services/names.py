"""Turn the names of records into rows: regions, tournaments, seasons and teams, made on need.

What an operator has renamed is still found by the name that sources use.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

from django.db.models import QuerySet

from livescores.linking.source_fixtures import ClubName, away_of, home_of
from livescores.linking.spelling import bare
from livescores.models import (
    Region,
    RegionAlias,
    Season,
    Team,
    TeamAlias,
    Tournament,
    TournamentAlias,
)
from livescores.models.links import Method
from livescores.services import common_names
from livescores.sources.countries import ABOVE_COUNTRIES
from livescores.sources.records import MatchRecord, TournamentRecord

K = TypeVar("K")
MOST_NAME = 120  # characters


class Placed(NamedTuple):
    """The ids behind a record's names."""

    season_id: int
    home_team_id: int
    away_team_id: int


class Names:
    """What one import has already looked up. Start a new one after a rollback."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._regions = dict(
            RegionAlias.objects.filter(source=source).values_list("name", "region_id")
        )
        self._tournaments: dict[tuple[int, str], int] = {
            (alias.region_id, alias.name): alias.tournament_id
            for alias in TournamentAlias.objects.filter(source=source)
        }
        self._decided = {
            (alias.region_id, alias.name)
            for alias in TournamentAlias.objects.filter(source=source)
            if alias.method != TournamentAlias.Method.NEW
        }
        self._seasons: dict[tuple[int, str], int] = {}
        self._teams: dict[tuple[int, str], int] = {}
        self._numbers: dict[str, int] = {}
        # Clubs by the source's numbers that only cups above countries have told of.
        self.abroad: dict[str, int] = {}
        for alias in TeamAlias.objects.filter(source=source).select_related("team__region"):
            self._teams[alias.region_id, alias.external_id or alias.name] = alias.team_id
            if alias.external_id:
                self._numbers[alias.external_id] = alias.team_id
                if alias.team.region.name in ABOVE_COUNTRIES:
                    self.abroad[alias.external_id] = alias.team_id

    def place(self, match: MatchRecord) -> Placed:
        tournament_id = self.tournament(match.tournament)
        return Placed(
            self._season(tournament_id, match.season),
            self.team(home_of(match)),
            self.team(away_of(match)),
        )

    def known_team(self, club: ClubName) -> int | None:
        """A number means the same club in whatever region the source tells of it."""
        region, key = club.key
        if region in self._regions and (self._regions[region], key) in self._teams:
            return self._teams[self._regions[region], key]
        return self._numbers.get(club.external_id) if club.external_id else None

    def clubs_called(self, region: str) -> dict[str, int]:
        """The source's names of clubs in a region, where it has no numbers for them."""
        known = self._regions.get(region)
        return {name: team for (place, name), team in self._teams.items() if place == known}

    def knows_region(self, name: str) -> bool:
        return name in self._regions

    def known_tournament(self, record: TournamentRecord) -> int | None:
        region = self._regions.get(record.region)
        return self._tournaments.get((region, record.name)) if region else None

    def knows_tournament(self, record: TournamentRecord) -> bool:
        """Whether there is no need to ask its matches again which league it is."""
        return (self.region(record.region, record.is_simulated), record.name) in self._decided

    def tournament(self, record: TournamentRecord) -> int:
        key = self.region(record.region, record.is_simulated), record.name
        if key not in self._tournaments:
            aliases = TournamentAlias.objects.filter(region_id=key[0])
            ours = Tournament.objects.filter(region_id=key[0])
            spelt = _spelt_so(record.name, ours, aliases.values_list("name", "tournament_id"))
            tournament, is_new = spelt, False
            if spelt is None:
                tournament, is_new = ours.get_or_create(
                    region_id=key[0],
                    name=_name_now(aliases, "tournament", record.name),
                    defaults={"code": record.code, "tier": record.tier, "is_cup": record.is_cup},
                )
            if record.is_cup and not tournament.is_cup:
                tournament.is_cup = True
                tournament.save(update_fields=["is_cup"])
            self.call_tournament(record, tournament.pk, _method(is_new, spelt))
        return self._tournaments[key]

    def call_tournament(
        self, record: TournamentRecord, tournament_id: int, method: str, **how: Any
    ) -> None:
        """Know a league by the source's name from now on."""
        key = self.region(record.region), record.name
        TournamentAlias.objects.update_or_create(
            source=self.source,
            region_id=key[0],
            name=record.name,
            defaults={"tournament_id": tournament_id, "method": method, **how},
        )
        self._tournaments[key] = tournament_id
        self._decided.add(key)

    def region(self, name: str, is_simulated: bool = False) -> int:
        if name not in self._regions:
            ours = Region.objects.filter(is_simulated=is_simulated)
            aliases = RegionAlias.objects.filter(region__in=ours).values_list("name", "region_id")
            region = spelt = _spelt_so(name, ours, aliases)
            is_new = False
            if spelt is None:
                region, is_new = Region.objects.get_or_create(
                    name=_name_now(RegionAlias.objects.all(), "region", name),
                    defaults={"is_simulated": is_simulated},
                )
            method = _method(is_new, spelt)
            RegionAlias.objects.create(source=self.source, name=name, region=region, method=method)
            self._regions[name] = region.pk
        return self._regions[name]

    def _season(self, tournament_id: int, name: str) -> int:
        key = tournament_id, name
        if key not in self._seasons:
            renamed = Season.objects.filter(tournament_id=tournament_id, told_name=name)
            season = (
                renamed.first()
                or Season.objects.get_or_create(tournament_id=tournament_id, name=name)[0]
            )
            self._seasons[key] = season.pk
        return self._seasons[key]

    def team(self, club: ClubName) -> int:
        found = self.known_team(club)
        if found is None:
            team = self.new_team(club)
            alias = TeamAlias(team=team, method=TeamAlias.Method.NEW)
            found = self.call(club, alias)
        return found

    def joined(self, team_id: int, into_id: int) -> None:
        """Two teams have become one."""
        self._teams = _replaced(self._teams, team_id, into_id)
        self._numbers = _replaced(self._numbers, team_id, into_id)

    def new_team(self, club: ClubName) -> Team:
        """A club of its own; a namesake that we know has the name already."""
        region_id = self.region(club.region)
        team, is_new = Team.objects.get_or_create(region_id=region_id, name=club.name)
        if not is_new:
            number = f"{self.source} {club.external_id}".rstrip()
            name = f"{club.name[: MOST_NAME - len(number) - 3]} ({number})"
            team, is_new = Team.objects.get_or_create(region_id=region_id, name=name)
        if is_new:
            common_names.give([team])
        return team

    def call(self, club: ClubName, alias: TeamAlias) -> int:
        """Know a team by the source's name from now on."""
        alias.source, alias.region_id = self.source, self.region(club.region)
        alias.name, alias.external_id = club.name, club.external_id
        alias.save()
        self._teams[alias.region_id, club.external_id or club.name] = alias.team_id
        if club.external_id:
            self._numbers[club.external_id] = alias.team_id
            if club.region in ABOVE_COUNTRIES and alias.method == TeamAlias.Method.NEW:
                self.abroad[club.external_id] = alias.team_id
        return alias.team_id


def _replaced(known: dict[K, int], team_id: int, into_id: int) -> dict[K, int]:
    return {key: into_id if found == team_id else found for key, found in known.items()}


def _spelt_so(name: str, ours: QuerySet[Any], aliases: Iterable[tuple[str, int]]) -> Any:
    """Of ours the only one whose name differs in spelling alone; no other has the very name."""
    known = dict(ours.values_list("name", "pk"))
    called = {alias: pk for alias, pk in aliases if alias not in known} | known
    if name in called:
        return None
    same = {pk for told, pk in called.items() if bare(told) == bare(name)}
    return ours.get(pk=same.pop()) if len(same) == 1 else None


def _method(is_new: bool, spelt: object) -> Method:
    if spelt is not None:
        return Method.KNOWN_SPELLING
    return Method.NEW if is_new else Method.SAME_NAME


def renamed(before: Season, season: Season) -> None:
    """Sources go on telling of a season by the name that it had when they first did."""
    if season.name != before.name:
        told = before.told_name or before.name
        season.told_name = "" if told == season.name else told


def _name_now(aliases: QuerySet[Any], ours: str, name: str) -> str:
    """What that is called by now which had this name when a source first told of it."""
    once = aliases.filter(name=name, method__in=(Method.NEW, Method.SAME_NAME)).order_by("pk")
    found: str | None = once.values_list(f"{ours}__name", flat=True).first()
    return found or name
