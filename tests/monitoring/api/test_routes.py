"""What all monitoring routes have in common."""

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from soccerpredict.access import services

OPEN = ["/healthcheck/", "/livez", "/readyz"]
CLOSABLE = [
    "/metrics",
    "/monitoring/drift",
    "/monitoring/quality",
    "/monitoring/task_status/5f0f8f3c-2c39-4d5a-9c6e-0d8a37c0c5a1",
    "/monitoring/celery/queues",
    "/monitoring/celery/workers",
]


@pytest.fixture
def key_with():
    def issue(*scopes):
        issued = services.issue(client=services.client_named("tests"), scopes=list(scopes))
        return {"X-API-Key": issued.text}

    return issue


@pytest.mark.django_db
@pytest.mark.parametrize("path", OPEN + CLOSABLE)
def test_it_answers_with_and_without_its_slash(client, path):
    bare = path.rstrip("/")

    assert client.get(bare).status_code == client.get(bare + "/").status_code
    assert client.get(bare).status_code not in (301, 302)


@pytest.mark.django_db
@pytest.mark.parametrize("path", OPEN + CLOSABLE)
def test_it_refuses_parameters(client, path):
    response = client.get(path + "?verbose=1")

    assert response.status_code == 422
    assert response.json()["errors"][0]["loc"] == ["query", "verbose"]


@pytest.mark.parametrize("path", OPEN + CLOSABLE)
def test_it_is_read_only(client, path):
    response = client.post(path)

    assert response.status_code == 405
    assert response.json()["code"] == "method_not_allowed"


@pytest.mark.django_db
@pytest.mark.parametrize("path", CLOSABLE)
def test_a_setting_closes_it(client, settings, path):
    settings.MONITORING_NEEDS_KEY = True

    response = client.get(path)

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "ApiKey")


@pytest.mark.django_db
@pytest.mark.parametrize("path", OPEN)
def test_probes_stay_open(client, settings, path):
    settings.MONITORING_NEEDS_KEY = True

    assert client.get(path).status_code in (200, 503)


@pytest.mark.django_db
def test_a_key_that_may_read_opens_it(client, settings, key_with):
    settings.MONITORING_NEEDS_KEY = True

    response = client.get("/metrics", headers=key_with("read"))

    assert (response.status_code, "RateLimit-Limit" in response) == (200, True)


@pytest.mark.django_db
def test_another_key_does_not(client, settings, key_with):
    settings.MONITORING_NEEDS_KEY = True

    assert client.get("/metrics", headers=key_with("live")).status_code == 403


def test_the_schema_is_valid_and_has_every_route_and_error(capsys):
    schema = SchemaGenerator(urlconf="monitoring.api.urls").get_schema(request=None, public=True)

    validate_schema(schema)
    assert capsys.readouterr().err == ""  # where it warns of what it cannot name
    answers = {path: set(methods["get"]["responses"]) for path, methods in schema["paths"].items()}
    closable = {"200", "401", "403", "406", "422", "429", "500", "503"}
    assert answers == {
        "/healthcheck/": {"200", "406", "422", "500", "503"},
        "/livez": {"200", "406", "422", "500"},
        "/readyz": {"200", "406", "422", "500", "503"},
        "/metrics": closable - {"406"},
        "/monitoring/drift": closable | {"304", "404"},
        "/monitoring/quality": closable | {"304", "404"},
        "/monitoring/task_status/{task_id}": closable,
        "/monitoring/celery/queues": closable,
        "/monitoring/celery/workers": closable,
    }
