"""A source's records as clubs and fixtures, region by region."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from livescores.linking.clubs import Club
from livescores.linking.fixtures import Key, ListedFixture
from livescores.sources.records import MatchRecord


@dataclass
class SourceRegion:
    """What a source tells of one region."""

    clubs: list[Club] = field(default_factory=list)
    fixtures: list[ListedFixture] = field(default_factory=list)


class ClubName(NamedTuple):
    """What a source calls a club; with a number of the source's the name may change."""

    region: str
    name: str
    external_id: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.region, self.external_id or self.name


def home_of(match: MatchRecord) -> ClubName:
    region = match.home_region or match.tournament.region
    return ClubName(region, match.home, match.home_id)


def away_of(match: MatchRecord) -> ClubName:
    region = match.away_region or match.tournament.region
    return ClubName(region, match.away, match.away_id)


def league_of(match: MatchRecord) -> Key:
    return match.tournament.region, match.tournament.name


def fixture(match: MatchRecord, number: int) -> ListedFixture:
    home, away = match.counts[:2]
    return ListedFixture(
        id=number,
        league=league_of(match),
        season=match.season,
        home=home_of(match).key,
        away=away_of(match).key,
        start=match.start_time_utc,
        has_time=match.has_kickoff_time,
        score=None if home is None or away is None else (home, away),
    )


def fixtures_of(matches: Iterable[MatchRecord]) -> list[ListedFixture]:
    """A fixture's `id` is the match's place in `matches`."""
    return [fixture(match, number) for number, match in enumerate(matches)]


def by_region(
    matches: Sequence[MatchRecord], fixtures: Iterable[ListedFixture]
) -> dict[str, SourceRegion]:
    """Clubs by the region where they play their league, with all their matches."""
    found: dict[str, SourceRegion] = defaultdict(SourceRegion)
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for match, one in zip(matches, fixtures, strict=True):
        names[one.home].add(match.home)  # type: ignore[index]
        names[one.away].add(match.away)  # type: ignore[index]
        # A match between two regions says something of a club in either.
        for region in {one.home[0], one.away[0]}:  # type: ignore[index]
            found[region].fixtures.append(one)
    for key, said in names.items():
        found[key[0]].clubs.append(Club(key, key[0], tuple(sorted(said))))
    return found
