"""`/monitoring/drift` and `/monitoring/quality`: the newest reports, byte by byte."""

from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request

from monitoring.api import schemas
from monitoring.api.base import ClosableView
from monitoring.services.reports import report_files
from soccerpredict.http.output.conditional import Body, respond


class DriftView(ClosableView):
    @schemas.described(
        "monitoring_drift",
        summary="The newest drift report",
        description=(
            "Whether the features and predictions of the current window are still distributed "
            "like those of the reference window. Where too few matches lie around now, the report "
            "is about the newest result, and says so."
        ),
        parameters=schemas.CONDITIONAL,
        responses={
            200: OpenApiResponse(schemas.DriftSerializer, "The report."),
            304: schemas.NOT_MODIFIED,
            **schemas.problems(404),
            **schemas.CLOSABLE_ERRORS,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        return _answer(request, report_files.newest("drift"))


class QualityView(ClosableView):
    @schemas.described(
        "monitoring_quality",
        summary="The newest quality report",
        description=(
            "Log-loss, Brier score, RPS, calibration error and hit rate of published predictions "
            "on settled matches with 95 % intervals, per stage, league and window, beside class "
            "frequencies and the closing line on the same matches. Every figure says how many of "
            "its forecasts were issued before kick-off, and how many were worked out afterwards. "
            "A window in which nothing was settled ends at the newest result, and says so."
        ),
        parameters=schemas.CONDITIONAL,
        responses={
            200: OpenApiResponse(schemas.QualitySerializer, "The report."),
            304: schemas.NOT_MODIFIED,
            **schemas.problems(404),
            **schemas.CLOSABLE_ERRORS,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        return _answer(request, report_files.newest("quality"))


def _answer(request: Request, report: report_files.Report) -> HttpResponseBase:
    return respond(request, Body(plain=report.content), etag=report.etag)
