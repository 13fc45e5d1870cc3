"""`GET /livescores/`: matches with their status and score."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request

from livescores.models import MatchStatus
from livescores.services import scores
from livescores.services.scores import ScoreFilters
from soccerpredict.http import openapi
from soccerpredict.http.input import fields
from soccerpredict.http.input.paging import PageQuery, page_headers
from soccerpredict.http.input.validation import QuerySerializer, validated
from soccerpredict.http.output import lists
from soccerpredict.http.output.renderers import LIST_RENDERERS


class DaysQuery(QuerySerializer):
    """A year, a month of it or a day; the filters of scores, for the API and the page."""

    year = fields.QueryInteger(min_value=fields.MIN_YEAR, max_value=fields.MAX_YEAR, required=False)
    month = fields.QueryInteger(
        min_value=1, max_value=12, required=False, help_text="Of `year`, which it needs."
    )
    date = fields.QueryDate(required=False, help_text="One UTC day.")
    region_id = fields.QueryId(required=False)
    tournament_id = fields.QueryId(required=False)
    team_id = fields.QueryId(required=False, help_text="At home or away.")
    status = fields.QueryChoice(MatchStatus.values, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "month" in attrs and "year" not in attrs:
            raise serializers.ValidationError({"month": "Give the year as well."})
        if "date" in attrs and "year" in attrs:
            raise serializers.ValidationError({"date": "Give a day or a year, not both."})
        return attrs


class ScoreQuery(PageQuery, DaysQuery):
    is_cached = True
    format = fields.QueryChoice(
        ["json", "csv", "parquet"], required=False, help_text="Instead of `Accept`."
    )


ROW = openapi.row_serializer(
    "Score",
    scores.COLUMNS,
    nullable=("homeScore", "awayScore", "minute"),
    about={
        "id": "The match_id of every other route.",
        "startTimeUtc": "Kick-off, UTC.",
        "status": f"One of {', '.join(MatchStatus.values)}; a match that was live and that no "
        "source has confirmed for three hours is unknown.",
        "regionName": "Ends in `(simulated)` where the data are invented.",
        "homeScore": "Goals after 90 minutes, the score that settles 1X2; so far, while the match "
        "is live; null before.",
        "minute": "Of a live match, where a source tells it.",
        "kickoff_known": "False: only the day is known, and noon UTC stands for the time.",
        "isCup": "Whether the tournament is a cup, which has no table.",
        "neutralVenue": "Whether neither team is at home, as in most finals.",
    },
)
ERRORS = openapi.problems(
    {
        400: "There are more than a thousand parameters.",
        406: "`Accept` or `Accept-Encoding` excludes every representation.",
        422: "A parameter violates its schema; `errors` names each place.",
        500: "Something went wrong here.",
        503: "The database is away.",
    }
)


class ScoreViewSet(viewsets.ViewSet):
    """Open to everybody."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    renderer_classes = LIST_RENDERERS

    @extend_schema(
        operation_id="livescores_list",
        summary="Matches and scores",
        description="By year and month, day, region, tournament, team or status; without any "
        "filter the matches of the current month.",
        tags=["livescores"],
        parameters=[
            ScoreQuery,
            openapi.REQUEST_ID,
            openapi.RETRY_AFTER,
            *openapi.CONDITIONAL,
            *openapi.PAGED,
        ],
        responses={**openapi.list_responses(ROW), **ERRORS},
    )
    def list(self, request: Request) -> HttpResponseBase:
        query = validated(ScoreQuery, request.query_params)
        matches = scores.matching(filters_of(query), now=timezone.now())
        limit, offset = query.get("limit"), query["offset"]
        page = matches[offset : None if limit is None else offset + limit]
        body = lists.body_of(scores.rows(page), scores.COLUMNS, lists.media_type_of(request))
        headers = page_headers(request, total=matches.count(), limit=limit, offset=offset)
        return lists.respond_with(request, body, headers=headers)


def filters_of(query: dict[str, Any]) -> ScoreFilters:
    others = {"limit", "offset", "format", "date"}
    named = {name: value for name, value in query.items() if name not in others}
    return ScoreFilters(day=query.get("date"), **named)
