"""Examinations of real candidates beside the champion of the small world."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from predictions.models import GateReport
from predictions.services.features import feature_store
from predictions.services.training import fitting
from predictions.services.versions import gate, loading
from predictions.services.versions.loading import ModelNotReady
from tests.factories import make_model_version
from tests.predictions.pipeline import flip_byte, forget_cached, registered_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


@pytest.fixture
def newer(own_files):
    (version,) = fitting.train(recipe_names=["logistic"], seed=7)
    return version


def examine(candidate, champion):
    return gate.examine(candidate, champion, stage="champion", by="ann", reason="a look")


def check(report, name):
    (found,) = [one for one in report.content["checks"] if one["name"] == name]
    return found


def altered(monkeypatch, version, answer):
    """Let a version answer otherwise than it was trained to."""
    loaded = loading.fitted_of

    def fitted_of(asked):
        fitted = loaded(asked)
        if asked != version:
            return fitted
        model = fitted.model
        other = type("Altered", (), {"predict_proba": lambda _, x: answer(model.predict_proba(x))})
        return replace(fitted, model=other())

    monkeypatch.setattr(loading, "fitted_of", fitted_of)


def test_a_report_is_kept_with_all_that_was_found(trained, newer):
    report = examine(newer, trained.champion)

    kept = GateReport.objects.get(pk=report.pk)
    assert (kept.candidate, kept.champion, kept.asked_by) == (newer, trained.champion, "ann")
    assert kept.dataset_version == feature_store.current_version()
    names = [one["name"] for one in kept.content["checks"]]
    assert names == [
        "signature",
        "golden_rows",
        "matches",
        "sums",
        "ece",
        "log_loss",
        "brier",
        "leagues",
    ]
    assert kept.content["scores"]["candidate"]["n_matches"] == kept.n_matches
    assert {one["league"] for one in kept.content["leagues"]} == {
        "First League, Northmark (simulated)",
        "Second League, Northmark (simulated)",
        "Summer League, Westria (simulated)",
        "Summer League Two, Westria (simulated)",
    }


def test_only_matches_count_that_neither_has_learned_from(trained, newer):
    later = trained.champion.trained_until + timedelta(days=90)
    newer.trained_until = later

    report = examine(newer, trained.champion)

    index = feature_store.current().index
    new = (index["kickoff"] > later.timestamp()) & (index["outcome"] >= 0)
    assert report.n_matches == new.sum() > 0
    assert report.content["matches"]["from"] > later.isoformat()


def test_the_difference_is_that_of_both_on_the_same_matches(trained, newer):
    content = examine(newer, trained.champion).content

    ours, theirs = (content["scores"][who]["log_loss"] for who in ("candidate", "champion"))
    assert content["difference"]["log_loss"]["mean"] == pytest.approx(ours - theirs)
    assert check_value(content, "log_loss") == pytest.approx(ours - theirs)


def check_value(content, name):
    (found,) = [one for one in content["checks"] if one["name"] == name]
    return found["value"]


def test_a_model_that_lost_its_way_fails(trained, newer, monkeypatch):
    altered(monkeypatch, newer, lambda proba: proba[:, ::-1])

    report = examine(newer, trained.champion)

    assert not report.passed
    failed = {one["name"] for one in report.content["checks"] if not one["passed"]}
    assert {"golden_rows", "log_loss", "brier"} <= failed
    assert len(report.failed) == len(failed)


def test_what_is_no_probability_fails_without_a_score(trained, newer, monkeypatch):
    altered(monkeypatch, newer, lambda proba: proba * np.nan)

    report = examine(newer, trained.champion)

    assert not check(report, "sums")["passed"]
    assert report.content["scores"] == {}
    assert report.content["leagues"] == []


def test_other_inputs_than_the_champions_fail(trained, newer, monkeypatch):
    loaded = loading.fitted_of

    def fitted_of(version):
        fitted = loaded(version)
        manifest = {**fitted.manifest, "classes": ["home_win", "draw"]}
        return replace(fitted, manifest=manifest) if version == newer else fitted

    monkeypatch.setattr(loading, "fitted_of", fitted_of)

    assert check(examine(newer, trained.champion), "signature")["said"] == (
        "Inputs and outputs: Its classes differ from the champion's."
    )


def test_the_first_of_a_stage_is_judged_by_itself(newer):
    report = examine(newer, None)

    assert (report.passed, report.champion, report.failed) == (True, None, [])
    assert {name: check(report, name)["binding"] for name in ("sums", "ece", "informed")} == {
        "sums": True,
        "ece": False,
        "informed": False,
    }
    assert "champion" not in report.content["scores"]


def test_a_champion_that_is_broken_can_be_compared_with_nothing(trained, newer):
    forget_cached(trained.champion)
    original = (registered_folder(trained.champion) / "model.json").read_bytes()
    flip_byte(registered_folder(trained.champion) / "model.json")

    try:
        report = examine(newer, trained.champion)
    finally:
        (registered_folder(trained.champion) / "model.json").write_bytes(original)

    assert not report.passed
    assert "What serves now cannot be asked" in report.failed[0]


def test_a_candidate_that_is_broken_is_not_examined(trained, newer):
    forget_cached(newer)
    flip_byte(registered_folder(newer) / "model.json")

    with pytest.raises(ModelNotReady):
        examine(newer, trained.champion)

    assert not GateReport.objects.filter(candidate=newer).exists()


def test_a_report_says_its_verdict():
    candidate = make_model_version(recipe="blend")
    report = GateReport(candidate=candidate, stage="champion", passed=False)

    assert str(report) == f"blend v{candidate.version} refused as champion"
