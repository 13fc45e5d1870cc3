"""Which reports are a reason to train anew."""

import pytest

from monitoring import tasks
from monitoring.models import DriftReport, QualityReport
from monitoring.services.reports import decay
from predictions.services.versions import retraining
from soccerpredict.jobs.runs import NothingToDo
from tests.factories import NOON, make_alias, make_gate_report, make_model_version

pytestmark = pytest.mark.django_db


def interval(value, reach):
    return {"value": value, "low": value - reach, "high": value + reach}


def quality(found=1.0, expected=1.0, apart=-0.05, n=900, reach=0.02):
    group = {
        "stage": "champion",
        "window": "90d",
        "league": None,
        "n_matches": n,
        "model": {"log_loss": interval(found, reach)},
        "expected_log_loss": interval(expected, 0.005),
        "log_loss_minus_class_frequencies": interval(apart, 0.02),
    }
    return QualityReport.objects.create(as_of=NOON, n_matches=n, content={"groups": [group]})


def drift(version=None, *, drifted=True):
    return DriftReport.objects.create(
        as_of=NOON,
        model_version=version or make_alias().model_version,
        n_matches=100,
        n_features=72,
        n_drifted=40 if drifted else 0,
        drift_score=0.55 if drifted else 0.0,
        drifted=drifted,
        content={},
    )


def test_without_reports_there_is_no_reason():
    assert decay.reason_to_retrain() is None


def test_drift_of_what_serves_is_a_reason():
    drift()

    assert decay.reason_to_retrain() == "40 of 72 features drifted."


def test_drift_of_a_model_that_no_longer_serves_is_none():
    drift(make_model_version())
    make_alias()

    assert decay.reason_to_retrain() is None


def test_the_newest_report_counts():
    version = make_alias().model_version
    drift(version)
    drift(version, drifted=False)

    assert decay.reason_to_retrain() is None


@pytest.mark.parametrize(
    ("found", "expected", "decays"), [(1.03, 1.0, True), (1.02, 1.0, False), (0.9, 1.0, False)]
)
def test_a_log_loss_beyond_what_was_promised_is_a_reason(found, expected, decays):
    quality(found, expected)

    reason = decay.reason_to_retrain()

    assert (reason is not None) is decays
    if decays:
        assert reason == (
            "Log-loss 1.0300 on 900 matches, where the probabilities promised 1.0000."
        )


def test_to_be_worse_than_frequencies_is_a_reason():
    quality(apart=0.03)

    assert decay.reason_to_retrain() == "Log-loss is +0.0300 to that of class frequencies."


def test_a_reason_of_long_ago_is_dated():
    report = quality(1.03, 1.0)
    report.content["groups"][0] |= {
        "ends_at_newest_result": True,
        "ends_at": "2023-06-04T18:00:00+00:00",
    }
    report.save()

    assert "on 900 matches to 2023-06-04, where" in decay.reason_to_retrain()


def test_few_matches_are_no_reason():
    quality(found=1.5, n=decay.FEWEST - 1)

    assert decay.reason_to_retrain() is None


def test_a_report_without_settled_matches_is_no_reason():
    QualityReport.objects.create(as_of=NOON, n_matches=0, content={"groups": []})

    assert decay.reason_to_retrain() is None


def test_a_reason_leads_to_candidates_and_is_told(monkeypatch):
    asked = []
    drift()
    monkeypatch.setattr(retraining, "retrain", lambda reason: asked.append(reason) or [])

    said = tasks.run_retraining_if_needed.run()

    assert asked == ["40 of 72 features drifted."]
    assert said.startswith("40 of 72 features drifted. ")
    assert said.endswith("Nothing was promoted: the gate reports wait for a decision.")


def test_a_reason_that_was_acted_upon_waits(monkeypatch):
    drift()
    make_gate_report(asked_by=retraining.BY)

    with pytest.raises(NothingToDo, match="A candidate was trained for that in the last days"):
        decay.retrain_if_needed()


def test_no_reason_is_nothing_to_do():
    with pytest.raises(NothingToDo, match="Neither drift nor decay"):
        decay.retrain_if_needed()
