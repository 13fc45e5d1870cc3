"""Which season the rows of a league are of: most of their dates tell, and no single one.

A row outside its season's span is mistyped. Where a file holds several whole seasons of a league,
each row is of its own.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from livescores.sources.records import FileRejected

NEW_SEASON_MONTH = 7
LATE = timedelta(days=31)  # a season that goes on past its usual end has no longer gap
LATEST = {True: (8, 31), False: (3, 31)}  # by whether it spans two years
EARLY = timedelta(days=31)  # before its usual start, where it is stated which season it is
SEVERAL = 10  # rows from which on a second season is no slip of the pen
SHARE = 5  # and of how many of the largest one's rows it must be one
AGAIN = 10  # of so many pairs one met again: then these are two seasons indeed
SPAN = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-/_–]?\s?(\d{4}|\d\d)(?![-_/]?\d)", re.ASCII)
YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
SHORT = re.compile(r"(?<!\d)(?<!\d\d[-_/])(\d\d)[-/_]?(\d\d)(?![-_/]?\d)", re.ASCII)


class Played(NamedTuple):
    """A row's day and its pair of clubs, and whether that day is to come, without a result."""

    line: int
    day: date
    pair: tuple[str, str]
    is_coming: bool = False


class Season(NamedTuple):
    """Its name, and from when to when its matches can be."""

    name: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def start_year(day: date, *, spans: bool) -> int:
    """The year in which the season of a day begins, if it spans two years or one."""
    return day.year if not spans or day.month >= NEW_SEASON_MONTH else day.year - 1


def label(year: int, *, spans: bool) -> str:
    return f"{year}-{(year + 1) % 100:02}" if spans else str(year)


def seasons_of(rows: Sequence[Played], *, spans: bool) -> list[Season]:
    """The seasons of one league's rows, the main one first."""
    found: list[Season] = []
    rest = list(rows)
    least = 0.0
    while rest:
        season = _main_season(rest, spans=spans)
        inside = [row for row in rest if season.holds(row.day)]
        if len(inside) < least:
            break
        found.append(season)
        if not least and len(inside) * 2 > len(rows):  # without a majority none is an outlier
            least = max(SEVERAL, len(inside) / SHARE)
        rest = [row for row in rest if not season.holds(row.day)]
    return found


def _main_season(rows: Sequence[Played], *, spans: bool) -> Season:
    years = Counter(start_year(row.day, spans=spans) for row in rows)
    year = max(years, key=lambda each: (years[each], -each))
    return _season(label(year, spans=spans), year, (row.day for row in rows), spans=spans)


def stated_season(name: str, days: Iterable[date]) -> Season | None:
    """The season of a name such as 2024-25 or 2024; none where the name tells no year."""
    year = name[:4]
    if not (year.isascii() and year.isdecimal()) or len(name) not in (4, 7):
        return None
    season = _season(name, int(year), days, spans=len(name) == 7)
    return season._replace(first=season.first - EARLY)


def _season(name: str, year: int, days: Iterable[date], *, spans: bool) -> Season:
    """It lasts a year, and on as long as no long gap parts its matches."""
    first = date(year, NEW_SEASON_MONTH if spans else 1, 1)
    end = first.replace(year=year + 1) - timedelta(days=1)
    latest = date(end.year + (not spans), *LATEST[spans])
    in_order = sorted(days)
    last = max((day for day in in_order if first <= day <= end), default=end)
    for day in in_order:
        if last < day <= min(last + LATE, latest):
            last = day
    return Season(name, first, max(last, end))


def refuse_torn(rows: Sequence[Played], found: Sequence[Season]) -> None:
    """Half a season whose year is mistyped looks like another season, but no pair meets again.

    Raises:
        FileRejected: two seasons share the rows without any pair that met in both.
    """
    for one, other in pairwise(found):
        first, second = ([row for row in rows if each.holds(row.day)] for each in (one, other))
        met = {row.pair for row in first}
        again = sum(row.pair in met for row in second)
        if len(second) >= SEVERAL and again * AGAIN < len(second):
            raise FileRejected(
                f"The dates are of two seasons, {one.name} (line {first[0].line}, "
                f"{first[0].day:%d/%m/%Y}) and {other.name} (line {second[0].line}, "
                f"{second[0].day:%d/%m/%Y}), but no pair of clubs meets in both.",
                second[0].line,
            )


def named(text: str) -> str:
    """The name of a season as we write it, from any way to write it; other words stay."""
    text = text.strip()
    found = SPAN.fullmatch(text) or SHORT.fullmatch(text)
    if not found or YEAR.fullmatch(text):
        return text
    year = _year(found[1])
    return label(year, spans=True) if _follows(year, found[2]) else text


def named_in(path: str) -> tuple[str, ...]:
    """The season that the name of a file says, or else the name of its folder; or nothing.

    Two years must follow each other, so a day in a name is none: 2026-11-30 is not 2026-11. A bare
    2021 may be two seasons: 2020-21, or the one that begins that year.
    """
    for part in reversed(path.replace("\\", "/").split("/")[-2:]):
        for pattern in (SPAN, SHORT):
            for found in pattern.finditer(part):
                year = _year(found[1])
                if _follows(year, found[2]):
                    also = YEAR.fullmatch(found[0]) and (label(int(found[0]), spans=True),)
                    return (label(year, spans=True), *(also or ()))
    return ()


def _year(text: str) -> int:
    """Of two or four digits; football-data.co.uk begins in 1993."""
    number = int(text)
    return number if number > 99 else number + (1900 if number >= 93 else 2000)


def _follows(year: int, text: str) -> bool:
    return int(text) in (year + 1, (year + 1) % 100)
