"""What imports did, and where sources stand."""

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone


class ImportReport(models.Model):
    """What one run of an import did, in numbers."""

    class Status(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        UNDONE = "undone"

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
    how_read = models.TextField(
        blank=True, default="", db_default="", help_text="What was found out of each table's form."
    )
    keeps_changes = models.BooleanField(
        default=True, db_default=False, help_text="What it changed is kept, so it can be undone."
    )
    is_routine = models.BooleanField(
        default=False,
        db_default=False,
        help_text="A run of a feed by the timetable, one of many a day: kept for a week.",
    )
    undone_by = models.CharField(max_length=150, blank=True, default="", db_default="")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_why = models.CharField("why", max_length=300, blank=True, default="", db_default="")
    undone_what = models.CharField(
        "what went", max_length=300, blank=True, default="", db_default=""
    )

    class Meta:
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return f"{self.source}, {self.started_at:%Y-%m-%d %H:%M}"


class Multirange(models.Field):  # type: ignore[type-arg]
    """Ids as ranges: what one statement inserts is one of them, however many rows it was."""

    def db_type(self, connection: object) -> str:
        return "int8multirange"


class ImportChange(models.Model):
    """What an import, or a person after it, changed, as the database's own triggers tell it.

    A statement that inserts leaves the ids of its rows, a row that is updated or deleted what it
    was like. Beside it stands what an import read: it builds on whoever wrote that.
    """

    class Kind(models.TextChoices):
        INSERT = "insert"
        UPDATE = "update"
        DELETE = "delete"
        READ = "read"
        COMPARED = "compared"  # a region's names and results, to find out who is who

    report = models.ForeignKey(
        ImportReport, models.CASCADE, null=True, related_name="+", help_text="None: by no import."
    )
    table = models.CharField(max_length=63)
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField(db_default=Now())
    ids = Multirange(null=True)
    key = models.CharField(max_length=60, blank=True, default="", db_default="")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.kind} {self.table} {self.key}".rstrip()


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
