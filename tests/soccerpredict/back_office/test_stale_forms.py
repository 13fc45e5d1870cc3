"""A form that was opened before somebody else saved undoes nothing of theirs."""

import pytest
from django.urls import reverse

from livescores.models import Match, Region
from soccerpredict.back_office.stale_forms import SEEN, SENTENCE
from tests.factories import make_match, make_region
from tests.forms import change_form, save

pytestmark = pytest.mark.django_db


def page_of(row):
    return reverse(f"admin:livescores_{row._meta.model_name}_change", args=[row.pk])


def opened(client, row):
    return change_form(client.get(page_of(row))).fields()[SEEN]


def test_a_form_is_saved_that_nobody_was_quicker_than(admin_client):
    region = make_region(name="Italia")

    save(admin_client, page_of(region), {"name": "Italy"})

    assert Region.objects.get().name == "Italy"


def test_a_stale_form_saves_nothing_and_says_why(admin_client):
    region = make_region(name="Italia")
    form = change_form(admin_client.get(page_of(region)))
    Region.objects.update(name="Italy")

    first = admin_client.post(page_of(region), form.filled({"name": "Italia!"}, "_save"))
    sent = change_form(first).fields("_save")  # sending it once more changes nothing
    again = admin_client.post(page_of(region), sent)

    assert SENTENCE in first.content.decode()
    assert sent["name"] == ["Italia!"]
    assert SENTENCE in again.content.decode()
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
