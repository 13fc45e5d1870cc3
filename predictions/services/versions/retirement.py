"""Take a version out of the choice for good."""

from django.db import transaction

from predictions.models import AliasChange, ModelVersion, Retirement, Stage
from soccerpredict import postgres
from soccerpredict.errors import Conflict, InvalidInput
from soccerpredict.postgres import LockNumber


@transaction.atomic
def retire(*, version: ModelVersion, by: str, reason: str) -> Retirement:
    """No stage may be served by the version from now on.

    Raises:
        InvalidInput: there is no reason. Conflict: it serves a stage, or is retired already.
    """
    if not reason.strip():
        raise InvalidInput("To retire a version takes a reason: give one.")
    postgres.lock(LockNumber.ALIAS_CHANGES)  # nobody promotes what is being retired
    refuse_retired(version)
    for stage in Stage:
        current = AliasChange.objects.current(stage).first()
        if current and current.model_version_id == version.pk:
            raise Conflict(f"Version {version.version} serves the stage {stage}: replace it first.")
    return Retirement.objects.create(model_version=version, retired_by=by, reason=reason)


def refuse_retired(version: ModelVersion) -> None:
    """Raises:
    Conflict: the version is retired; the text says why.
    """
    found = Retirement.objects.filter(model_version=version).first()
    if found:
        raise Conflict(f"Version {version.version} is retired: {found.reason}")
