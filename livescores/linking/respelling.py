"""Whether a source tells of one club under two names: what the names and the matches say.

Two clubs of one league play on the same days, and each other; one club under a new name does
neither, and the old name is heard no more. Unlike links between sources, few results are there to
agree: a source tells of a match once, under whichever name it has for the club then.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from statistics import median
from types import MappingProxyType
from typing import NamedTuple

from livescores.linking.clubs import Club, ClubLink
from livescores.linking.fixtures import Key, ListedFixture
from livescores.linking.pairing import SAME_MATCH
from livescores.linking.spelling import bare, essence, likeness

ALIKE = 0.8  # of a name that waits, or that a match in common confirms
RATHER_ALIKE = 0.6  # of a name that several matches in common confirm
SEVERAL = 3
SEASON = 5  # matches in common that need no name
BUSY = timedelta(days=1)  # around a match, in which a club plays no other
UNDER_WAY = 5  # matches of its clubs, after which a league takes in no new one
ROUND = timedelta(days=3)  # around a match, in which the others of the league play theirs
RECENT = timedelta(days=760)  # from the last match under one name to the first under one alike
NEXT_SEASON = timedelta(days=300)  # from the last match under one name to the first under another
NEARLY_ALL = 0.9  # of the matches in which everybody meets everybody twice
FEW = 4  # clubs of a region whose names share a word that says something
LONG_WORD = 4  # letters
OLD = 10  # matches of a club, which would have met another of its league by then


class Appearance(NamedTuple):
    """A match, as one of its clubs sees it."""

    start: datetime
    opponent: Key
    at_home: bool
    league: Key
    season: str
    score: tuple[int, int] | None


Career = Sequence[Appearance]


class Together(NamedTuple):
    """Of two names: matches that can be one, days on which each played another, and meetings."""

    shared: int
    clashes: int
    met: int

    @property
    def can_be_one(self) -> bool:
        return not self.clashes and not self.met

    def is_one(self, alike: float) -> bool:
        """Whether matches leave no doubt: the opponent plays but one on a day."""
        if not self.can_be_one:
            return False
        enough = alike >= ALIKE or (alike >= RATHER_ALIKE and self.shared >= SEVERAL)
        return self.shared >= SEASON or (self.shared > 0 and enough)


class Careers:
    """Each club's matches, in their order.

    `fresh` are clubs that are not linked yet, each with those of ours that its name is like: who
    played against it may have played against one of these.
    """

    def __init__(
        self,
        fixtures: Iterable[ListedFixture],
        fresh: Mapping[Key, Collection[Key]] = MappingProxyType({}),
    ) -> None:
        self._fresh = fresh
        # The same pairs are asked about again and again, and each club beside many.
        self._days: dict[Key, Mapping[int, Career]] = {}
        self._pairs: dict[tuple[Key, Key], Together] = {}
        self._of: dict[Key, list[Appearance]] = defaultdict(list)
        for one in sorted(_once(fixtures), key=lambda one: one.start):
            told = one.league, one.season, one.score
            self._of[one.home].append(Appearance(one.start, one.away, True, *told))
            self._of[one.away].append(Appearance(one.start, one.home, False, *told))

    def of(self, club: Key) -> Career:
        return self._of.get(club, ())

    def season_of(self, newcomer: Key) -> Mapping[Key, Career]:
        """The other clubs' matches in the first season of a club."""
        first = self.of(newcomer)[0]
        season = self._seasons[first.league, first.season]
        return {club: career for club, career in season.items() if club != newcomer}

    @cached_property
    def _seasons(self) -> Mapping[tuple[Key, str], Mapping[Key, Career]]:
        found: dict[tuple[Key, str], dict[Key, list[Appearance]]] = defaultdict(dict)
        for club, career in self._of.items():
            for told in career:
                found[told.league, told.season].setdefault(club, []).append(told)
        return found

    def _near(self, club: Key) -> Mapping[int, Career]:
        """A club's matches by each day that lies at most two days from them."""
        if club not in self._days:
            by_day: dict[int, list[Appearance]] = defaultdict(list)
            for there in self.of(club):
                for day in range(-2, 3):  # SAME_MATCH may lead over two midnights
                    by_day[there.start.toordinal() + day].append(there)
            self._days[club] = by_day
        return self._days[club]

    def together(self, club: Key, other: Key) -> Together:
        pair = club, other
        if pair not in self._pairs:
            self._pairs[pair] = self._compared(club, other)
        return self._pairs[pair]

    def _compared(self, club: Key, other: Key) -> Together:
        by_day = self._near(other)
        shared = clashes = 0
        for here in self.of(club):
            near = by_day.get(here.start.toordinal(), ())
            if any(self._is_shared(here, there) for there in near):
                shared += 1
            elif any(self._clash(here, there) for there in near):
                clashes += 1
        met = sum(told.opponent == other for told in self.of(club))
        return Together(shared, clashes, met + sum(t.opponent == club for t in self.of(other)))

    def _is_shared(self, here: Appearance, there: Appearance) -> bool:
        # A source that tells of a match twice may have its result under one name only.
        told = here.score is None or there.score is None or here.score == there.score
        if here.at_home != there.at_home or not told:
            return False
        same = here.opponent == there.opponent
        same = same or there.opponent in self._fresh.get(here.opponent, ())
        return same and abs(here.start - there.start) <= SAME_MATCH

    def _clash(self, here: Appearance, there: Appearance) -> bool:
        """A fixture that was not played may have been moved: it says nothing of a result."""
        if here.opponent in self._fresh.get(there.opponent, ()):
            return False
        if there.opponent in self._fresh.get(here.opponent, ()):
            return False
        alike = (here.score is None) == (there.score is None)
        return alike and abs(here.start.date() - there.start.date()) <= BUSY


def _once(fixtures: Iterable[ListedFixture]) -> Iterable[ListedFixture]:
    """Of a match that is told of twice, the one that has a result."""
    found: dict[tuple[Key, Key, date], ListedFixture] = {}
    for one in fixtures:
        key = one.home, one.away, one.day
        if one.score is not None or key not in found:
            found[key] = one
    return found.values()


def sure(club: Club, ours: Sequence[Club], careers: Careers) -> ClubLink | None:
    """The club of ours that is spelt so, or whose very matches these are."""
    wanted = bare(club.names[0])
    spelt = [one for one in ours if wanted in map(bare, one.names)]
    if len(spelt) == 1 and careers.together(club.key, spelt[0].key).can_be_one:
        return _link("linked", club, spelt[0], careers, "known_spelling")
    played = [one for one in ours if _is_one(club, one, careers)]
    return _link("linked", club, played[0], careers, "fuzzy_name") if len(played) == 1 else None


def _is_one(club: Club, other: Club, careers: Careers) -> bool:
    """Names are compared where a match is shared, which few are."""
    both = careers.together(club.key, other.key)
    return both.shared > 0 and both.is_one(_alike(club, other))


def doubt(club: Club, ours: Sequence[Club], careers: Careers) -> ClubLink | None:
    """The club of ours that it may be; where its league was full, even if nobody knows which."""
    rare = rare_words(ours)
    likely = [one for one in ours if _may_be_one(club, one, careers, rare)]
    if likely:
        best = max(likely, key=lambda one: _alike(club, one))
        return _link("waiting", club, best, careers, "doubt")
    season = careers.season_of(club.key)
    idle = [one for one in ours if one.key in season and _is_idle(one.key, club.key, careers)]
    if not idle or not is_full(season, careers.of(club.key)):
        return None
    best = max(idle, key=lambda one: _alike(club, one))
    found = _link("waiting", club, best, careers, "doubt")
    return replace(found, evidence={**found.evidence, "clubs_of_the_league": len(season)})


def _may_be_one(club: Club, other: Club, careers: Careers, rare: set[str]) -> bool:
    """Names alike, of clubs of one league that never met, of which one had stopped.

    Where both are told of in one season, one had played enough to have met the other. Names that
    share no more than a rare word (Shandong Luneng, Shandong Taishan) must follow each other.
    """
    one, there = careers.of(club.key), careers.of(other.key)
    alike = _alike(club, other) >= ALIKE
    if not (alike or rare & _words(club) & _words(other)):
        return False
    if not one or not {told.league for told in one} & {told.league for told in there}:
        return False
    if not careers.together(club.key, other.key).can_be_one:
        return False
    pause = max(one[0].start - there[-1].start, there[0].start - one[-1].start)
    if pause <= timedelta(0):
        return alike and max(len(one), len(there)) >= OLD
    return pause < (RECENT if alike else NEXT_SEASON)


def is_full(season: Mapping[Key, Career], newcomer: Career) -> bool:
    """Whether a new club has no place in a league, whose season is under way.

    Once all have met, clubs of other leagues come in for play-offs, in which few play. `season`
    holds the other clubs' matches in it.
    """
    first = newcomer[0].start
    before = [sum(told.start < first for told in one) for one in season.values()]
    if not before or median(before) < UNDER_WAY:
        return False
    if newcomer[0].score is None or median(before) < NEARLY_ALL * 2 * (len(season) - 1):
        return True
    playing = sum(any(abs(told.start - first) <= ROUND for told in one) for one in season.values())
    return playing >= len(season) / 2


def _is_idle(club: Key, newcomer: Key, careers: Careers) -> bool:
    """Whether a club did not play while the newcomer did."""
    if not careers.together(club, newcomer).can_be_one:
        return False
    first = careers.of(newcomer)[0].start
    return not any(abs(told.start - first) <= ROUND for told in careers.of(club))


def rare_words(clubs: Iterable[Club]) -> set[str]:
    """Words of names that few clubs share: they say something."""
    times = Counter(word for one in clubs for word in _words(one))
    return {word for word, n in times.items() if n <= FEW}


def _words(club: Club) -> set[str]:
    return {word for name in club.names for word in essence(name) if len(word) >= LONG_WORD}


def beside(club: Club, ours: Sequence[Club]) -> list[Club]:
    """Clubs of ours that it may be by name: what they played is to be looked at."""
    rare = rare_words(ours) & _words(club)
    spelt = bare(club.names[0])
    return [
        one
        for one in ours
        if spelt in map(bare, one.names) or rare & _words(one) or _alike(club, one) >= RATHER_ALIKE
    ]


def _alike(club: Club, other: Club) -> float:
    return max(_likeness(name, one) for name in club.names for one in other.names)


def _likeness(name: str, other: str) -> float:
    """A number tells clubs apart, unless one of the names does without."""
    numbers, others = _digits(name), _digits(other)
    return 0.0 if numbers and others and numbers != others else likeness(name, other)


@lru_cache(maxsize=65536)
def _digits(name: str) -> str:
    return "".join(filter(str.isdigit, name))


def _link(state: str, club: Club, ours: Club, careers: Careers, method: str) -> ClubLink:
    alike = round(_alike(club, ours), 3)
    shared = careers.together(club.key, ours.key).shared
    told = {"ours": ours.names[0], "likeness": alike, "matches_in_common": shared}
    return ClubLink(club, state, ours.key, method, alike, told)
