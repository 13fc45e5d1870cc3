"""Fitted models for serving: from a verified cache on disk, by what the database says serves."""

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from predictions import registry
from predictions.modelling.fitting import artifacts
from predictions.modelling.fitting.artifacts import ArtifactCorrupt
from predictions.modelling.fitting.recipes import Fitted
from predictions.models import AliasChange, ModelVersion
from soccerpredict.errors import ServiceUnavailable

logger = logging.getLogger(__name__)


class ModelNotReady(ServiceUnavailable):
    code = "model_not_ready"
    title = "No model is ready"


@dataclass(frozen=True)
class ServedModel:
    """A stage's model, verified, and the version that it is."""

    stage: str
    version: ModelVersion
    fitted: Fitted


def version_of(stage: str) -> ModelVersion:
    """The version that serves a stage.

    Raises:
        ModelNotReady: no version was ever promoted to it.
    """
    change = AliasChange.objects.current(stage).first()
    if change is None:
        raise ModelNotReady(
            f"No {stage} was promoted yet: run manage.py train_model, then "
            f"manage.py promote_model --stage {stage}."
        )
    return change.model_version


def load(stage: str) -> ServedModel:
    """The stage's model. Raises ModelNotReady when there is none or it cannot be trusted."""
    version = version_of(stage)
    return ServedModel(stage, version, fitted_of(version))


def fitted_of(version: ModelVersion) -> Fitted:
    """A version's model from the cache, or from the registry where the cache has no good copy.

    Raises:
        ModelNotReady: the registry's copy is not the one that was registered, or it is away.
    """
    directory: Path = settings.MODEL_CACHE_DIR / version.artifact_digest
    try:
        return artifacts.load(directory, version.artifact_digest)
    except ArtifactCorrupt as exc:
        logger.info("Fetching %s from the registry: %s", version, exc)
    shutil.rmtree(directory, ignore_errors=True)
    registry.download(version.run_id, directory)
    try:
        return artifacts.load(directory, version.artifact_digest)
    except ArtifactCorrupt as exc:
        raise ModelNotReady(f"Version {version.version} cannot be trusted: {exc}") from exc
