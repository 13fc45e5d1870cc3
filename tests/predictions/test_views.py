"""The start page: for a browser what is to come, for a program where to go."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from predictions.services import published
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_match,
    make_model_version,
    make_publication,
    make_region,
    make_team,
)

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PROBA = (0.5, 0.3, 0.2)


@pytest.fixture(autouse=True)
def _noon(monkeypatch, settings):
    settings.PUBLICATION_POLL_SECONDS = 3600
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    published.forget()
    yield
    published.forget()


@pytest.fixture
def browser():
    return Client(raise_request_exception=False, headers=BROWSER)


def coming(home="Ajax", away="PSV", start=NOON + HOUR, proba=PROBA):
    match = make_match(
        home_team=make_team(name=home), away_team=make_team(name=away), start_time_utc=start
    )
    return match, proba


def text_of(response):
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


@pytest.mark.parametrize(
    "accept",
    ["application/json", "*/*", "", "application/json, text/html;q=0.5", "text/csv", "nonsense"],
)
def test_a_program_is_told_where_to_go(client, settings, accept):
    response = client.get("/", headers={"Accept": accept})

    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "service": "SoccerPredict",
        "version": settings.VERSION,
        "docs": "http://testserver/docs",
        "health": "http://testserver/healthcheck/",
    }
    assert response["Vary"] == "Accept"


def test_it_is_told_what_answers(client):
    signpost = client.get("/").json()

    assert client.get(signpost["docs"]).status_code == 200
    assert client.get(signpost["health"]).status_code == 200


def test_a_browser_sees_the_coming_matches(browser):
    version = make_model_version(version=7)
    make_publication(coming(), model_version=version, computed_at=NOON - DAY)

    response = browser.get("/")

    assert response["Content-Type"] == "text/html; charset=utf-8"
    text = text_of(response)
    assert "Ajax" in text
    assert "PSV" in text
    assert "Sat 14 Mar, 13:00" in text
    assert "version 7" in text
    for share in ("50 %", "30 %", "20 %"):
        assert share in text


def test_the_bar_fills_its_width(browser):
    make_publication(coming(proba=(1 / 3, 1 / 3, 1 - 2 / 3)))

    page = browser.get("/").content.decode()

    rects = [
        {name: float(value) for name, value in re.findall(r'(x|width)="([0-9.]+)"', rect)}
        for rect in re.findall(r"<rect[^>]*>", page)
    ]
    assert [rect["x"] for rect in rects] == [0, 33.33, 66.66]
    assert sum(rect["width"] for rect in rects) == pytest.approx(100)


def test_matches_that_have_kicked_off_are_not_shown(browser, monkeypatch):
    make_publication(
        coming("Over", start=NOON - HOUR), coming("Soon"), coming("Later", start=NOON + DAY)
    )
    before = text_of(browser.get("/"))

    monkeypatch.setattr(timezone, "now", lambda: NOON + HOUR)
    after = text_of(browser.get("/"))

    assert ("Over" in before, "Soon" in before, "Later" in before) == (False, True, True)
    assert ("Soon" in after, "Later" in after) == (False, True)


def test_the_next_matches_come_first_and_not_too_many(browser):
    predicted = [coming(f"Team {n:03}", start=NOON + n * HOUR) for n in range(1, 60)]
    make_publication(*predicted)

    shown = re.findall(r"Team \d{3}", text_of(browser.get("/")))

    assert shown == [f"Team {n:03}" for n in range(1, 41)]


def test_names_are_text_and_never_markup(browser):
    make_publication(coming("<script>alert(1)</script>", "\" onload='x'"))

    page = browser.get("/").content.decode()

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "&quot; onload=&#x27;x&#x27;" in page


def test_before_anything_is_published_it_says_what_to_do(browser):
    response = browser.get("/")

    assert response.status_code == 200
    assert "Nothing is published yet" in text_of(response)


def test_without_coming_matches_it_says_so(browser):
    make_publication(coming(start=NOON - DAY))

    assert "No match is to come" in text_of(browser.get("/"))


@pytest.mark.parametrize("is_simulated", [True, False])
def test_simulated_data_are_called_so(browser, is_simulated):
    make_region(is_simulated=is_simulated)

    assert ("Simulated data" in text_of(browser.get("/"))) is is_simulated


def test_it_runs_no_script_and_loads_nothing_from_elsewhere(browser):
    make_publication(coming())

    response = browser.get("/")

    page = response.content.decode()
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(address.startswith("/") and "//" not in address for address in addresses)
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", page)
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_it_is_read_only(client, method, accept):
    response = getattr(client, method)("/", headers={"Accept": accept})

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_head_has_no_body(browser):
    response = browser.head("/")

    assert (response.status_code, response.content) == (200, b"")


def test_it_takes_one_query_however_many_matches(browser, django_assert_num_queries):
    make_publication(*(coming(f"Team {n}", start=NOON + timedelta(hours=n)) for n in range(1, 20)))
    browser.get("/")

    with django_assert_num_queries(1):
        browser.get("/")
