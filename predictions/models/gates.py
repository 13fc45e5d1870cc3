"""What became of candidates: the evidence on which a version may, or may not, serve a stage."""

from django.db import models
from django.utils import timezone

from predictions.models.predictions import ModelVersion, Stage


class GateReport(models.Model):
    """A candidate beside what serves a stage, on matches that neither has learned from."""

    stage = models.CharField(max_length=10, choices=Stage)
    candidate = models.ForeignKey(ModelVersion, models.PROTECT, related_name="gate_reports")
    champion = models.ForeignKey(
        ModelVersion,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="served by then",
    )
    examined_at = models.DateTimeField(default=timezone.now)
    asked_by = models.CharField(max_length=150)
    reason = models.TextField()
    passed = models.BooleanField()
    n_matches = models.PositiveIntegerField(help_text="With a result, and new to both.")
    dataset_version = models.CharField(max_length=64)
    content = models.JSONField(help_text="Checks, limits, scores and leagues.")

    class Meta:
        ordering = ("-examined_at",)

    def __str__(self) -> str:
        verdict = "passed" if self.passed else "refused"
        return f"{self.candidate} {verdict} as {self.stage}"

    @property
    def failed(self) -> list[str]:
        """What every check found that speaks against it, in sentences."""
        checks = self.content["checks"]
        return [check["said"] for check in checks if check["binding"] and not check["passed"]]
