"""Kick-off times as people and spreadsheets write them."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache

NOON = time(12)
CLOCK = re.compile(
    r"(\d{1,2})(?:[:.h](\d{1,2})(?:[:.](\d{2})(?:\.\d+)?)?)?\s*(?:([ap])\.?m\.?)?", re.ASCII | re.I
)
# A spreadsheet's own day, its mark of a text, and a word for hours.
AROUND = re.compile(r"^(?:\d{4}-\d\d-\d\d[T ]|')|\s*(?:uhr|hrs?)$", re.ASCII | re.I)
TOGETHER = re.compile(r"(\d{2})(\d{2})", re.ASCII)
FRACTION = re.compile(r"0\.(\d{3,})|0\.5", re.ASCII)  # of a day, as spreadsheets count
DAY = 24 * 60
AFTERNOON = {None: 0, "a": 0, "p": 12}


@lru_cache(maxsize=8192)
def kickoff(day: date, text: str, zone: tzinfo) -> tuple[datetime, bool]:
    """Kick-off in UTC, and True; noon UTC, and False, where the time is not known."""
    at = clock(text)
    if at is None:
        return datetime.combine(day, NOON, UTC), False
    return datetime.combine(day, at, zone).astimezone(UTC), True


def clock(text: str) -> time | None:
    """20:00, 20:00:00, 15.30, 15h30, 1530, 4:30 PM, 4 PM; None for TBC and all else."""
    text = AROUND.sub("", text.strip())
    if FRACTION.fullmatch(text):
        minutes = round(float(text) * DAY)
        return _time(minutes // 60, minutes % 60)
    if found := TOGETHER.fullmatch(text):
        return _time(int(found[1]), int(found[2]))
    found = CLOCK.fullmatch(text)
    if not found or (found[2] is None and found[4] is None):
        return None
    return _of_parts(int(found[1]), found[2] or "00", found[4], is_dotted="." in text)


def _of_parts(hour: int, minute: str, half: str | None, *, is_dotted: bool) -> time | None:
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + AFTERNOON[half.casefold()]
    if len(minute) == 1:  # 15.30 as a number is 15.3
        return _time(hour, int(minute) * 10) if is_dotted else None
    return _time(hour, int(minute))


def _time(hour: int, minute: int) -> time | None:
    return time(hour, minute) if hour < 24 and minute < 60 else None
