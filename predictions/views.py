"""Pages for visitors: what is to come, and whom a search finds."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from livescores import pages
from livescores.models import Match, Team, Tournament
from livescores.services.search import search
from predictions.api.queries import NoQuery
from predictions.models import Stage
from predictions.pages import cards, explorer
from predictions.pages.insight import Insight
from predictions.pages.insight import insight as as_tables
from predictions.pages.league import context_of as league_context
from predictions.pages.match import context_of as match_context
from predictions.pages.queries import (
    DAYS,
    DownloadQuery,
    ExplorerQuery,
    LeagueQuery,
    MatchesQuery,
    MatchQuery,
    SearchQuery,
)
from predictions.pages.team import context_of as team_context
from predictions.services.publishing import published
from predictions.services.publishing.prediction_rows import Filters
from predictions.services.publishing.published import NothingPublished, Published
from predictions.services.reading import insight
from soccerpredict.errors import InvalidInput, NotFound
from soccerpredict.http.input.validation import path_integer
from soccerpredict.http.output.negotiation import best
from soccerpredict.http.pages.failures import is_part
from soccerpredict.http.pages.views import asked, form_of, link_with, page

PLACES = ("region_id", "tournament_id", "team_id")


@require_safe
def front(request: HttpRequest) -> HttpResponseBase:
    """The matches for a browser, where to go for a program."""
    if best(request.META.get("HTTP_ACCEPT", "*/*"), ("application/json", "text/html")) != 1:
        return _signpost(request)
    return matches_page(request)


@page
def matches_page(request: HttpRequest) -> HttpResponse:
    """Today's matches and the next ones, as cards by day."""
    form, now = form_of(request, MatchesQuery, told=DAYS), timezone.now()
    query, champion = form.values, _champion()
    context: dict[str, Any] = {
        "section": "matches",
        "published": champion,
        **form.context,
        "places": pages.places(query),
        "today": now.date(),
    }
    if champion:
        context |= _cards(request, champion, query, now)
    return render(request, "predictions/matches.html", context, status=form.status)


def _cards(
    request: HttpRequest, champion: Published, query: dict[str, Any], now: datetime
) -> dict[str, Any]:
    offset = query["offset"]
    filters, is_past = _filters(champion, query, now)
    shown, has_more = cards.page_of(champion.facts, filters, now=now, offset=offset)
    coming = cards.coming_days(champion.coming, now)
    return {
        "weekdays": [
            (day, n, link_with(request, date_from=day, date_to=day, offset=None))
            for day, n in coming
        ],
        "days": list(cards.by_day(shown)),
        "is_past": is_past,
        "is_narrowed": any(name in query for name in PLACES),
        "next": link_with(request, offset=offset + cards.N_SHOWN) if has_more else None,
        "previous": link_with(request, offset=max(0, offset - cards.N_SHOWN)) if offset else None,
    }


def _filters(champion: Published, query: dict[str, Any], now: datetime) -> tuple[Filters, bool]:
    """What was asked, from today on where no day was; and whether all that is long over."""
    filters = Filters(**{name: query[name] for name in (*PLACES, *DAYS) if name in query})
    if filters.date_from or filters.date_to:
        return filters, False
    last = cards.last_days(champion.facts, filters, now)
    return replace(filters, date_from=last or now.date()), last is not None


@page
def search_page(request: HttpRequest) -> HttpResponse:
    """Teams and leagues of a name."""
    text = asked(SearchQuery, request.GET).get("q", "").strip()
    context = {"sought": text, "found": search(text) if text else None}
    return render(request, "predictions/search.html", context)


@page
def match_page(request: HttpRequest, match_id: str) -> HttpResponse:
    """All about one match, now or as it stood at an earlier moment."""
    match, now = _match(match_id), timezone.now()
    if match.same_as_id is not None:
        return redirect("match", match.same_as_id)  # not for good: it may be split off again
    at = asked(MatchQuery, request.GET).get("at")
    if at is not None and at > now:
        raise InvalidInput.at("query", "at", msg="Write a moment of the past.")
    context = match_context(match, at=at, now=now) | {"section": "matches"}
    if at is None:
        context["insight"] = _stored_insight(match)
    return render(request, "predictions/match.html", context)


def _stored_insight(match: Match) -> Insight | None:
    """What the batch kept of the prediction: only what it did not keep, a worker is asked for."""
    champion = _champion()
    kept = insight.stored(match.pk, champion.facts) if champion else None
    return as_tables(kept) if kept else None


@page
def match_insight(request: HttpRequest, match_id: str) -> HttpResponse:
    """What a worker adds to the match's page: scores, markets, and what moved the prediction."""
    asked(NoQuery, request.GET)
    match = _match(match_id)
    answer = insight.of_match(match.pk, published.current("champion").facts)
    shown = as_tables(answer)
    whole = "predictions/insight_page.html"
    template = "predictions/insight.html" if is_part(request) else whole
    return render(request, template, {"match": match, "insight": shown, "section": "matches"})


@page
def league_page(request: HttpRequest, league_id: str) -> HttpResponse:
    """A league's season: table, ratings, next and last matches."""
    league = _league(path_integer("league_id", league_id))
    wanted = asked(LeagueQuery, request.GET).get("season_id")
    seasons = league.seasons.order_by("-name")
    season = seasons.filter(pk=wanted).first() if wanted else seasons.first()
    if wanted and season is None:
        raise NotFound(f"{league.name} has no season {wanted}.")
    context = league_context(league, season, _champion(), now=timezone.now())
    return render(request, "predictions/league.html", context)


def _league(number: int) -> Tournament:
    league = Tournament.objects.select_related("region").filter(pk=number).first()
    if league is None:
        raise NotFound(f"There is no league {number}.")
    return league


@page
def team_page(request: HttpRequest, team_id: str) -> HttpResponse:
    """A team: its rating over time, and results against expectation."""
    number = path_integer("team_id", team_id)
    asked(NoQuery, request.GET)
    team = Team.objects.select_related("region").filter(pk=number).first()
    if team is None:
        raise NotFound(f"There is no team {number}.")
    context = team_context(team, _champion(), now=timezone.now())
    return render(request, "predictions/team.html", context)


@page
def explorer_page(request: HttpRequest) -> HttpResponse:
    """The published predictions as a table, and the same query as an API call."""
    form, now = form_of(request, ExplorerQuery, told=DAYS), timezone.now()
    query, held = form.values, _published(form.values["stage"])
    context: dict[str, Any] = {
        "section": "explorer",
        **form.context,
        "stages": Stage.values,
        "places": pages.places(query),
    }
    if held:
        context |= explorer.context_of(held, query, request, now=now)
    return render(request, "predictions/explorer.html", context, status=form.status)


@page
def explorer_download(request: HttpRequest) -> HttpResponseBase:
    """The first rows of the explorer's query as a file."""
    query = asked(DownloadQuery, request.GET)
    held = published.current(query["stage"])
    return explorer.download(request, held, query, now=timezone.now())


def _match(match_id: str) -> Match:
    """The match of a path. Raises NotFound, or InvalidInput when it is no number."""
    number = path_integer("match_id", match_id)
    match = Match.objects.with_names().filter(pk=number).first()
    if match is None:
        raise NotFound(f"There is no match {number}.")
    return match


def _signpost(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {
            "service": "SoccerPredict",
            "version": settings.VERSION,
            "docs": request.build_absolute_uri(reverse("docs")),
            "health": request.build_absolute_uri("/healthcheck/"),
        },
        headers={"Vary": "Accept"},
    )


def _champion() -> Published | None:
    return _published(Stage.CHAMPION.value)


def _published(stage: str) -> Published | None:
    try:
        return published.current(stage)
    except NothingPublished:
        return None
