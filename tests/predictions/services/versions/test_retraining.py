"""Training anew by schedule: candidates with gate reports, and the same models serving."""

from datetime import timedelta

import pytest
from django.utils import timezone

from predictions.models import AliasChange, GateReport, ModelVersion
from predictions.services import scheduled
from predictions.services.training import fitting
from predictions.services.versions import promotion, retraining
from soccerpredict.jobs.runs import NothingToDo
from tests.factories import make_gate_report
from tests.predictions.aliases import alias_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


@pytest.fixture
def stale(trained):
    """What serves was made by an earlier version of the code."""
    ModelVersion.objects.update(code_version="earlier")


def serving():
    return {stage: promotion.serving(stage) for stage in ("champion", "challenger")}


def test_the_result_is_candidates_with_reports_and_nothing_is_promoted(trained, stale):
    before, n_changes = serving(), AliasChange.objects.count()

    reports = retraining.retrain(reason="drift")

    assert {report.stage: report.champion for report in reports} == before
    for report in reports:
        assert report.candidate.recipe == report.champion.recipe
        assert report.candidate.version > report.champion.version
        assert (report.asked_by, report.reason) == ("schedule", "drift")
    assert (serving(), AliasChange.objects.count()) == (before, n_changes)
    assert alias_of("champion") == trained.champion.version


def test_what_has_learned_from_these_features_is_not_trained_again(trained):
    with pytest.raises(NothingToDo, match="Nothing is new since the last training"):
        retraining.retrain(reason="monthly")

    assert ModelVersion.objects.count() == 2


def test_only_the_recipe_that_is_stale_is_trained(trained, monkeypatch):
    ModelVersion.objects.filter(pk=trained.challenger.pk).update(dataset_version="earlier")

    (report,) = retraining.retrain(reason="monthly")

    assert (report.stage, report.champion) == ("challenger", trained.challenger)


def test_where_nothing_serves_nothing_is_trained(trained):
    AliasChange.objects.all().delete()

    with pytest.raises(NothingToDo, match="Nothing serves yet"):
        retraining.retrain(reason="monthly")


def test_the_job_says_that_a_decision_is_waited_for(stale, monkeypatch):
    monkeypatch.setattr(fitting, "train", lambda recipe_names: [])

    assert scheduled.retrain().endswith(
        "Nothing was promoted: the gate reports wait for a decision."
    )


@pytest.mark.parametrize(
    ("by", "days", "lately"), [("schedule", 6, True), ("schedule", 8, False), ("ann", 1, False)]
)
def test_a_retraining_by_schedule_is_remembered_for_a_week(trained, by, days, lately):
    GateReport.objects.all().delete()
    make_gate_report(
        candidate=trained.champion,
        champion=trained.challenger,
        asked_by=by,
        examined_at=timezone.now() - timedelta(days=days),
    )

    assert retraining.was_lately() is lately
