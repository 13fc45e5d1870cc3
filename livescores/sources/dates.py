"""Dates as people, spreadsheets and programs write them, and which of their numbers is the day.

A table is written in one order of day and month. So all its rows together tell which it is, and a
date that could be either is never read by itself.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from livescores.sources.records import FileRejected, RecordRejected

ORDERS = ("dmy", "mdy", "ymd")
FIRST_OF_CENTURY = 93  # two-digit years start in 1993
OUTLIERS = 20  # rows that speak for one order, for each that may speak against it
NUMBERS = re.compile(
    r"(?:[A-Za-z]{2,9}\.?,?\s+)?(\d{1,4})([/.\-])\s?(\d{1,2})\2\s?(\d{1,4})(?:[T ,]+(\S.*))?",
    re.ASCII,
)
NAMED = re.compile(
    r"(?:[A-Za-z]{2,9},?\s+)??"
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[.\s\-/]*([A-Za-z]{3,9})|([A-Za-z]{3,9})[.\s]+(\d{1,2})(?:st|nd|rd|th)?)"
    r"[.,\s\-/]*(\d{4}|\d{2})(?:[T ,]+(\S.*))?",
    re.ASCII,
)
COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)", re.ASCII)
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
SERIALS = range(30_000, 60_000)  # days of a spreadsheet: 1982 to 2064
SPREADSHEET_EPOCH = date(1899, 12, 30)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Written(NamedTuple):
    """A date as written; `order` is empty where only its table tells which number is the day."""

    text: str
    numbers: tuple[int, int, int]
    order: str
    clock: str = ""  # what follows the date in its cell

    def day(self, order: str) -> date:
        """
        Raises:
            RecordRejected: there is no such day.
        """
        found = self.in_order(order)
        if found is None:
            raise RecordRejected(f"No such date: {self.text[:20]!r}.")
        return found

    def in_order(self, order: str) -> date | None:
        """The day in an order that the table tells, if it does not say its own."""
        return _day(self.numbers, self.order or order)


@lru_cache(maxsize=8192)
def _day(numbers: tuple[int, int, int], order: str) -> date | None:
    year, month, day = (numbers[order.index(letter)] for letter in "ymd")
    if year < 100:
        year += 1900 if year >= FIRST_OF_CENTURY else 2000
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def written(text: str) -> Written:
    """
    Raises:
        RecordRejected: it is no date in any form.
    """
    if found := NUMBERS.fullmatch(text):
        first, _, second, third, clock = found.groups()
        numbers = int(first), int(second), int(third)
        return Written(text, numbers, "ymd" if len(first) == 4 else "", clock or "")
    if found := NAMED.fullmatch(text):
        return _named(text, found)
    if found := COMPACT.fullmatch(text):
        year, month, day = map(int, found.groups())
        return Written(text, (year, month, day), "ymd")
    if (found := SERIAL.fullmatch(text)) and int(found[1]) in SERIALS:
        moment = SPREADSHEET_EPOCH + timedelta(days=int(found[1]))
        return Written(text, (moment.year, moment.month, moment.day), "ymd")
    raise RecordRejected(f"Unreadable date {text[:20]!r}.")


def _named(text: str, found: re.Match[str]) -> Written:
    day, month, name, number, year, clock = found.groups()
    try:
        place = MONTHS.index((month or name)[:3].casefold()) + 1
    except ValueError:
        raise RecordRejected(f"Unreadable date {text[:20]!r}.") from None
    return Written(text, (int(day or number), place, int(year)), "dmy", clock or "")


class Line(NamedTuple):
    """A date and where it stands."""

    number: int
    written: Written

    def __str__(self) -> str:
        return f"line {self.number} ({self.written.text[:20]})"


def order_of(lines: Iterable[Line]) -> str:
    """Which of three numbers is the day: dmy or mdy; ymd where every date says so by itself.

    Nothing where no row tells.

    Raises:
        FileRejected: rows contradict each other, with two lines of it.
    """
    either = [line for line in lines if not line.written.order]
    if not either:
        return "ymd"
    told = [(_decides(line.written.numbers), line) for line in either]
    day_first, month_first = ([line for one, line in told if one == o] for o in ("dmy", "mdy"))
    few, many = sorted((len(day_first), len(month_first)))
    if few > many // OUTLIERS:
        raise FileRejected(
            f"Day and month contradict each other: {day_first[0]} puts the day first, "
            f"{month_first[0]} the month. Say --date-order dmy or mdy if you know it.",
            min(day_first[0].number, month_first[0].number),
        )
    if not many:
        return ""
    return "dmy" if len(day_first) > len(month_first) else "mdy"


def undecided(lines: list[Line]) -> FileRejected:
    """No row tells which number is the day."""
    texts = {line.written.text: line for line in reversed(lines)}
    told = " and ".join(str(line) for line in list(texts.values())[::-1][:2])
    one = "reads" if len(texts) == 1 else "read"
    return FileRejected(
        f"Day and month cannot be told apart: {told} {one} either way. "
        "Say --date-order dmy or mdy.",
        lines[0].number,
    )


@lru_cache(maxsize=8192)
def _decides(numbers: tuple[int, int, int]) -> str:
    """The one order in which there is such a day."""
    found = [order for order in ("dmy", "mdy") if _day(numbers, order)]
    return found[0] if len(found) == 1 else ""


@lru_cache(maxsize=8192)
def swapped(day: date) -> date | None:
    """The day with its numbers of day and month exchanged, where that is another one."""
    if day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)
