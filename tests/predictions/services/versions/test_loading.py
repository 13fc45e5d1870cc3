"""Models for serving: verified copies, fetched anew where a copy cannot be trusted."""

import pytest
from django.conf import settings

from predictions.registry import RegistryAway
from predictions.services.versions import loading
from predictions.services.versions.loading import ModelNotReady
from tests.factories import make_alias, make_model_version
from tests.predictions.pipeline import flip_byte, forget_cached, registered_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


def cached(version, name="model.json"):
    return settings.MODEL_CACHE_DIR / version.artifact_digest / name


@pytest.fixture
def registered(trained):
    """The registry's copy of the challenger, mended after the test."""
    folder = registered_folder(trained.challenger)
    contents = {path: path.read_bytes() for path in folder.iterdir()}
    yield folder
    for path, content in contents.items():
        path.write_bytes(content)


def test_a_stage_serves_what_was_promoted(trained):
    served = loading.load("champion")

    assert served.version == trained.champion
    assert served.fitted.recipe.name == "past_odds"


def test_a_stage_without_a_model_says_what_to_run(trained):
    trained.champion.alias_changes.all().delete()

    with pytest.raises(ModelNotReady, match=r"train_model, then .* promote_model --stage champion"):
        loading.load("champion")


@pytest.mark.parametrize("name", ["model.json", "first.logistic.npz", "MLmodel", None])
def test_a_tampered_or_missing_copy_is_fetched_anew(trained, name):
    version = trained.challenger
    if name:
        good = cached(version, name).read_bytes() if cached(version, name).exists() else None
        cached(version, name).write_bytes(b"tampered with")
    else:
        forget_cached(version)

    assert loading.fitted_of(version).recipe.name == "blend"
    if name in ("model.json", "first.logistic.npz"):
        assert cached(version, name).read_bytes() == good


@pytest.mark.parametrize("name", ["model.json", "first.logistic.npz"])
def test_a_copy_tampered_with_in_the_registry_is_refused(trained, registered, name):
    forget_cached(trained.challenger)
    flip_byte(registered / name)

    with pytest.raises(ModelNotReady, match=f"cannot be trusted: {name} is not the file"):
        loading.fitted_of(trained.challenger)


def test_a_mended_registry_is_believed_again(trained, registered):
    forget_cached(trained.challenger)
    content = (registered / "model.json").read_bytes()
    flip_byte(registered / "model.json")
    with pytest.raises(ModelNotReady):
        loading.fitted_of(trained.challenger)

    (registered / "model.json").write_bytes(content)

    assert loading.fitted_of(trained.challenger).recipe.name == "blend"


def test_a_good_copy_needs_no_registry(trained, settings):
    settings.MLFLOW_TRACKING_URI = "postgresql+psycopg://x:y@127.0.0.1:1/mlflow"

    assert loading.load("challenger").version == trained.challenger


def test_without_a_copy_and_the_registry_it_says_so(trained, settings):
    forget_cached(trained.challenger)
    settings.MLFLOW_TRACKING_URI = "postgresql+psycopg://x:y@127.0.0.1:1/mlflow"

    with pytest.raises(RegistryAway, match=r"^MLflow failed"):
        loading.load("challenger")


def test_a_run_that_the_registry_does_not_know_is_an_error_with_a_sentence():
    make_alias(model_version=make_model_version(run_id="0" * 32, artifact_digest="f" * 64))

    with pytest.raises(RegistryAway, match=r"0{32}"):
        loading.load("champion")
