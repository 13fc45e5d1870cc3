"""A model version in the admin: its card, its reliability, beside others, and retired."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from predictions.models import Retirement
from predictions.services.versions import reliability, retirement
from soccerpredict.errors import Conflict, InvalidInput
from tests import forms
from tests.factories import (
    DAY,
    make_alias,
    make_batch,
    make_match,
    make_model_version,
    make_prediction,
)

LIST = reverse("admin:predictions_modelversion_changelist")
pytestmark = pytest.mark.django_db


def page_of(client, version):
    address = reverse("admin:predictions_modelversion_change", args=[version.pk])
    return client.get(address).content.decode()


def act(client, action, *versions, **more):
    """What is shown then; after the page that asks for `more`, if there is any."""
    shown = forms.act(client, LIST, action, *versions)
    if more:
        shown = forms.confirm(client, shown, LIST, **more)
    return shown.content.decode()


def predicted(version, *matches):
    """A batch run of the version: each match with its probabilities."""
    batch = make_batch(model_version=version)
    for match, proba in matches:
        make_prediction(match, proba, batch=batch)
    return batch


def test_a_card_tells_of_recipe_data_and_time(admin_client):
    version = make_model_version(dataset_version="0123456789abcdef", recipe_class="B with odds")

    text = page_of(admin_client, version)

    for told in ("0123456789abcdef", "B with odds", "10 features", "1,000 matches", "no betting"):
        assert told in text


def test_the_list_shows_the_hold_outs_score(admin_client):
    make_model_version(metrics={"holdout_log_loss": 0.98765})

    assert "0.9877" in admin_client.get(LIST).content.decode()


def test_bins_hold_what_was_said_and_what_came():
    version = make_model_version()
    predicted(
        version,
        (make_match(score=(1, 0)), (0.62, 0.25, 0.13)),
        (make_match(score=(0, 1)), (0.68, 0.15, 0.17)),
    )

    found = reliability.of_version(version)

    assert [(round(b.stated, 4), b.came_true, b.n) for b in found] == [
        (0.15, pytest.approx(1 / 3), 3),  # 0.13, 0.15 and 0.17: the last one came true
        (0.25, 0.0, 1),
        (0.65, 0.5, 2),
    ]


def test_what_it_may_have_learned_from_is_left_out():
    version = make_model_version()
    before = make_match(score=(1, 0), start_time_utc=version.trained_until - DAY)
    predicted(version, (before, (0.5, 0.3, 0.2)), (make_match(), (0.5, 0.3, 0.2)))

    assert reliability.of_version(version) == []


def test_a_certain_forecast_has_a_bin():
    version = make_model_version()
    predicted(version, (make_match(score=(1, 0)), (1.0, 0.0, 0.0)))

    assert [(b.stated, b.came_true, b.n) for b in reliability.of_version(version)] == [
        (0.0, 0.0, 2),
        (1.0, 1.0, 1),
    ]


def test_its_page_draws_the_diagram(admin_client):
    version = make_model_version()
    empty = page_of(admin_client, version)
    predicted(version, (make_match(score=(1, 0)), (0.62, 0.25, 0.13)))

    assert "No match has been played" in empty
    assert "Calibration, 1 matches" in page_of(admin_client, version)


def test_versions_stand_side_by_side(admin_client):
    one = make_model_version(metrics={"log_loss": 0.99})
    other = make_model_version(recipe="blend", metrics={"log_loss": 0.98, "rps": 0.2})

    text = act(admin_client, "compare", one, other)

    for told in (str(one), str(other), "0.9900", "0.9800", "0.2000"):
        assert told in text
    assert not LogEntry.objects.exists()


def test_a_version_is_retired_with_a_reason_on_record(admin_client):
    version = make_model_version()

    asked = act(admin_client, "retire", version)
    assert "No stage may be served" in asked
    assert not Retirement.objects.exists()
    act(admin_client, "retire", version, reason="learned from wrong scores")

    kept = Retirement.objects.get()
    assert (kept.model_version, kept.retired_by) == (version, "admin")
    assert LogEntry.objects.get().change_message == "Retire: learned from wrong scores"
    assert "Retired" in admin_client.get(LIST).content.decode()


def test_what_serves_is_not_retired(admin_client):
    version = make_alias("challenger").model_version

    shown = act(admin_client, "retire", version, reason="too old")

    assert "serves the stage challenger: replace it first" in shown
    assert not Retirement.objects.exists()


def test_nobody_retires_twice_or_without_a_reason():
    version = make_model_version()
    with pytest.raises(InvalidInput):
        retirement.retire(version=version, by="ann", reason=" ")
    retirement.retire(version=version, by="ann", reason="too old")

    with pytest.raises(Conflict, match="is retired: too old"):
        retirement.retire(version=version, by="bob", reason="again")

    assert Retirement.objects.get().retired_by == "ann"
