"""What an operator should know now: one small answer for each part of the start page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django_celery_results.models import TaskResult

from livescores.models import ImportReport, LinkReview, MatchConflict, WaitingEvent
from monitoring.models import DriftReport, QualityReport
from predictions.models import (
    AliasChange,
    ModelVersion,
    Prediction,
    PublicationPointer,
    QuarantinedOdds,
    Stage,
)
from predictions.services.features import feature_store
from soccerpredict.access.models import ApiKey, KeyUsage
from soccerpredict.jobs.heartbeats import JobHeartbeat, heartbeats

STALE = timedelta(hours=3)  # predictions are made every hour
LATELY = timedelta(days=1)
SOON = timedelta(days=14)
MOST_MATCHES = 8
MOST_REPORTS = 30


@dataclass(frozen=True)
class Serving:
    """A stage: the version that serves it, and what is published of it."""

    stage: str
    version: ModelVersion | None
    since: datetime | None = None
    by: str = ""
    published_at: datetime | None = None
    n_predictions: int = 0
    is_behind: bool = False

    @property
    def is_stale(self) -> bool:
        return self.published_at is None or timezone.now() - self.published_at > STALE


def serving() -> list[Serving]:
    """Champion and challenger; `is_behind` where what is published is another version's."""
    # Without the lists themselves, which are megabytes.
    found = PublicationPointer.objects.select_related("batch", "publication").defer(
        *(f"publication__{body}" for body in ("played", "coming"))
    )
    pointers = {pointer.stage: pointer for pointer in found}
    return [_serving(stage, pointers.get(stage)) for stage in Stage]


def _serving(stage: Stage, pointer: PublicationPointer | None) -> Serving:
    change = AliasChange.objects.current(stage).first()
    if change is None:
        return Serving(stage.label, None)
    decided = (stage.label, change.model_version, change.changed_at, change.changed_by)
    if pointer is None:
        return Serving(*decided)
    is_behind = pointer.batch.model_version_id != change.model_version_id
    published = (pointer.swapped_at, pointer.publication.n_predictions, is_behind)
    return Serving(*decided, *published)


def next_matches() -> Sequence[Prediction]:
    """The champion's published predictions of what kicks off first."""
    pointer = PublicationPointer.objects.filter(stage=Stage.CHAMPION).only("batch_id").first()
    if pointer is None:
        return []
    coming = Prediction.objects.filter(
        batch=pointer.batch_id, start_time_utc__gt=timezone.now()
    ).select_related("match__home_team", "match__away_team", "match__season__tournament")
    return list(coming.order_by("start_time_utc", "match")[:MOST_MATCHES])


@dataclass(frozen=True)
class Jobs:
    """Scheduled jobs, those that failed first; and failed tasks that nobody acknowledged."""

    total: int
    troubled: list[JobHeartbeat] = field(default_factory=list)
    failed_tasks: int = 0


def jobs() -> Jobs:
    beats = heartbeats()
    troubled = sorted((beat for beat in beats if beat.is_news), key=lambda beat: not beat.is_failed)
    lately = TaskResult.objects.filter(status="FAILURE", date_done__gte=timezone.now() - LATELY)
    failed = lately.filter(acknowledgement=None).count()
    return Jobs(len(beats), troubled, failed)


@dataclass(frozen=True)
class Waiting:
    """What a person should decide about or look at."""

    links: int
    events: int
    odds: int
    failed_imports: int
    rejected_rows: int
    left_out: Sequence[int]  # matches that break a rule of the data
    conflicts: int

    @property
    def is_empty(self) -> bool:
        decisions = (self.links, self.events, self.odds, self.conflicts)
        return not (any(decisions) or self.failed_imports or self.left_out)


def waiting() -> Waiting:
    # A feed by the timetable that fails is a job that fails.
    lately = ImportReport.objects.filter(is_routine=False, started_at__gte=timezone.now() - LATELY)
    imports = lately.values_list("status", "files_failed", "rejected", "odds_rejected")
    failed = [row for row in imports if row[0] == ImportReport.Status.FAILED or row[1]]
    return Waiting(
        LinkReview.objects.filter(state=LinkReview.State.WAITING).count(),
        WaitingEvent.objects.filter(state=WaitingEvent.State.WAITING).count(),
        QuarantinedOdds.objects.filter(state=QuarantinedOdds.State.WAITING).count(),
        len(failed),
        sum(rows + odds for *_, rows, odds in imports),
        feature_store.left_out(),
        MatchConflict.objects.filter(state=MatchConflict.State.WAITING).count(),
    )


def quality() -> Sequence[QualityReport]:
    """The newest reports without their content, oldest first."""
    newest = QualityReport.objects.defer("content").order_by("-as_of", "-id")
    return list(newest[:MOST_REPORTS])[::-1]


def drift() -> DriftReport | None:
    newest = DriftReport.objects.defer("content").select_related("model_version")
    return newest.order_by("-generated_at", "-id").first()


@dataclass(frozen=True)
class Keys:
    """API keys that work, those used in the last day, those that end soon, and all requests."""

    usable: int
    used: int
    ending: int
    requests_today: int
    requests_lately: int


def keys() -> Keys:
    now = timezone.now()
    ends = Q(expires_at__lte=now + SOON) | Q(revoked_at__lte=now + SOON)
    counts = ApiKey.objects.usable(now).aggregate(
        usable=Count("pk"),
        used=Count("pk", filter=Q(last_used_at__gte=now - LATELY)),
        ending=Count("pk", filter=ends & Q(replaced_by=None)),
    )
    return Keys(**counts, **_requests(now.date()))


def _requests(today: date) -> dict[str, int]:
    """Of today and of the last seven days, today included."""
    uses = KeyUsage.objects.filter(day__gt=today - timedelta(days=7))
    totals = uses.aggregate(
        requests_today=Sum("requests", filter=Q(day=today)), requests_lately=Sum("requests")
    )
    return {name: total or 0 for name, total in totals.items()}
