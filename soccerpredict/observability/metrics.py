"""Request metrics: few series, and little work for each request.

django-prometheus's own middlewares keep fourteen series per request, which costs a poll an eighth
of its time.
"""

from functools import lru_cache

from django.http import HttpRequest
from prometheus_client import Counter, Histogram

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "(other)"
ADMIN = "admin/"
NOT_ALLOWED = 405
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
duration = Histogram(
    "http_request_duration_seconds",
    "From a request's arrival to its answer.",
    ["route"],
    buckets=SECONDS,
)
requests = Counter("http_requests_total", "Answered requests.", ["route", "method", "status"])
answered_from_cache = Counter("http_answers_remembered_total", "Answers given again from memory.")


def observe(request: HttpRequest, status: int, seconds: float) -> None:
    """Count one answer. Labels are routes, never paths: the series stay few."""
    match = request.resolver_match
    route = match.route if match else OTHER
    method = request.method if request.method in METHODS and status != NOT_ALLOWED else OTHER
    count(str(method), route, status, seconds)


def count(method: str, route: str, status: int, seconds: float) -> None:
    timing, answers = _series(route, method, str(status))
    timing.observe(seconds)
    answers.inc()


@lru_cache(maxsize=2048)
def _series(route: str, method: str, status: str) -> tuple[Histogram, Counter]:
    if route.startswith(ADMIN):  # hundreds of pages for a few people
        route = ADMIN
    return duration.labels(route), requests.labels(route, method, status)
