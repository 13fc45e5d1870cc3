"""Which version serves a stage: promote one by evidence, roll back to the one before."""

from typing import Any

from django.db import transaction

from predictions import registry
from predictions.modelling.fitting import recipes
from predictions.models import AliasChange, GateReport, ModelVersion, Stage
from predictions.services.versions import gate, loading, retirement
from soccerpredict import postgres
from soccerpredict.errors import Conflict, InvalidInput, NotFound
from soccerpredict.postgres import LockNumber

DEFAULT_RECIPES = {Stage.CHAMPION: recipes.CHAMPION, Stage.CHALLENGER: recipes.CHALLENGER}


class GateRefused(Conflict):
    """The evidence is against it; `report` is kept and says what was found."""

    code = "gate_refused"
    title = "The gate refused"

    def __init__(self, report: GateReport) -> None:
        found = " ".join(report.failed)
        super().__init__(
            f"Version {report.candidate.version} does not become {report.stage}. {found} "
            f"See gate report {report.pk}; only force and a reason lead past it."
        )
        self.report = report


def promote(
    *, stage: str, version: int | None, by: str, reason: str, force: bool = False
) -> AliasChange:
    """Let a version serve a stage, if it passes the gate beside the one that serves it now.

    Without a number it is the newest of the stage's own recipe. With `force` and a reason it takes
    over whatever the gate says; that, too, is kept.

    Raises:
        NotFound: there is no such version.
        InvalidInput: force without a reason.
        Conflict: it serves the stage already, or another was promoted while it was examined.
        GateRefused: it is not good enough.
        ModelNotReady: its artifact is broken. RegistryAway: MLflow does not answer.
        FeaturesMissing, FeaturesCorrupt: there is nothing to examine it on.
    """
    _refuse_groundless(force, reason)
    candidate, current = _chosen(stage, version), serving(stage)
    _refuse_same(stage, candidate, current)
    report = gate.examine(candidate, current, stage=stage, by=by, reason=reason)
    return promote_examined(report=report, by=by, reason=reason, force=force)


def promote_examined(
    *, report: GateReport, by: str, reason: str, force: bool = False
) -> AliasChange:
    """As `promote`, on a report that somebody has read: it holds while the same version serves."""
    _refuse_groundless(force, reason)
    if not report.passed and not force:
        raise GateRefused(report)
    return _change(
        stage=report.stage,
        to=report.candidate,
        expected=report.champion,
        by=by,
        reason=reason,
        evidence={"gate_report": report.pk, "passed": report.passed, **report.content},
        forced=not report.passed,
    )


def roll_back(*, stage: str, by: str, reason: str, seen: int | None = None) -> AliasChange:
    """Let the version serve again that served the stage before the current one, at once.

    `seen` is the number of the version that the operator saw serving, where there was a page.

    Raises:
        NotFound: none did. Conflict: somebody else was quicker.
        ModelNotReady, RegistryAway: as `promote`.
    """
    current = AliasChange.objects.current(stage).first()
    if current is None or current.previous is None:
        raise NotFound(f"No version served the stage {stage} before the current one.")
    if seen is not None and seen != current.model_version.version:
        raise _overtaken(stage, current.model_version)
    return _change(
        stage=stage,
        to=current.previous,
        expected=current.model_version,
        by=by,
        reason=reason,
        evidence={"rolled_back": current.pk},
    )


def serving(stage: str) -> ModelVersion | None:
    """The version that serves a stage, if any."""
    current = AliasChange.objects.current(stage).first()
    return current.model_version if current else None


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


def _refuse_groundless(force: bool, reason: str) -> None:
    if force and not reason.strip():
        raise InvalidInput("To go against the gate takes a reason: give one.")


def _refuse_same(stage: str, candidate: ModelVersion, current: ModelVersion | None) -> None:
    if candidate == current:
        raise Conflict(f"Version {candidate.version} serves the stage {stage} already.")


def _change(
    *,
    stage: str,
    to: ModelVersion,
    expected: ModelVersion | None,
    by: str,
    reason: str,
    evidence: dict[str, Any],
    forced: bool = False,
) -> AliasChange:
    loading.fitted_of(to)  # verified before anybody relies on it
    with transaction.atomic():
        postgres.lock(LockNumber.ALIAS_CHANGES)  # two operators at once cannot both win
        _refuse_overtaken(stage, expected)
        retirement.refuse_retired(to)
        change = AliasChange.objects.create(
            stage=stage,
            model_version=to,
            previous=expected,
            changed_by=by,
            reason=reason,
            evidence={**evidence, "metrics": to.metrics},
            forced=forced,
        )
        # Last, so that a registry that fails leaves the old version serving.
        registry.set_alias(stage, to.version)
    return change


def _refuse_overtaken(stage: str, expected: ModelVersion | None) -> None:
    """What was decided about one version must not replace another."""
    current = serving(stage)
    if current != expected:
        raise _overtaken(stage, current)


def _overtaken(stage: str, current: ModelVersion | None) -> Conflict:
    now = f"Version {current.version}" if current else "No version"
    return Conflict(f"{now} serves the stage {stage} since you looked: look again.")
