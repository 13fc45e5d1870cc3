"""The page of scores: a calendar, and the matches of one of its days, months or years."""

from calendar import day_name
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from livescores import pages
from livescores.api.scores import DaysQuery, filters_of
from livescores.models import Match, MatchStatus
from livescores.services import calendar, scores
from livescores.services.scores import ScoreFilters, month_after
from soccerpredict.http.input import fields
from soccerpredict.http.output.conditional import etag_of
from soccerpredict.http.pages.views import asked, form_of, link_with, page

N_SHOWN = 200
MAX_OFFSET = 20_000
DAY_NAMES = [(name[:2], name) for name in day_name]
AN_EVENING = timedelta(days=1)  # a match may go on past midnight


class BoardQuery(DaysQuery):
    is_cached = True
    offset = fields.QueryInteger(min_value=0, max_value=MAX_OFFSET, default=0)


@dataclass(frozen=True)
class LeagueMatches:
    """Matches of one league on one day."""

    day: date
    league_id: int
    league: str
    region: str
    matches: list[Match]


@page
def scores_page(request: HttpRequest) -> HttpResponse:
    """Scores of a day, a month or a year, beside a calendar."""
    form, now = form_of(request, BoardQuery, told=told_of(request)), timezone.now()
    query, filters = form.values, filters_for(form.values, now)
    context = {
        "section": "scores",
        **form.context,
        "today": now.date(),
        "statuses": MatchStatus.values,
        "places": pages.places(query),
        **_board(request, filters, query["offset"], now),
        "any_day": link_before(_link(request)),
        **_calendar(request, filters, now),
    }
    return render(request, "livescores/scores.html", context, status=form.status)


def told_of(request: HttpRequest) -> tuple[str, ...]:
    """The fields beside which the page has room for a message: a year or month has no day's."""
    return () if "year" in request.GET else ("date",)


@page
def scores_board(request: HttpRequest) -> HttpResponse:
    """The matches alone: htmx asks for them again and again while some may be under way."""
    query, now = asked(BoardQuery, request.GET), timezone.now()
    context = _board(request, filters_for(query, now), query["offset"], now)
    response = render(request, "livescores/board.html", context)
    response.headers["ETag"] = f'"{context["etag"]}"'
    return response


def filters_for(query: Mapping[str, Any], now: datetime) -> ScoreFilters:
    """What was asked; where no day, month or year was, the latest day that has such matches."""
    filters = filters_of(dict(query))
    if filters.day is None and filters.year is None:
        return replace(filters, day=calendar.latest_day(filters, now))
    return filters


def _board(
    request: HttpRequest, filters: ScoreFilters, offset: int, now: datetime
) -> dict[str, Any]:
    found = list(scores.fitting(filters, now=now).with_names()[offset : offset + N_SHOWN + 1])
    shown, first, last = found[:N_SHOWN], *_days(filters)
    return {
        "filters": filters,
        "groups": list(grouped(shown)),
        "etag": etag_of(request.GET.urlencode(), *map(_state, found)),
        "is_open": first <= now.date() <= last + AN_EVENING,
        "board_link": reverse("scores board") + link_with(request),
        "next": link_with(request, offset=offset + N_SHOWN) if len(found) > N_SHOWN else None,
        "previous": link_with(request, offset=max(0, offset - N_SHOWN)) if offset else None,
    }


def _state(match: Any) -> str:
    """What of a match `as_shown` the board shows."""
    teams = f"{match.home_team.name}:{match.away_team.name}"
    score = f"{match.home_score}:{match.away_score}"
    shown = f"{match.shown_status} {match.shown_minute}"
    return f"{match.pk} {match.start_time_utc} {shown} {teams} {score}"


def _days(filters: ScoreFilters) -> tuple[date, date]:
    """The first and the last day of what is asked."""
    span = filters.span()
    if span is None:
        raise ValueError("The page always asks for some days.")
    return span[0].date(), span[1].date() - timedelta(days=1)


def _calendar(request: HttpRequest, filters: ScoreFilters, now: datetime) -> dict[str, Any]:
    """The month around a day, or the months of a year, and the ways to their neighbours."""
    first, _ = _days(filters)
    if filters.day is None and filters.month is None:
        return {
            "months": calendar.months(filters, first.year, now=now),
            "links": {
                "before": _link(request, year=first.year - 1),
                "after": _link(request, year=first.year + 1),
            },
        }
    month = first.replace(day=1)
    return {
        "month": month,
        "day_names": DAY_NAMES,
        "weeks": calendar.weeks(filters, month, now=now),
        "links": {
            "before": _month_link(request, (month - timedelta(days=1)).replace(day=1)),
            "month": _month_link(request, month),
            "after": _month_link(request, month_after(month)),
            "year": _link(request, year=month.year),
            "yesterday": _link(request, date=first - timedelta(days=1)),
            "tomorrow": _link(request, date=first + timedelta(days=1)),
        },
    }


def _month_link(request: HttpRequest, month: date) -> str:
    return _link(request, year=month.year, month=month.month)


def _link(request: HttpRequest, **days: object) -> str:
    """To other days, with the rest of what is asked."""
    return link_with(request, **{"date": None, "year": None, "month": None, "offset": None, **days})


def link_before(link: str) -> str:
    """A link to which a parameter can be appended."""
    return link if link == "?" else f"{link}&"


def grouped(matches: Iterable[Match]) -> Iterator[LeagueMatches]:
    """By day, region and league."""

    def place(match: Match) -> tuple[date, str, int, str, int]:
        league = match.season.tournament
        tier = league.tier or 0
        return match.start_time_utc.date(), league.region.name, tier, league.name, league.pk

    for (day, region, _, league, pk), inside in groupby(sorted(matches, key=place), key=place):
        yield LeagueMatches(day, pk, league, region, list(inside))
