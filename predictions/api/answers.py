"""What workers found, in the contract's words."""

from typing import Any

from predictions.models import PredictionJob
from soccerpredict.http import request_id

MATCH_MEMBERS = (
    "match_id",
    "predicted_class",
    "predicted_label",
    "probabilities",
    "model_stage",
    "model_run_id",
    "predictions_computed_at",
    "in_sample",
    "task_id",
    "markets",
    "explanation",
)
# A job of before an upgrade, kept for an hour, lacks what its worker did not know of.
PREDICTED_MEMBERS = ("predicted_class", "predicted_label", "in_sample")


def match_answer(found: dict[str, Any]) -> dict[str, Any]:
    """`GET /predict/{match_id}`: `model_version` is the alias here, as the reference has it."""
    answer = {name: found[name] for name in MATCH_MEMBERS if name in found}
    return answer | {"model_version": found["model_stage"]}


def fixture_answer(found: dict[str, Any], asked_by: str | None = None) -> dict[str, Any]:
    """`POST /predict`: `model_version` is the registry's number here."""
    proba = found["probabilities"]
    named = [name for name in PREDICTED_MEMBERS if name in found]
    return {
        "prediction": {
            "home_win_proba": proba["home_win"],
            "draw_proba": proba["draw"],
            "away_win_proba": proba["away_win"],
            **{name: found[name] for name in named},
        },
        "model": {
            "model_uri": found["model_uri"],
            "model_version": found["model_number"],
            "model_stage": found["model_stage"],
            "model_run_id": found["model_run_id"],
        },
        "meta": {
            "request_id": asked_by or request_id.current(),
            "predictions_computed_at": found["predictions_computed_at"],
            "dataset_version": found["dataset_version"],
        },
    }


def job_answer(job: PredictionJob) -> dict[str, Any]:
    """`GET /predict/async/{job_id}`: the result once it is there, or the problem that ended it."""
    answer: dict[str, Any] = {"job_id": str(job.pk), "status": job.status}
    if job.status == PredictionJob.Status.SUCCEEDED:
        answers = [fixture_answer(found, job.request_id) for found in job.result or []]
        answer["result"] = answers if job.request["is_array"] else answers[0]
    elif job.status == PredictionJob.Status.FAILED:
        answer["problem"] = job.problem
    return answer
