"""Day and month exchanged in some rows only, as programs do that take what they can for a month.

Such a file reads well row by row. What tells is all of it: days out of the order of the rows that
are sure, outside the season, or on which a club plays twice, where the exchanged day fits.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TypeVar

from livescores.sources.dates import swapped
from livescores.sources.records import FileRejected
from livescores.sources.seasons import Played, Season

SUSPECTS = 2  # rows; of 250,000 real ones in their files none looks like it
CLASHES = 3  # more than with the days exchanged
League = TypeVar("League", bound=Hashable)
NEXT_DAY = timedelta(days=1)


def refuse(
    leagues: Mapping[League, Sequence[Played]],
    seasons: Mapping[League, Sequence[Season]],
    texts: Mapping[int, str],
) -> None:
    """`leagues` holds rows in the order of the file, `texts` their dates as written, by line.

    Raises:
        FileRejected: rows of the file have day and month exchanged.
    """
    suspects: list[Played] = []
    n_more = 0
    out_of_order = [league for league, rows in leagues.items() if not _is_in_order(rows)]
    for league in out_of_order:  # in which an exchanged day stands
        rows = leagues[league]
        suspects += _misplaced(rows)
        suspects += _outside(rows, seasons[league])
        n_more += _clashes(rows, exchanged=False) - _clashes(rows, exchanged=True)
    if len(suspects) >= SUSPECTS or n_more >= CLASHES:
        rows = [row for league in out_of_order for row in leagues[league]]
        suspect = min(suspects or [row for row in rows if swapped(row.day)])
        raise _refused(suspect, next((row for row in rows if not swapped(row.day)), None), texts)


def _is_in_order(rows: Sequence[Played]) -> bool:
    return all(row.day <= after.day for row, after in pairwise(rows))


def _refused(suspect: Played, sure: Played | None, texts: Mapping[int, str]) -> FileRejected:
    def told(row: Played) -> str:
        return f"line {row.line} ({texts[row.line][:20]}) and others"

    contrast = f"{told(sure)} read well, but " if sure else ""
    return FileRejected(
        f"Day and month are exchanged in some rows: {contrast}{told(suspect)} fit only as "
        f"{swapped(suspect.day)}. Get the file anew, or say --date-order if it is right.",
        suspect.line,
    )


def _misplaced(rows: Sequence[Played]) -> Iterable[Played]:
    """Rows that stand between two sure days, but are not of them, where the exchanged day is."""
    before: date | None = None
    waiting: list[Played] = []
    for row in rows:
        if swapped(row.day):
            waiting.append(row)
            continue
        if before and before <= row.day:
            yield from (one for one in waiting if _fits_exchanged(one.day, before, row.day))
        before, waiting = row.day, []


def _fits_exchanged(day: date, first: date, last: date) -> bool:
    return not first <= day <= last and first <= (swapped(day) or day) <= last


def _outside(rows: Iterable[Played], seasons: Sequence[Season]) -> Iterable[Played]:
    for row in rows:
        other = swapped(row.day)
        if other and not _is_inside(row.day, seasons) and _is_inside(other, seasons):
            yield row


def _is_inside(day: date, seasons: Sequence[Season]) -> bool:
    return any(season.holds(day) for season in seasons)


def _clashes(rows: Iterable[Played], *, exchanged: bool) -> int:
    """How often a club plays on two days on end, or twice a day."""
    days: dict[str, list[date]] = defaultdict(list)
    for row in rows:
        day = (swapped(row.day) if exchanged else None) or row.day
        for club in row.pair:
            days[club].append(day)
    return sum(
        later - day <= NEXT_DAY for each in days.values() for day, later in pairwise(sorted(each))
    )
