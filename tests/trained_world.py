"""A small world with features and models: made once in a run, put back for each module."""

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


STAGES = ("champion", "challenger")


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


@pytest.fixture(scope="session")
def _worlds(tmp_path_factory):
    """The folder of the trained world, and the world itself once a module has asked for it."""
    return tmp_path_factory.mktemp("trained"), []


@pytest.fixture(scope="module")
def trained(django_db_setup, django_db_blocker, tmp_path_factory, mlflow_store, _worlds):
    """Committed to the test database for one module, and emptied out afterwards."""
    from tests.predictions.pipeline import files_in, shrink_world

    folder, made = _worlds
    files = override_settings(**files_in(folder), **mlflow_store)
    with files, pytest.MonkeyPatch.context() as patch:
        shrink_world(patch)
        with django_db_blocker.unblock():
            if made:
                put_back(made[0])
            else:
                made.append(kept(folder, tmp_path_factory.mktemp("kept")))
            champion, challenger = serving()
        yield Trained(folder, champion, challenger)
        with django_db_blocker.unblock():
            call_command("flush", interactive=False, verbosity=0)


def kept(folder, beside):
    """A world that is simulated, with models that are trained on it, and promoted."""
    from predictions.services.features import building
    from predictions.services.importing import simulated_world
    from predictions.services.training import fitting
    from predictions.services.versions import promotion
    from tests import kept_world
    from tests.predictions.pipeline import NOW, SEED, registered_folder

    simulated_world.simulate(seed=SEED, now=NOW)
    building.build()
    fitting.train()
    for stage in STAGES:
        promotion.promote(stage=stage, version=None, by="test", reason="first")
    return kept_world.keep([folder, *map(registered_folder, serving())], beside)


def put_back(world):
    """The registry names those models, too, whatever it learned meanwhile."""
    from predictions import registry

    world.put_back()
    for stage, version in zip(STAGES, serving(), strict=True):
        registry.set_alias(stage, version.version)


def serving():
    from predictions.services.versions import promotion

    return [promotion.serving(stage) for stage in STAGES]


@pytest.fixture
def own_files(trained, tmp_path, settings):
    """A copy of the trained world's files that the test may break."""
    from tests.predictions.pipeline import files_in

    copy = tmp_path / "copy"
    shutil.copytree(trained.folder, copy)
    for name, value in files_in(copy).items():
        setattr(settings, name, value)
    return copy
