"""When keys were last used and how often: noted while requests are served, written afterwards.

No client waits for a row. Counts of a process reach the database within seconds of its next
answer, or when it ends; one that is killed loses the last seconds of its counts.
"""

import logging
import time
from collections import Counter
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

from django.db import Error, connection
from django.utils import timezone

from soccerpredict.access.models import ApiKey
from soccerpredict.access.services import Credential

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
COUNT_SECONDS = 5.0
# A key that was deleted meanwhile has no use. In one order, so that two processes that add at once
# never wait for each other.
ADD = """
    INSERT INTO access_keyusage (key_id, day, requests)
    SELECT k.id, n.day, n.requests
    FROM unnest(%s::bigint[], %s::date[], %s::bigint[]) AS n (key_id, day, requests)
    JOIN access_apikey k ON k.id = n.key_id
    ORDER BY k.id, n.day
    ON CONFLICT (key_id, day)
    DO UPDATE SET requests = access_keyusage.requests + excluded.requests
"""
_noted: dict[int, datetime] = {}
_counts: Counter[tuple[int, date]] = Counter()
_lock = Lock()
_counts_due = 0.0  # of the monotonic clock


def note(credential: Credential) -> None:
    """Remember the use, unless the row already tells of one in this minute."""
    now = timezone.now()
    if credential.last_used_at is None or now - credential.last_used_at >= EVERY:
        _noted[credential.key_id] = now


def count(key_id: int) -> None:
    """One more request that the key was admitted to."""
    today = timezone.now().date()
    with _lock:
        _counts[key_id, today] += 1


def flush(**_: Any) -> None:
    """Django's `request_finished`: no client waits for this any more."""
    while _noted:
        try:
            key_id, moment = _noted.popitem()
        except KeyError:  # another thread was quicker
            return
        _write(key_id, moment)
    if _counts and time.monotonic() >= _counts_due:
        flush_counts()


def flush_counts() -> None:
    """Add this process's counts to the table's; those that cannot be written wait."""
    global _counts_due
    with _lock:
        _counts_due = time.monotonic() + COUNT_SECONDS
        taken = dict(_counts)
        _counts.clear()
    try:
        _add(taken)
    except Error:
        logger.warning("The use of API keys could not be written.", exc_info=True)
        with _lock:
            _counts.update(taken)


def _add(taken: dict[tuple[int, date], int]) -> None:
    keys, days = zip(*taken, strict=True) if taken else ((), ())
    with connection.cursor() as cursor:
        cursor.execute(ADD, [list(keys), list(days), list(taken.values())])


def _write(key_id: int, moment: datetime) -> None:
    try:
        ApiKey.objects.filter(pk=key_id).update(last_used_at=moment)
    except Error:
        logger.warning("The last use of API key %d could not be written.", key_id, exc_info=True)
