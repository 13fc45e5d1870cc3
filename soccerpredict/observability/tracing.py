"""Traces by OpenTelemetry: from the web through the broker and a worker to the model, in one trace.

Off unless TRACES_URL names where to send them, in OTLP over HTTP. What a trace tells of a request
is its route, status and masked path: neither headers nor query.
"""

from typing import TYPE_CHECKING, Any

from soccerpredict.observability import spans
from soccerpredict.observability.masking import masked

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase
    from opentelemetry.sdk.trace import SpanProcessor

SERVICE = "soccerpredict"


def send_to(url: str) -> None:
    """Send traces there from now on; from every process that is forked, too."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    start(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))


def start(processor: "SpanProcessor") -> None:
    """Give the spans of Django, Celery, Redis, Postgres and our own to a processor."""
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE}))
    provider.add_span_processor(processor)
    django, *others = _instrumentors()
    django.instrument(
        tracer_provider=provider, request_hook=_hide_query, response_hook=_tell_request_id
    )
    for instrumentor in others:
        instrumentor.instrument(tracer_provider=provider)
    spans.tell_to(provider.get_tracer(SERVICE).start_as_current_span)


def stop() -> None:
    spans.tell_to(None)
    for instrumentor in _instrumentors():
        instrumentor.uninstrument()


def _instrumentors() -> list[Any]:
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
    from opentelemetry.instrumentation.redis import RedisInstrumentor

    return [DjangoInstrumentor(), CeleryInstrumentor(), RedisInstrumentor(), PsycopgInstrumentor()]  # type: ignore[no-untyped-call]


def _hide_query(span: Any, request: "HttpRequest") -> None:
    path = masked(request.path)
    for name in ("http.url", "http.target"):
        span.set_attribute(name, path)


def _tell_request_id(span: Any, request: "HttpRequest", response: "HttpResponseBase") -> None:
    span.set_attribute("request_id", response.headers.get("X-Request-ID", ""))
