"""The prediction routes in the OpenAPI document, written for the client's developer."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
)

from predictions.api import schemas
from predictions.api.queries import (
    MAX_FIXTURES,
    CardQuery,
    FixtureBody,
    IncludingQuery,
    OddsQuery,
    PredictionQuery,
    RegionRoiQuery,
    StageQuery,
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
ODDS_ROW = openapi.row_serializer("OddsRow", listing.COLUMNS, about=schemas.ABOUT)
ROI_ROW = openapi.row_serializer(
    "RegionRoi", schemas.ROI_COLUMNS, nullable=schemas.ROI_NULLABLE, about=schemas.ABOUT
)

PREDICTIONS = described(
    "predictions_list",
    summary="All published predictions",
    description=(
        "One consistent set: every row is of the same model run. Without `limit` it is the whole "
        "list, kept ready and compressed; poll it with `If-None-Match`. Most rows are of matches "
        "that the model learned from (`in_sample`): judge it by `in_sample=false`."
    ),
    parameters=[PredictionQuery, *openapi.CONDITIONAL, *openapi.PAGED],
    responses={**openapi.list_responses(PREDICTION_ROW), **READ},
)
PRECOMPUTED = described(
    "predictions_precomputed",
    summary="The published prediction of a match",
    description=(
        "Read from the database: no task, no model call. What `include` asks for is kept of every "
        "match; null in the minutes after a new model's first publication."
    ),
    parameters=[MATCH_ID, IncludingQuery, *openapi.CONDITIONAL],
    responses={
        200: OpenApiResponse(schemas.PRECOMPUTED, "The prediction."),
        304: openapi.NOT_MODIFIED,
        **READ,
        **NOT_FOUND,
    },
)
CARDS = described(
    "cards_list",
    summary="Predictions beside prices",
    description=(
        "The bulk rows joined with region, tournament, score and the newest 1X2 price before "
        "kick-off of one bookmaker: implied probabilities with the margin taken out in proportion, "
        "edges (expected profit of a unit stake) and Kelly's fraction of the best one. Null where "
        "there is no price, or none that its source lets us pass on. Edges, best value and Kelly's "
        "fraction are null, too, where the model learned from the match (`in_sample`). An edge is "
        "what the model hopes for: `/predict/region-roi/` says what such bets have returned."
    ),
    parameters=[CardQuery, *openapi.CONDITIONAL, *openapi.PAGED],
    responses={**openapi.list_responses(CARD_ROW), **READ},
)
ODDS = described(
    "odds_list",
    summary="1X2 odds of all matches",
    description=(
        "Decimal prices, the newest of each match and bookmaker, or with `history` all. Those of "
        "sources that do not let us pass them on are left out."
    ),
    parameters=[OddsQuery, *openapi.CONDITIONAL, *openapi.PAGED],
    responses={**openapi.list_responses(ODDS_ROW), **READ},
)
REGION_ROI = described(
    "region_roi_list",
    summary="ROI of the betting simulation per region, tournament or month",
    description=(
        "What staking on predictions of matches that the model had not seen would have returned, "
        "at the last price before kick-off that was known then. Stakes on void matches go back. "
        "The interval is a 90 % bootstrap over match days. An empty list until the first "
        "simulation."
    ),
    parameters=[RegionRoiQuery, *openapi.CONDITIONAL, *schemas.SIMULATION_HEADERS],
    responses={
        200: OpenApiResponse(ROI_ROW, "One row a group: by name, or by month."),
        304: openapi.NOT_MODIFIED,
        **READ,
    },
)
LIVE_MATCH = described(
    "live_match",
    tag="live",
    summary="A live prediction of a stored match",
    description=(
        "Made by a worker from what was known at kick-off, waited for up to 30 s. `model_version` "
        "holds the alias here. Of a match that the model learned from it is no forecast "
        "(`in_sample`)."
    ),
    parameters=[MATCH_ID, IncludingQuery],
    responses={
        200: OpenApiResponse(schemas.LiveMatch, "The prediction."),
        **READ,
        **NOT_FOUND,
        **TIMEOUT,
    },
)
LIVE_FIXTURES = described(
    "live_fixtures",
    tag="live",
    summary="A live prediction of any fixture",
    description=(
        "Any two known teams at any time, no stored match needed; an array of up to 100 fixtures "
        "is answered with an array. Unknown fields are refused."
    ),
    request={"application/json": FIXTURES},
    responses={
        200: OpenApiResponse(schemas.FIXTURE_ANSWERS, "An object, or an array for an array."),
        **READ,
        **BODY,
        **TIMEOUT,
    },
)
JOB_CREATE = described(
    "live_job_create",
    tag="live",
    summary="Ask for predictions and collect them later",
    description="The same body as `POST /predict`; answered at once.",
    parameters=[IDEMPOTENCY],
    request={"application/json": FIXTURES},
    responses={
        202: OpenApiResponse(schemas.JobQueued, "The job is queued."),
        **READ,
        **BODY,
        **openapi.problems({409: "The `Idempotency-Key` was used for another request."}),
    },
)
JOB_STATUS = described(
    "live_job_status",
    tag="live",
    summary="What became of a job",
    description="Kept for an hour; only the client that asked may see it.",
    parameters=[JOB_ID],
    responses={
        200: OpenApiResponse(schemas.JobDone, "The result, or the problem that ended it."),
        202: OpenApiResponse(schemas.JobQueued, "It waits or runs."),
        **READ,
        **openapi.problems({404: "Unknown or expired."}),
    },
)
MODEL_INFO = described(
    "model_info",
    summary="What serves a stage",
    description=(
        "Name, version and metrics; `loaded` tells whether a living worker holds it. `comparison` "
        "puts champion and challenger side by side on the matches that neither has learned from."
    ),
    parameters=[StageQuery, *openapi.CONDITIONAL],
    responses={
        200: OpenApiResponse(schemas.ModelInfo, "The version."),
        304: openapi.NOT_MODIFIED,
        **READ,
    },
)
