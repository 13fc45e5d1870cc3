"""`/healthcheck/`, `/livez` and `/readyz`: open, and quick whatever is frozen."""

from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from monitoring.api import schemas
from monitoring.api.base import OpenView
from monitoring.services.platform import health

RETRY = {"Retry-After": "5"}


class HealthView(OpenView):
    @schemas.described(
        "healthcheck",
        summary="Health of this process and its database",
        description="Answers within 2 s, even when the database is frozen.",
        responses={
            200: OpenApiResponse(schemas.HealthSerializer, "Healthy."),
            503: OpenApiResponse(schemas.HealthSerializer, "The database is away."),
            **schemas.OPEN_ERRORS,
        },
    )
    def get(self, request: Request) -> Response:
        found = health.health()
        return _answer(found, well=found["database"])


class LivenessView(OpenView):
    @schemas.described(
        "livez",
        summary="Whether this process lives",
        description="Touches nothing outside the process: no other failure gets it restarted.",
        responses={
            200: OpenApiResponse(schemas.LivenessSerializer, "It lives."),
            **schemas.OPEN_ERRORS,
        },
    )
    def get(self, request: Request) -> Response:
        return Response({"status": "alive"})


class ReadinessView(OpenView):
    @schemas.described(
        "readyz",
        summary="Whether this process can serve everything",
        description=(
            "Names the database, the broker and the champion model. With the broker away, "
            "published predictions are still served, but no live ones. Answers within 300 ms, "
            "even when one of them is frozen, which shows after 1.5 s at most."
        ),
        responses={
            200: OpenApiResponse(schemas.ReadinessSerializer, "Everything is there."),
            503: OpenApiResponse(schemas.ReadinessSerializer, "Something is away."),
            **schemas.OPEN_ERRORS,
        },
    )
    def get(self, request: Request) -> Response:
        found = health.readiness()
        return _answer(found, well=found["status"] == "ready")


def _answer(found: health.Health | health.Readiness, *, well: bool) -> Response:
    return Response(found) if well else Response(found, status=503, headers=RETRY)
