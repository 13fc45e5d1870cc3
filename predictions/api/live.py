"""Live predictions: through a worker, waited for or as a job; and what model serves."""

import re
import uuid
from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from predictions import metrics
from predictions.api import schemas
from predictions.api.answers import fixture_answer, job_answer, match_answer
from predictions.api.documentation import (
    BODY,
    FIXTURES,
    IDEMPOTENCY,
    JOB_ID,
    JOBS_WAIT,
    MATCH_ID,
    NOT_FOUND,
    READ,
    TIMEOUT,
    described,
)
from predictions.api.queries import MAX_FIXTURES, FixtureBody, IncludingQuery, NoQuery, StageQuery
from predictions.models import PredictionJob
from predictions.services.live import fixtures, jobs, live_requests
from predictions.services.live.fixtures import Fixture
from predictions.services.versions import model_info
from soccerpredict.access.permissions import CanAskLive
from soccerpredict.errors import InvalidInput
from soccerpredict.http import openapi
from soccerpredict.http.input.validation import path_integer, validated, validated_many
from soccerpredict.http.output import formats
from soccerpredict.http.output.conditional import Body, etag_of, respond
from soccerpredict.observability.masking import holds_key

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,128}", re.ASCII)
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
NO_STORE = {"Cache-Control": "no-store"}


def client_of(request: Request) -> int:
    """The API client whose key this is."""
    credential: Any = request.auth
    return int(credential.client_id)


def key_of(request: Request) -> int:
    """The API key itself."""
    credential: Any = request.auth
    return int(credential.key_id)


def fixtures_of(request: Request) -> tuple[list[Fixture], bool]:
    """The fixtures of a body, and whether it was an array."""
    validated(NoQuery, request.query_params)
    is_array = isinstance(request.data, list)
    if is_array:
        bodies = validated_many(FixtureBody, request.data, max_items=MAX_FIXTURES)
    else:
        bodies = [validated(FixtureBody, request.data)]
    return fixtures.checked(bodies, array=is_array), is_array


class LiveViewSet(viewsets.ViewSet):
    """Asks a worker and waits."""

    permission_classes = [CanAskLive]

    @described(
        "live_match",
        tag="live",
        summary="A live prediction of a stored match",
        description=(
            "Made by a worker from what was known at kick-off, waited for up to 30 s. "
            "`model_version` holds the alias here. Of a match that the model learned from it is no "
            "forecast (`in_sample`)."
        ),
        parameters=[MATCH_ID, IncludingQuery],
        responses={
            200: OpenApiResponse(schemas.LiveMatch, "The prediction."),
            **READ,
            **NOT_FOUND,
            **TIMEOUT,
        },
    )
    @metrics.counted("live")
    def retrieve(self, request: Request, match_id: str) -> Response:
        number = path_integer("match_id", match_id)
        query = validated(IncludingQuery, request.query_params)
        found = live_requests.match(number, query["stage"], query.get("include", []))
        metrics.observe_confidence(found)
        return Response(match_answer(found), headers=NO_STORE)

    @described(
        "live_fixtures",
        tag="live",
        summary="A live prediction of any fixture",
        description=(
            "Any two known teams at any time, no stored match needed; an array of up to 100 "
            "fixtures is answered with an array. Unknown fields are refused."
        ),
        request={"application/json": FIXTURES},
        responses={
            200: OpenApiResponse(schemas.FIXTURE_ANSWERS, "An object, or an array for an array."),
            **READ,
            **BODY,
            **TIMEOUT,
        },
    )
    @metrics.counted("fixture")
    def create(self, request: Request) -> Response:
        asked, is_array = fixtures_of(request)
        found = live_requests.fixtures(asked)
        metrics.observe_confidence(*found)
        answers = [fixture_answer(one) for one in found]
        return Response(answers if is_array else answers[0], headers=NO_STORE)


class JobViewSet(viewsets.ViewSet):
    """Asks a worker and comes back for the answer."""

    permission_classes = [CanAskLive]

    @described(
        "live_job_create",
        tag="live",
        summary="Ask for predictions and collect them later",
        description=(
            "The same body as `POST /predict`; answered at once. Live predictions go before jobs, "
            "and keys take turns. Where too many jobs wait, `Retry-After` tells when to ask again."
        ),
        parameters=[IDEMPOTENCY],
        request={"application/json": FIXTURES},
        responses={
            202: OpenApiResponse(schemas.JobQueued, "The job is queued."),
            **READ,
            **BODY,
            **JOBS_WAIT,
        },
    )
    @metrics.counted("async")
    def create(self, request: Request) -> Response:
        key = idempotency_key(request)
        asked, is_array = fixtures_of(request)
        job = jobs.submit(
            client_id=client_of(request),
            key_id=key_of(request),
            fixtures=asked,
            is_array=is_array,
            idempotency_key=key,
        )
        return Response(
            {"job_id": str(job.pk), "status": "queued", "status_url": status_url(request, job)},
            status=202,
            headers=NO_STORE,
        )

    @described(
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
    def retrieve(self, request: Request, job_id: str) -> Response:
        validated(NoQuery, request.query_params)
        job = jobs.find(client_id=client_of(request), job_id=path_uuid("job_id", job_id))
        status = 200 if job.finished_at else 202
        answer = job_answer(job) | {"status_url": status_url(request, job)}
        return Response(answer, status=status, headers=NO_STORE)


class ModelViewSet(viewsets.ViewSet):
    """What serves a stage."""

    @described(
        "model_info",
        summary="What serves a stage",
        description=(
            "Name, version and metrics; `loaded` tells whether a living worker holds it. "
            "`comparison` puts champion and challenger side by side on the matches that neither "
            "has learned from."
        ),
        parameters=[StageQuery, *openapi.CONDITIONAL],
        responses={
            200: OpenApiResponse(schemas.ModelInfo, "The version."),
            304: openapi.NOT_MODIFIED,
            **READ,
        },
    )
    def info(self, request: Request) -> HttpResponseBase:
        query = validated(StageQuery, request.query_params)
        content = formats.to_json(model_info.of_stage(query["stage"]))
        return respond(request, Body(plain=content), etag=etag_of(content))


def idempotency_key(request: Request) -> str | None:
    key: Any = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is not None and not IDEMPOTENCY_KEY.fullmatch(key):
        message = "Write 1 to 128 visible ASCII characters."
        raise InvalidInput.at("header", "Idempotency-Key", msg=message)
    if key is not None and holds_key(key):
        raise InvalidInput.at("header", "Idempotency-Key", msg="Write no API key here.")
    return None if key is None else str(key)


def path_uuid(name: str, text: str) -> uuid.UUID:
    if not UUID_TEXT.fullmatch(text):
        raise InvalidInput.at("path", name, msg="Write a UUID.")
    return uuid.UUID(text)


def status_url(request: Request, job: PredictionJob) -> str:
    return request.build_absolute_uri(f"/predict/async/{job.pk}")
