"""`/metrics` for Prometheus."""

from collections.abc import Iterable

import prometheus_client
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from prometheus_client import CollectorRegistry, multiprocess
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from monitoring.api import schemas
from monitoring.api.base import ClosableView
from monitoring.services.platform import platform_metrics
from soccerpredict.observability import metrics_folder


class WhateverAccepted(BaseContentNegotiation):
    """A scraper gets its text, whatever it says it accepts."""

    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type or ""


class MetricsView(ClosableView):
    content_negotiation_class = WhateverAccepted

    @schemas.described(
        "metrics",
        summary="Metrics for Prometheus",
        description=(
            "Prometheus text format, or OpenMetrics where `Accept` names it first; summed over "
            "all processes of a server that has several. What the database and the broker tell is "
            "up to some seconds old, and left out while they have never answered."
        ),
        responses={
            (200, "text/plain"): OpenApiResponse(OpenApiTypes.STR, "The metrics."),
            (200, "application/openmetrics-text"): OpenApiResponse(
                OpenApiTypes.STR, "The metrics."
            ),
            **schemas.METRICS_ERRORS,
        },
    )
    def get(self, request: Request) -> HttpResponse:
        encode, content_type = choose_encoder(request.META.get("HTTP_ACCEPT", ""))
        return HttpResponse(encode(registry()), content_type=content_type)


class OwnProcess(Collector):
    """The metrics of this process."""

    def collect(self) -> Iterable[Metric]:
        return prometheus_client.REGISTRY.collect()


class AllProcesses(Collector):
    """The metrics of all processes that share a folder, those that have ended included."""

    def __init__(self) -> None:
        # It registers itself where it is given a registry.
        self._files = multiprocess.MultiProcessCollector(None)  # type: ignore[no-untyped-call]

    def collect(self) -> Iterable[Metric]:
        with metrics_folder.reading():
            return list(self._files.collect())  # type: ignore[no-untyped-call]


def registry() -> CollectorRegistry:
    """The platform's state beside this process's counts, or all processes' that share a folder."""
    everything = CollectorRegistry()
    everything.register(platform_metrics.collector)
    everything.register(AllProcesses() if metrics_folder.folder() else OwnProcess())
    return everything
