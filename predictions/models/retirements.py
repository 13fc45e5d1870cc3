"""Versions that shall not serve any more."""

from django.db import models
from django.utils import timezone

from predictions.models.predictions import ModelVersion


class Retirement(models.Model):
    """Who took a version out of the choice, when and why; kept for good, as the version is."""

    model_version = models.OneToOneField(
        ModelVersion, models.PROTECT, related_name="retirement", help_text="It serves nothing."
    )
    retired_at = models.DateTimeField(default=timezone.now)
    retired_by = models.CharField(max_length=150)
    reason = models.TextField()

    class Meta:
        ordering = ("-retired_at",)

    def __str__(self) -> str:
        return f"{self.model_version}, retired {self.retired_at:%Y-%m-%d}"
