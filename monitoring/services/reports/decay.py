"""Whether the newest reports give a reason to train anew: drift, or forecasts that got worse."""

from typing import Any

from monitoring.models import DriftReport, QualityReport
from monitoring.services.reports import report_files
from predictions.services.versions import promotion, retraining
from soccerpredict.jobs.runs import NothingToDo

FEWEST = 200  # settled matches from which scores say something

Facts = dict[str, Any]


def retrain_if_needed() -> str:
    """Train and examine candidates where the newest reports say so; the sentence of what came.

    Raises:
        NothingToDo: there is no reason, or it was acted upon in the last days.
    """
    reason = reason_to_retrain()
    if reason is None:
        raise NothingToDo("Neither drift nor decay.")
    if retraining.was_lately():
        raise NothingToDo(f"{reason} A candidate was trained for that in the last days.")
    return f"{reason} {retraining.summary(retraining.retrain(reason=reason))}"


def reason_to_retrain() -> str | None:
    """In a sentence; of drift first."""
    return _drifted() or _decayed()


def _drifted() -> str | None:
    report = DriftReport.objects.order_by("-generated_at", "-pk").first()
    if report is None or not report.drifted:
        return None
    if report.model_version != promotion.serving("champion"):
        return None  # it was about another model
    return f"{report.n_drifted} of {report.n_features} features drifted."


def _decayed() -> str | None:
    report = QualityReport.objects.order_by("-generated_at", "-pk").first()
    if report is None:
        return None
    group = report_files.headline(report.content)
    if group["n_matches"] < FEWEST:
        return None
    return worse_than_expected(group) or no_better_than_frequencies(group)


def worse_than_expected(group: Facts) -> str | None:
    """Log-loss above what the probabilities themselves promised, beyond both intervals."""
    found, expected = group["model"]["log_loss"], group["expected_log_loss"]
    if found["low"] <= expected["high"]:
        return None
    return (
        f"Log-loss {found['value']:.4f} on {group['n_matches']} matches{_until(group)}, where the "
        f"probabilities promised {expected['value']:.4f}."
    )


def _until(group: Facts) -> str:
    """When that was, where it is long ago."""
    return f" to {group['ends_at']:.10}" if group.get("ends_at_newest_result") else ""


def no_better_than_frequencies(group: Facts) -> str | None:
    """Class frequencies of the past would have done as well, beyond chance."""
    apart = group["log_loss_minus_class_frequencies"]
    if apart["low"] <= 0:
        return None
    return f"Log-loss{_until(group)} is {apart['value']:+.4f} to that of class frequencies."
