"""Deciding about models in the admin: a worker does it, here in the test's own process."""

import pytest
from celery import current_app
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from predictions import registry
from predictions.models import AliasChange, GateReport
from predictions.services.live import live_requests
from predictions.services.versions import decisions, gate, loading, promotion
from soccerpredict.errors import NotFound
from tests import forms
from tests.factories import make_alias, make_gate_report, make_model_version

REPORTS = reverse("admin:predictions_gatereport_changelist")
CHANGES = reverse("admin:predictions_aliaschange_changelist")
VERSIONS = reverse("admin:predictions_modelversion_changelist")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def worker(monkeypatch):
    """One that has every artifact and whose MLflow hears of every change."""
    told = []
    monkeypatch.setattr(loading, "fitted_of", lambda version: None)
    monkeypatch.setattr(registry, "set_alias", lambda stage, version: told.append((stage, version)))
    monkeypatch.setattr(live_requests, "_ask", answered)
    return told


def answered(task, arguments):
    answer = current_app.tasks[task](*arguments)
    if "error" in answer:
        raise live_requests.WorkerRefused(answer["error"])
    return answer


@pytest.fixture
def report():
    champion = make_alias().model_version
    return make_gate_report(champion=champion, passed=True)


def act(client, page, action, row, reason="It is better on 900 matches."):
    return confirm(client, page, forms.act(client, page, action, row), reason)


def confirm(client, page, asking, reason="It is better on 900 matches."):
    return forms.confirm(client, asking, page, reason=reason).content.decode()


def serving():
    return promotion.serving("champion")


def test_a_report_is_promoted_with_who_and_why(admin_client, admin_user, report, worker):
    assert "Promote: 1 of 1." in act(admin_client, REPORTS, "promote", report)

    change = AliasChange.objects.latest("pk")
    assert serving() == report.candidate
    assert (change.changed_by, change.reason) == (
        admin_user.username,
        "It is better on 900 matches.",
    )
    assert worker == [("champion", report.candidate.version)]


def test_a_refused_one_is_promoted_by_force_only(admin_client, report):
    GateReport.objects.update(passed=False)

    refused = act(admin_client, REPORTS, "promote", report)
    before = serving()
    act(admin_client, REPORTS, "force", report)

    assert "only force and a reason lead past it" in refused
    assert before == report.champion
    assert (serving(), AliasChange.objects.latest("pk").forced) == (report.candidate, True)


def test_a_report_of_another_champion_is_told_to_look_again(admin_client, report):
    make_alias()

    assert "since you looked: look again" in act(admin_client, REPORTS, "promote", report)


def test_one_action_rolls_back(admin_client, admin_user, worker):
    old = make_alias().model_version
    change = make_alias(previous=old)

    text = act(admin_client, CHANGES, "roll_back", change, "It answers nonsense.")

    assert "Roll back: 1 of 1." in text
    assert (serving(), worker) == (old, [("champion", old.version)])
    made = AliasChange.objects.latest("pk")
    assert (made.changed_by, made.reason) == (admin_user.username, "It answers nonsense.")


def test_a_change_that_no_longer_holds_is_not_rolled_back(admin_client):
    old = make_alias()
    now = make_alias(previous=old.model_version).model_version

    text = act(admin_client, CHANGES, "roll_back", old)

    assert "since you looked: look again" in text
    assert serving() == now


def test_a_version_is_examined_beside_what_serves(admin_client, admin_user, monkeypatch):
    asked = []
    monkeypatch.setattr(
        gate,
        "examine",
        lambda *versions, **how: asked.append((versions, how)) or make_gate_report(),
    )
    champion, version = make_alias().model_version, make_model_version()

    act(admin_client, VERSIONS, "examine_as_champion", version, "curious")

    how = {"stage": "champion", "by": admin_user.username, "reason": "curious"}
    assert asked == [((version, champion), how)]


@pytest.mark.parametrize(
    ("page", "action", "row"),
    [
        (REPORTS, "promote", make_gate_report),
        (REPORTS, "force", make_gate_report),
        (CHANGES, "roll_back", make_alias),
        (VERSIONS, "examine_as_champion", make_model_version),
    ],
)
def test_who_may_only_look_decides_nothing(client, page, action, row, worker):
    viewer = User.objects.create_user("viewer", is_staff=True)
    codenames = ("view_gatereport", "view_aliaschange", "view_modelversion")
    viewer.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(viewer)

    by_hand = {"action": action, "_selected_action": row().pk, "reason": "I say so."}
    client.post(page, by_hand)

    assert worker == []


def test_a_reports_page_says_what_was_found(admin_client):
    page = reverse("admin:predictions_gatereport_change", args=[make_gate_report().pk])

    text = admin_client.get(page).content.decode()

    assert "✗ Log-loss +0.05 to the champion&#x27;s 1.0." in text
    assert "+0.0500 ± 0.0100 on 90 matches" in text


def test_what_is_not_there_is_named():
    with pytest.raises(NotFound, match=r"There is no gate report 99\."):
        decisions.promote(99, "ann", "why not", force=False)
    with pytest.raises(NotFound, match=r"There is no version 99999\."):
        decisions.examine(99_999, "champion", "ann", "why not")
    with pytest.raises(NotFound, match="No version served the stage champion before"):
        decisions.roll_back("champion", "ann", "why not", seen=1)


def test_a_very_long_reason_is_refused_and_kept_in_the_form(admin_client, report, worker):
    text = act(admin_client, REPORTS, "promote", report, "x" * 2_001)

    assert "at most 2000 characters (it has 2001)" in text
    assert "x" * 2_001 in text
    assert (worker, serving()) == ([], report.champion)


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_blanks_are_no_reason(admin_client, report, worker, reason):
    assert "This field is required." in act(admin_client, REPORTS, "promote", report, reason)
    assert worker == []


def test_the_evidence_is_read_before_the_decision(admin_client, report):
    text = forms.act(admin_client, REPORTS, "promote", report).content.decode()

    assert "✗ Log-loss +0.05 to the champion&#x27;s 1.0." in text
    assert "Why? This is kept for good." in text


def test_two_operators_who_read_the_same_report_do_not_both_win(admin_client, report, worker):
    one, other = [forms.act(admin_client, REPORTS, "promote", report) for _ in range(2)]
    first = confirm(admin_client, REPORTS, one, "It is better.")
    second = confirm(admin_client, REPORTS, other, "I say so, too.")

    assert "Promote: 1 of 1." in first
    assert "since you looked: look again" in second
    assert AliasChange.objects.filter(model_version=report.candidate).count() == 1


def test_a_page_offers_what_can_be_done_about_its_row(admin_client, report):
    page = reverse("admin:predictions_gatereport_change", args=[report.pk])

    text = admin_client.get(page).content.decode()

    assert '<button name="action" value="promote">Promote the candidate</button>' in text
