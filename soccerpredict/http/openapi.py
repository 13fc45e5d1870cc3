"""What the OpenAPI document says of every route: problem documents, shared headers, rows."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.serializers import PolymorphicProxySerializerExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, inline_serializer
from rest_framework import serializers

from soccerpredict.http import problems as problem_documents
from soccerpredict.http.output.formats import CSV, JSON, PARQUET

Responses = dict[Any, OpenApiResponse]

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem document.",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "code": {"type": "string", "description": "A stable word to switch on."},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "One entry per violation; only with status 422.",
            "items": {
                "type": "object",
                "required": ["loc", "msg", "type"],
                "properties": {
                    "loc": {
                        "type": "array",
                        "items": {"oneOf": [{"type": "string"}, {"type": "integer"}]},
                    },
                    "msg": {"type": "string"},
                    "type": {"type": "string"},
                },
            },
        },
    },
}


def _header(name: str, kind: Any, description: str, response: Any = True) -> OpenApiParameter:
    return OpenApiParameter(
        name, kind, OpenApiParameter.HEADER, description=description, response=response
    )


REQUEST_ID = _header(
    "X-Request-ID",
    OpenApiTypes.STR,
    "The caller's own id, where it sent a well-formed one, else a new one.",
)
RETRY_AFTER = _header(
    "Retry-After", OpenApiTypes.INT, "Seconds after which to try again.", [429, 503]
)
RATE_LIMIT = [
    _header("RateLimit-Limit", OpenApiTypes.INT, "Requests a minute that the key may make."),
    _header("RateLimit-Remaining", OpenApiTypes.INT, "How many of them are left."),
    _header("RateLimit-Reset", OpenApiTypes.INT, "Seconds until the count starts anew."),
]
CONDITIONAL = [
    OpenApiParameter(
        "If-None-Match",
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        description="The ETag of an earlier answer: 304 if the content is still that.",
    ),
    _header("ETag", OpenApiTypes.STR, "Strong; changes whenever the content does.", [200, 304]),
]
PAGED = [
    _header("X-Total-Count", OpenApiTypes.INT, "Rows of the list without its paging.", [200]),
    _header("Link", OpenApiTypes.STR, "The next and previous page, where there is one.", [200]),
]
NOT_MODIFIED = OpenApiResponse(description="The content is still that of `If-None-Match`.")


class BoundedArrays(PolymorphicProxySerializerExtension):  # type: ignore[no-untyped-call]
    """Says how long an array of a body may be, which drf-spectacular leaves out."""

    priority = 0

    def _process_serializer(self, auto_schema: Any, serializer: Any, direction: Any) -> Any:
        process = super()._process_serializer
        name, schema = process(auto_schema, serializer, direction)  # type: ignore[no-untyped-call]
        most = getattr(serializer, "max_length", None)
        return name, {**schema, "minItems": 1, "maxItems": most} if most else schema


class ClosedBodies(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Bodies refuse members that they do not know."""

    target_class = "soccerpredict.http.input.validation.BodySerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        schema = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**schema, "additionalProperties": False}


def require_bodies(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of drf-spectacular, which takes a body of several forms for one to leave out."""
    for operations in result["paths"].values():
        for operation in operations.values():
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
    return result


def problems(reasons: Mapping[int, str]) -> Responses:
    """A problem document per status, with the reason for it."""
    return {
        (status, problem_documents.MEDIA_TYPE): OpenApiResponse(PROBLEM, reason)
        for status, reason in reasons.items()
    }


def row_serializer(
    name: str,
    columns: Mapping[str, type],
    *,
    nullable: Collection[str] = (),
    about: Mapping[str, str] | None = None,
    many: bool = True,
) -> serializers.Serializer[Any]:
    """Describes a row with these columns; for the document only."""
    kinds: dict[type, type[serializers.Field[Any, Any, Any, Any]]] = {
        int: serializers.IntegerField,
        float: serializers.FloatField,
        str: serializers.CharField,
        bool: serializers.BooleanField,
        datetime: serializers.DateTimeField,
    }
    fields: dict[str, Any] = {
        column: kinds[kind](allow_null=column in nullable, help_text=(about or {}).get(column, ""))
        for column, kind in columns.items()
    }
    return inline_serializer(name, fields, many=many)


def list_responses(rows: serializers.Serializer[Any]) -> Responses:
    """A list as JSON, CSV and Parquet, and 304."""
    return {
        (200, JSON): OpenApiResponse(rows, "The rows, in a stable order."),
        (200, CSV): OpenApiResponse(OpenApiTypes.STR, "The same as CSV with a header line."),
        (200, PARQUET): OpenApiResponse(OpenApiTypes.BINARY, "The same as a Parquet file."),
        304: NOT_MODIFIED,
    }
