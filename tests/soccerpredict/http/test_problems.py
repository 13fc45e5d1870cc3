import json

import pytest
from django.db import OperationalError

from livescores.models import Region
from soccerpredict.errors import GatewayTimeout
from soccerpredict.http.problems import document
from tests.soccerpredict.http.urls import SECRET

STANDARD = {"type", "title", "status", "detail", "instance", "code", "request_id"}


def unreachable(*args, **kwargs):
    raise OperationalError("connection refused")


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("unknown_stage", 400, "unknown_stage"),
        ("suspicious", 400, "bad_request"),
        ("denied", 403, "forbidden"),
        ("conflict", 409, "conflict"),
        ("drf", 422, "invalid_input"),
        ("many", 429, "too_many_requests"),
        ("unexpected", 500, "internal_error"),
        ("unavailable", 503, "service_unavailable"),
        ("database", 503, "service_unavailable"),
        ("broker", 503, "service_unavailable"),
        ("timeout", 504, "timeout"),
    ],
)
def test_an_error_becomes_a_problem_document(client, name, status, code):
    response = client.get(f"/predict/raise/{name}", headers={"X-Request-ID": "abc"})

    problem = response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert set(problem) >= STANDARD
    assert (problem["instance"], problem["request_id"]) == (f"/predict/raise/{name}", "abc")


@pytest.mark.parametrize("name", ["database", "broker", "unexpected", "suspicious", "denied"])
def test_no_secret_leaves_the_service(client, name):
    response = client.get(f"/predict/raise/{name}")

    assert SECRET.encode() not in response.content
    assert b"Traceback" not in response.content


def test_an_unexpected_error_is_in_the_log(client, caplog):
    client.get("/predict/raise/unexpected")

    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize(
    ("name", "after"), [("unavailable", "7"), ("database", "5"), ("many", "3")]
)
def test_it_says_when_to_come_back(client, name, after):
    assert client.get(f"/predict/raise/{name}")["Retry-After"] == after


def test_a_timeout_names_its_task(client):
    assert client.get("/predict/raise/timeout").json()["task_id"] == "abc"


def test_a_drf_validation_error_lists_its_fields(client):
    errors = client.get("/predict/raise/drf").json()["errors"]

    assert errors == [{"loc": ["body", "team"], "msg": "No such team.", "type": "invalid"}]


def test_a_failed_job_tells_its_error_as_a_document():
    problem = document(GatewayTimeout("No worker answered in 30 s."))

    assert (problem["status"], problem["detail"]) == (504, "No worker answered in 30 s.")


@pytest.mark.parametrize(
    "path",
    [
        *("/nowhere", "/predict/nowhere/at/all", "/livescores/x", "/%00", "//predict/5"),
        *(
            "/predict;x",
            "/predict/echo/;x",
            "/predict/echo//",
            "/predict//5",
            "/" + "x" * 5000,
            "/monitoring/x%0Ay",
        ),
        *("/predict/echo/../5/6", "/%2e%2e/%2e%2e/etc/passwd", "/admin;x", "/predict/5/%FF"),
    ],
)
def test_an_odd_path_is_a_404_document(client, path):
    response = client.get(path)

    problem = response.json()
    assert (response.status_code, problem["code"]) == (404, "not_found")
    assert len(problem["instance"]) < 2000


@pytest.mark.django_db
def test_a_browser_gets_a_page(browser):
    response = browser.get("/nowhere")

    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")
    assert b"There is no such route." in response.content


def test_a_browser_gets_a_document_from_the_rest_routes(browser):
    response = browser.get("/predict/nowhere/at/all")

    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/crash/", "/predict/crash"])
def test_a_crash_of_a_plain_view_is_a_500_document(client, path):
    response = client.get(path)

    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert SECRET.encode() not in response.content


@pytest.mark.django_db
def test_a_crash_of_a_page_is_a_page(browser):
    response = browser.get("/crash/")

    assert response.status_code == 500
    assert SECRET.encode() not in response.content


@pytest.mark.django_db
def test_a_part_of_a_page_that_failed_is_a_paragraph(browser):
    response = browser.get("/nowhere", headers={"HX-Request": "true"})

    assert response.status_code == 404
    assert response.content.strip().startswith(b'<div class="fault part" role="alert">')


@pytest.mark.django_db
def test_a_page_of_an_error_is_never_kept_by_a_cache(browser):
    assert browser.get("/nowhere")["Cache-Control"] == "no-store"


def test_a_page_of_an_error_needs_no_database(browser, monkeypatch):
    monkeypatch.setattr(Region.objects, "filter", unreachable)

    assert b"There is no such route." in browser.get("/nowhere").content


@pytest.mark.django_db
def test_a_page_escapes_what_it_shows(browser):
    response = browser.get("/<script>", headers={"X-Request-ID": "<script>"})

    assert b"<script>" not in response.content


@pytest.mark.django_db
def test_a_page_without_permission_is_403(client):
    response = client.get("/closed/")

    assert (response.status_code, response.json()["code"]) == (403, "forbidden")


@pytest.mark.django_db
def test_a_form_without_its_token_is_403(browser):
    response = browser.post("/form/")

    assert response.status_code == 403
    assert b"expired" in response.content


def test_a_foreign_host_is_400(client):
    response = client.get("/predict/echo/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert response.json()["code"] == "bad_request"


def test_a_problem_is_never_kept_by_a_cache(client):
    assert client.get("/nowhere")["Cache-Control"] == "no-store"


def test_the_document_is_valid_json_whatever_the_path(client):
    response = client.get("/predict/%ED%A0%80/x/y")

    assert json.loads(response.content)["status"] == 404
