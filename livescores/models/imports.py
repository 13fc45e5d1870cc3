"""What imports did, and where sources stand."""

from django.db import models
from django.utils import timezone


class ImportReport(models.Model):
    """What one run of an import did, in numbers."""

    class Status(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    source = models.CharField(max_length=40)
    part = models.CharField(
        max_length=60, blank=True, default="", help_text="Which world was simulated."
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.RUNNING)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    files = models.PositiveIntegerField(default=0)
    files_failed = models.PositiveIntegerField(default=0)
    files_unchanged = models.PositiveIntegerField(
        default=0, help_text="Pages that a provider says are as they were."
    )
    rows_read = models.PositiveIntegerField(default=0)
    inserted = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    odds_read = models.PositiveIntegerField(default=0)
    odds_inserted = models.PositiveIntegerField(default=0)
    odds_unchanged = models.PositiveIntegerField(default=0)
    odds_rejected = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return f"{self.source}, {self.started_at:%Y-%m-%d %H:%M}"


class ImportRejection(models.Model):
    """A file, row or price that an import refused, with the reason and the text it read."""

    class What(models.TextChoices):
        FILE = "file"
        ROW = "row"
        ODDS = "odds"

    report = models.ForeignKey(ImportReport, models.CASCADE, related_name="rejections")
    what = models.CharField(max_length=5, choices=What)
    file = models.CharField(max_length=300)
    line = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("report", "file", "line")

    def __str__(self) -> str:
        return f"{self.file}:{self.line or ''} {self.reason}"


class SourcePage(models.Model):
    """A provider's page as last imported: what to say so that it sends only what is new."""

    source = models.CharField(max_length=40)
    url = models.CharField(max_length=500)
    etag = models.CharField(max_length=200, blank=True, default="")
    last_modified = models.CharField(max_length=80, blank=True, default="")
    state = models.JSONField(null=True, blank=True, help_text="Where a feed of increments stands.")
    asked_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("source", "url")
        constraints = [
            models.UniqueConstraint(fields=["source", "url"], name="source_page_once"),
        ]

    def __str__(self) -> str:
        return self.url
