"""Which of our leagues and clubs a name means, as it would be linked on import, without making any.

A name that means none of ours, or might mean two, is linked to nothing.
"""

from collections import defaultdict
from dataclasses import dataclass

from livescores.linking.clubs import AHEAD
from livescores.linking.spelling import is_same, likeness, plain
from livescores.models import Team, TeamAlias, Tournament

ALIKE = 0.85  # of a name that no match confirms


@dataclass(frozen=True)
class NamedClub:
    """A club of ours, under all its names, each in plain letters and as it is written."""

    team_id: int
    name: str
    names: frozenset[str]

    def likeness(self, name: str) -> float:
        return max(likeness(name, one) for one in self.names)


class KnownNames:
    """The names of all leagues and clubs, read once."""

    def __init__(self) -> None:
        self._leagues = list(Tournament.objects.select_related("region").order_by("tier", "pk"))
        self._clubs: dict[int, list[NamedClub]] = defaultdict(list)
        aliases: dict[int, set[str]] = defaultdict(set)
        for team_id, name in TeamAlias.objects.values_list("team_id", "name"):
            aliases[team_id].add(name)
        for team_id, region_id, name in Team.objects.values_list("pk", "region_id", "name"):
            names = frozenset({name, *aliases[team_id]})
            self._clubs[region_id].append(NamedClub(team_id, name, names))

    def league(self, name: str, country: str) -> Tournament | None:
        """By code or by name, within the country where one is given."""
        here = [league for league in self._leagues if not country or _is(league, country)]
        coded = [league for league in here if league.code and plain(league.code) == plain(name)]
        found = coded or [league for league in here if plain(league.name) == plain(name)]
        return found[0] if len(found) == 1 else None

    def region(self, country: str) -> int | None:
        """The country's id."""
        return next((one.region_id for one in self._leagues if _is(one, country)), None)

    def club(self, name: str, region_id: int) -> NamedClub | None:
        """By the very name, by the name but for the kind of club, or by one that is alike."""
        clubs = self._clubs[region_id]
        exact = [club for club in clubs if plain(name) in map(plain, club.names)]
        same = exact or [club for club in clubs if any(is_same(name, one) for one in club.names)]
        if same:
            return same[0] if len(same) == 1 else None
        return _alike(name, clubs)


def _is(league: Tournament, country: str) -> bool:
    return plain(league.region.name) == plain(country)


def _alike(name: str, clubs: list[NamedClub]) -> NamedClub | None:
    ranked = sorted(((club.likeness(name), club.team_id, club) for club in clubs), reverse=True)
    if not ranked or ranked[0][0] < ALIKE:
        return None
    if len(ranked) > 1 and ranked[1][0] > ranked[0][0] - AHEAD:
        return None
    return ranked[0][2]
