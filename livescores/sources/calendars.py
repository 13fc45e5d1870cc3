"""What only a whole table tells: which number of a date is the day, which season a league's rows
are of, and how far its results go. Nothing of it follows from a single row.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from livescores.sources import swapped_dates
from livescores.sources.dates import Line, order_of, undecided, written
from livescores.sources.records import RecordRejected, latest_result
from livescores.sources.seasons import (
    Played,
    Season,
    label,
    refuse_torn,
    seasons_of,
    start_year,
    stated_season,
)

LONG_OVER = timedelta(days=7)  # for a match without a result


class League(NamedTuple):
    """Rows that are of one season, or of several whole ones."""

    name: str
    season: str = ""  # as a column states it
    spans: bool = True  # its seasons span two years


class Row(NamedTuple):
    """What of a row tells about the others."""

    line: int
    date: str
    league: League
    home: str
    away: str
    is_played: bool


@dataclass(frozen=True)
class Calendar:
    """How a table's dates are to be read; `days` by line, of the rows whose date can be."""

    order: str
    seasons: Mapping[League, Sequence[Season]]
    last_result: date | None
    days: Mapping[int, tuple[Row, date]]

    def season(self, line: int) -> str:
        """
        Raises:
            RecordRejected: its day is of none of the league's seasons.
        """
        row, day = self.days[line]
        seasons = self.seasons[row.league]
        for season in seasons:
            if season.first <= day <= season.last:
                return season.name
        if row.is_played and day > latest_result().date():
            raise RecordRejected(f"A result of {day}, which lies in the future.")
        raise RecordRejected(f"{day} lies outside the season {seasons[0].name}.")


def calendar_of(rows: Iterable[Row], *, usual: str = "", told: str = "") -> Calendar:
    """`usual` is the order in which the source writes dates, `told` what a person says of them.

    Raises:
        FileRejected: the rows contradict each other, or none tells day from month; in two lines.
    """
    readable = list(_readable(rows))
    lines = [Line(row.line, written(row.date)) for row in readable]
    order = told or order_of(lines) or _likely(readable, lines, usual)
    days = _days(readable, order)
    leagues = _by_league(days)
    seasons = _seasons(leagues)
    if not told:
        swapped_dates.refuse(leagues, seasons, {row.line: row.date for row, _ in days})
    for league, found in seasons.items():
        if not league.season:
            refuse_torn(leagues[league], found)
    by_line = {row.line: (row, day) for row, day in days}
    return Calendar(order, seasons, _last_result(days, seasons), by_line)


def _readable(rows: Iterable[Row]) -> Iterable[Row]:
    for row in rows:
        try:
            written(row.date)
        except RecordRejected:
            continue
        yield row


Days = Sequence[tuple[Row, date]]


def _days(rows: Iterable[Row], order: str) -> Days:
    """Rows with the day that they name, without those that name none."""
    return [(row, day) for row in rows if (day := written(row.date).in_order(order))]


def _by_league(days: Days) -> dict[League, list[Played]]:
    by_league: dict[League, list[Played]] = defaultdict(list)
    today = datetime.now(UTC).date()
    for row, day in days:
        is_coming = not row.is_played and day > today
        by_league[row.league].append(Played(row.line, day, (row.home, row.away), is_coming))
    return by_league


def _seasons(leagues: Mapping[League, Sequence[Played]]) -> dict[League, list[Season]]:
    return {league: _of_league(league, rows) for league, rows in leagues.items()}


def _of_league(league: League, rows: Sequence[Played]) -> list[Season]:
    """Where rows state their season, a match outside of it is of it all the same if it stands
    among them where its day belongs: a play-off half a year later, say.
    """
    if not league.season:
        found = seasons_of(rows, spans=league.spans)
        return [*found, *_to_come(rows, found, spans=league.spans)]
    stated = stated_season(league.season, (row.day for row in rows))
    if stated is None:
        return [Season(league.season, date.min, date.max)]
    outside = {n for n, row in enumerate(rows) if not stated.holds(row.day)}
    days = {rows[n].day for n in outside if _is_in_order(rows, n)}
    return [stated, *(Season(stated.name, day, day) for day in sorted(days))]


def _to_come(rows: Sequence[Played], found: Sequence[Season], *, spans: bool) -> Iterable[Season]:
    """First matches of the season after, where they stand behind all the others."""
    for n, row in enumerate(rows):
        if row.is_coming and _is_in_order(rows, n) and not any(s.holds(row.day) for s in found):
            yield Season(label(start_year(row.day, spans=spans), spans=spans), row.day, row.day)


def _is_in_order(rows: Sequence[Played], n: int) -> bool:
    before, after = rows[:n][-1:], rows[n + 1 :][:1]
    neighbours = [*before, rows[n], *after]
    return len(neighbours) > 1 and all(one.day <= other.day for one, other in pairwise(neighbours))


def _last_result(days: Days, seasons: Mapping[League, Sequence[Season]]) -> date | None:
    """A mistyped date says nothing of the matches before it."""
    latest = latest_result().date()
    return max(
        (
            day
            for row, day in days
            if row.is_played and day <= latest and any(s.holds(day) for s in seasons[row.league])
        ),
        default=None,
    )


def _likely(rows: Sequence[Row], lines: Sequence[Line], usual: str) -> str:
    """The usual order, where no date says another and nothing speaks against it."""
    other = "dmy" if usual == "mdy" else "mdy"
    if not usual or _odd(rows, usual) > _odd(rows, other):
        raise undecided([line for line in lines if not line.written.order])
    return usual


def _odd(rows: Sequence[Row], order: str) -> int:
    """How much is odd about an order: days out of line or season, results that are still to come,
    matches long over without one.
    """
    days = _days(rows, order)
    seasons = _seasons(_by_league(days))
    latest = latest_result().date()
    over = datetime.now(UTC).date() - LONG_OVER
    n = sum(day > latest if row.is_played else day < over for row, day in days)
    n += sum(not any(s.holds(day) for s in seasons[row.league]) for row, day in days)
    return n + sum(
        row.league == after.league and later < day for (row, day), (after, later) in pairwise(days)
    )
