"""Every page of the admin: it opens, needs no more queries for more rows, loads only from here."""

import re
from html import unescape

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_celery_results.models import GroupResult, TaskResult

from livescores.admin import has_simulated
from livescores.models import (
    Match,
    Region,
    Season,
    Team,
    Tournament,
)
from predictions.models import (
    Bookmaker,
    OddsSource,
)
from soccerpredict.access.models import ApiKey
from tests.factories import (
    NOON,
    make_match,
    make_region,
)
from tests.soccerpredict.back_office.admin_pages import (
    MACHINE_WRITTEN,
    MAKERS,
    each_model,
    list_of,
    make,
    named,
    page,
)

OURS = ("livescores", "predictions", "monitoring", "access", "jobs")
MOST_QUERIES = 12
LOADED = re.compile(
    r"""(?:\bsrc=|<link[^>]*href=|hx-get=|@import|url\()\s*["']?((?:https?:)?//[^"')\s]+)"""
)
pytestmark = pytest.mark.django_db


EXPIRING = (TaskResult, GroupResult)
KEPT = (Region, Tournament, Season, Team, Match, Bookmaker, OddsSource, ApiKey, User)


@pytest.fixture(autouse=True)
def _notice_is_known():
    has_simulated.cache_clear()
    has_simulated(0)


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch):
    monkeypatch.setattr("livescores.admin.NOTICE_SECONDS", 10**12)


def test_every_model_is_in_the_admin():
    ours = {model for label in OURS for model in apps.get_app_config(label).get_models()}

    assert ours <= set(admin.site._registry)
    assert set(admin.site._registry) == set(MAKERS)


def test_every_list_is_in_the_sidebar(admin_client):
    text = admin_client.get(reverse("admin:index")).content.decode()

    sidebar = text[text.index("nav-sidebar-apps") :]
    assert [model for model in MAKERS if f'href="{list_of(model)}"' not in sidebar] == []


@each_model
def test_a_list_of_30_needs_the_queries_of_3(model, admin_client, django_assert_max_num_queries):
    make(model, 3)
    with CaptureQueriesContext(connection) as of_three:
        admin_client.get(list_of(model))
    make(model, 27)

    with django_assert_max_num_queries(min(len(of_three), MOST_QUERIES)):
        answer = admin_client.get(list_of(model))

    assert answer.status_code == 200
    assert answer.context["cl"].result_count >= 30


@each_model
def test_a_search_of_30_needs_the_queries_of_3(model, admin_client, django_assert_max_num_queries):
    make(model, 3)
    with CaptureQueriesContext(connection) as of_three:
        admin_client.get(list_of(model), {"q": "e a"})
    make(model, 27)

    with django_assert_max_num_queries(min(len(of_three), MOST_QUERIES)):
        answer = admin_client.get(list_of(model), {"q": "e a"})

    assert answer.status_code == 200
    assert admin.site._registry[model].search_fields


@each_model
def test_a_list_can_be_sorted_by_all_it_offers(model, admin_client):
    make(model, 2)
    columns = range(1, len(admin.site._registry[model].list_display) + 1)

    answer = admin_client.get(list_of(model), {"o": ".".join(map(str, columns))})

    assert answer.status_code == 200


@each_model
def test_a_page_opens(model, admin_client):
    row = make(model, 2)[0]
    row.refresh_from_db()

    answer = admin_client.get(page(row))

    assert answer.status_code == 200
    assert str(row) in unescape(answer.content.decode())


@each_model
def test_nothing_is_loaded_from_another_host(model, admin_client):
    row = make(model, 1)[0]

    texts = [admin_client.get(url).content.decode() for url in (list_of(model), page(row))]

    assert [LOADED.findall(text) for text in texts] == [[], []]


@pytest.mark.parametrize("model", [m for m in MAKERS if m not in MACHINE_WRITTEN], ids=named)
def test_what_people_keep_can_be_added(model, admin_client):
    answer = admin_client.get(list_of(model) + "add/")

    assert answer.status_code == 200


@pytest.mark.parametrize("model", MACHINE_WRITTEN, ids=named)
def test_what_a_machine_wrote_cannot_be_added(model, admin_client):
    shown = admin_client.get(list_of(model) + "add/")
    sent = admin_client.post(list_of(model) + "add/", {})

    assert (shown.status_code, sent.status_code) == (403, 403)


@pytest.mark.parametrize("model", MACHINE_WRITTEN, ids=named)
def test_what_a_machine_wrote_cannot_be_changed(model, admin_client):
    row = make(model, 1)[0]

    answer = admin_client.post(page(row), {"_save": "Save"})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "model", [m for m in MACHINE_WRITTEN + KEPT if m not in EXPIRING], ids=named
)
def test_history_cannot_be_deleted(model, admin_client):
    row = make(model, 1)[0]

    one = admin_client.post(page(row, "delete"), {"post": "yes"})
    admin_client.post(
        list_of(model), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    )

    assert one.status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_the_pages_say_where_data_is_simulated(admin_client):
    make_region(is_simulated=True)
    has_simulated.cache_clear()

    index = admin_client.get(reverse("admin:index")).content.decode()
    matches = admin_client.get(list_of(Match)).content.decode()

    assert "Simulated data" in index
    assert "Simulated data" in matches


def test_the_pages_say_nothing_of_real_data(admin_client):
    make_region()
    has_simulated.cache_clear()

    assert "Simulated data" not in admin_client.get(reverse("admin:index")).content.decode()


def test_whether_data_is_simulated_is_asked_once(django_assert_num_queries):
    has_simulated.cache_clear()

    with django_assert_num_queries(1):
        has_simulated(7)
        has_simulated(7)


def test_a_stranger_is_sent_to_the_login(client):
    answer = client.get(list_of(Match))

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("admin:login"))


def test_a_login_leads_to_the_index(client, admin_user):
    sent = {"username": admin_user.username, "password": "password"}

    answer = client.post(reverse("admin:login"), sent)

    assert answer.headers["Location"] == reverse("admin:index")


def test_days_are_written_so_that_filters_read_them(admin_client):
    match = make_match(start_time_utc=NOON)

    form = admin_client.get(page(match)).content.decode()
    words = admin_client.get(reverse("admin:jsi18n")).content.decode()
    written = NOON.strftime(re.search(r'"DATE_INPUT_FORMATS": \[\s*"([^"]+)"', words)[1])
    asked = {"start_time_utc_from": written, "start_time_utc_to": written}
    found = admin_client.get(list_of(Match), asked).context["cl"].result_count

    assert 'value="2026-03-14"' in form
    assert (written, found) == ("2026-03-14", 1)
