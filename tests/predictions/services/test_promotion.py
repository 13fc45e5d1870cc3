"""Promotion and rollback, with the alias in a real MLflow."""

import pytest

from predictions import registry
from predictions.models import AliasChange
from predictions.registry import RegistryAway
from predictions.services import models, promotion, training
from predictions.services.models import ModelNotReady
from soccerpredict.http.errors import Conflict, NotFound
from tests.predictions.pipeline import flip_byte, forget_cached, registered_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]


@pytest.fixture
def newer(own_files):
    """A version that serves nothing yet."""
    (version,) = training.train(recipe_names=["logistic"], seed=7)
    return version


@pytest.fixture(autouse=True)
def aliases_as_before(trained):
    """MLflow knows nothing of the test's transaction."""
    yield
    registry.set_alias("champion", trained.champion.version)
    registry.set_alias("challenger", trained.challenger.version)


def promote(stage="champion", version=None):
    number = version.version if version else None
    return promotion.promote(stage=stage, version=number, by="ann", reason="it is better")


def roll_back(stage="champion"):
    return promotion.roll_back(stage=stage, by="ann", reason="it was worse")


def serving(stage="champion"):
    return models.version_of(stage)


def test_a_version_takes_over_a_stage(trained, newer):
    change = promote(version=newer)

    assert serving() == newer
    assert registry.alias_of("champion") == newer.version
    assert (change.previous, change.changed_by) == (trained.champion, "ann")
    assert change.evidence == {"metrics": newer.metrics}


def test_the_other_stage_stays(trained, newer):
    promote(version=newer)

    assert serving("challenger") == trained.challenger
    assert registry.alias_of("challenger") == trained.challenger.version


def test_without_a_number_it_is_the_newest_of_the_stages_recipe(newer):
    change = promote("challenger")

    assert change.model_version == newer


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
    assert registry.alias_of("champion") == trained.champion.version


def test_with_the_registry_away_the_old_one_serves(trained, newer, settings):
    uri = settings.MLFLOW_TRACKING_URI
    settings.MLFLOW_TRACKING_URI = "postgresql+psycopg://x:y@127.0.0.1:1/mlflow"

    with pytest.raises(RegistryAway):
        promote(version=newer)

    settings.MLFLOW_TRACKING_URI = uri
    assert serving() == trained.champion
    assert registry.alias_of("champion") == trained.champion.version


def test_a_rollback_brings_back_the_version_before(trained, newer):
    promote(version=newer)

    change = roll_back()

    assert change.previous == newer
    assert serving() == trained.champion
    assert registry.alias_of("champion") == trained.champion.version


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
