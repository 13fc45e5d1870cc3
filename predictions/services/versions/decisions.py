"""What operators decide in the back office, done by a worker: web processes hold no models."""

from predictions.models import GateReport, ModelVersion
from predictions.services.versions import gate, promotion
from soccerpredict.errors import NotFound

Reply = dict[str, str]


def examine(version: int, stage: str, by: str, reason: str) -> Reply:
    """Put a version beside what serves a stage. Raises as `gate.examine`."""
    candidate = ModelVersion.objects.filter(version=version).first()
    if candidate is None:
        raise NotFound(f"There is no version {version}.")
    current = promotion.serving(stage)
    return {"sentence": str(gate.examine(candidate, current, stage=stage, by=by, reason=reason))}


def promote(report_id: int, by: str, reason: str, *, force: bool) -> Reply:
    """Promote what a report is about. Raises as `promotion.promote_examined`."""
    found = GateReport.objects.select_related("candidate", "champion")
    report = found.filter(pk=report_id).first()
    if report is None:
        raise NotFound(f"There is no gate report {report_id}.")
    change = promotion.promote_examined(report=report, by=by, reason=reason, force=force)
    return {"sentence": str(change)}


def roll_back(stage: str, by: str, reason: str, *, seen: int) -> Reply:
    """Roll a stage back from the version `seen`. Raises as `promotion.roll_back`."""
    return {"sentence": str(promotion.roll_back(stage=stage, by=by, reason=reason, seen=seen))}
