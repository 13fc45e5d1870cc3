"""Train what serves anew and put it before the gate; whether it serves is a person's decision."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from predictions.models import GateReport, ModelVersion, Stage
from predictions.services.features import feature_store
from predictions.services.training import fitting
from predictions.services.versions import gate, promotion
from soccerpredict.jobs.runs import NothingToDo

BY = "schedule"
QUIET = timedelta(days=7)  # after one retraining, whatever drifts


def retrain(*, reason: str) -> list[GateReport]:
    """A candidate of each recipe that serves, examined beside the version that serves.

    Raises:
        NothingToDo: nothing serves yet, or every recipe has learned from these very features.
        And as `fitting.train` and `gate.examine`.
    """
    serving = {stage: version for stage in Stage.values if (version := promotion.serving(stage))}
    if not serving:
        raise NothingToDo("Nothing serves yet.")
    recipes = list(dict.fromkeys(version.recipe for version in serving.values()))
    stale = [recipe for recipe in recipes if not _has_learned(recipe)]
    if not stale:
        raise NothingToDo("Nothing is new since the last training.")
    candidates = {version.recipe: version for version in fitting.train(recipe_names=stale)}
    return list(_examined(serving, candidates, reason))


def was_lately() -> bool:
    """Whether a schedule has trained within QUIET."""
    since = timezone.now() - QUIET
    return GateReport.objects.filter(asked_by=BY, examined_at__gt=since).exists()


def summary(reports: list[GateReport]) -> str:
    """The sentence for a heartbeat."""
    found = "; ".join(str(report) for report in reports)
    return f"{found}. Nothing was promoted: the gate reports wait for a decision."


def _has_learned(recipe: str) -> bool:
    """Whether a version of the recipe comes from these features and this code already."""
    newest = ModelVersion.objects.filter(recipe=recipe).order_by("-version").first()
    if newest is None:
        return False
    made_from = newest.dataset_version, newest.code_version
    return made_from == (feature_store.current_version(), fitting.code_version())


def _examined(
    serving: dict[str, ModelVersion], candidates: dict[str, ModelVersion], reason: str
) -> Iterator[GateReport]:
    for stage, version in serving.items():
        candidate = candidates.get(version.recipe)
        if candidate is not None:
            yield gate.examine(candidate, version, stage=stage, by=BY, reason=reason)
