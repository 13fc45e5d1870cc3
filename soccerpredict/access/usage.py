"""When a key was last used: noted while a request is served, written after its answer is sent."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import Error
from django.utils import timezone

from soccerpredict.access.models import ApiKey
from soccerpredict.access.services import Credential

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=1)
_noted: dict[int, datetime] = {}


def note(credential: Credential) -> None:
    """Remember the use, unless the row already tells of one in this minute."""
    now = timezone.now()
    if credential.last_used_at is None or now - credential.last_used_at >= EVERY:
        _noted[credential.key_id] = now


def flush(**_: Any) -> None:
    """Django's `request_finished`: no client waits for this any more."""
    while _noted:
        try:
            key_id, moment = _noted.popitem()
        except KeyError:  # another thread was quicker
            return
        _write(key_id, moment)


def _write(key_id: int, moment: datetime) -> None:
    try:
        ApiKey.objects.filter(pk=key_id).update(last_used_at=moment)
    except Error:
        logger.warning("The last use of API key %d could not be written.", key_id, exc_info=True)
