"""Which league of ours a source's league is: the one that its linked matches belong to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from livescores.linking.fixtures import Key, ListedFixture

ENOUGH = 10  # matches
MOST = 0.8  # of them in one league


class LeagueLink(NamedTuple):
    """A league of ours with the number of matches that say so, of all that were linked."""

    ours: Key
    n_matches: int
    n_linked: int

    @property
    def score(self) -> float:
        return self.n_matches / self.n_linked

    @property
    def is_sure(self) -> bool:
        return self.n_matches >= ENOUGH and self.score >= MOST


def link_leagues(pairs: Iterable[tuple[ListedFixture, ListedFixture]]) -> Mapping[Key, LeagueLink]:
    """For each of the source's leagues the likeliest of ours; the caller asks `is_sure`."""
    seen: dict[Key, Counter[Key]] = defaultdict(Counter)
    for told, ours in pairs:
        seen[told.league][ours.league] += 1
    return {
        league: LeagueLink(*counts.most_common(1)[0], counts.total())
        for league, counts in seen.items()
    }
