"""What the running stack serves: a small invented world, with models, predictions and returns."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from predictions.modelling import world
from predictions.services.betting import simulating
from predictions.services.features import building
from predictions.services.importing import simulated_world
from predictions.services.publishing import batch
from predictions.services.training import fitting
from predictions.services.versions import promotion
from soccerpredict.access import services as access
from soccerpredict.settings import postgres
from tests.predictions.pipeline import shrink_trees

SEED = 7
STAGES = ("champion", "challenger")
UNLIMITED = 1_000_000  # requests a minute


@contextmanager
def inside(stack):
    """This process's Django on the stack's database and files."""
    var = Path(stack.folder)
    folders = {
        "MODEL_CACHE_DIR": var / "models",
        "FEATURES_DIR": var / "features",
        "MLFLOW_ARTIFACT_ROOT": str(var / "mlflow"),
    }
    with override_settings(
        **folders, MLFLOW_TRACKING_URI=stack.mlflow_url, DATABASE_URL=stack.database_url
    ):
        connection.close()
        tests_own = connection.settings_dict.copy()
        connection.settings_dict.update(postgres(stack.database_url))
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict.update(tests_own)


def migrate():
    call_command("migrate", verbosity=0)


def fill():
    """Two regions' newest seasons, learned from, predicted, published and staked on."""
    simulate(timezone.now())
    building.build()
    with pytest.MonkeyPatch.context() as patched:
        shrink_trees(patched)
        fitting.train()
    for stage in STAGES:
        promotion.promote(stage=stage, version=None, by="tests", reason="first model")
        batch.run(stage=stage)
        simulating.simulate(stage=stage)


def simulate(now):
    """The world's seasons up to then, imported once more."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(world, "FIRST_YEAR", now.year - 3)
        patched.setattr(world, "LEAGUES", world.LEAGUES[2:])
        simulated_world.simulate(seed=SEED, now=now)


def issue_key(name, **fields):
    """The text of a key of a client of this name."""
    client = access.client_named(name)
    return access.issue(client=client, rate_limit_per_minute=UNLIMITED, **fields).text


def limited_key(name, per_minute):
    """The text of a key that may ask so often."""
    client = access.client_named(name)
    return access.issue(client=client, rate_limit_per_minute=per_minute).text
