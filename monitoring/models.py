"""How it went: reports on quality and drift, and what drift is measured against."""

from django.db import models
from django.utils import timezone
from django_celery_results.models import TaskResult

from predictions.models import ModelVersion


class QualityReport(models.Model):
    """How good the published predictions were, as of a moment; the headline is the champion's."""

    generated_at = models.DateTimeField(default=timezone.now)
    as_of = models.DateTimeField(help_text="Matches and results up to then.")
    ends_at = models.DateTimeField(
        "end of the 90 days",
        null=True,
        blank=True,
        help_text="The newest result's kick-off where nothing was scored in the 90 days before.",
    )
    n_matches = models.PositiveIntegerField(help_text="Settled matches of the champion, 90 days.")
    n_issued = models.PositiveIntegerField(
        "issued before kick-off",
        null=True,
        blank=True,
        help_text="The others were worked out afterwards, from what was known at kick-off.",
    )
    log_loss = models.FloatField(null=True, blank=True)
    frequencies_log_loss = models.FloatField("of class frequencies", null=True, blank=True)
    closing_log_loss = models.FloatField("of the closing line", null=True, blank=True)
    content = models.JSONField(help_text="The whole report.")

    class Meta:
        ordering = ("-generated_at",)

    def __str__(self) -> str:
        return f"Quality as of {self.as_of:%Y-%m-%d %H:%M}"

    @property
    def n_retrospective(self) -> int | None:
        """Worked out afterwards; None in reports that did not count them."""
        return None if self.n_issued is None else self.n_matches - self.n_issued

    @property
    def ends_early(self) -> bool:
        """Whether the 90 days end at the newest result rather than when the report was made."""
        return self.ends_at is not None and self.ends_at < self.as_of


class DriftReference(models.Model):
    """A sample of the matches that a model was trained on: what features looked like then."""

    model_version = models.OneToOneField(ModelVersion, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    first_kickoff = models.DateTimeField()
    last_kickoff = models.DateTimeField()
    n_matches = models.PositiveIntegerField(help_text="Matches in the sample.")
    sample = models.BinaryField(help_text="Features and probabilities of the sample, as npz.")

    def __str__(self) -> str:
        return f"{self.n_matches} matches of {self.model_version}"


class DriftReport(models.Model):
    """Whether recent and coming matches still look like those that the champion learned from."""

    generated_at = models.DateTimeField(default=timezone.now)
    as_of = models.DateTimeField(help_text="The current window surrounds this moment.")
    at_newest_result = models.BooleanField(
        default=False, help_text="Too few matches lay around the day it was made."
    )
    model_version = models.ForeignKey(ModelVersion, models.CASCADE, related_name="+")
    n_matches = models.PositiveIntegerField(help_text="Matches in the current window.")
    n_features = models.PositiveIntegerField()
    n_drifted = models.PositiveIntegerField()
    drift_score = models.FloatField(help_text="Share of features that drifted.")
    prediction_drift_score = models.FloatField(null=True, blank=True)
    drifted = models.BooleanField()
    content = models.JSONField(help_text="The whole report.")

    class Meta:
        ordering = ("-generated_at",)

    def __str__(self) -> str:
        return f"{self.model_version}, {self.generated_at:%Y-%m-%d %H:%M}"


class Acknowledgement(models.Model):
    """Somebody knows that a task failed: the start page need not tell them again."""

    task = models.OneToOneField(TaskResult, models.CASCADE, related_name="acknowledgement")
    acknowledged_at = models.DateTimeField(default=timezone.now)
    acknowledged_by = models.CharField(max_length=150)

    class Meta:
        ordering = ("-acknowledged_at",)

    def __str__(self) -> str:
        return f"{self.task.task_name}, by {self.acknowledged_by}"
