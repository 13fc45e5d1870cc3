"""Toy routes: one view for each thing that every route shares."""

import logging
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_GET
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from soccerpredict import errors
from soccerpredict import urls as project
from soccerpredict.http.input import fields, paging
from soccerpredict.http.input.validation import (
    BodySerializer,
    QuerySerializer,
    path_integer,
    validated,
    validated_many,
)
from soccerpredict.http.output import conditional, formats
from soccerpredict.http.output.renderers import LIST_RENDERERS
from soccerpredict.http.routing import route

STAGES = ["champion", "challenger"]
SECRET = "/srv/secret.py SELECT password FROM users"


class ListQuery(paging.PageQuery):
    future_only = fields.QueryBoolean(default=False)
    stage = fields.StageField(STAGES, default="champion")
    region_id = fields.QueryId(required=False)
    min_edge = fields.QueryNumber(required=False, min_value=-1, max_value=10)
    bookmaker = fields.QueryText(max_length=20, required=False)
    date_from = fields.QueryDate(required=False)
    date_to = fields.QueryDate(required=False)
    since = fields.QueryMoment(required=False)
    format = fields.QueryChoice(["json", "csv", "parquet"], required=False)
    year = fields.QueryInteger(min_value=1850, max_value=2150, required=False)
    month = fields.QueryInteger(min_value=1, max_value=12, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "month" in attrs and "year" not in attrs:
            raise serializers.ValidationError({"month": "Give the year as well."})
        if (
            attrs.get("date_from")
            and attrs.get("date_to")
            and attrs["date_from"] > attrs["date_to"]
        ):
            raise serializers.ValidationError("date_from is after date_to.", code="order")
        return attrs


class CachedQuery(ListQuery):
    is_cached = True


class NoQuery(QuerySerializer):
    pass


class FixtureBody(BodySerializer):
    home_team_id = fields.BodyId()
    away_team_id = fields.BodyId()
    match_datetime_utc = fields.BodyMoment()
    stage = fields.StageField(STAGES, default="champion")
    neutral_venue = fields.BodyBoolean(default=False)
    note = fields.QueryText(max_length=10, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["home_team_id"] == attrs["away_team_id"]:
            raise serializers.ValidationError("A team does not play itself.", code="same_team")
        return attrs


class OpenView(APIView):
    authentication_classes = []
    permission_classes = []
    throttle_classes = []


class Echo(OpenView):
    """What a query or body was read as."""

    query: type[QuerySerializer] = ListQuery

    def get(self, request: Request) -> Response:
        return Response(validated(self.query, request.query_params))

    def post(self, request: Request) -> Response:
        if isinstance(request.data, list):
            return Response(validated_many(FixtureBody, request.data, max_items=100))
        return Response(validated(FixtureBody, request.data))


class One(OpenView):
    def get(self, request: Request, match_id: str) -> Response:
        return Response({"match_id": path_integer("match_id", match_id)})


ROWS = [{"match_id": number, "team": "=1+1" if number == 1 else "Ö"} for number in range(1, 400)]


class Rows(OpenView):
    renderer_classes = LIST_RENDERERS

    def get(self, request: Request) -> HttpResponseBase:
        query = validated(ListQuery, request.query_params)
        media_type = request.accepted_renderer.media_type
        page = ROWS[query["offset"] :][: query.get("limit")]
        content = {
            formats.JSON: lambda: formats.to_json(page),
            formats.CSV: lambda: formats.to_csv(page, ["match_id", "team"]),
            formats.PARQUET: lambda: formats.to_parquet(page, {"match_id": int, "team": str}),
        }[media_type]()
        return conditional.respond(
            request,
            conditional.Body(plain=content),
            etag=conditional.etag_of(media_type, content),
            media_type=media_type,
            headers=paging.page_headers(
                request, total=len(ROWS), limit=query.get("limit"), offset=query["offset"]
            ),
        )


class Raising(OpenView):
    """Raises whatever error the path names."""

    ERRORS: dict[str, Exception] = {
        "unknown_stage": errors.UnknownStage(),
        "conflict": errors.Conflict("Taken."),
        "timeout": errors.GatewayTimeout(task_id="abc"),
        "unavailable": errors.ServiceUnavailable("No worker is alive.", retry_after=7),
        "many": errors.TooManyRequests(retry_after=3),
        "database": OperationalError(SECRET),
        "broker": RedisConnectionError(SECRET),
        "unexpected": RuntimeError(SECRET),
        "suspicious": SuspiciousOperation(SECRET),
        "denied": PermissionDenied(SECRET),
        "drf": serializers.ValidationError({"team": ["No such team."]}),
    }

    def get(self, request: Request, name: str) -> Response:
        raise self.ERRORS[name]


class Logging(OpenView):
    def get(self, request: Request) -> Response:
        logging.getLogger("toy").error("inside")
        return Response({})


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<h1>Hello</h1>")


def crashing(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(SECRET)


def streaming(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse([b"one", b"two"])


urlpatterns = [
    route("predict/echo/", Echo.as_view()),
    route("predict/remembered/", Echo.as_view(query=CachedQuery)),
    route("predict/noquery/", Echo.as_view(query=NoQuery)),
    route("predict/rows/", Rows.as_view()),
    route("predict/raise/<str:name>", Raising.as_view()),
    route("predict/log", Logging.as_view()),
    route("predict/stream", streaming),
    route("predict/crash", crashing),
    route("predict/plain", require_GET(page)),
    route("predict/<str:match_id>", One.as_view()),
    route("predict", Echo.as_view()),
    route("", page),
    route("page/", require_GET(page)),
    route("form/", csrf_protect(page)),
    route("crash/", crashing),
    route("closed/", permission_required("x.y", raise_exception=True)(page)),
    route("admin/", page),
    *project.urlpatterns,  # pages of errors lead to them by name
]
handler400 = "soccerpredict.http.problems.bad_request"
handler403 = "soccerpredict.http.problems.permission_denied"
handler404 = "soccerpredict.http.problems.page_not_found"
handler500 = "soccerpredict.http.problems.server_error"
