"""Which version serves a stage: promote one, roll back to the one before."""

from django.db import connection, transaction

from predictions import registry
from predictions.modelling import recipes
from predictions.models import AliasChange, ModelVersion, Stage
from predictions.services import models
from soccerpredict.http.errors import Conflict, NotFound

DEFAULT_RECIPES = {Stage.CHAMPION: recipes.CHAMPION, Stage.CHALLENGER: recipes.CHALLENGER}
LOCK = 0x50C3  # of alias changes: two operators at once cannot both win


def promote(*, stage: str, version: int | None, by: str, reason: str) -> AliasChange:
    """Let a version serve a stage; without a number, the newest of the stage's own recipe.

    Raises:
        NotFound: there is no such version.
        Conflict: it serves the stage already.
        ModelNotReady: its artifact is broken. RegistryAway: MLflow does not answer.
    """
    return _change(stage=stage, to=_chosen(stage, version), by=by, reason=reason)


def roll_back(*, stage: str, by: str, reason: str) -> AliasChange:
    """Let the version serve again that served the stage before the current one.

    Raises:
        NotFound: none did. And as `promote`.
    """
    current = AliasChange.objects.current(stage).first()
    if current is None or current.previous is None:
        raise NotFound(f"No version served the stage {stage} before the current one.")
    return _change(stage=stage, to=current.previous, by=by, reason=reason)


def _chosen(stage: str, version: int | None) -> ModelVersion:
    versions = ModelVersion.objects.order_by("-version")
    if version is not None:
        chosen = versions.filter(version=version).first()
    else:
        chosen = versions.filter(recipe=DEFAULT_RECIPES[Stage(stage)]).first()
    if chosen is None:
        which = f"version {version}" if version is not None else f"version fit to be {stage}"
        raise NotFound(f"There is no {which}: run manage.py train_model.")
    return chosen


def _change(*, stage: str, to: ModelVersion, by: str, reason: str) -> AliasChange:
    models.fitted_of(to)  # verified before anybody relies on it
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        current = AliasChange.objects.current(stage).first()
        previous = current.model_version if current else None
        if previous == to:
            raise Conflict(f"Version {to.version} serves the stage {stage} already.")
        change = AliasChange.objects.create(
            stage=stage,
            model_version=to,
            previous=previous,
            changed_by=by,
            reason=reason,
            evidence={"metrics": to.metrics},
        )
        # Last, so that a registry that fails leaves the old version serving.
        registry.set_alias(stage, to.version)
    return change
