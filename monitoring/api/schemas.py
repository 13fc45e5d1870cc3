"""How the OpenAPI document describes the monitoring routes: bodies, headers and errors."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers

from monitoring.services.tasks.task_status import STATUSES
from soccerpredict.http import openapi
from soccerpredict.http.openapi import REQUEST_ID, RETRY_AFTER, Responses

MethodT = TypeVar("MethodT", bound=Callable[..., Any])

REASONS = {
    401: "Only where MONITORING_NEEDS_KEY is set: missing or invalid `X-API-Key` header.",
    403: "Only where MONITORING_NEEDS_KEY is set: the key lacks the scope `read`.",
    404: "There is no such report yet.",
    406: "`Accept` excludes the only representation.",
    422: "A parameter is unknown or violates its schema.",
    429: "Only where MONITORING_NEEDS_KEY is set: the key is over its limit.",
    500: "Something went wrong, such as a report that cannot be read.",
    503: "The broker or the database is away.",
}
CONDITIONAL = [
    OpenApiParameter(
        "If-None-Match",
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        description="The ETag of an earlier answer: 304 if the report is still that one.",
    ),
    OpenApiParameter(
        "ETag",
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        description="Strong; changes whenever the report does.",
        response=[200, 304],
    ),
]
NOT_MODIFIED = OpenApiResponse(description="The report is still the one of `If-None-Match`.")


def problems(*statuses: int) -> Responses:
    return openapi.problems({status: REASONS[status] for status in statuses})


OPEN_ERRORS = problems(406, 422, 500)
METRICS_ERRORS = problems(401, 403, 422, 429, 500, 503)
CLOSABLE_ERRORS = {**METRICS_ERRORS, **problems(406)}


def described(
    operation_id: str,
    *,
    summary: str,
    description: str,
    responses: Responses,
    parameters: Sequence[OpenApiParameter] = (),
) -> Callable[[MethodT], MethodT]:
    """`extend_schema` with what all these routes have in common."""
    return extend_schema(
        operation_id=operation_id,
        summary=summary,
        description=description,
        tags=["monitoring"],
        parameters=[REQUEST_ID, RETRY_AFTER, *parameters],
        responses=responses,
    )


class HealthSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(["healthy", "unhealthy"])
    version = serializers.CharField(help_text="Of the service.")
    worker_pid = serializers.IntegerField(help_text="Of the process that answered.")
    memory_usage_mb = serializers.FloatField(help_text="Resident memory of that process, MiB.")
    database = serializers.BooleanField(help_text="Whether the database answers.")


class LivenessSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(["alive"])


# Of an enum, drf-spectacular makes a component for each of the fields, and warns that they equal.
@extend_schema_field({"type": "string", "pattern": "^(available|away)$"})
class StateField(serializers.CharField):
    """Of one dependency."""


@extend_schema_field({"type": "string", "pattern": "^(champion|challenger)$"})
class StageField(serializers.CharField):
    """Of a model."""


@extend_schema_field({"type": "string", "pattern": "^(running|starting again)$"})
class PartStateField(serializers.CharField):
    """Of one program."""


class PartSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    state = PartStateField()
    failures = serializers.IntegerField(help_text="Times in a row that it ended by itself.")
    last_end = serializers.CharField(help_text="How it last ended, as `by SIGKILL`; may be empty.")


class ReadinessSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(["ready", "not ready"])
    database = StateField()
    broker = StateField()
    model = StateField(
        help_text="Available: there is a champion, and its predictions are published."
    )
    parts = PartSerializer(
        many=True,
        required=False,
        help_text="The programs of this machine, where one command started all of them.",
    )


class WindowSerializer(serializers.Serializer[Any]):
    n = serializers.IntegerField(help_text="Matches in the window.")
    to = serializers.DateTimeField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        # `from` is a word of Python's.
        return {"from": serializers.DateTimeField(), **super().get_fields()}


class EvidentlySerializer(serializers.Serializer[Any]):
    method = serializers.CharField()
    value = serializers.FloatField()


class ColumnDriftSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    method = serializers.CharField(help_text="The test and what it was adjusted by.")
    statistic = serializers.FloatField(help_text="Kolmogorov and Smirnov's distance, 0 to 1.")
    usual_statistic = serializers.FloatField(
        help_text="The distance to expect without drift, from chance and between other years."
    )
    p_value = serializers.FloatField(help_text="Of this column alone.")
    adjusted_p_value = serializers.FloatField(help_text="For the number of columns.")
    drifted = serializers.BooleanField(
        help_text="At a level where 1 % of windows without drift have any such column."
    )
    evidently = EvidentlySerializer(allow_null=True, help_text="Evidently's own distance.")


class DriftSerializer(serializers.Serializer[Any]):
    generated_at = serializers.DateTimeField()
    as_of = serializers.DateTimeField(help_text="The current window surrounds it.")
    at_newest_result = serializers.BooleanField(
        help_text="True: too few matches lie around now, so the report is about the newest result."
    )
    model_run_id = serializers.CharField(help_text="Of the champion.")
    reference = WindowSerializer(
        help_text="What the model learned from, in the same weeks of other years."
    )
    current = WindowSerializer(help_text="What it sees now.")
    drift_score = serializers.FloatField(help_text="Share of features that drifted.")
    n_features = serializers.IntegerField()
    n_drifted = serializers.IntegerField()
    threshold = serializers.FloatField(help_text="The share from which on `drifted` is true.")
    drifted = serializers.BooleanField()
    features = ColumnDriftSerializer(many=True)
    prediction_drift_score = serializers.FloatField(help_text="Share of the probabilities.")
    predictions = ColumnDriftSerializer(many=True, help_text="The three probabilities.")


class IntervalSerializer(serializers.Serializer[Any]):
    value = serializers.FloatField()
    low = serializers.FloatField(help_text="Lower end of the 95 % interval.")
    high = serializers.FloatField()


class ScoresSerializer(serializers.Serializer[Any]):
    log_loss = IntervalSerializer(help_text="Natural logarithm.")
    brier = IntervalSerializer(help_text="Sum over the outcomes, 0 to 2.")
    rps = IntervalSerializer(help_text="Ranked probability score, 0 to 1.")
    ece = IntervalSerializer(help_text="Expected calibration error, 20 bins.")
    hit_rate = IntervalSerializer(help_text="Share of matches where the likeliest came true.")


class OriginSerializer(serializers.Serializer[Any]):
    n_issued = serializers.IntegerField(
        help_text="Forecasts made before the kick-off known then, and published before the match."
    )
    n_retrospective = serializers.IntegerField(
        help_text="Forecasts worked out afterwards, from what was known at kick-off."
    )


class ClosingLineSerializer(OriginSerializer):
    n_matches = serializers.IntegerField(help_text="Settled matches with closing prices.")
    scores = ScoresSerializer(help_text="Of the closing line, its margin removed after Shin.")
    model_on_the_same = ScoresSerializer()
    log_loss_minus_closing_line = IntervalSerializer(help_text="Below 0: the model is better.")


class LeagueSerializer(serializers.Serializer[Any]):
    tournament_id = serializers.IntegerField()
    name = serializers.CharField()
    region = serializers.CharField()


class QualityGroupSerializer(OriginSerializer):
    """Settled matches of one stage, window and league, or of all leagues."""

    stage = StageField()
    window = serializers.RegexField(
        r"^(7d|30d|90d|season|holdout|unseen)$",
        help_text=(
            "`7d`, `30d`, `90d`: days; `season`: each league's newest; `holdout`: what the version "
            "that serves was measured on in training, as it predicts it now; `unseen`: every "
            "settled match that the model had not learned from."
        ),
    )
    ends_at = serializers.DateTimeField(
        help_text="End of the window; the newest result's kick-off where that ends it."
    )
    ends_at_newest_result = serializers.BooleanField(
        help_text=(
            "True: nothing was settled in the time before `as_of`, so the window ends at the "
            "newest result."
        )
    )
    league = LeagueSerializer(allow_null=True, help_text="Null: all leagues.")
    n_matches = serializers.IntegerField(help_text="Settled ones, which are scored.")
    n_published_before_kickoff = serializers.IntegerField(
        help_text="The others were predicted later, from what was known at kick-off."
    )
    first_kickoff = serializers.DateTimeField(allow_null=True, help_text="Of the settled ones.")
    last_kickoff = serializers.DateTimeField(allow_null=True, help_text="Of the settled ones.")
    without_result = serializers.DictField(
        child=serializers.IntegerField(), help_text="Matches that are not scored, by reason."
    )
    model = ScoresSerializer(allow_null=True)
    expected_log_loss = IntervalSerializer(
        required=False, help_text="If the model's own probabilities are true."
    )
    class_frequencies = ScoresSerializer(
        allow_null=True, help_text="Of the past's shares of home wins, draws and away wins."
    )
    log_loss_minus_class_frequencies = IntervalSerializer(required=False)
    closing_line = ClosingLineSerializer(allow_null=True)


class ComingQualitySerializer(serializers.Serializer[Any]):
    stage = StageField()
    days = serializers.IntegerField()
    n_matches = serializers.IntegerField()
    expected_log_loss = IntervalSerializer(allow_null=True)


class FrequenciesSerializer(serializers.Serializer[Any]):
    proba_home = serializers.FloatField()
    proba_draw = serializers.FloatField()
    proba_away = serializers.FloatField()


class MonthQualitySerializer(QualityGroupSerializer):
    """Settled matches of one stage and calendar month, all leagues together."""

    window = None  # type: ignore[assignment]
    league = None  # type: ignore[assignment]
    ends_at = None  # type: ignore[assignment]
    ends_at_newest_result = None  # type: ignore[assignment]
    month = serializers.RegexField(r"^[0-9]{4}-[0-9]{2}$", help_text="UTC.")


class ReliabilityBinSerializer(IntervalSerializer):
    """Of probabilities within a tenth: `value` is the share that came true."""

    stated = serializers.FloatField(help_text="Their mean.")
    n = serializers.IntegerField(help_text="Probabilities: three to a match.")


class ReliabilitySerializer(OriginSerializer):
    stage = StageField()
    forecast = serializers.ChoiceField(["model", "closing_line"])
    n_matches = serializers.IntegerField(help_text="Settled ones.")
    bins = ReliabilityBinSerializer(many=True)


LAST_SEASON = (
    "Of the last 400 days; where nothing was settled in them, of those to the newest result."
)


class QualitySerializer(serializers.Serializer[Any]):
    generated_at = serializers.DateTimeField()
    as_of = serializers.DateTimeField(
        help_text="End of the windows, where none of them says another in `ends_at`."
    )
    interval = serializers.CharField()
    class_frequencies = FrequenciesSerializer(help_text="Of all results before the windows.")
    groups = QualityGroupSerializer(many=True)
    months = MonthQualitySerializer(many=True, help_text=LAST_SEASON)
    reliability = ReliabilitySerializer(many=True, help_text=LAST_SEASON)
    coming = ComingQualitySerializer(many=True, help_text="Before results come in.")


class TaskStatusSerializer(serializers.Serializer[Any]):
    task_id = serializers.UUIDField()
    status = serializers.ChoiceField(STATUSES)
    result = serializers.JSONField(
        allow_null=True, help_text="What the task returned; null unless it succeeded."
    )


class WorkloadSerializer(serializers.Serializer[Any]):
    active = serializers.IntegerField(help_text="Tasks that it runs.")
    scheduled = serializers.IntegerField(help_text="Tasks that wait for their time.")
    reserved = serializers.IntegerField(help_text="Tasks that it took and has not begun.")


class QueuesSerializer(serializers.Serializer[Any]):
    workers = serializers.DictField(
        child=WorkloadSerializer(), help_text="By name of the worker; those that answer."
    )
    queues = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Waiting tasks of `ml`, `jobs`, `batch` and `io`.",
    )


class WorkerSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    ping = serializers.BooleanField(help_text="Whether it answered within a second.")
    queues = serializers.ListField(child=serializers.CharField())
    concurrency = serializers.IntegerField(help_text="Tasks that it runs at the same time.")
    loaded_models = serializers.ListField(
        child=serializers.CharField(), help_text="As `stage:model_run_id`."
    )


class WorkersSerializer(serializers.Serializer[Any]):
    workers = WorkerSerializer(many=True)
