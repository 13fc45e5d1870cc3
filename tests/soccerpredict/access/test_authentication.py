"""The header X-API-Key over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone

from soccerpredict.access import services
from soccerpredict.access.models import ApiClient

UNKNOWN = "sp_0123abcd_" + "A" * 43


def assert_refused(response):
    problem = response.json()
    assert (response.status_code, problem["code"]) == (401, "unauthorised")
    assert problem["detail"] == "Missing or invalid X-API-Key header"
    assert response["WWW-Authenticate"] == "ApiKey"
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/predict/read", "/predict/read/", "/predict/live"])
def test_a_good_key_opens_the_route(ask, issue, path):
    response = ask(issue().text, path)

    assert (response.status_code, response.json()) == (200, {"client": "Acme"})


@pytest.mark.parametrize("path", ["/predict/read", "/predict/live"])
def test_without_a_key_it_is_401(api, path, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert_refused(api.get(path))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "head"])
def test_without_a_key_no_method_tells_more(api, method):
    assert getattr(api, method)("/predict/read").status_code == 401


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "abc", UNKNOWN, "Bearer " + UNKNOWN, UNKNOWN + ",", "'", "\0", "%00"),
        *("é", "\udcff", "sp_0123abcd_" + "é" * 43, "x" * 60_000, UNKNOWN * 1000),
    ],
)
@pytest.mark.django_db
def test_whatever_is_wrong_with_it_the_answer_is_the_same(ask, text):
    assert_refused(ask(text))


def test_two_values_are_refused_though_both_are_good(ask, issue):
    first, second = issue().text, issue().text

    assert_refused(ask(f"{first},{second}"))
    assert_refused(ask(f"{first}, {first}"))


@pytest.mark.parametrize("name", ["X-API-Key", "x-api-key", "api_key", "key"])
def test_a_key_in_the_query_string_does_not_count(api, issue, name):
    assert_refused(api.get("/predict/read", {name: issue().text}))


def test_a_key_in_another_header_does_not_count(api, issue):
    text = issue().text

    assert_refused(api.get("/predict/read", headers={"Authorization": f"ApiKey {text}"}))
    assert_refused(api.get("/predict/read", headers={"Cookie": f"X-API-Key={text}"}))


def test_a_revoked_key_is_refused(ask, issue):
    issued = issue()
    services.revoke(issued.key)

    assert_refused(ask(issued.text))


def test_an_expired_key_is_refused(ask, issue):
    assert_refused(ask(issue(expires_at=timezone.now() - timedelta(seconds=1)).text))


def test_a_key_of_an_inactive_client_is_refused(ask, issue):
    issued = issue()
    ApiClient.objects.update(is_active=False)

    assert_refused(ask(issued.text))


def test_a_key_of_another_platform_is_refused(ask, issue, settings):
    settings.API_KEY_PEPPER = "another platform's"
    issued = issue()
    settings.API_KEY_PEPPER = "ours"

    assert_refused(ask(issued.text))


@pytest.mark.parametrize(
    ("scope", "path", "lacking"),
    [("read", "/predict/live", "live"), ("live", "/predict/read", "read")],
)
def test_a_key_without_the_scope_is_403(ask, issue, scope, path, lacking):
    response = ask(issue(scopes=[scope]).text, path)

    problem = response.json()
    assert (response.status_code, problem["code"]) == (403, "forbidden")
    assert problem["detail"] == f"This key lacks the scope {lacking}."


def test_a_refused_scope_counts_against_the_limit(ask, issue):
    text = issue(scopes=["read"], rate_limit_per_minute=10).text

    assert ask(text, "/predict/live")["RateLimit-Remaining"] == "9"
    assert ask(text, "/predict/read")["RateLimit-Remaining"] == "8"


def test_the_access_log_can_name_the_key_by_its_prefix(ask, issue):
    issued = issue()

    assert ask(issued.text).wsgi_request.api_key_prefix == issued.key.prefix


def test_no_key_stands_in_the_log_or_in_an_answer(ask, caplog, db):
    response = ask(UNKNOWN)

    assert UNKNOWN.encode() not in response.content
    assert UNKNOWN not in caplog.text


def test_first_use_is_one_query_and_writes_when_it_was_afterwards(
    ask, issue, django_assert_num_queries
):
    issued = issue()

    with django_assert_num_queries(3) as captured:
        ask(issued.text)

    words = [query["sql"].split()[0] for query in captured]
    assert words == ["SELECT", "UPDATE", "INSERT"]


def test_another_use_within_seconds_is_no_query(ask, issue, django_assert_num_queries):
    issued = issue()
    ask(issued.text)

    with django_assert_num_queries(0):
        assert ask(issued.text).status_code == 200
