"""What we think: model versions, their predictions, and what is published of them."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Abs
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from livescores.models import Match


class Stage(models.TextChoices):
    """The aliases under which a model serves."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"


class ModelVersion(models.Model):
    """One registered version of the model: what the registry holds, mirrored for serving."""

    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField(help_text="The registry's number.")
    run_id = models.CharField("model run id", max_length=64, unique=True)
    uri = models.CharField(max_length=300)
    recipe = models.CharField(max_length=40)
    recipe_class = models.CharField(max_length=40, help_text="What the model may see.")
    artifact_digest = models.CharField(max_length=64)
    dataset_version = models.CharField(max_length=64)
    code_version = models.CharField(max_length=64)
    trained_until = models.DateTimeField()
    evaluated_until = models.DateTimeField(
        null=True, blank=True, help_text="Kick-off of the newest match that was kept back."
    )
    n_matches = models.PositiveIntegerField()
    n_features = models.PositiveIntegerField()
    metrics = models.JSONField(default=dict)
    parameters = models.JSONField(default=dict)
    registered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-registered_at",)
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="model_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.recipe} v{self.version}"

    def has_seen(self, kickoff: float) -> bool:
        """Whether it learned from matches up to that kick-off, in seconds since 1970 UTC."""
        return kickoff <= self.trained_until.timestamp()


class AliasChangeQuerySet(models.QuerySet["AliasChange"]):
    def current(self, stage: str) -> Self:
        """The newest change of a stage, as a queryset of at most one row."""
        return self.filter(stage=stage).select_related("model_version").order_by("-id")[:1]


class AliasChange(models.Model):
    """Which version took over a stage, who decided it, when, why and on what evidence."""

    stage = models.CharField(max_length=10, choices=Stage)
    model_version = models.ForeignKey(ModelVersion, models.PROTECT, related_name="alias_changes")
    previous = models.ForeignKey(
        ModelVersion, models.PROTECT, related_name="+", null=True, blank=True
    )
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.CharField(max_length=150)
    reason = models.TextField()
    evidence = models.JSONField(default=dict)
    forced = models.BooleanField(default=False, help_text="Against the verdict of the gate.")

    objects = AliasChangeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["stage", "-id"], name="alias_newest")]

    def __str__(self) -> str:
        return f"{self.stage}: {self.model_version}"


class BatchRun(models.Model):
    """One run of batch inference: all predictions of a stage from one model and one data set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    stage = models.CharField(max_length=10, choices=Stage)
    model_version = models.ForeignKey(ModelVersion, models.PROTECT, related_name="batch_runs")
    dataset_version = models.CharField(max_length=64)
    as_of = models.DateTimeField()
    computed_at = models.DateTimeField(default=timezone.now)
    n_predictions = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-computed_at",)

    def __str__(self) -> str:
        return f"{self.stage}, {self.computed_at:%Y-%m-%d %H:%M}"


class Prediction(models.Model):
    """What a model thought of a match; never updated."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(BatchRun, models.CASCADE, related_name="predictions", db_index=False)
    match = models.ForeignKey(Match, models.CASCADE, related_name="predictions")
    start_time_utc = models.DateTimeField("kick-off", help_text="As known when predicted.")
    proba_home = models.FloatField()
    proba_draw = models.FloatField()
    proba_away = models.FloatField()
    in_sample = models.BooleanField(
        help_text="The model was trained on matches up to this one: never scored or staked."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(proba_home__range=(0, 1), proba_draw__range=(0, 1))
                & Q(proba_away__range=(0, 1)),
                name="prediction_in_unit_interval",
            ),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(
                    Value(1e-6), Abs(F("proba_home") + F("proba_draw") + F("proba_away") - 1.0)
                ),
                name="prediction_sums_to_one",
            ),
            models.UniqueConstraint(fields=["batch", "match"], name="prediction_once_per_batch"),
        ]
        indexes = [
            models.Index(fields=["batch", "start_time_utc", "match"], name="prediction_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.proba_home:.3f} / {self.proba_draw:.3f} / {self.proba_away:.3f}"


class Publication(models.Model):
    """A consistent set of predictions made ready to serve; readers follow a stage's pointer."""

    stage = models.CharField(max_length=10, choices=Stage)
    batch = models.ForeignKey(BatchRun, models.PROTECT, related_name="publications")
    published_at = models.DateTimeField(default=timezone.now)
    n_predictions = models.PositiveIntegerField()
    etag = models.CharField(max_length=64, help_text="Digest of the rows: same content, same tag.")
    played = models.BinaryField(
        help_text="The list's JSON up to the first match still to come, as raw deflate blocks."
    )
    played_crc = models.BigIntegerField(help_text="CRC-32 of that text.")
    played_bytes = models.BigIntegerField(help_text="Length of that text.")
    coming = models.BinaryField(help_text="The rows still to kick off, as a JSON array.")
    columns = models.TextField(
        db_default="", editable=False, help_text="Members of its rows; none: before they were kept."
    )

    class Meta:
        ordering = ("-published_at",)

    def __str__(self) -> str:
        return f"{self.stage}, {self.published_at:%Y-%m-%d %H:%M}"


class PublicationPointer(models.Model):
    """Which publication a stage serves; swapped in one statement."""

    stage = models.CharField(primary_key=True, max_length=10, choices=Stage)
    publication = models.ForeignKey(Publication, models.PROTECT, related_name="+")
    batch = models.ForeignKey(BatchRun, models.PROTECT, related_name="+")
    swapped_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.stage} serves {self.publication_id}"


class PredictionJobs(models.QuerySet["PredictionJob"]):
    def unfinished(self) -> Self:
        """Those that wait or run; one that has expired is neither."""
        return self.filter(finished_at=None, expires_at__gt=timezone.now())


class PredictionJob(models.Model):
    """An asynchronous prediction: this row, not the broker, is the truth about it."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client_id = models.BigIntegerField(help_text="The API client that asked.")
    key_id = models.BigIntegerField(null=True, help_text="The API key that it asked with.")
    lane = models.PositiveSmallIntegerField(db_default=0, help_text="Where it waits for a worker.")
    idempotency_key = models.CharField(max_length=128, null=True, blank=True)  # noqa: DJ001
    request_digest = models.CharField(max_length=64)
    request_id = models.CharField(max_length=128)
    request = models.JSONField()
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    result = models.JSONField(null=True, blank=True)
    problem = models.JSONField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    objects = PredictionJobs.as_manager()

    class Meta:
        ordering = ("-created_at",)
        indexes = [
            models.Index(
                fields=["key_id", "lane", "expires_at"],
                name="unfinished_job",
                condition=models.Q(finished_at=None),
            ),
        ]
        constraints = [
            # NULLs are distinct in Postgres: jobs without a key never collide.
            models.UniqueConstraint(
                fields=["client_id", "idempotency_key"], name="job_once_per_idempotency_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.status})"

    def start(self) -> None:
        """A worker begins with it, once more if another one broke off."""
        self.status, self.started_at = self.Status.RUNNING, timezone.now()
        self.attempts += 1
        self.save()

    def succeed(self, result: list[dict[str, Any]]) -> None:
        self.status, self.result = self.Status.SUCCEEDED, result
        self._end()

    def fail(self, problem: dict[str, Any]) -> None:
        """For good, with the problem document that its client gets."""
        self.status, self.problem = self.Status.FAILED, problem
        self._end()

    def _end(self) -> None:
        self.finished_at = timezone.now()
        self.save()
