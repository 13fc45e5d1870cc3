"""What all prediction routes share in the OpenAPI document; the rest is told beside each."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
)

from predictions.api import schemas
from predictions.api.queries import (
    MAX_FIXTURES,
    FixtureBody,
)
from predictions.services.odds import listing
from predictions.services.publishing import prediction_rows
from predictions.services.reading import cards
from soccerpredict.http import openapi
from soccerpredict.http.input.fields import MAX_ID

MethodT = TypeVar("MethodT", bound=Callable[..., Any])

REASONS = {
    400: "There is no such model stage, or there are more than a thousand parameters.",
    401: "Missing, wrong, expired or revoked `X-API-Key`.",
    403: "The key lacks the scope that this route asks for.",
    406: "`Accept` or `Accept-Encoding` excludes every representation.",
    422: "A parameter or the body violates its schema; `errors` names each place.",
    429: "The key is over its limit.",
    500: "Something went wrong here.",
    503: "The database, the broker, a worker or the model is not there.",
}
READ = openapi.problems(REASONS)
NOT_FOUND = openapi.problems({404: "There is no such match, or no prediction for it."})
BODY = openapi.problems(
    {
        404: "The `match_id` of the body is unknown.",
        413: "The body is over 64 KB.",
        415: "The body is not `application/json` in UTF-8.",
    }
)
JOBS_WAIT = openapi.problems(
    {
        409: "The `Idempotency-Key` was used for another request.",
        429: "The key is over its limit, or too many of its jobs wait (`too_many_jobs`).",
        503: "The database or the broker is not there, or too many jobs wait (`queue_full`).",
    }
)
TIMEOUT = openapi.problems({504: "No worker answered in 30 s; `task_id` lets you ask later."})
MATCH_ID = OpenApiParameter(
    "match_id",
    {"type": "integer", "minimum": 1, "maximum": MAX_ID},
    OpenApiParameter.PATH,
    description="As in every list.",
)
JOB_ID = OpenApiParameter("job_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,128}$"},
    OpenApiParameter.HEADER,
    description="1 to 128 visible ASCII characters; a repeat within an hour gets the same job.",
)
KEYED = [openapi.REQUEST_ID, openapi.RETRY_AFTER, *openapi.RATE_LIMIT]
FIXTURES = PolymorphicProxySerializer(
    component_name="FixtureOrFixtures",
    serializers=[
        FixtureBody,
        FixtureBody(many=True, max_length=MAX_FIXTURES),  # type: ignore[call-arg]
    ],
    resource_type_field_name=None,
    many=False,
)


def described(
    operation_id: str,
    *,
    summary: str,
    description: str,
    responses: dict[Any, Any],
    parameters: Sequence[Any] = (),
    tag: str = "predictions",
    **others: Any,
) -> Callable[[MethodT], MethodT]:
    """`extend_schema` with what all these routes have in common."""
    return extend_schema(
        operation_id=operation_id,
        summary=summary,
        description=description,
        tags=[tag],
        parameters=[*KEYED, *parameters],
        responses=responses,
        **others,
    )


PREDICTION_ROW = openapi.row_serializer(
    "PredictionRow", prediction_rows.COLUMNS, about=schemas.ABOUT
)
CARD_ROW = openapi.row_serializer(
    "Card", cards.COLUMNS, nullable=schemas.CARD_NULLABLE, about=schemas.ABOUT
)
ODDS_ROW = PolymorphicProxySerializer(
    component_name="OddsOfMarket",
    serializers=[
        openapi.row_serializer(
            name, listing.LISTED[market].columns, about=schemas.ABOUT, many=False
        )
        for market, name in schemas.ODDS_ROWS.items()
    ],
    resource_type_field_name=None,
    many=True,
)
ROI_ROW = openapi.row_serializer(
    "RegionRoi", schemas.ROI_COLUMNS, nullable=schemas.ROI_NULLABLE, about=schemas.ABOUT
)
