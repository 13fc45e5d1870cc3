"""Published predictions, cards, odds and ROI: what is read from the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse
from rest_framework import viewsets
from rest_framework.request import Request

from predictions import metrics
from predictions.api import schemas
from predictions.api.documentation import (
    CARD_ROW,
    MATCH_ID,
    NOT_FOUND,
    ODDS_ROW,
    PREDICTION_ROW,
    READ,
    ROI_ROW,
    described,
)
from predictions.api.queries import (
    CardQuery,
    IncludingQuery,
    OddsQuery,
    PredictionQuery,
    RegionRoiQuery,
)
from predictions.models import BettingReturn
from predictions.services.betting import region_returns
from predictions.services.odds import listing
from predictions.services.odds.listing import OddsFilters
from predictions.services.publishing import prediction_rows, published
from predictions.services.publishing.prediction_rows import Filters
from predictions.services.publishing.published import Published
from predictions.services.reading import cards, insight, precomputed
from predictions.services.reading.cards import CardFilters
from soccerpredict import postgres
from soccerpredict.http import openapi
from soccerpredict.http.input.paging import page_headers
from soccerpredict.http.input.validation import path_integer, validated
from soccerpredict.http.output import formats, lists
from soccerpredict.http.output.body_cache import BodyCache
from soccerpredict.http.output.conditional import Body, etag_of, respond
from soccerpredict.http.output.formats import JSON
from soccerpredict.http.output.renderers import LIST_RENDERERS
from soccerpredict.server import answer_cache

MB = 1024 * 1024
bodies = BodyCache(most_bytes=64 * MB, largest=8 * MB)
FILTERS = (
    "future_only",
    "region_id",
    "tournament_id",
    "team_id",
    "date_from",
    "date_to",
    "in_sample",
    "sort",
)


def filters_of(query: Mapping[str, Any]) -> Filters:
    return Filters(**{name: query[name] for name in FILTERS if name in query})


def headers_of(request: Request, query: Mapping[str, Any], total: int) -> dict[str, str]:
    return page_headers(request, total=total, limit=query.get("limit"), offset=query["offset"])


def is_whole(query: Mapping[str, Any]) -> bool:
    return query.get("limit") is None and query["offset"] == 0


def allow_again(
    request: Request, stage: str, held: Published, until: datetime | None, source: metrics.Source
) -> None:
    """The same answer to the same request, while this is published and until a match begins."""

    def holds() -> bool:
        return published.is_held(stage, held) and (until is None or timezone.now() < until)

    answer_cache.allow(request, holds=holds, count=metrics.counting(source))


class PredictionViewSet(viewsets.ViewSet):
    """The published predictions."""

    renderer_classes = LIST_RENDERERS

    @described(
        "predictions_list",
        summary="All published predictions",
        description=(
            "One consistent set: every row is of the same model run. Without `limit` it is the "
            "whole list, kept ready and compressed; poll it with `If-None-Match`. Most rows are of "
            "matches that the model learned from (`in_sample`): judge it by `in_sample=false`."
        ),
        parameters=[PredictionQuery, *openapi.CONDITIONAL, *openapi.PAGED],
        responses={**openapi.list_responses(PREDICTION_ROW), **READ},
    )
    @metrics.counted("list")
    def list(self, request: Request) -> HttpResponseBase:
        query = validated(PredictionQuery, request.query_params)
        held = published.current(query["stage"])
        rendered = held.rendered(timezone.now())
        allow_again(request, query["stage"], held, rendered.until, "list")
        filters, media_type = filters_of(query), lists.media_type_of(request)
        if media_type == JSON and is_whole(query) and not filters.any:
            headers = {"X-Total-Count": str(held.n_predictions)}
            body = Body(gzipped=rendered.gzipped)
            return respond(request, body, etag=rendered.etag, headers=headers)
        return self._part(request, query, held, rendered.etag, filters)

    def _part(
        self,
        request: Request,
        query: Mapping[str, Any],
        held: Published,
        etag: str,
        filters: Filters,
    ) -> HttpResponseBase:
        """A page, a filtered list or another representation: once for each publication."""
        now = timezone.now()  # not before the moment that the list's tag tells of
        media_type = lists.media_type_of(request)
        page = {"limit": query.get("limit"), "offset": query["offset"]}
        name = (etag, media_type, filters, *page.values())

        def make() -> Body:
            with postgres.allowing(settings.WEB_LIST_SECONDS):
                rows = prediction_rows.rows(held.facts, filters, now=now, **page)
                return lists.body_of(rows, prediction_rows.COLUMNS, media_type)

        total = held.n_predictions
        if filters.any:
            total = prediction_rows.count(held.facts, filters, now=now)
        return respond(
            request,
            bodies.get_or_make(name, make),
            etag=etag_of(*map(str, name)),
            media_type=media_type,
            headers=headers_of(request, query, total),
        )


class PrecomputedViewSet(viewsets.ViewSet):
    """One published prediction."""

    @described(
        "predictions_precomputed",
        summary="The published prediction of a match",
        description=(
            "Read from the database: no task, no model call. What `include` asks for is kept of "
            "every match; null in the minutes after a new model's first publication."
        ),
        parameters=[MATCH_ID, IncludingQuery, *openapi.CONDITIONAL],
        responses={
            200: OpenApiResponse(schemas.PRECOMPUTED, "The prediction."),
            304: openapi.NOT_MODIFIED,
            **READ,
            **NOT_FOUND,
        },
    )
    @metrics.counted("precomputed")
    def retrieve(self, request: Request, match_id: str) -> HttpResponseBase:
        number = path_integer("match_id", match_id)
        query = validated(IncludingQuery, request.query_params)
        held = published.current(query["stage"])
        found = precomputed.of_match(held.facts, number, now=timezone.now())
        if "include" in query:
            kept = insight.stored(number, held.facts) or {}
            found |= {name: kept.get(name) for name in query["include"]}
        else:
            until = found["start_time_utc"] if found["is_future"] else None
            allow_again(request, query["stage"], held, until, "precomputed")
        content = formats.to_json(found)
        return respond(request, Body(plain=content), etag=etag_of(content))


class CardViewSet(viewsets.ViewSet):
    """Predictions beside prices."""

    renderer_classes = LIST_RENDERERS

    @described(
        "cards_list",
        summary="Predictions beside prices",
        description=(
            "The bulk rows joined with region, tournament, score and the newest 1X2 price before "
            "kick-off of one bookmaker: implied probabilities with the margin taken out in "
            "proportion, edges (expected profit of a unit stake) and Kelly's fraction of the best "
            "one. Null where there is no price, or none that its source lets us pass on. Edges, "
            "best value and Kelly's fraction are null, too, where the model learned from the match "
            "(`in_sample`). Where the largest edge is above 0.5, the price or the model is wrong "
            "rather than generous: it is marked `edge_is_doubtful`, and there is no best value. "
            "An edge is what the model hopes for: `/predict/region-roi/` says what "
            "such bets have returned."
        ),
        parameters=[CardQuery, *openapi.CONDITIONAL, *openapi.PAGED],
        responses={**openapi.list_responses(CARD_ROW), **READ},
    )
    @metrics.counted("cards")
    def list(self, request: Request) -> HttpResponseBase:
        query = validated(CardQuery, request.query_params)
        held, now = published.current(query["stage"]), timezone.now()
        filters = CardFilters(filters_of(query), query.get("bookmaker"), query.get("min_edge"))
        page = {"limit": query.get("limit"), "offset": query["offset"]}
        with postgres.allowing(settings.WEB_LIST_SECONDS):
            rows = cards.cards(held.facts, filters, now=now, **page)
            body = lists.body_of(rows, cards.COLUMNS, lists.media_type_of(request))
            total = cards.count(held.facts, filters, now=now)
        return lists.respond_with(request, body, headers=headers_of(request, query, total))


class OddsViewSet(viewsets.ViewSet):
    """Stored prices."""

    renderer_classes = LIST_RENDERERS

    @described(
        "odds_list",
        summary="Odds of all matches",
        description=(
            "Decimal prices, the newest of each match and bookmaker, or with `history` all; 1X2 "
            "unless another `market` is asked for, whose prices are told apart by their `line`, "
            "too. Those of sources that do not let us pass them on are left out, and so are those "
            "in quarantine."
        ),
        parameters=[OddsQuery, *openapi.CONDITIONAL, *openapi.PAGED],
        responses={**openapi.list_responses(ODDS_ROW), **READ},
    )
    def list(self, request: Request) -> HttpResponseBase:
        query = validated(OddsQuery, request.query_params)
        wanted = ("match_id", "bookmaker", "history", "market", "line")
        filters = OddsFilters(**{name: query[name] for name in wanted if name in query})
        with postgres.allowing(settings.WEB_LIST_SECONDS):
            rows = listing.odds(filters, limit=query.get("limit"), offset=query["offset"])
            body = lists.body_of(rows, filters.listed.columns, lists.media_type_of(request))
            total = listing.count(filters)
        return lists.respond_with(request, body, headers=headers_of(request, query, total))


class RegionRoiViewSet(viewsets.ViewSet):
    """What betting on the predictions would have returned."""

    @described(
        "region_roi_list",
        summary="ROI of the betting simulation per region, tournament or month",
        description=(
            "What staking on predictions of matches that the model had not seen would have "
            "returned, at the last price before kick-off that was known then. Stakes on void "
            "matches go back. The interval is a 90 % bootstrap over match days. An empty list "
            "until the first simulation."
        ),
        parameters=[RegionRoiQuery, *openapi.CONDITIONAL, *schemas.SIMULATION_HEADERS],
        responses={
            200: OpenApiResponse(ROI_ROW, "One row a group: by name, or by month."),
            304: openapi.NOT_MODIFIED,
            **READ,
        },
    )
    def list(self, request: Request) -> HttpResponseBase:
        query = validated(RegionRoiQuery, request.query_params)
        found = region_returns.roi(**query)
        content = formats.to_json([roi_row(row) for row in found.returns])
        headers = {"X-Bookmaker": found.bookmaker or ""}
        if found.run:
            headers["X-Simulation-Run"] = str(found.run.pk)
            headers["X-Simulation-Computed-At"] = found.run.computed_at.isoformat()
        return respond(request, Body(plain=content), etag=etag_of(content), headers=headers)


def roi_row(row: BettingReturn) -> dict[str, Any]:
    return {**group_of(row), **{name: getattr(row, name) for name in schemas.ROI_OF_GROUP}}


def group_of(row: BettingReturn) -> dict[str, Any]:
    """What the row is about; null is what its grouping does not tell apart."""
    tournament = getattr(row, "tournament", None)
    region = tournament.region if tournament else getattr(row, "region", None)
    month = getattr(row, "month", None)
    return {
        "region_id": region and region.pk,
        "region": region and region.name,
        "tournament_id": tournament and tournament.pk,
        "tournament": tournament and tournament.name,
        "month": month and f"{month:%Y-%m}",
    }
