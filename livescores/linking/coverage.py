"""How far linking reaches between two sources, and what contradicts a link.

A link is wrong if something says so that the linker never looked at: both half-time and final score
differ, or two matches of the source are one of ours. Linking reads final scores of all matches
together, so a single one that differs is shown as a conflict, which awarded matches are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from livescores.linking.clubs import ClubLink, link_clubs
from livescores.linking.fixtures import Calendar, Key, ListedFixture, Pair
from livescores.linking.leagues import link_leagues
from livescores.linking.pairing import MatchesByClubs
from livescores.linking.source_fixtures import SourceRegion, by_region, fixtures_of, league_of
from livescores.sources.records import MatchRecord

SOON = timedelta(days=7)
AROUND = timedelta(days=40)  # of the source's matches: what else can agree with them
FULL_TIME, HALF_TIME = slice(0, 2), slice(2, 4)

Pairs = Sequence[tuple[ListedFixture, ListedFixture]]


@dataclass
class Reach:
    """One line of the table: a league and season, or the sum of them."""

    played: int = 0  # matches with a result, of leagues and seasons that both hold
    lacking: int = 0  # of these: ours has no match of either club on that day
    linked: int = 0
    missed: list[MatchRecord] = field(default_factory=list)

    def add(self, other: "Reach") -> None:
        self.played += other.played
        self.lacking += other.lacking
        self.linked += other.linked
        self.missed += other.missed

    @property
    def share(self) -> float:
        return self.linked / max(1, self.played - self.lacking)


@dataclass
class Found:
    """All that linking two sources brought."""

    clubs: list[ClubLink]
    reach: Reach
    by_season: Mapping[tuple[Key, str], Reach]
    half_times: Counter[bool]
    conflicts: list[tuple[MatchRecord, MatchRecord]]
    wrong: list[tuple[MatchRecord, MatchRecord]]


def link(told: Sequence[MatchRecord], ours: Sequence[MatchRecord]) -> tuple[list[ClubLink], Pairs]:
    """The clubs' links, and the pairs of matches; fixtures are numbered as the records are."""
    told_fixtures, our_fixtures = fixtures_of(told), fixtures_of(ours)
    here, there = by_region(told, told_fixtures), by_region(ours, our_fixtures)
    clubs = [
        link
        for name in sorted(here.keys() & there.keys())
        for link in _region_links(here[name], there[name])
    ]
    links = {one.club.key: one.ours for one in clubs if one.state == "linked"}
    matches = MatchesByClubs(our_fixtures)
    return clubs, [(one, met) for one in told_fixtures if (met := matches.find(one, links))]


def _region_links(here: SourceRegion, there: SourceRegion) -> list[ClubLink]:
    first = min(one.start for one in here.fixtures) - AROUND
    last = max(one.start for one in here.fixtures) + AROUND
    known = [one for one in there.fixtures if first <= one.start <= last]
    return link_clubs(here.clubs, there.clubs, here.fixtures, known)


def measure(
    told: Sequence[MatchRecord], ours: Sequence[MatchRecord], years: range | None = None
) -> Found:
    """Link two sources and measure it; `years` are those of kick-off that count."""
    clubs, pairs = link(told, ours)
    by_season = Reaches(told, ours, pairs).by_season(years)
    total = Reach()
    for one in by_season.values():
        total.add(one)
    pairs = [pair for pair in pairs if years is None or pair[0].start.year in years]
    both = [(told[here.id], ours[there.id]) for here, there in pairs]
    halves = Counter(a.counts[HALF_TIME] == b.counts[HALF_TIME] for a, b in both if _halves(a, b))
    conflicts = [pair for pair in both if _differ(*pair, FULL_TIME)]
    wrong = [pair for pair in conflicts if _differ(*pair, HALF_TIME)]
    return Found(clubs, total, by_season, halves, conflicts, [*wrong, *_doubles(pairs, both)])


class Reaches:
    """The reach league by league, of those that both sources hold."""

    def __init__(
        self, told: Sequence[MatchRecord], ours: Sequence[MatchRecord], pairs: Pairs
    ) -> None:
        self._told = told
        self._leagues = {
            league: one.ours for league, one in link_leagues(pairs).items() if one.is_sure
        }
        self._seasons = {(league_of(match), match.season) for match in ours}
        self._links = _links_of(pairs)
        self._linked = {here.id for here, _ in pairs}
        fixtures = fixtures_of(ours)
        self._calendar = Calendar(fixtures)
        theirs = {there.id for _, there in pairs}
        # Ours that nothing was linked to: what was put off for days is one of these.
        self._left: dict[Pair, list[ListedFixture]] = defaultdict(list)
        for one in fixtures:
            if one.id not in theirs:
                self._left[one.home, one.away].append(one)

    def by_season(self, years: range | None) -> dict[tuple[Key, str], Reach]:
        found: dict[tuple[Key, str], Reach] = {}
        for one in fixtures_of(self._told):
            counts = years is None or one.start.year in years
            if (
                one.score
                and counts
                and (self._leagues.get(one.league), one.season) in self._seasons
            ):
                self._count(found.setdefault((one.league, one.season), Reach()), one)
        return found

    def _count(self, line: Reach, one: ListedFixture) -> None:
        line.played += 1
        if one.id in self._linked:
            line.linked += 1
        elif self._is_held(one):
            line.missed.append(self._told[one.id])
        else:
            line.lacking += 1

    def _is_held(self, one: ListedFixture) -> bool:
        """Whether ours has a match of one of the clubs on about that day, or of both soon."""
        home, away = self._links.get(one.home), self._links.get(one.away)
        if any(abs(ours.start - one.start) <= SOON for ours in self._left[home, away]):
            return True
        return any(one.day in self._calendar.around(club) for club in (home, away))


def _links_of(pairs: Pairs) -> dict[Key, Key]:
    return {
        club: known
        for here, there in pairs
        for club, known in ((here.home, there.home), (here.away, there.away))
    }


def _halves(one: MatchRecord, other: MatchRecord) -> bool:
    return None not in one.counts[HALF_TIME] and None not in other.counts[HALF_TIME]


def _differ(one: MatchRecord, other: MatchRecord, which: slice) -> bool:
    here, there = one.counts[which], other.counts[which]
    return None not in here and None not in there and here != there


def _doubles(
    pairs: Pairs, both: Iterable[tuple[MatchRecord, MatchRecord]]
) -> Iterable[tuple[MatchRecord, MatchRecord]]:
    """Matches of other clubs, or of another day, that are one of ours with one before."""
    seen: dict[int, ListedFixture] = {}
    for (here, there), records in zip(pairs, both, strict=True):
        first = seen.setdefault(there.id, here)
        if (first.home, first.away, first.day) != (here.home, here.away, here.day):
            yield records
