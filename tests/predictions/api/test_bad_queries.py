"""All that is wrong in ids and queries, on every route: a 4xx that names the place."""

import json

import pytest

from soccerpredict.documentation import document
from tests.factories import make_match
from tests.predictions.api.routes import ALL, GETTING, JOB, LISTS, READING

pytestmark = pytest.mark.django_db
PREDICTIONS, CARDS, ODDS = (route.path for route in LISTS)
PRECOMPUTED, ROI, INFO, LIVE = (
    "/predict/precomputed/1",
    "/predict/region-roi/",
    "/predict/model/info",
    "/predict/1",
)
STAGED = [PREDICTIONS, CARDS, ROI, INFO, PRECOMPUTED, LIVE]
HUGE = "9" * 5000

NOT_NUMBERS = ["1.0", "1e3", "0x10", "1_000", "١٢٣", "abc", "+1", "1 ", " 1", "1%00", "1%0a"]
NOT_NUMBERS += ["%ff", "true", "null", "NaN", "Infinity", "-", "--1", "1,2", "[1]", "²", "1;2"]
BAD_IDS = ["0", "-1", "2147483648", "9223372036854775808", HUGE, "-" + HUGE, *NOT_NUMBERS]
BAD = {
    "limit": ["0", "-1", "5001", "1000000000", HUGE, *NOT_NUMBERS],
    "offset": ["-1", "2147483648", "9223372036854775808", HUGE, *NOT_NUMBERS],
    "id": BAD_IDS,
    "boolean": ["True", "TRUE", "1", "0", "yes", "false ", "nul", "%00", "tru%65d"],
    "day": [
        *("2026-02-30", "2026-13-01", "2026-00-10", "2025-02-29", "2026-1-1", "26-01-01"),
        *("20260101", "2026-W01", "2026-01-01T00:00:00Z", "01.02.2026", "today", "0", "1e3"),
        *("0000-01-01", "0001-01-01", "1849-12-31", "2151-01-01", "9999-12-31", "10000-01-01"),
        *("2026-01-01%00", "-2026-01-01", "\u0662\u0660\u0662\u0666-01-01", HUGE),
    ],
    "number": [
        *("abc", "1e3", "0x1", "NaN", "nan", "Infinity", "-Infinity", "inf", "1,5", "1_0", ".5"),
        *("5.", "+1", " 1", "1%00", "\u0661", "-1.1", "1001", "1e400", HUGE, "0." + HUGE, "--1"),
    ],
    "text": [
        "x" * 21,
        "x" * 10_000,
        "%00",
        "a%00b",
        "%ff",
        "%ed%a0%80",
        "a%0ab",
        "%7f",
        "%e2%80%a8",
    ],
    "format": ["xml", "CSV", "html", "json ", "../", "%00", "x" * 10_000],
    "sort": ["KICK_OFF", "id", "kick_off,id", "../", "%00", "x" * 10_000],
    "strategy": ["FLAT", "martingale", "../", "%00", "x" * 10_000],
    "include": ["x", "markets,x", "markets,markets", ",", "markets,", "MARKETS", "x" * 61, "%00"],
}
PARAMETERS = [
    *((path, name, kind) for path in (PREDICTIONS, CARDS, ODDS) for name, kind in (
        ("limit", "limit"), ("offset", "offset"), ("format", "format"))),
    *((path, name, kind) for path in (PREDICTIONS, CARDS) for name, kind in (
        ("future_only", "boolean"), ("in_sample", "boolean"),
        ("region_id", "id"), ("tournament_id", "id"),
        ("team_id", "id"), ("date_from", "day"), ("date_to", "day"), ("sort", "sort"))),
    (CARDS, "bookmaker", "text"), (CARDS, "min_edge", "number"),
    (ODDS, "match_id", "id"), (ODDS, "bookmaker", "text"), (ODDS, "history", "boolean"),
    (ODDS, "market", "strategy"), (ODDS, "line", "number"),
    (ROI, "by", "strategy"),
    (ROI, "strategy", "strategy"), (ROI, "min_edge", "number"), (ROI, "bookmaker", "text"),
    (LIVE, "include", "include"), (PRECOMPUTED, "include", "include"),
]  # fmt: skip
BAD_VALUES = [(path, name, value) for path, name, kind in PARAMETERS for value in BAD[kind]]
BAD_STAGES = ["CHAMPION", "Champion", "../", "x" * 10_000, "champion%00", "champion ", "%00"]
BAD_STAGES += ["production", "1", "null", "%ff", "champion,challenger", "' OR 1=1 --"]


def brief(value):
    return str(value)[:30]


def assert_refused(response, *, loc, status=422):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["code"] == "invalid_input"
    assert loc in [error["loc"] for error in problem["errors"]]
    assert all(error["msg"] and error["type"] for error in problem["errors"])
    assert len(response.content) < 2000


@pytest.mark.parametrize(("path", "name", "value"), BAD_VALUES, ids=brief)
def test_a_bad_value_is_422_and_named(api, path, name, value):
    assert_refused(api.get(f"{path}?{name}={value}"), loc=["query", name])


@pytest.mark.parametrize("path", STAGED)
@pytest.mark.parametrize("stage", BAD_STAGES, ids=brief)
def test_an_unknown_stage_is_400(api, path, stage):
    response = api.get(f"{path}?stage={stage}")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "unknown_stage"
    assert response.json()["detail"] == "Write one of champion, challenger."
    assert len(response.content) < 1000


NAMED = sorted({(path, name) for path, name, _ in PARAMETERS} | {(p, "stage") for p in STAGED})


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_an_empty_parameter_is_422(api, path, name):
    assert_refused(api.get(f"{path}?{name}="), loc=["query", name])
    assert_refused(api.get(f"{path}?{name}"), loc=["query", name])


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_a_repeated_parameter_is_422(api, path, name):
    assert_refused(api.get(f"{path}?{name}=1&{name}=1"), loc=["query", name])


@pytest.mark.parametrize("route", ALL, ids=str)
@pytest.mark.parametrize("name", ["nonsense", "Limit", "limit%00", "LIMIT", "__proto__", "ö", "🏆"])
def test_an_unknown_parameter_is_422(api, route, name):
    response = api.generic(
        route.method.upper(), f"{route.path}?{name}=1", b"{}", content_type="application/json"
    )

    assert_refused(response, loc=["query", name.replace("%00", "\x00")])


@pytest.mark.parametrize("route", GETTING, ids=str)
def test_a_long_name_is_cut_in_the_answer(api, route):
    assert_refused(api.get(f"{route.path}?{'n' * 10_000}=1"), loc=["query", "n" * 100])


@pytest.mark.parametrize("route", GETTING, ids=str)
def test_thousands_of_parameters_are_refused(api, route):
    query = "&".join(f"p{number}=1" for number in range(2000))

    response = api.get(f"{route.path}?{query}")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("route", ALL, ids=str)
@pytest.mark.parametrize(
    "query", ["&&&", "?", "=1", "%00", "a=b=c", "%zz=%zz", ";a=1", "[]=1", "'"]
)
def test_a_strange_query_is_never_an_error_of_ours(api, route, query):
    response = api.generic(
        route.method.upper(), f"{route.path}?{query}", b"{}", content_type="application/json"
    )

    expected = {200, 404, 503} if query == "&&&" and route.method == "get" else {422}
    assert response.status_code in expected


@pytest.mark.parametrize("path", [PREDICTIONS, CARDS])
def test_reversed_dates_are_422(api, path):
    response = api.get(f"{path}?date_from=2026-03-02&date_to=2026-03-01")

    assert_refused(response, loc=["query", "date_to"])


def test_all_violations_are_named_at_once(api):
    response = api.get(f"{CARDS}?limit=0&team_id=x&date_from=2026-02-30&nonsense=1")

    named = {error["loc"][1] for error in response.json()["errors"]}
    assert named >= {"limit", "team_id", "date_from"}


@pytest.mark.parametrize("value", BAD_IDS, ids=brief)
@pytest.mark.parametrize("path", ["/predict/{}", "/predict/precomputed/{}"])
def test_a_bad_id_in_the_path_is_422(api, path, value):
    assert_refused(api.get(path.format(value)), loc=["path", "match_id"])


@pytest.mark.parametrize(
    "value",
    [
        *(
            "1",
            "abc",
            JOB[:-1],
            JOB + "0",
            JOB.replace("-", ""),
            "{" + JOB + "}",
            "urn:uuid:" + JOB,
        ),
        *(JOB.replace("5", "g"), JOB.replace("5", "\u0665"), JOB + "%00", HUGE, "null", " " + JOB),
    ],
    ids=brief,
)
def test_a_bad_job_id_is_422(api, value):
    assert_refused(api.get(f"/predict/async/{value}"), loc=["path", "job_id"])


def test_an_unknown_job_is_404(api):
    response = api.get(f"/predict/async/{JOB}")

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_good_id_with_no_worker_alive_is_503_at_once(api):
    response = api.get(f"/predict/{make_match().pk}")

    assert (response.status_code, response.json()["code"]) == (503, "no_worker")
    assert "Retry-After" in response


@pytest.mark.parametrize("query", ["", "?stage=challenger", "?include=markets,explanation"])
def test_good_queries_of_the_live_route_get_as_far_as_the_worker(api, query):
    assert api.get(f"{LIVE}{query}").json()["code"] == "no_worker"


@pytest.mark.parametrize("route", READING, ids=str)
def test_every_parameter_of_the_document_is_tried_here(route):
    operation = json.loads(document(as_yaml=False))["paths"][route.documented_as]["get"]
    documented = {p["name"] for p in operation["parameters"] if p["in"] == "query"}

    assert documented == {name for path, name in NAMED if path == route.path}
