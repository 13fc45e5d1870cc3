"""Day and month exchanged in some rows only, as programs do that take what they can for a month.

Such a file reads well row by row. What tells is all of it: days out of the order of the rows that
are sure, outside the season, or on which a club plays twice, where the exchanged day fits.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from livescores.sources.dates import swapped
from livescores.sources.records import FileRejected
from livescores.sources.seasons import Season

SUSPECTS = 2  # rows; of 250,000 real ones in their files none looks like it
CLASHES = 3  # more than with the days exchanged
League = Hashable
NEXT_DAY = timedelta(days=1)


class Row(NamedTuple):
    """A row as it was read."""

    line: int
    text: str
    league: League
    home: str
    away: str
    day: date

    @property
    def other(self) -> date | None:
        return swapped(self.day)


def refuse(rows: Sequence[Row], seasons: Mapping[Any, Sequence[Season]]) -> None:
    """
    Raises:
        FileRejected: rows of the file have day and month exchanged.
    """
    by_league: dict[League, list[Row]] = defaultdict(list)
    for row in rows:
        by_league[row.league].append(row)
    suspects: list[Row] = []
    n_more = 0
    for league, theirs in by_league.items():
        if all(row.day <= after.day for row, after in pairwise(theirs)):
            continue  # an exchanged day stands out of order
        either = [row for row in theirs if row.other]
        suspects += _misplaced(theirs)
        suspects += _outside(either, seasons[league])
        n_more += _clashes(theirs, exchanged=False) - _clashes(theirs, exchanged=True)
    if len(suspects) >= SUSPECTS or n_more >= CLASHES:
        example = suspects or [row for row in rows if row.other]
        raise _refused(rows, min(example))


def _refused(rows: Sequence[Row], suspect: Row) -> FileRejected:
    sure = next((row for row in rows if row.other is None), None)
    as_it_should = f"line {sure.line} ({sure.text[:20]}) and others read well, but " if sure else ""
    return FileRejected(
        f"Day and month are exchanged in some rows: {as_it_should}line {suspect.line} "
        f"({suspect.text[:20]}) and others fit only as {suspect.other}. "
        "Get the file anew, or say --date-order dmy or mdy if it is right.",
        suspect.line,
    )


def _misplaced(rows: Sequence[Row]) -> Iterable[Row]:
    """Rows that stand between two sure days, but are not of them, where the exchanged day is."""
    before: date | None = None
    waiting: list[Row] = []
    for row in rows:
        if row.other is not None:
            waiting.append(row)
            continue
        if before and before <= row.day:
            yield from (one for one in waiting if _fits_exchanged(one, before, row.day))
        before, waiting = row.day, []


def _fits_exchanged(row: Row, first: date, last: date) -> bool:
    return not first <= row.day <= last and first <= (row.other or row.day) <= last


def _outside(rows: Iterable[Row], seasons: Sequence[Season]) -> Iterable[Row]:
    for row in rows:
        inside = (any(one.holds(day) for one in seasons) for day in (row.day, row.other or row.day))
        if tuple(inside) == (False, True):
            yield row


def _clashes(rows: Iterable[Row], *, exchanged: bool) -> int:
    """How often a club plays on two days on end, or twice a day."""
    days: dict[str, list[date]] = defaultdict(list)
    for row in rows:
        day = (row.other or row.day) if exchanged else row.day
        days[row.home].append(day)
        days[row.away].append(day)
    n = 0
    for each in days.values():
        each.sort()
        n += sum(later - day <= NEXT_DAY for day, later in pairwise(each))
    return n
