"""The commands of the pipeline: what they say, and how they end."""

import re
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError

from livescores.models import Match
from predictions.models import AliasChange, BatchRun, BettingRun, ModelVersion, Publication
from predictions.services import scheduled
from predictions.services.features import feature_store
from soccerpredict.jobs.runs import NothingToDo
from tests.predictions.commands import failed, run
from tests.predictions.pipeline import NOW, flip_byte, shrink_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


def test_features_are_built():
    said = run("build_features", "--full")

    n = Match.objects.count()
    version = feature_store.current_version()
    assert said.startswith(f"Features {version}: {n} matches, walked all matches, {n} read")


def test_broken_features_are_named_and_healed():
    folder = feature_store.current().folder
    flip_byte(folder / "features.npy")

    for command in ("train_model", "batch_inference"):
        assert "features.npy is not the file that was written" in failed(command)
    run("build_features")

    assert feature_store.current().folder == folder


def test_a_model_is_trained():
    said = run("train_model", "--recipe", "logistic", "--seed", "3")

    version = ModelVersion.objects.latest("version")
    assert said.startswith(f"Registered logistic as version {version.version}, trained on ")
    assert f"{version.n_matches} matches until {version.trained_until:%Y-%m-%d}" in said
    assert f"log-loss {version.metrics['holdout_log_loss']:.4f}" in said


def test_an_unknown_recipe_is_named():
    assert failed("train_model", "--recipe", "magic").startswith("No recipe 'magic'; there")


def test_too_few_matches_are_counted():
    assert failed("train_model", "--as-of", "2023-09-01").startswith("Only 0 matches")


def test_the_registry_away_is_said_so(settings):
    settings.MLFLOW_TRACKING_URI = "postgresql+psycopg://x:y@127.0.0.1:1/mlflow"

    with pytest.raises(CommandError, match=r"^MLflow failed") as raised:
        run("train_model", "--recipe", "logistic")

    assert "\n" not in str(raised.value)


def test_a_version_is_promoted_and_rolled_back(trained):
    other = trained.champion.version
    run("train_model", "--recipe", "past_odds")
    number = ModelVersion.objects.latest("version").version

    promoted = run("promote_model", "--version", str(number), "--reason", "better")
    again = failed("promote_model", "--version", str(number))
    back = run("rollback_model")

    assert promoted == f"Version {number} is champion now, after version {other}.\n"
    assert again == f"Version {number} serves the stage champion already."
    assert back == f"Version {other} is champion again.\n"
    reasons = AliasChange.objects.order_by("id").values_list("reason", flat=True)
    assert list(reasons)[-2:] == ["better", "rolled back by command"]


def test_a_worse_version_is_promoted_by_force_only(trained):
    words = ("promote_model", "--version", str(trained.challenger.version))

    refused = failed(*words)
    groundless = failed(*words, "--force")
    forced = run(*words, "--force", "--reason", "a drill")
    run("rollback_model")

    assert refused.startswith(f"Version {trained.challenger.version} does not become champion. ")
    assert "only force and a reason lead past it" in refused
    assert groundless == "To go against the gate takes a reason: give one."
    assert forced.endswith(f"after version {trained.champion.version}, against the gate.\n")


def test_an_unknown_version_is_named():
    assert failed("promote_model", "--version", "99999") == (
        "There is no version 99999: run manage.py train_model."
    )


def test_predictions_are_published_and_staked_on(trained):
    published = run("batch_inference")
    staked = run("simulate_betting")

    assert published.startswith(
        f"Published {Match.objects.count()} predictions of the champion, "
        f"run {trained.champion.run_id}, in "
    )
    assert re.match(
        r"Simulated on \d+ matches\. Flat stakes at SIMS on any edge: \d+ bets, profit "
        r"[+-][\d.]+ units, closing-line value [+-][\d.]+ %, "
        r"ROI [+-][\d.]+ % \(90 % interval [+-][\d.]+ to [+-][\d.]+\): "
        r"(a (loss|gain) is proven|not proven either way)\. "
        r"Of these \d+ had a doubtful edge \(above 50 %\), profit [+-][\d.]+ units\.\n"
        r"Returns by region, tournament and month: .*champion\.csv$",
        staked.strip(),
    )


def test_returns_are_written_where_one_wants_them(trained, tmp_path):
    run("batch_inference")

    said = run("simulate_betting", "--margin", "power", "--csv", str(tmp_path / "returns.csv"))

    assert said.strip().endswith(str(tmp_path / "returns.csv"))
    assert BettingRun.objects.get().margin_method == "power"
    assert (tmp_path / "returns.csv").read_text().startswith("grouped_by,region,tournament,month,")


def test_a_day_is_a_moment_in_utc():
    run("batch_inference", "--as-of", "2025-10-15")

    assert BatchRun.objects.get().as_of == datetime(2025, 10, 15, tzinfo=UTC)


def test_without_a_model_nothing_is_published():
    AliasChange.objects.all().delete()

    assert failed("batch_inference", "--stage", "challenger").startswith("No challenger was")
    assert not Publication.objects.exists()


def test_hour_by_hour_a_simulated_world_goes_on(monkeypatch):
    shrink_world(monkeypatch)
    run("build_features")  # rows that were put back are new to the database
    kicked_off = Match.objects.filter(status="scheduled", start_time_utc__gt=NOW)
    ids = list(kicked_off.values_list("pk", flat=True))

    said = [
        scheduled.go_on_with_the_simulated_world(),
        scheduled.rebuild_features(),
        scheduled.predict("champion"),
        scheduled.simulate_betting("champion"),
    ]

    assert said[0].startswith("Simulated world 1: ")
    assert "went on from the last build" in said[1]
    assert set(Match.objects.filter(pk__in=ids).values_list("status", flat=True)) == {"finished"}
    assert said[2] == f"Published {Match.objects.count()} predictions of the champion."
    assert said[3] == f"Simulated betting on {BettingRun.objects.get().n_matches} matches."
    with pytest.raises(NothingToDo, match="What the champion serves is up to date"):
        scheduled.predict("champion")
