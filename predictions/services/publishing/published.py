"""What a stage serves, held in the memory of a web process.

A process looks for a new pointer at most once a second. With the database away it goes on with
what it holds.
"""

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

import orjson
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from predictions.models import Publication, PublicationPointer
from predictions.services.publishing import publication
from predictions.services.publishing.issuing import Origin
from predictions.services.publishing.prediction_rows import BatchFacts, Row
from predictions.services.publishing.publication import CompressedHead
from soccerpredict.database import limits
from soccerpredict.errors import ServiceUnavailable
from soccerpredict.http.output.conditional import etag_of
from soccerpredict.observability import log_context

logger = logging.getLogger(__name__)


class NothingPublished(ServiceUnavailable):
    code = "nothing_published"
    title = "Nothing is published yet"


@dataclass(frozen=True)
class Rendered:
    """A list ready to send: gzip, its tag, and until when it says the truth about `is_future`."""

    gzipped: bytes
    etag: str
    until: datetime | None


@dataclass
class Published:
    """A publication in memory."""

    publication_id: int
    etag: str
    n_predictions: int
    model_version: int
    facts: BatchFacts
    played: CompressedHead
    coming: list[Row]
    _rendered: Rendered | None = field(default=None, repr=False)

    @property
    def origin(self) -> Origin:
        """What was still to kick off when it was published was said, the rest worked out."""
        return Origin(len(self.coming), self.n_predictions - len(self.coming))

    def rendered(self, now: datetime) -> Rendered:
        """The whole list; compressed anew only after a match has kicked off."""
        last = self._rendered
        if last is None or (last.until is not None and now >= last.until):
            last = self._rendered = self._render(now)
        return last

    def _render(self, now: datetime) -> Rendered:
        rows = publication.as_of_now(self.coming, now)
        waiting = [row["startTimeUtc"] for row in rows if row["is_future"]]
        return Rendered(
            gzipped=publication.completed(self.played, rows),
            # Kick-offs pass in order, so their number tells which rows have turned.
            etag=etag_of(self.etag, str(len(waiting))),
            until=datetime.fromisoformat(waiting[0]) if waiting else None,
        )


@dataclass
class _Slot:
    """A stage's publication as last seen; one thread at a time looks for a newer one."""

    held: Published | None = None
    checked: float = float("-inf")
    lock: Lock = field(default_factory=Lock)


_slots: dict[str, _Slot] = {}


def current(stage: str) -> Published:
    """What the stage serves now.

    Raises:
        NothingPublished: no batch of the stage was ever published.
    """
    slot = _slots.setdefault(stage, _Slot())
    if time.monotonic() - slot.checked >= settings.PUBLICATION_POLL_SECONDS:
        _check(slot, stage)
    if slot.held is None:
        raise NothingPublished(
            f"No predictions are published for the stage {stage}: run manage.py batch_inference "
            f"--stage {stage}."
        )
    log_context.note(model_run_id=slot.held.facts.run_id)
    return slot.held


def is_held(stage: str, held: Published) -> bool:
    """Whether `current` would answer this one without looking at the database.

    Not while that is away: then the answer has to say so.
    """
    slot = _slots.get(stage)
    if slot is None or slot.held is not held or limits.missing_for() is not None:
        return False
    return time.monotonic() - slot.checked < settings.PUBLICATION_POLL_SECONDS


def forget() -> None:
    """Look at the database again: for tests, which change it under a process."""
    _slots.clear()


def _check(slot: _Slot, stage: str) -> None:
    """Look for a new pointer. Threads that come meanwhile use what is held, if anything is."""
    if not slot.lock.acquire(blocking=slot.held is None):
        return
    try:
        slot.held = _newest(stage, slot.held)
        slot.checked = time.monotonic()
    except (DatabaseError, InterfaceError):
        if slot.held is None:
            raise
        slot.checked = time.monotonic()  # the next look is due in a second, not at each request
        logger.warning("The database is away: %s goes on with what is in memory.", stage)
    finally:
        slot.lock.release()


def _newest(stage: str, held: Published | None) -> Published | None:
    pointer = PublicationPointer.objects.filter(stage=stage)
    publication_id = pointer.values_list("publication_id", flat=True).first()
    if publication_id is None:
        return None
    if held is not None and held.publication_id == publication_id:
        return held
    found = Publication.objects.select_related("batch__model_version").get(pk=publication_id)
    text = publication.kept_text(found)
    fresh = Published(
        publication_id=found.pk,
        etag=text.etag,
        n_predictions=text.n_rows,
        model_version=found.batch.model_version.version,
        facts=publication.facts_of(found.batch),
        played=text.played,
        coming=orjson.loads(text.coming),
    )
    fresh.rendered(timezone.now())  # now, rather than in the requests that wait for it
    return fresh
