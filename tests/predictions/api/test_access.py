"""Who may ask: every `/predict` route refuses what is no key, and keys without its scope."""

from datetime import timedelta

import pytest

from soccerpredict.access import services
from soccerpredict.access.models import ApiKey
from tests.factories import NOON, make_match, make_publication
from tests.predictions.api.routes import ALL, GETTING, READING

pytestmark = pytest.mark.django_db
every_route = pytest.mark.parametrize("route", ALL, ids=str)
DETAIL = "Missing or invalid X-API-Key header"


def ask(client, route, **kwargs):
    return client.generic(route.method.upper(), route.path, **kwargs)


def assert_unauthorised(response):
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "ApiKey"
    assert response["Content-Type"] == "application/problem+json"
    assert (response.json()["detail"], response.json()["status"]) == (DETAIL, 401)


@every_route
def test_no_key_is_401(stranger, route):
    assert_unauthorised(ask(stranger, route))


@every_route
@pytest.mark.parametrize(
    "text",
    ["", " ", "wrong", "sp_00000000_" + "A" * 43, "x" * 60_000, "Ö", "sp_\x00", "null", "a,b"],
    ids=["empty", "space", "word", "unknown", "60 KB", "not ASCII", "NUL", "null", "two"],
)
def test_a_wrong_key_is_401(stranger, route, text):
    assert_unauthorised(ask(stranger, route, headers={"X-API-Key": text}))


@every_route
def test_two_keys_are_401_however_good(stranger, key, route):
    text = key()

    assert_unauthorised(ask(stranger, route, headers={"X-API-Key": f"{text},{text}"}))


@every_route
@pytest.mark.parametrize("name", ["X-API-Key", "api_key", "key"])
def test_a_key_in_the_query_string_is_not_looked_at(stranger, key, route, name):
    response = stranger.generic(route.method.upper(), f"{route.path}?{name}={key()}")

    assert_unauthorised(response)


@every_route
def test_a_bearer_token_is_no_key(stranger, key, route):
    assert_unauthorised(ask(stranger, route, headers={"Authorization": f"Bearer {key()}"}))


@every_route
def test_a_revoked_key_is_401(stranger, key, route):
    text = key()
    services.revoke(ApiKey.objects.get())

    assert_unauthorised(ask(stranger, route, headers={"X-API-Key": text}))


@every_route
def test_an_expired_key_is_401(stranger, key, route):
    text = key(expires_at=NOON - timedelta(seconds=1))

    assert_unauthorised(ask(stranger, route, headers={"X-API-Key": text}))


@every_route
def test_a_key_without_the_scope_is_403(stranger, key, route):
    other = {"read": "live", "live": "read"}[route.scope]

    response = ask(stranger, route, headers={"X-API-Key": key(scopes=[other])})

    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    assert response.json()["detail"] == f"This key lacks the scope {route.scope}."
    assert response["Content-Type"] == "application/problem+json"


@every_route
def test_a_key_with_the_scope_passes(stranger, key, route):
    response = ask(stranger, route, headers={"X-API-Key": key(scopes=[route.scope])})

    assert response.status_code not in (401, 403)
    assert "RateLimit-Remaining" in response


@every_route
def test_a_key_over_its_limit_is_429(stranger, key, route):
    headers = {"X-API-Key": key(rate_limit_per_minute=1)}
    ask(stranger, route, headers=headers)

    response = ask(stranger, route, headers=headers)

    assert (response.status_code, response.json()["code"]) == (429, "too_many_requests")
    assert response["RateLimit-Limit"] == "1"
    assert response["RateLimit-Remaining"] == "0"
    assert 1 <= int(response["Retry-After"]) <= 60


@pytest.mark.parametrize("route", READING, ids=str)
def test_a_refusal_comes_before_anything_is_told(stranger, route):
    assert_unauthorised(stranger.get(f"{route.path}?limit=nonsense"))


def test_no_key_of_anybody_gets_into_a_shared_cache(api):
    make_publication((make_match(), (0.5, 0.3, 0.2)))

    assert api.get("/predict/predictions/")["Cache-Control"] == "private, no-cache"


@every_route
def test_every_answer_carries_the_request_id(api, stranger, route):
    for client in (api, stranger):
        response = ask(client, route, headers={"X-Request-ID": "mine-1.2_3"})

        assert response["X-Request-ID"] == "mine-1.2_3"
        if response.status_code >= 400:
            assert response.json()["request_id"] == "mine-1.2_3"


@pytest.mark.parametrize("mine", ["", "a b", "x" * 129, "Ö", "a\nb", "{}"])
def test_another_request_id_is_replaced(api, mine):
    response = api.get("/predict/odds/", headers={"X-Request-ID": mine})

    assert response["X-Request-ID"] not in ("", mine)


@pytest.mark.parametrize("route", GETTING, ids=str)
def test_a_problem_has_all_its_members(stranger, route):
    problem = stranger.get(route.path).json()

    assert problem.keys() == {
        *("type", "title", "status", "detail", "instance", "code", "request_id"),
    }
    assert problem["instance"] == route.path
