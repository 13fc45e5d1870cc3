"""Whoever writes addresses by hand gets a page or a refusal, never a fault."""

from contextlib import contextmanager

import pytest
from django.contrib import admin
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import reverse

from livescores.models import Match
from predictions.models import OddsSource, Prediction
from tests.soccerpredict.back_office.admin_pages import MAKERS, each_model, list_of, named

ABSURD = (
    "\x00",
    "-1",
    "99999999999999999999",
    "abc",
    "é北京🏟",
    "2026-02-30",
    "9999-12-31",
    "'; DROP TABLE livescores_match; --",
    "x" * 5_000,
)
OF_LISTS = ("q", "o", "p", "all", "e", "_facets", "_popup", "_to_field", "unknown", "pk__in", "id")
NUMBERS = ("0", "abc", "99999999999999999999", "%00", "1/2", "é_5F")
# Django reads a day where a moment was meant, and warns.
pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::RuntimeWarning")]


@pytest.fixture
def client(admin_user):
    client = Client(raise_request_exception=True)
    client.force_login(admin_user)
    return client


def refused_or_found(client, address, name):
    """Each value is asked for; one list is drawn, too: of ten parts of the time that takes nine."""
    for value in ABSURD:
        with undrawn():
            answer = client.get(address, {name: value})
        assert answer.status_code < 500, (name, value[:40])
    drawn = ABSURD[len(name) % len(ABSURD)]
    assert client.get(address, {name: drawn}).status_code < 500, (name, drawn[:40])


@contextmanager
def undrawn():
    """Lists are worked out, their rows read, and nothing is made of them."""

    def worked_out(response):
        if shown := response.context_data.get("cl"):
            list(shown.result_list)
        response.content = b""
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TemplateResponse, "render", worked_out)
        yield


@each_model
def test_an_absurd_filter_is_refused_or_finds_nothing(client, model):
    MAKERS[model]()
    shown = client.get(list_of(model)).context["cl"]
    for spec in shown.filter_specs:
        for name in spec.expected_parameters():
            refused_or_found(client, list_of(model), name)


@pytest.mark.parametrize("name", OF_LISTS)
@pytest.mark.parametrize("model", [Match, Prediction, OddsSource], ids=named)
def test_an_absurd_question_is_refused_or_finds_nothing(client, model, name):
    MAKERS[model]()

    refused_or_found(client, list_of(model), name)


@each_model
def test_an_absurd_number_leads_to_no_fault(client, model):
    for number in NUMBERS:
        for end in ("change/", "history/", "delete/"):
            answer = client.get(f"{list_of(model)}{number}/{end}")
            assert answer.status_code < 500, (number, end)


@pytest.mark.parametrize("value", ABSURD)
def test_an_absurd_autocompletion_is_refused(client, value):
    asked = {"app_label": "livescores", "model_name": "match", "field_name": "home_team"}
    for name in ("term", "page", *asked):
        answer = client.get(reverse("admin:autocomplete"), {"term": "a", **asked, name: value})
        assert answer.status_code < 500, name


@each_model
def test_an_absurd_choice_of_rows_does_nothing(client, model):
    for action in (*(admin.site._registry[model].actions or ()), "nobody_knows"):
        for rows in (["abc"], ["\x00"], ["99999999999999999999"], ["1"] * 900):
            form = {"action": action, "_selected_action": rows, "select_across": "x", "index": "y"}
            answer = client.post(list_of(model), form)
            assert answer.status_code < 500, (action, rows[:1])
