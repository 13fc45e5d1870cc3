"""The OpenAPI document says what the contract says; its pages load nothing from elsewhere."""

import json
import re
import subprocess
import sys

import pytest
import yaml
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from monitoring.services.platform import examples
from soccerpredict.documentation import document
from tests.factories import DAY, NOON, make_match, make_publication
from tests.reading import content_of

ROUTES = {
    "/predict/predictions/": "get",
    "/predict/precomputed/{match_id}": "get",
    "/predict/cards/": "get",
    "/predict/region-roi/": "get",
    "/predict/odds/": "get",
    "/predict/model/info": "get",
    "/predict/{match_id}": "get",
    "/predict": "post",
    "/predict/async": "post",
    "/predict/async/{job_id}": "get",
    "/livescores/": "get",
    "/healthcheck/": "get",
    "/livez": "get",
    "/readyz": "get",
    "/metrics": "get",
    "/monitoring/drift": "get",
    "/monitoring/quality": "get",
    "/monitoring/task_status/{task_id}": "get",
    "/monitoring/celery/queues": "get",
    "/monitoring/celery/workers": "get",
}
PAGED = {"limit", "offset"}
FILTERS = {
    "in_sample",
    "future_only",
    "region_id",
    "tournament_id",
    "team_id",
    "date_from",
    "date_to",
    "sort",
}
QUERIES = {
    "/predict/predictions/": PAGED | FILTERS | {"stage", "format"},
    "/predict/precomputed/{match_id}": {"stage", "include"},
    "/predict/cards/": PAGED | FILTERS | {"stage", "format", "bookmaker", "min_edge"},
    "/predict/region-roi/": {"strategy", "min_edge", "bookmaker", "stage", "by"},
    "/predict/odds/": PAGED | {"match_id", "bookmaker", "history", "format", "market", "line"},
    "/predict/model/info": {"stage"},
    "/predict/{match_id}": {"stage", "include"},
    "/livescores/": PAGED
    | {"year", "month", "date", "region_id", "tournament_id", "team_id", "status", "format"},
}
READ = {"200", "304", "400", "401", "403", "406", "422", "429", "500", "503"}
LIVE = (READ - {"304"}) | {"404", "504"}
BODY = {"413", "415"}
ANSWERS = {
    "/predict/predictions/": READ,
    "/predict/precomputed/{match_id}": READ | {"404"},
    "/predict/cards/": READ,
    "/predict/region-roi/": READ,
    "/predict/odds/": READ,
    "/predict/model/info": READ,
    "/predict/{match_id}": LIVE,
    "/predict": LIVE | BODY,
    "/predict/async": (LIVE - {"200", "504"}) | BODY | {"202", "409"},
    "/predict/async/{job_id}": (LIVE - {"504"}) | {"202"},
    "/livescores/": {"200", "304", "400", "406", "422", "500", "503"},
}
LISTS = ["/predict/predictions/", "/predict/cards/", "/predict/odds/", "/livescores/"]
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
pytestmark = pytest.mark.django_db  # the document offers what there is


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture(scope="module")
def paths():
    return json.loads(document(as_yaml=False))["paths"]


def operation(paths, path):
    return paths[path][ROUTES[path]]


def parameters(paths, path, place):
    return {p["name"] for p in operation(paths, path).get("parameters", []) if p["in"] == place}


def test_it_is_valid_and_nothing_in_it_had_to_be_guessed(capsys):
    schema = SchemaGenerator().get_schema(request=None, public=True)

    validate_schema(schema)
    assert capsys.readouterr().err == ""


def test_it_has_every_route_and_no_other(paths):
    assert {path: list(methods) for path, methods in paths.items()} == {
        path: [method] for path, method in ROUTES.items()
    }


@pytest.mark.parametrize("path", QUERIES)
def test_it_has_every_parameter(paths, path):
    assert parameters(paths, path, "query") == QUERIES[path]


@pytest.mark.parametrize("path", sorted(set(ROUTES) - set(QUERIES)))
def test_other_routes_have_no_query(paths, path):
    assert parameters(paths, path, "query") == set()


@pytest.mark.parametrize("path", ANSWERS)
def test_it_has_every_answer(paths, path):
    assert set(operation(paths, path)["responses"]) == ANSWERS[path]


@pytest.mark.parametrize("path", ANSWERS)
def test_errors_are_problem_documents(paths, path):
    for status, answer in operation(paths, path)["responses"].items():
        if status >= "400":
            assert list(answer["content"]) == ["application/problem+json"], status
            assert answer["description"]


@pytest.mark.parametrize("path", LISTS)
def test_lists_come_in_three_representations(paths, path):
    answer = operation(paths, path)["responses"]["200"]

    assert set(answer["content"]) == {
        "application/json",
        "text/csv",
        "application/vnd.apache.parquet",
    }
    assert answer["content"]["application/json"]["schema"]["type"] == "array"
    assert {"X-Total-Count", "Link", "ETag", "X-Request-ID"} <= set(answer["headers"])


@pytest.mark.parametrize("path", [path for path in ROUTES if path.startswith("/predict")])
def test_predict_routes_need_a_key_and_tell_of_its_limit(paths, path):
    found = operation(paths, path)

    assert found["security"] == [{"ApiKey": []}]
    assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= set(
        found["responses"]["429"]["headers"]
    )
    assert "Retry-After" in found["responses"]["503"]["headers"]


@pytest.mark.parametrize("path", [path for path in ROUTES if not path.startswith("/predict")])
def test_other_routes_are_open(paths, path):
    assert operation(paths, path).get("security", [{}]) == [{}]


def test_the_key_is_a_header():
    schemes = json.loads(document(as_yaml=False))["components"]["securitySchemes"]

    assert {key: schemes["ApiKey"][key] for key in ("type", "in", "name")} == {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
    }


@pytest.mark.parametrize("path", ["/predict", "/predict/async"])
def test_bodies_are_described(paths, path):
    schemas = json.loads(document(as_yaml=False))["components"]["schemas"]

    assert list(operation(paths, path)["requestBody"]["content"]) == ["application/json"]
    (body,) = [schemas[name] for name in schemas if name.startswith("FixtureBody")]
    assert set(body["required"]) == {"home_team_id", "away_team_id", "match_datetime_utc"}
    assert set(body["properties"]) == {
        *("home_team_id", "away_team_id", "match_datetime_utc"),
        *("match_id", "stage", "tournament_id", "neutral_venue"),
    }


def test_limits_are_told(paths):
    found = {p["name"]: p["schema"] for p in operation(paths, "/predict/odds/")["parameters"]}

    assert (found["limit"]["minimum"], found["limit"]["maximum"]) == (1, 5000)
    assert found["offset"]["minimum"] == 0


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_has_words(paths, path):
    found = operation(paths, path)

    assert found["summary"]
    assert found["tags"]
    assert re.fullmatch(r"[a-z_]+", found["operationId"])


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/schema/", {}),
        ("/schema", {}),
        ("/schema/?format=yaml", {}),
        ("/schema/", {"Accept": "application/yaml"}),
        ("/schema/", {"Accept": "application/vnd.oai.openapi"}),
        ("/schema/", BROWSER),
    ],
)
def test_it_comes_as_yaml(client, path, headers):
    response = client.get(path, headers=headers)

    assert "json" not in response["Content-Type"]
    assert set(yaml.safe_load(response.content)["paths"]) == set(ROUTES)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/schema/?format=json", {}),
        ("/schema?format=json", BROWSER),
        ("/schema/", {"Accept": "application/json"}),
        ("/schema/", {"Accept": "application/vnd.oai.openapi+json"}),
    ],
)
def test_it_comes_as_json(client, path, headers):
    response = client.get(path, headers=headers)

    assert "json" in response["Content-Type"]
    assert set(response.json()["paths"]) == set(ROUTES)


def test_an_unchanged_document_is_304(client):
    tag = client.get("/schema/")["ETag"]

    assert client.get("/schema/", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("query", ["format=xml", "format=", "lang=de", "format=json&format=json"])
def test_a_strange_query_is_422(client, query):
    response = client.get(f"/schema/?{query}")

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"


def test_another_media_type_is_406(client):
    assert client.get("/schema/", headers={"Accept": "image/png"}).status_code == 406


PAGES = ["/docs", "/docs/", "/redoc", "/redoc/"]
ADDRESS = re.compile(r"""(?:src|href|url)\s*[=:(]\s*["']?([^"'\s>)]+)""")


@pytest.mark.parametrize("path", PAGES)
def test_its_pages_load_nothing_from_another_host(client, path):
    response = client.get(path, headers=BROWSER)

    found = ADDRESS.findall(response.content.decode())
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/html")
    assert found
    assert all(address.startswith("/") and not address.startswith("//") for address in found)
    assert "script-src 'self';" in response["Content-Security-Policy"]


def test_the_script_of_swagger_loads_nothing_from_another_host_either(client):
    page = client.get("/docs", headers=BROWSER).content.decode()
    (script,) = [a for a in ADDRESS.findall(page) if a.startswith("/docs") or "script" in a]

    response = client.get(script)

    assert response["Content-Type"].startswith("application/javascript")
    assert b"//cdn" not in response.content
    assert b'"/schema/"' in response.content


def test_the_script_of_redoc_loads_nothing_from_another_host_either(client):
    page = client.get("/redoc", headers=BROWSER).content.decode()
    (script,) = [a for a in ADDRESS.findall(page) if "script" in a]

    response = client.get(script)

    assert response["Content-Type"].startswith("text/javascript")
    assert b"redoc" in content_of(response)
    assert b"cdn.redoc.ly" not in content_of(client.get(script))


def offered(path, place):
    parameters = json.loads(document(as_yaml=False, example=examples.current()))["paths"][path]
    (operation,) = parameters.values()
    found = {p["name"]: p.get("example") for p in operation.get("parameters", ())}
    if place == "body":
        return operation["requestBody"]["content"]["application/json"].get("example")
    return found[place]


def test_the_next_match_is_offered_to_try():
    home, away = make_match(start_time_utc=timezone.now() - DAY), make_match()
    later = make_match(start_time_utc=timezone.now() + 2 * DAY)
    sooner = make_match(start_time_utc=timezone.now() + DAY)
    make_publication(*((one, (0.5, 0.3, 0.2)) for one in (home, away, later, sooner)))

    assert offered("/predict/{match_id}", "match_id") == sooner.pk
    assert offered("/predict/precomputed/{match_id}", "match_id") == sooner.pk
    assert offered("/predict", "body") == offered("/predict/async", "body")
    assert offered("/predict", "body")["home_team_id"] == sooner.home_team_id


def test_where_no_match_is_to_come_the_last_one_is_offered():
    first, last = make_match(start_time_utc=NOON), make_match(start_time_utc=NOON + DAY)
    make_publication(*((one, (0.5, 0.3, 0.2)) for one in (first, last)))

    assert offered("/predict/{match_id}", "match_id") == last.pk


def test_before_the_first_publication_no_match_is_offered():
    assert offered("/predict/{match_id}", "match_id") is None
    assert offered("/predict", "body") is None


def test_a_page_of_a_list_is_offered_rather_than_all_of_it():
    assert [offered(path, "limit") for path in LISTS] == [10] * len(LISTS)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_its_pages_are_read_only(client, path, method):
    assert getattr(client, method)(path).status_code == 405


LOADED = """
import sys, django
django.setup()
import soccerpredict.urls
print(sorted({"pandas", "numba", "lightgbm", "mlflow", "scipy", "sklearn", "pyarrow", "numpy",
              "evidently", "matplotlib"} & set(sys.modules)))
"""


def test_a_web_process_loads_no_numerical_library():
    code = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'soccerpredict.settings'" + LOADED

    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )

    assert (run.stdout.strip(), run.stderr) == ("[]", "")
