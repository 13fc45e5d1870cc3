"""Odds, their sources and the quarantine in the admin."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from predictions.models import Odds, OddsSource, QuarantinedOdds
from tests import forms
from tests.factories import NOON, make_bookmaker, make_match, make_odds, make_quarantined, make_team
from tests.forms import save

QUARANTINE = reverse("admin:predictions_quarantinedodds_changelist")
pytestmark = pytest.mark.django_db


def act(client, action, *rows, reason="Seen on the bookmaker's page."):
    asking = forms.act(client, QUARANTINE, action, *rows)
    return forms.confirm(client, asking, QUARANTINE, reason=reason) if reason else asking


@pytest.mark.parametrize("action", ["release", "discard"])
def test_a_decision_asks_why_first(admin_client, action):
    row = make_quarantined()

    text = act(admin_client, action, row, reason="").content.decode()

    assert "Why? This is kept for good." in text
    assert row.as_read in text
    assert QuarantinedOdds.objects.get().state == "waiting"


@pytest.mark.parametrize(("action", "state"), [("release", "released"), ("discard", "discarded")])
def test_a_decision_is_kept_with_who_and_why(admin_client, admin_user, action, state):
    rows = [make_quarantined(), make_quarantined()]

    text = act(admin_client, action, *rows).content.decode()

    kept = set(QuarantinedOdds.objects.values_list("state", "decided_by", "decision_reason"))
    assert kept == {(state, admin_user.username, "Seen on the bookmaker's page.")}
    assert f"{action.capitalize()}: 2 of 2." in text
    assert LogEntry.objects.count() == 2


def test_what_cannot_be_released_is_told_and_the_rest_is(admin_client):
    no_price, doubtful = make_quarantined(odd_home=1.0), make_quarantined()

    text = act(admin_client, "release", no_price, doubtful).content.decode()

    assert "can never be released" in text
    assert "Release: 1 of 2." in text
    assert Odds.objects.get().released_from == doubtful


def test_who_may_only_look_decides_nothing(client):
    row = make_quarantined()
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_quarantinedodds"))
    client.force_login(viewer)

    client.post(QUARANTINE, {"action": "release", "_selected_action": row.pk, "reason": "by hand"})

    assert QuarantinedOdds.objects.get().state == "waiting"


def test_quarantined_prices_are_found_by_team_and_show_where_they_were_read(admin_client):
    row = make_quarantined(make_match(home_team=make_team(name="Rovers")))
    make_quarantined()

    answer = admin_client.get(QUARANTINE, {"q": "rovers"})

    assert list(answer.context["cl"].result_list) == [row]
    assert "E0.csv:7" in answer.content.decode()


def test_an_operator_switches_a_source_off(admin_client):
    source = OddsSource.objects.create(name="feed")
    address = reverse("admin:predictions_oddssource_change", args=[source.pk])

    save(admin_client, address, {"note": "The terms forbid it.", "may_pass_on": None})

    source.refresh_from_db()
    assert (source.may_pass_on, source.note) == (False, "The terms forbid it.")


def test_a_match_shows_its_closing_line_or_why_there_is_none(admin_client):
    match = make_match(start_time_utc=NOON, score=(1, 0))
    make_odds(match, (2.0, 3.5, 4.25), kind="closing", moment="kick_off", source="feed")
    make_odds(match, (2, 3, 4), kind="live", bookmaker=make_bookmaker("WH"))

    text = admin_client.get(
        reverse("admin:livescores_match_change", args=[match.pk])
    ).content.decode()

    assert "2.00 / 3.50 / 4.25, closing of feed, 2026-03-14 11:59 UTC (just before kick-off" in text
    assert "All its prices are in-play prices." in text
