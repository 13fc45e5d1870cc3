"""Which match of ours a source's match is, once its clubs are linked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta

from livescores.linking.fixtures import Key, ListedFixture, Pair

SAME_MATCH = timedelta(hours=30)
YEAR = timedelta(days=365, hours=12)
SLIP = timedelta(days=2)  # around a year: a leap day, and local time


class MatchesByClubs:
    """Our matches by their two clubs."""

    def __init__(self, known: Iterable[ListedFixture]) -> None:
        self._by_clubs: dict[Pair, list[ListedFixture]] = defaultdict(list)
        for one in known:
            self._by_clubs[one.home, one.away].append(one)

    def find(self, told: ListedFixture, links: Mapping[Key, Key]) -> ListedFixture | None:
        """The match of the same clubs at that time, or of another year's day, mistyped."""
        met = self._by_clubs.get((links.get(told.home), links.get(told.away)), [])
        near = [one for one in met if abs(one.start - told.start) <= SAME_MATCH]
        if not near:
            near = [one for one in met if is_year_off(told, one)]
        # Of two on one day the wrong one would get the other's result; neither gets it.
        return near[0] if len(near) == 1 else None


def is_year_off(told: ListedFixture, ours: ListedFixture) -> bool:
    """The same day, score and season a year apart: one of the two was mistyped."""
    apart = abs(told.start - ours.start)
    return (
        told.score is not None
        and told.score == ours.score
        and told.season == ours.season
        and abs(apart - YEAR) <= SLIP
    )
