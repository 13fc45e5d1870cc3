"""Which of our leagues and clubs a name means, as it would be linked on import, without making any.

A name that means none of ours, or might mean two, is linked to nothing; what it may mean is told.
"""

from collections import defaultdict
from dataclasses import dataclass

from rapidfuzz import fuzz

from livescores.linking.clubs import AHEAD
from livescores.linking.spelling import bare, is_same, likeness, plain
from livescores.models import Team, TeamAlias, Tournament

ALIKE = 0.85  # of a name that no match confirms
RATHER_ALIKE = 0.55  # of a name that may be meant
MOST_MEANT = 3  # names that are told


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
        exact = [club for club in clubs if bare(name) in map(bare, club.names)]
        same = exact or [club for club in clubs if any(is_same(name, one) for one in club.names)]
        if same:
            return same[0] if len(same) == 1 else None
        return _alike(name, clubs)

    def clubs_like(self, name: str, region_id: int) -> list[str]:
        """Names of clubs that may be meant, the likeliest first."""
        return _likest({club.name: club.likeness(name) for club in self._clubs[region_id]})

    def leagues_like(self, name: str, country: str) -> list[str]:
        """Codes and names of leagues that may be meant, within the country where it is ours."""
        here = [one for one in self._leagues if _is(one, country)] or self._leagues
        alike = {f"{one.name} ({one.region})": likeness(name, one.name) for one in here}
        coded = {one.code: fuzz.ratio(name, one.code) / 100 for one in here if one.code}
        return _likest(alike | coded)


def _likest(names: dict[str, float]) -> list[str]:
    ranked = sorted(names, key=lambda name: (-names[name], name))
    return [name for name in ranked if names[name] >= RATHER_ALIKE][:MOST_MEANT]


def _is(league: Tournament, country: str) -> bool:
    return plain(league.region.name) == plain(country)


def _alike(name: str, clubs: list[NamedClub]) -> NamedClub | None:
    ranked = sorted(((club.likeness(name), club.team_id, club) for club in clubs), reverse=True)
    if not ranked or ranked[0][0] < ALIKE:
        return None
    if len(ranked) > 1 and ranked[1][0] > ranked[0][0] - AHEAD:
        return None
    return ranked[0][2]
