"""Agreement of fixtures: two clubs that play the same scores on the same days are one."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

Key = Hashable  # of a club: a source's name or number, or our number
Pair = tuple[Key, Key]
DAY = timedelta(days=1)


class ListedFixture(NamedTuple):
    """A match as one side tells it; `id` is the source's line or our number."""

    id: int
    league: Key
    season: str
    home: Key
    away: Key
    start: datetime
    has_time: bool
    score: tuple[int, int] | None

    @property
    def day(self) -> date:
        return self.start.date()

    def opponent(self, club: Key) -> Key:
        return self.away if club == self.home else self.home


class Agreement(NamedTuple):
    """Days on which two clubs can have played one match, and days on which they cannot."""

    agreed: int = 0
    differed: int = 0

    @property
    def days(self) -> int:
        return self.agreed + self.differed

    @property
    def share(self) -> float:
        return self.agreed / self.days if self.agreed else 0.0


def days_around(day: date) -> Iterator[date]:
    """Local time and UTC are a day apart at most."""
    yield from (day, day - DAY, day + DAY)


def results_in_common(
    told: Iterable[ListedFixture], known: Iterable[ListedFixture]
) -> Mapping[Pair, int]:
    """How often each club had, at home or away, the result of that one on about the same day."""
    # By day and score: so no two clubs are compared that have not one result in common.
    results: dict[tuple[date, tuple[int, int]], list[ListedFixture]] = defaultdict(list)
    for one in known:
        if one.score:
            results[one.day, one.score].append(one)
    found: Counter[Pair] = Counter()
    for here in told:
        for day in days_around(here.day) if here.score else ():
            for there in results.get((day, here.score), ()):  # type: ignore[arg-type]
                found[here.home, there.home] += 1
                found[here.away, there.away] += 1
    return found


class Calendar:
    """When each club played, and what."""

    def __init__(self, fixtures: Iterable[ListedFixture]) -> None:
        self._played: dict[Key, dict[date, ListedFixture]] = defaultdict(dict)
        for one in fixtures:
            day = one.day  # a club plays once on it; of two matches that are told, the later stands
            self._played[one.home][day] = self._played[one.away][day] = one
        self._around: dict[Key, dict[date, ListedFixture]] = {}

    def of(self, club: Key) -> Mapping[date, ListedFixture]:
        return self._played.get(club, {})

    def around(self, club: Key) -> Mapping[date, ListedFixture]:
        """What the club played on about each day."""
        if club not in self._around:
            played = self.of(club)
            near = {day + DAY: one for day, one in played.items()}
            near |= {day - DAY: one for day, one in played.items()}
            self._around[club] = {**near, **played}  # the very day goes before its neighbours
        return self._around[club]


def agreement(club: Key, ours: Key, told: Calendar, known: Calendar) -> Agreement:
    """Of the results that both had on about the same day, how many can be one match's."""
    agreed = differed = 0
    around = known.around(ours)
    for day, here in told.of(club).items():
        there = around.get(day)
        if there is None or here.score is None or there.score is None:
            continue
        same = (here.home == club) == (there.home == ours) and here.score == there.score
        agreed, differed = agreed + same, differed + (not same)
    return Agreement(agreed, differed)


def by_opponents(
    club: Key, ours: Key, told: Calendar, known: Calendar, links: Mapping[Key, Key]
) -> int:
    """Matches that both played on about the same day against what is linked as one club."""
    shared = 0
    around = known.around(ours)
    for day, here in told.of(club).items():
        there = around.get(day)
        opponent = links.get(here.opponent(club)) if there else None
        shared += there is not None and opponent is not None and opponent == there.opponent(ours)
    return shared
