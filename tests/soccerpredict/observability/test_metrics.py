"""What is counted of requests: by route, never by path."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import Resolver404, resolve
from prometheus_client import REGISTRY

from soccerpredict.http.request_id import RequestIdMiddleware
from soccerpredict.observability import metrics

MOST_SERIES = 2000
STATUSES = (200, 200, 200, 304, 401, 404, 422, 503)
METHODS = ("GET", "GET", "GET", "POST", "HEAD", "OPTIONS", "BREW")
PATHS = (
    "/predict/{}",
    "/predict/precomputed/{}",
    "/predict/predictions/",
    "/predict/async/{}",
    "/livescores/",
    "/monitoring/task_status/{}",
    "/admin/predictions/odds/{}/change/",
    "/admin/livescores/match/{}/delete/",
    "/admin/livescores/team/{}/history/",
    "/nowhere/{}",
    "/{}.php",
)


def answered(path, method="GET", status=200):
    """A request through the outermost middleware, answered as a view would."""

    def view(request):
        try:
            request.resolver_match = resolve(request.path)
        except Resolver404:
            return HttpResponse(status=404)
        return HttpResponse(status=status)

    return RequestIdMiddleware(view)(RequestFactory().generic(method, path))


def count(**labels):
    return REGISTRY.get_sample_value("http_requests_total", labels) or 0


def n_series():
    return sum(len(family.samples) for family in REGISTRY.collect())


def test_a_route_is_counted_by_its_template():
    labels = {"route": "predict/precomputed/<str:match_id>", "method": "GET", "status": "200"}
    before = count(**labels)

    answered("/predict/precomputed/1")
    answered("/predict/precomputed/2")

    assert count(**labels) == before + 2


def test_all_unknown_paths_are_one():
    labels = {"route": "(other)", "method": "GET", "status": "404"}
    before = count(**labels)

    answered("/wp-login.php")
    answered("/.env")

    assert count(**labels) == before + 2


@pytest.mark.parametrize(("method", "status"), [("BREW", 200), ("DELETE", 405)])
def test_methods_without_a_meaning_are_one(method, status):
    labels = {"route": "livez", "method": "(other)", "status": str(status)}
    before = count(**labels)

    answered("/livez", method, status)

    assert count(**labels) == before + 1


def test_a_request_is_timed():
    labels = {"route": "livez"}
    before = REGISTRY.get_sample_value("http_request_duration_seconds_count", labels) or 0

    answered("/livez")

    after = REGISTRY.get_sample_value("http_request_duration_seconds_count", labels)
    assert after == before + 1


def test_ten_thousand_addresses_make_few_series():
    metrics.requests.clear()
    metrics.duration.clear()
    metrics._series.cache_clear()

    for number in range(10_000):
        path = PATHS[number % len(PATHS)].format(number)
        answered(path, METHODS[number % len(METHODS)], STATUSES[number % len(STATUSES)])

    assert n_series() < MOST_SERIES
