"""Odds, their sources and the quarantine in the admin."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from predictions.models import Odds, OddsSource, QuarantinedOdds
from tests import forms
from tests.factories import (
    NOON,
    make_bookmaker,
    make_match,
    make_odds,
    make_quarantined,
    make_team,
    make_two_way_odds,
)
from tests.forms import save

QUARANTINE = reverse("admin:predictions_quarantinedodds_changelist")
ODDS = reverse("admin:predictions_odds_changelist")
TWO_WAY = reverse("admin:predictions_twowayodds_changelist")
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


def held_back(match):
    """A price that the others of its match contradict."""
    price = make_odds(match, (3.8, 3.3, 2.0), is_quarantined=True)
    for code in ("PS", "WH", "VC"):
        make_odds(match, (2.0, 3.3, 3.8), bookmaker=make_bookmaker(code))
    return make_quarantined(match, rule="contradicted", released_as=price, reason="It says …")


def test_what_was_held_back_is_released_where_it_is(admin_client):
    row = held_back(make_match())

    act(admin_client, "release", row)

    price = Odds.objects.get(released_from=row)
    assert (price.is_quarantined, Odds.objects.count()) == (False, 4)


def test_lists_tell_what_is_held_back_and_by_which_rule(admin_client):
    row = held_back(make_match())
    make_quarantined()

    odds = admin_client.get(ODDS, {"is_quarantined__exact": 1})
    rows = admin_client.get(QUARANTINE, {"rule__exact": "contradicted"})

    assert list(odds.context["cl"].result_list) == [row.released_as]
    assert "held back" in odds.content.decode()
    assert list(rows.context["cl"].result_list) == [row]


def test_prices_on_lines_have_a_list_and_stand_on_their_match(admin_client):
    match = make_match()
    make_two_way_odds(match, (1.85, 2.05), market="asian_handicap", line=-0.75)
    make_two_way_odds(match)

    page = admin_client.get(TWO_WAY, {"market__exact": "asian_handicap"})
    of_match = admin_client.get(reverse("admin:livescores_match_change", args=[match.pk]))

    assert [row.line for row in page.context["cl"].result_list] == [-0.75]
    for text in ("Asian handicap", "-0.75", "1.85", "2.05"):
        assert text in page.content.decode()
        assert text in of_match.content.decode()
