"""A small world with features and models, made once for each module that asks for it."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.test import override_settings

# What trains and what registers takes seconds to load, and every test run loads this module: so
# the fixtures import it.
if TYPE_CHECKING:
    from predictions.models import ModelVersion


@dataclass(frozen=True)
class Trained:
    """What the pipeline made of the small world: promoted models and all files."""

    folder: Path
    champion: "ModelVersion"
    challenger: "ModelVersion"


@pytest.fixture(scope="session")
def mlflow_store(tmp_path_factory):
    """Settings of an MLflow that belongs to this run of the tests."""
    from predictions import registry
    from tests.predictions.pipeline import database_beside, drop_database

    name = f"test_mlflow_{os.getpid()}"
    yield {
        "MLFLOW_TRACKING_URI": database_beside(name),
        "MLFLOW_ARTIFACT_ROOT": str(tmp_path_factory.mktemp("mlflow")),
    }
    registry._client_of.cache_clear()
    drop_database(name)


@pytest.fixture
def own_registry(mlflow_store, settings):
    for name, value in mlflow_store.items():
        setattr(settings, name, value)


@pytest.fixture(scope="module")
def trained(django_db_setup, django_db_blocker, tmp_path_factory, mlflow_store):
    """Committed to the test database for one module, and emptied out afterwards."""
    from tests.predictions.pipeline import files_in, shrink_world

    folder = tmp_path_factory.mktemp("trained")
    files = override_settings(**files_in(folder), **mlflow_store)
    with files, pytest.MonkeyPatch.context() as patch:
        shrink_world(patch)
        with django_db_blocker.unblock():
            champion, challenger = promoted()
        yield Trained(folder, champion, challenger)
        with django_db_blocker.unblock():
            call_command("flush", interactive=False, verbosity=0)


def promoted():
    """The versions that serve, once a world is simulated, and models are trained on it."""
    from predictions.services.features import building
    from predictions.services.importing import simulated_world
    from predictions.services.training import fitting
    from predictions.services.versions import promotion
    from tests.predictions.pipeline import NOW, SEED

    simulated_world.simulate(seed=SEED, now=NOW)
    building.build()
    fitting.train()
    return [
        promotion.promote(stage=stage, version=None, by="test", reason="first").model_version
        for stage in ("champion", "challenger")
    ]


@pytest.fixture
def own_files(trained, tmp_path, settings):
    """A copy of the trained world's files that the test may break."""
    from tests.predictions.pipeline import files_in

    copy = tmp_path / "copy"
    shutil.copytree(trained.folder, copy)
    for name, value in files_in(copy).items():
        setattr(settings, name, value)
    return copy
