"""One id per request: in its answer, in every log line it causes, and in the worker's too."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from soccerpredict.observability import log_context, metrics
from soccerpredict.observability.masking import holds_key

NONE = "-"
VALID = re.compile(r"[A-Za-z0-9._-]{1,128}")
access_log = logging.getLogger("soccerpredict.requests")


def current() -> str:
    """The id of the request or task being served; `-` outside of both."""
    known: str = log_context.facts().get("request_id", NONE)
    return known


def accepted(candidate: str | None) -> str:
    """The caller's own id where it is well-formed and no API key, else a new one."""
    if candidate and VALID.fullmatch(candidate) and not holds_key(candidate):
        return candidate
    return uuid.uuid4().hex


class RequestIdMiddleware:
    """The outermost middleware: every answer, whoever makes it, carries the id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        request_id = accepted(request.META.get("HTTP_X_REQUEST_ID"))
        # Not reset afterwards: Django logs, and a streamed body is made, after this has returned.
        log_context.begin(request_id=request_id)
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request_id
        seconds = time.perf_counter() - started
        metrics.observe(request, response.status_code, seconds)
        log_access(request, response.status_code, seconds)
        return response


def log_access(request: HttpRequest, status: int, seconds: float) -> None:
    """One line per request: the route's template, never the path or query a client wrote."""
    match = request.resolver_match
    tell_access(
        str(request.method),
        match.route if match else "(no route)",
        status,
        seconds,
        getattr(request, "api_key_prefix", NONE),
    )


def tell_access(method: str, route: str, status: int, seconds: float, key_prefix: str) -> None:
    duration_ms = round(seconds * 1000, 1)
    access_log.info(
        "%s /%s %d %.1f ms key=%s",
        *(method, route, status, duration_ms, key_prefix),
        extra={
            "method": method,
            "route": f"/{route}",
            "status": status,
            "duration_ms": duration_ms,
            "key_prefix": key_prefix,
        },
    )


def send_with_task(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Celery's `before_task_publish`: the id and the time travel in the headers."""
    if headers is not None:
        headers.setdefault("request_id", current())
        headers.setdefault("sent_at", time.time())


def restore_from_task(task: Any = None, task_id: str | None = None, **_: Any) -> None:
    """Celery's `task_prerun`: the worker's log lines carry the id of the request that asked."""
    request_id = getattr(getattr(task, "request", None), "request_id", None) or NONE
    log_context.begin(request_id=request_id, task_id=task_id)
