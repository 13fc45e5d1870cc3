"""What is asked for again and has not changed: 304, which takes nothing from the page that is kept.

A browser puts a 304's headers over those of its copy (RFC 9111, 4.3.4), so none may differ.
"""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from tests import stack_world
from tests.running.conftest import Api

pytestmark = pytest.mark.stack
EACH_TIME = {"date", "x-request-id", "set-cookie", "connection", "server"}
RATE = {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"}
# What a 304 must say again where the whole answer says it (RFC 9110, 15.4.5).
SAID_AGAIN = {"cache-control", "content-location", "etag", "expires", "vary"}
PAGE, DATA = "text/html", "application/json"
NOBODY = "00000000-0000-0000-0000-000000000000"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def routes() -> Iterator[str]:
    """The paths of all routes but the back office's, with the names of their parameters."""
    for pattern in get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"/{pattern.pattern}"


@pytest.fixture(scope="module")
def numbers(stack, django_db_blocker):
    """One row for each parameter of a path."""
    from predictions.models import Prediction

    with django_db_blocker.unblock(), stack_world.inside(stack):
        coming = Prediction.objects.filter(
            batch__stage="champion", start_time_utc__gt=timezone.now()
        )
        match = coming.select_related("match__season").first().match
        return {
            "match_id": match.pk,
            "league_id": match.season.tournament_id,
            "team_id": match.home_team_id,
            "job_id": NOBODY,
            "task_id": NOBODY,
        }


def by_network(stack, key):
    """Through gunicorn, its answer cache included."""
    with Api(stack.url, key) as api:

        def ask(method, path, headers):
            answer = api.request(method, path, headers=headers, allow_redirects=False)
            return answer.status_code, lowered(answer.headers)

        yield ask


def by_django(stack, key):
    client = Client(headers={"X-API-Key": key})

    def ask(method, path, headers):
        answer = getattr(client, method.lower())(path, headers=headers)
        return answer.status_code, lowered(answer.headers)

    yield ask


@pytest.fixture(params=[by_network, by_django])
def ask(request, in_stack, key):
    yield from request.param(in_stack, key)


def lowered(headers):
    return {name.lower(): value for name, value in headers.items()}


def lasting(headers):
    return {name: value for name, value in headers.items() if name not in EACH_TIME | RATE}


def faults(ask, path, accept, coding):
    """What a 304 says otherwise than its page; None where the page is never unchanged."""
    asked = {"Accept": accept, "Accept-Encoding": coding}
    status, whole = ask("GET", path, asked)
    conditions = {
        "If-None-Match": whole.get("etag"),
        "If-Modified-Since": whole.get("last-modified"),
    }
    given = {name: value for name, value in conditions.items() if value}
    if status != 200 or not given:
        return None
    found = []
    for method in ("GET", "HEAD", "GET", "GET"):  # the last ones may come from the answer cache
        again, head = ask(method, path, {**asked, **given})
        if again != 304:
            return [f"{path} {method}: {again} instead of 304"]
        found += differences(f"{path} {method} {accept}", lasting(whole), lasting(head))
    return found


def differences(where, whole, head):
    for name, value in head.items():
        if name != "content-length" and whole.get(name) != value:
            yield f"{where}: {name} is {value!r} and was {whole.get(name)!r}"
    for name in SAID_AGAIN & whole.keys() - head.keys():
        yield f"{where}: {name} is missing"


def files() -> Iterator[str]:
    """A static file of each kind."""
    kinds = {}
    for finder in finders.get_finders():
        for path, _ in finder.list(None):
            kinds.setdefault(path.rpartition(".")[2], f"/{settings.STATIC_URL.strip('/')}/{path}")
    yield from kinds.values()


def test_an_unchanged_answer_takes_nothing_from_the_page(ask, numbers):
    paths = [PARAMETER.sub(lambda found: str(numbers[found[1]]), path) for path in routes()]

    compared = {
        (path, accept, coding): faults(ask, path, accept, coding)
        for path in [*paths, "/admin/jsi18n/", "/admin/login/"]
        for accept in (PAGE, DATA)
        for coding in ("gzip", "identity")
    }

    unchanged = {path for (path, *_), found in compared.items() if found is not None}
    assert unchanged >= {
        "/",
        "/scores",
        "/record",
        "/explorer",
        "/predict/predictions/",
        "/schema/",
    }
    assert [fault for found in compared.values() for fault in found or ()] == []


def test_an_unchanged_file_takes_nothing_from_its_copy(in_stack, key):
    for ask in by_network(in_stack, key):
        found = {path: faults(ask, path, "*/*", "gzip") for path in files()}

    assert {path.rpartition(".")[2] for path, one in found.items() if one is not None} >= {
        "css",
        "js",
        "svg",
    }
    assert [fault for one in found.values() for fault in one or ()] == []
