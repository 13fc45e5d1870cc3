"""A form that was opened before somebody else saved undoes nothing of theirs."""

import re

import pytest
from django.urls import reverse

from livescores.models import Match, Region
from soccerpredict.back_office.stale_forms import SEEN, SENTENCE
from tests.factories import make_match, make_region
from tests.forms import change_form

pytestmark = pytest.mark.django_db
TOKEN = re.compile(rf'name="{SEEN}" value="(\w+)"')


def page_of(row):
    return reverse(f"admin:livescores_{row._meta.model_name}_change", args=[row.pk])


def opened(client, row):
    [token] = TOKEN.findall(client.get(page_of(row)).content.decode())
    return token


def test_a_form_is_saved_that_nobody_was_quicker_than(admin_client):
    region = make_region(name="Italia")

    admin_client.post(page_of(region), {"name": "Italy", SEEN: opened(admin_client, region)})

    assert Region.objects.get().name == "Italy"


def test_a_stale_form_saves_nothing_and_says_why(admin_client):
    region = make_region(name="Italia")
    token = opened(admin_client, region)
    Region.objects.update(name="Italy")

    sent = {"name": "Italia!", SEEN: token}
    first = admin_client.post(page_of(region), sent).content.decode()
    again = admin_client.post(page_of(region), sent).content.decode()

    assert SENTENCE in first
    assert TOKEN.findall(first) == [token]  # sending it once more changes nothing
    assert SENTENCE in again
    assert Region.objects.get().name == "Italy"


def test_a_score_that_came_in_meanwhile_stays(admin_client):
    match = make_match(status="live", home_score=0, away_score=0)
    form = change_form(admin_client.get(page_of(match)))
    Match.objects.update(home_score=2)

    answer = admin_client.post(page_of(match), form.filled({"minute": 80}, "_save"))

    assert SENTENCE in answer.content.decode()
    assert Match.objects.get().home_score == 2


def test_two_readings_of_a_row_are_alike(admin_client):
    match = make_match()

    assert opened(admin_client, match) == opened(admin_client, match)
