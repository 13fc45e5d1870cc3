"""The OpenAPI document and the two pages that show it, without anything from another host."""

import gzip
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.contrib.staticfiles import finders
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.views import APIView

from monitoring.services.platform import examples
from monitoring.services.platform.examples import Example
from soccerpredict.http.input import fields
from soccerpredict.http.input.validation import QuerySerializer, validated
from soccerpredict.http.output.conditional import Body, etag_of, respond
from soccerpredict.http.output.renderers import JSONRenderer

REDOC = "drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
REDOCS_PICTURE = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
ROWS = 10  # of a list, unless who tries it asks for more


class SchemaQuery(QuerySerializer):
    format = fields.QueryChoice(["yaml", "json"], required=False)


class PlainJson(JSONRenderer):
    """For clients that ask for `application/json`."""


class SchemaView(APIView):
    """The OpenAPI document as YAML or JSON, by `Accept` or `?format=`."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    renderer_classes = [
        OpenApiYamlRenderer,
        OpenApiYamlRenderer2,
        OpenApiJsonRenderer,
        OpenApiJsonRenderer2,
        PlainJson,
    ]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponseBase:
        validated(SchemaQuery, request.query_params)
        renderer = request.accepted_renderer
        as_yaml = isinstance(renderer, OpenApiYamlRenderer)
        content = document(as_yaml=as_yaml, example=examples.current())
        media_type = str(renderer.media_type)
        return respond(
            request, Body(plain=content), etag=etag_of(media_type, content), media_type=media_type
        )


@lru_cache(maxsize=4)
def document(*, as_yaml: bool, example: Example | None = None) -> bytes:
    """The document with what there is to try: it changes when the next match kicks off."""
    renderer = OpenApiYamlRenderer() if as_yaml else OpenApiJsonRenderer()
    content = renderer.render(exemplified(schema(), example), renderer_context={})
    return content.encode() if isinstance(content, str) else content


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """It takes a second to make and never changes while the process lives."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    made: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


def exemplified(schema: dict[str, Any], example: Example | None) -> dict[str, Any]:
    """A copy whose parameters and bodies may be sent as they are offered."""
    copy = deepcopy(schema)
    for operations in copy["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                offer(parameter, example)
            if example and "requestBody" in operation:
                operation["requestBody"]["content"]["application/json"]["example"] = fixture(
                    example
                )
    return copy


def offer(parameter: dict[str, Any], example: Example | None) -> None:
    """A page of a list rather than all of it, and what stands in a path."""
    if parameter["name"] == "limit":
        parameter["example"] = ROWS
    elif parameter["in"] == "path" and hasattr(example, parameter["name"]):
        parameter["example"] = getattr(example, parameter["name"])


def fixture(example: Example) -> dict[str, Any]:
    return {
        "home_team_id": example.home_team_id,
        "away_team_id": example.away_team_id,
        "match_datetime_utc": example.kickoff,
        "tournament_id": example.tournament_id,
    }


class SwaggerView(SpectacularSwaggerSplitView):
    """Swagger UI; its script comes from a URL of its own, as the policy for scripts asks."""

    template_name_js = "docs/swagger_ui.js"

    authentication_classes = []
    permission_classes = []
    throttle_classes = []


class RedocView(SpectacularRedocView):
    """Redoc; its script comes from here, without the picture that it would ask its makers for."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    template_name = "docs/redoc.html"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "script" not in request.GET:
            page: HttpResponseBase = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
            return page
        script = redoc_script()
        return respond(request, script.body, etag=script.etag, media_type="text/javascript")


class Script(NamedTuple):
    body: Body
    etag: str


@lru_cache(maxsize=1)
def redoc_script() -> Script:
    code = Path(str(finders.find(REDOC))).read_bytes()
    code = code.replace(REDOCS_PICTURE, static("site/icon.svg").encode())
    return Script(Body(gzipped=gzip.compress(code, mtime=0)), etag_of(code))
