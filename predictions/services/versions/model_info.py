"""What serves a stage, for clients: from Postgres and heartbeats, without loading a model."""

from typing import Any

from redis.exceptions import RedisError

from predictions.models import AliasChange
from predictions.services.versions import comparison
from predictions.workers import heartbeats
from soccerpredict.errors import ServiceUnavailable


class NoModel(ServiceUnavailable):
    code = "model_not_ready"
    title = "No model is ready"


def of_stage(stage: str) -> dict[str, Any]:
    """Name, version, metrics and whether a living worker has it loaded.

    Raises:
        NoModel: nothing was promoted to the stage yet.
    """
    change = AliasChange.objects.current(stage).first()
    if change is None:
        raise NoModel(f"No {stage} was promoted yet.")
    version = change.model_version
    return {
        "model_name": version.name,
        "model_stage": stage,
        "model_version": version.version,
        "model_run_id": version.run_id,
        "model_uri": version.uri,
        "loaded": _is_loaded(stage, version.run_id),
        "registered_at": version.registered_at,
        "trained_until": version.trained_until,
        "n_features": version.n_features,
        "metrics": version.metrics,
        "recipe": version.recipe,
        "recipe_class": version.recipe_class,
        "promoted_at": change.changed_at,
        "comparison": comparison.current(),
    }


def _is_loaded(stage: str, run_id: str) -> bool:
    try:
        return any(
            f"{stage}:{run_id}" in worker["loaded_models"] for worker in heartbeats.workers()
        )
    except RedisError:
        return False  # nobody can be asked while the broker is away
