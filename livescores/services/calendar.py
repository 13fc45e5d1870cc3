"""Which days and months have matches, and how many."""

import calendar
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate, TruncMonth

from livescores.services import scores
from livescores.services.scores import ScoreFilters


@dataclass(frozen=True)
class Day:
    """A day of the calendar, or a month by its first day."""

    date: date
    n_matches: int


def weeks(filters: ScoreFilters, month: date, *, now: datetime) -> list[list[Day | None]]:
    """A month's weeks from Monday; None stands for the days of its neighbours."""
    within = replace(filters, day=None, year=month.year, month=month.month)
    found = scores.fitting(within, now=now).order_by()
    days = found.annotate(day=TruncDate("start_time_utc", tzinfo=UTC))
    counts = dict(days.values("day").annotate(n=Count("pk")).values_list("day", "n"))
    return [
        [_day(month.replace(day=number), counts) if number else None for number in week]
        for week in calendar.monthcalendar(month.year, month.month)
    ]


def months(filters: ScoreFilters, year: int, *, now: datetime) -> list[Day]:
    """The twelve months of a year."""
    within = replace(filters, day=None, year=year, month=None)
    month = TruncMonth("start_time_utc", tzinfo=UTC)
    found = scores.fitting(within, now=now).order_by().annotate(month=month)
    counted = found.values("month").annotate(n=Count("pk")).values_list("month", "n")
    counts = {first.date(): n for first, n in counted}
    return [_day(date(year, number, 1), counts) for number in range(1, 13)]


def _day(day: date, counts: dict[date, int]) -> Day:
    return Day(day, counts.get(day, 0))


def latest_day(filters: ScoreFilters, now: datetime) -> date:
    """Today where there are such matches, else the last day before it that has any."""
    tomorrow = scores.midnight(now.date() + timedelta(days=1))
    found = scores.fitting(replace(filters, day=None), now=now)
    past = found.filter(start_time_utc__lt=tomorrow)
    last = past.order_by("-start_time_utc").values_list("start_time_utc", flat=True).first()
    return last.date() if last else now.date()
