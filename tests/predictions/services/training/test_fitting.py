"""Training on a small world, registered in a real MLflow."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from mlflow import MlflowClient
from mlflow.models import Model

from livescores.models import Match
from predictions.modelling.fitting.recipe_classes import RecipeClass
from predictions.modelling.fitting.recipes import recipe_of
from predictions.models import ModelVersion
from predictions.outcomes import LABELS
from predictions.registry import RegistryAway
from predictions.services.features import building, feature_store
from predictions.services.features.feature_store import FeaturesMissing
from predictions.services.training import fitting
from predictions.services.versions import loading
from soccerpredict.errors import InvalidInput
from tests.predictions.pipeline import forget_later_results

pytestmark = pytest.mark.django_db

AS_OF = datetime(2025, 9, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
PICKLES = (".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle")


@pytest.fixture
def client(trained):
    return MlflowClient(settings.MLFLOW_TRACKING_URI, settings.MLFLOW_TRACKING_URI)


@pytest.fixture(params=["champion", "challenger"])
def version(request, trained):
    return getattr(trained, request.param)


@pytest.fixture
def artifact(client, version, tmp_path):
    return Path(client.download_artifacts(version.run_id, "model", str(tmp_path)))


def test_both_kinds_are_registered(trained):
    assert (trained.champion.recipe, trained.challenger.recipe) == ("past_odds", "blend")
    assert trained.champion.recipe_class == "C past odds"
    assert trained.challenger.recipe_class == "A odds-free"
    assert trained.champion.n_features == len(RecipeClass.C.columns)


def test_the_registry_says_what_the_database_says(client, version):
    found = client.get_model_version(settings.MODEL_NAME, str(version.version))

    assert found.run_id == version.run_id
    assert version.uri == f"models:/{settings.MODEL_NAME}/{version.version}"
    assert found.tags["artifact_digest"] == version.artifact_digest
    assert found.tags["trained_until"] == str(version.trained_until)
    assert found.tags["dataset_version"] == version.dataset_version
    assert found.tags["class"] == version.recipe_class


def test_the_run_has_parameters_and_metrics(client, version):
    run = client.get_run(version.run_id)

    assert run.info.status == "FINISHED"
    assert run.data.params == {name: str(value) for name, value in version.parameters.items()}
    assert run.data.metrics == pytest.approx(version.metrics)
    assert {"holdout_log_loss", "holdout_brier", "holdout_rps"} < set(run.data.metrics)


def test_the_signature_names_features_and_classes(artifact, version):
    signature = Model.load(str(artifact / "MLmodel")).signature

    assert tuple(signature.inputs.input_names()) == recipe_of(version.recipe).columns
    assert tuple(signature.outputs.input_names()) == LABELS


def test_no_artifact_is_a_pickle(artifact):
    files = [path for path in artifact.rglob("*") if path.is_file()]

    assert {"model.json", "MLmodel"} < {path.name for path in files}
    assert not [path for path in files if path.suffix in PICKLES]
    assert not [path for path in files if path.read_bytes()[:1] == b"\x80"]


def test_the_artifact_says_what_it_was_trained_on(artifact, version):
    manifest = json.loads((artifact / "model.json").read_text())

    assert manifest["dataset_version"] == version.dataset_version
    assert manifest["trained_until"] == version.trained_until.isoformat()
    assert manifest["extra"] == {"code_version": version.code_version}


def test_the_newest_year_is_kept_back(version):
    newest = Match.objects.settled().latest("start_time_utc").start_time_utc

    learned = Match.objects.settled().filter(start_time_utc__lt=newest - YEAR)
    assert version.n_matches == learned.count()
    assert version.trained_until == learned.latest("start_time_utc").start_time_utc
    assert version.metrics["holdout_n_matches"] == Match.objects.settled().count() - len(learned)


def test_the_champion_knows_more_than_the_class_frequencies(trained):
    metrics = trained.champion.metrics

    assert metrics["holdout_log_loss"] < metrics["holdout_frequencies_log_loss"]


def test_the_same_data_and_seed_give_the_same_model(trained):
    (again,) = fitting.train(recipe_names=["blend"])

    assert again.artifact_digest == trained.challenger.artifact_digest
    assert again.version != trained.challenger.version


def test_as_of_uses_nothing_known_later(own_files):
    (first,) = fitting.train(recipe_names=["logistic"], as_of=AS_OF)
    forget_later_results(AS_OF)
    building.build()
    (second,) = fitting.train(recipe_names=["logistic"], as_of=AS_OF)

    rows = feature_store.current().features[-50:]
    one, other = (loading.fitted_of(version).predict_proba(rows) for version in (first, second))
    assert np.array_equal(one, other)
    assert first.metrics == second.metrics
    assert first.trained_until < AS_OF - YEAR


def test_as_of_leaves_out_a_match_that_was_under_way(trained):
    found = feature_store.current()
    with_result = found.index[found.index["outcome"] != feature_store.NO_OUTCOME]
    last = int(with_result["known_at"].max())

    all_of_them = fitting.known_at(found, None)
    before = fitting.known_at(found, datetime.fromtimestamp(last - 1, UTC))

    ended_last = int((with_result["known_at"] == last).sum())
    assert len(all_of_them.outcome) - len(before.outcome) == ended_last > 0


def test_too_few_matches_are_said_so(trained):
    with pytest.raises(InvalidInput, match=r"^Only 0 matches .* a model needs 1000\.$"):
        fitting.train(as_of=datetime(2023, 9, 1, tzinfo=UTC))


def test_no_result_at_all_is_said_so(trained):
    with pytest.raises(InvalidInput, match=r"^Only 0 matches"):
        fitting.train(as_of=datetime(1900, 1, 1, tzinfo=UTC))


def test_an_unknown_recipe_is_refused_before_any_work(trained):
    with pytest.raises(InvalidInput, match="No recipe 'magic'; there are blend"):
        fitting.train(recipe_names=["logistic", "magic"])

    assert ModelVersion.objects.count() == 2


def test_without_features_it_says_what_to_run(trained, var_dir):
    with pytest.raises(FeaturesMissing, match="build_features"):
        fitting.train()


def test_with_the_registry_away_nothing_is_kept(trained, settings):
    settings.MLFLOW_TRACKING_URI = "postgresql+psycopg://x:y@127.0.0.1:1/mlflow"

    with pytest.raises(RegistryAway, match=r"^MLflow failed"):
        fitting.train(recipe_names=["logistic"])

    assert ModelVersion.objects.count() == 2


def test_a_fitted_model_is_at_hand_at_once(trained):
    assert (trained.folder / "models" / trained.champion.artifact_digest).is_dir()
