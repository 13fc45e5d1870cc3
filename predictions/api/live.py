"""Live predictions: through a worker, waited for or as a job; and what model serves."""

import re
import uuid
from typing import Any

from django.http.response import HttpResponseBase
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from predictions import metrics
from predictions.api import documentation
from predictions.api.answers import fixture_answer, job_answer, match_answer
from predictions.api.queries import MAX_FIXTURES, FixtureBody, IncludingQuery, NoQuery, StageQuery
from predictions.models import PredictionJob
from predictions.services.live import fixtures, jobs, live_requests
from predictions.services.live.fixtures import Fixture
from predictions.services.versions import model_info
from soccerpredict.access.permissions import CanAskLive
from soccerpredict.errors import InvalidInput
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

    @documentation.LIVE_MATCH
    @metrics.counted("live")
    def retrieve(self, request: Request, match_id: str) -> Response:
        number = path_integer("match_id", match_id)
        query = validated(IncludingQuery, request.query_params)
        found = live_requests.match(number, query["stage"], query.get("include", []))
        metrics.observe_confidence(found)
        return Response(match_answer(found), headers=NO_STORE)

    @documentation.LIVE_FIXTURES
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

    @documentation.JOB_CREATE
    @metrics.counted("async")
    def create(self, request: Request) -> Response:
        key = idempotency_key(request)
        asked, is_array = fixtures_of(request)
        job = jobs.submit(
            client_id=client_of(request),
            fixtures=asked,
            is_array=is_array,
            idempotency_key=key,
        )
        return Response(
            {"job_id": str(job.pk), "status": "queued", "status_url": status_url(request, job)},
            status=202,
            headers=NO_STORE,
        )

    @documentation.JOB_STATUS
    def retrieve(self, request: Request, job_id: str) -> Response:
        validated(NoQuery, request.query_params)
        job = jobs.find(client_id=client_of(request), job_id=path_uuid("job_id", job_id))
        status = 200 if job.finished_at else 202
        answer = job_answer(job) | {"status_url": status_url(request, job)}
        return Response(answer, status=status, headers=NO_STORE)


class ModelViewSet(viewsets.ViewSet):
    """What serves a stage."""

    @documentation.MODEL_INFO
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
