"""The OpenAPI document and the two pages that show it, without anything from another host."""

from functools import lru_cache

from django.http.response import HttpResponseBase
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

from soccerpredict.http import fields
from soccerpredict.http.conditional import Body, etag_of, respond
from soccerpredict.http.renderers import JSONRenderer
from soccerpredict.http.validation import QuerySerializer, validated


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
        content = document(as_yaml=isinstance(renderer, OpenApiYamlRenderer))
        media_type = str(renderer.media_type)
        return respond(
            request, Body(plain=content), etag=etag_of(media_type, content), media_type=media_type
        )


@lru_cache(maxsize=2)
def document(*, as_yaml: bool) -> bytes:
    """It takes a second to make and never changes while the process lives."""
    renderer = OpenApiYamlRenderer() if as_yaml else OpenApiJsonRenderer()
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    schema = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    content = renderer.render(schema, renderer_context={})
    return content.encode() if isinstance(content, str) else content


class SwaggerView(SpectacularSwaggerSplitView):
    """Swagger UI; its script comes from a URL of its own, as the policy for scripts asks."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = []


class RedocView(SpectacularRedocView):
    authentication_classes = []
    permission_classes = []
    throttle_classes = []
    template_name = "docs/redoc.html"
