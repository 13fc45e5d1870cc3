"""Promotion and rollback, with the alias in a real MLflow."""

import pytest

from predictions import registry
from predictions.models import AliasChange, GateReport
from predictions.registry import RegistryAway
from predictions.services.training import fitting
from predictions.services.versions import gate, loading, promotion, retirement
from predictions.services.versions.loading import ModelNotReady
from predictions.services.versions.promotion import GateRefused
from soccerpredict.errors import Conflict, InvalidInput, NotFound
from tests.predictions.aliases import alias_of
from tests.predictions.pipeline import flip_byte, forget_cached, registered_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


@pytest.fixture
def newer(own_files):
    """A version that serves nothing yet, better than the champion."""
    (version,) = fitting.train(recipe_names=["past_odds"], seed=7)
    return version


@pytest.fixture
def worse(own_files):
    """In a world so small the logistic recipe learns by heart."""
    (version,) = fitting.train(recipe_names=["logistic"], seed=7)
    return version


@pytest.fixture(autouse=True)
def aliases_as_before(trained):
    """MLflow knows nothing of the test's transaction."""
    yield
    registry.set_alias("champion", trained.champion.version)
    registry.set_alias("challenger", trained.challenger.version)


def promote(stage="champion", version=None, **how):
    number = version.version if version else None
    how = {"by": "ann", "reason": "it is better", **how}
    return promotion.promote(stage=stage, version=number, **how)


def roll_back(stage="champion"):
    return promotion.roll_back(stage=stage, by="ann", reason="it was worse")


def serving(stage="champion"):
    return loading.version_of(stage)


def test_a_version_takes_over_a_stage(trained, newer):
    change = promote(version=newer)

    assert serving() == newer
    assert alias_of("champion") == newer.version
    assert (change.previous, change.changed_by) == (trained.champion, "ann")
    assert not change.forced


def test_the_evidence_is_kept_with_who_and_why(trained, newer):
    change = promote(version=newer)

    report = GateReport.objects.latest("pk")
    assert (change.changed_by, change.reason) == ("ann", "it is better")
    assert (report.candidate, report.champion) == (newer, trained.champion)
    assert change.evidence == {
        "gate_report": report.pk,
        "passed": True,
        **report.content,
        "metrics": newer.metrics,
    }


def test_a_worse_one_is_refused_and_that_is_kept_too(trained, worse):
    with pytest.raises(GateRefused, match=r"does not become champion.*Log-loss") as refused:
        promote(version=worse)

    assert serving() == trained.champion
    assert alias_of("champion") == trained.champion.version
    report = GateReport.objects.latest("pk")
    assert (report, report.passed) == (refused.value.report, False)


def test_force_and_a_reason_lead_past_the_gate(worse):
    change = promote(version=worse, force=True, reason="the other one answers nonsense")

    assert serving() == worse
    assert change.forced
    assert change.evidence["passed"] is False
    assert change.reason == "the other one answers nonsense"


@pytest.mark.parametrize("reason", ["", "  "])
def test_force_takes_a_reason(trained, worse, reason):
    n = GateReport.objects.count()

    with pytest.raises(InvalidInput, match="takes a reason"):
        promote(version=worse, force=True, reason=reason)

    assert (serving(), GateReport.objects.count()) == (trained.champion, n)


def test_force_where_the_gate_had_nothing_against_it_is_no_force(newer):
    assert not promote(version=newer, force=True).forced


def test_what_was_decided_on_another_champion_is_refused(trained, newer, worse, monkeypatch):
    examine = gate.examine

    def examined_while_another_is_promoted(*args, **how):
        report = examine(*args, **how)
        monkeypatch.setattr(gate, "examine", examine)
        promote(version=newer)
        return report

    monkeypatch.setattr(gate, "examine", examined_while_another_is_promoted)

    with pytest.raises(Conflict, match=f"Version {newer.version} serves .* since you looked"):
        promote(version=worse, force=True)

    assert serving() == newer


def test_a_report_that_was_read_decides_without_another_look(trained, newer):
    report = gate.examine(newer, trained.champion, stage="champion", by="beat", reason="retrained")

    change = promotion.promote_examined(report=report, by="ann", reason="as retrained")

    assert serving() == newer
    assert change.evidence["gate_report"] == report.pk
    assert GateReport.objects.filter(candidate=newer).count() == 1


def test_a_report_beside_a_champion_of_yesterday_decides_nothing(trained, newer, worse):
    report = gate.examine(newer, trained.champion, stage="champion", by="beat", reason="retrained")
    promote(version=worse, force=True)

    with pytest.raises(Conflict, match="since you looked"):
        promotion.promote_examined(report=report, by="ann", reason="as retrained")


def test_a_rollback_asks_no_gate(trained, worse):
    promote(version=worse, force=True)
    n = GateReport.objects.count()

    assert roll_back().evidence["rolled_back"] == AliasChange.objects.order_by("-id")[1].pk
    assert GateReport.objects.count() == n


def test_a_rollback_of_what_somebody_else_rolled_back_is_refused(trained, newer):
    promote(version=newer)
    seen = promotion.serving("champion")
    roll_back()

    with pytest.raises(Conflict, match="since you looked"):
        promotion.roll_back(stage="champion", by="bob", reason="me too", seen=seen.version)

    assert serving() == trained.champion


def test_the_other_stage_stays(trained, newer):
    promote(version=newer)

    assert serving("challenger") == trained.challenger
    assert alias_of("challenger") == trained.challenger.version


def test_without_a_number_it_is_the_newest_of_the_stages_recipe(worse):
    (newest,) = fitting.train(recipe_names=["blend"], seed=7)

    change = promote("challenger", force=True)

    assert change.model_version == newest


def test_the_version_that_serves_is_refused(trained):
    with pytest.raises(Conflict, match="serves the stage champion already"):
        promote(version=trained.champion)

    assert AliasChange.objects.filter(stage="champion").count() == 1


def test_an_unknown_version_is_refused(trained):
    with pytest.raises(NotFound, match=r"There is no version 99999: run manage.py train_model\."):
        promotion.promote(stage="champion", version=99_999, by="ann", reason="")


def test_a_version_tampered_with_is_refused_and_the_old_one_serves(trained, newer):
    forget_cached(newer)
    flip_byte(registered_folder(newer) / "model.json")

    with pytest.raises(ModelNotReady, match="cannot be trusted"):
        promote(version=newer)

    assert serving() == trained.champion
    assert alias_of("champion") == trained.champion.version


def test_with_the_registry_away_the_old_one_serves(trained, newer, settings):
    uri = settings.MLFLOW_TRACKING_URI
    settings.MLFLOW_TRACKING_URI = "postgresql+psycopg://x:y@127.0.0.1:1/mlflow"

    with pytest.raises(RegistryAway):
        promote(version=newer)

    settings.MLFLOW_TRACKING_URI = uri
    assert serving() == trained.champion
    assert alias_of("champion") == trained.champion.version


def test_a_rollback_brings_back_the_version_before(trained, newer):
    promote(version=newer)

    change = roll_back()

    assert change.previous == newer
    assert serving() == trained.champion
    assert alias_of("champion") == trained.champion.version


def test_the_history_of_a_stage_is_kept(trained, newer):
    promote(version=newer)
    roll_back()

    changes = AliasChange.objects.filter(stage="champion").order_by("id")
    served = [change.model_version for change in changes]
    assert served == [trained.champion, newer, trained.champion]


def test_without_a_version_before_there_is_no_way_back(trained):
    with pytest.raises(NotFound, match="No version served the stage champion before"):
        roll_back()


def test_a_stage_that_never_served_has_no_way_back(trained):
    AliasChange.objects.all().delete()

    with pytest.raises(NotFound, match="No version served the stage challenger before"):
        roll_back("challenger")


def test_a_retired_version_is_not_promoted(trained, newer):
    retirement.retire(version=newer, by="bob", reason="wrong scores")

    with pytest.raises(Conflict, match="is retired: wrong scores"):
        promote(version=newer)

    assert serving() == trained.champion
