"""What HTTP asks of every route: spellings, methods, representations."""

import pytest

from tests.factories import make_alias, make_match, make_publication, make_region_return
from tests.predictions.api.routes import ALL, ASKING, GETTING, LISTS, READING
from tests.reading import content_of

pytestmark = pytest.mark.django_db
OPEN = ["/livescores/", "/schema/", "/docs", "/redoc", "/healthcheck/", "/metrics"]


@pytest.fixture
def filled(db):
    """Something behind every reading route; the id of the match."""
    match = make_match()
    make_publication((match, (0.5, 0.3, 0.2)))
    make_alias()
    make_region_return()
    return match.pk


def path_of(route, match_id):
    return route.path.replace("/1", f"/{match_id}")


@pytest.mark.parametrize("route", READING, ids=str)
def test_it_answers_with_and_without_its_slash(api, filled, route):
    bare = path_of(route, filled).rstrip("/")

    answers = [api.get(bare), api.get(bare + "/")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert content_of(answers[0]) == content_of(answers[1])


@pytest.mark.parametrize("route", ALL, ids=str)
def test_no_spelling_is_redirected(api, route):
    bare = route.path.rstrip("/")

    codes = {api.generic(route.method.upper(), path).status_code for path in (bare, bare + "/")}

    assert len(codes) == 1
    assert not codes & {301, 302, 307, 308, 404} or route.path.startswith("/predict/async/")


@pytest.mark.parametrize("path", OPEN)
def test_open_routes_too(api, path):
    bare = path.rstrip("/")

    assert api.get(bare).status_code == api.get(bare + "/").status_code == 200


@pytest.mark.parametrize("route", READING, ids=str)
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_head_has_the_headers_of_get_and_no_body(api, filled, route, coding):
    path = path_of(route, filled)
    got = api.get(path, headers={"Accept-Encoding": coding})

    head = api.head(path, headers={"Accept-Encoding": coding})

    assert (head.status_code, head.getvalue()) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Vary", "Cache-Control"):
        assert head[name] == got[name]
    assert head.get("X-Total-Count") == got.get("X-Total-Count")
    assert head.get("Content-Encoding") == got.get("Content-Encoding")
    assert head.get("Link") == got.get("Link")


@pytest.mark.parametrize("route", GETTING, ids=str)
def test_head_of_what_is_refused_is_refused(api, stranger, route):
    assert (stranger.head(route.path).status_code, stranger.head(route.path).content) == (401, b"")
    assert api.head(f"{route.path}?nonsense=1").status_code == 422


@pytest.mark.parametrize("route", ALL, ids=str)
def test_options_tells_the_methods(api, route):
    response = api.options(route.path)

    expected = ["GET", "HEAD", "OPTIONS"] if route.method == "get" else ["POST", "OPTIONS"]
    assert response.status_code == 200
    assert response["Allow"] == ", ".join(expected)
    assert response.json() == {"allow": expected}


METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"]
OTHERS = [(route, m) for route in ALL for m in METHODS if m.lower() != route.method]


@pytest.mark.parametrize(("route", "method"), OTHERS, ids=str)
def test_any_other_method_is_405(api, route, method):
    response = api.generic(method, route.path)

    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert route.method.upper() in response["Allow"]
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("route", ALL, ids=str)
@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml", "image/*", "application/json;q=0"]
)
def test_another_media_type_is_406(api, route, accept):
    response = api.generic(route.method.upper(), route.path, headers={"Accept": accept})

    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("route", [r for r in READING if r not in LISTS] + ASKING, ids=str)
def test_only_lists_come_as_csv(api, route):
    assert api.get(route.path, headers={"Accept": "text/csv"}).status_code == 406
    assert api.get(f"{route.path}?format=csv").status_code == 422


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/predict/%00", 422),
        ("/predict/1%00", 422),
        ("/predict/precomputed/%00", 422),
        ("/predict/precomputed/%ff", 422),
        ("/predict/" + "9" * 5000, 422),
        ("/predict/" + "x" * 5000, 422),
        ("/predict/" + "x/" * 2500, 404),
        ("/predict//", 404),
        ("//predict/predictions/", 404),
        ("/predict//predictions/", 404),
        ("/predict/predictions//", 404),
        ("/predict/predictions/;x", 404),
        ("/predict/predictions;x", 422),
        ("/predict/1;x=1", 422),
        ("/predict/precomputed/1;x", 422),
        ("/predict/../admin/", 404),
        ("/predict/%2e%2e/", 422),
        ("/predict/predictions/%2e%2e/%2e%2e/etc/passwd", 404),
        ("/predict/precomputed", 422),
        ("/predict/model", 422),
        ("/predict/model/", 422),
        ("/predict/async", 405),
        ("/predict/async/", 405),
        ("/predict/async/..", 422),
        ("/predictions/", 404),
        ("/predict\u202e/1", 404),
        ("/livescores/%00", 404),
        ("/livescores//", 404),
        ("/livescores/2026", 404),
        ("/schema/x", 404),
        ("/monitoring/%00", 404),
        ("/%00", 404),
        ("/nonsense" * 500, 404),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_strange_path_is_a_problem_document(api, path, status):
    response = api.get(path)

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert len(response.content) < 2000


def test_an_unknown_path_is_a_page_for_a_browser_only_outside_the_api(api):
    headers = {"Accept": "text/html"}

    assert api.get("/nonsense", headers=headers)["Content-Type"].startswith("text/html")
    for path in ("/predict/a/b/c", "/livescores/x", "/monitoring/x"):
        assert api.get(path, headers=headers)["Content-Type"] == "application/problem+json"
