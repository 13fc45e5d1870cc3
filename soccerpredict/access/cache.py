"""Verified keys, cached for a few seconds in each process, and for minutes without the database.

A key that was good when the database was last seen goes on for `STALE_SECONDS`. So that this is
true of keys that are not in use just then, the cache looks at all its keys while the database
answers, in one query every few seconds.
"""

import hashlib
import time
from contextlib import suppress
from threading import Lock

from cachetools import LRUCache, TTLCache
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from soccerpredict.access import services, usage
from soccerpredict.access.services import Credential

SECONDS = 3.0  # a revoked key works on for at most so long
SIZE = 4096


class CredentialCache:
    """Bounded; holds good keys only, so that guesses can't push them out or fill the memory."""

    def __init__(self, *, size: int = SIZE) -> None:
        # The clock is looked up at each call: tests turn it.
        self._entries: TTLCache[bytes, Credential] = TTLCache(
            size, SECONDS, timer=lambda: time.monotonic()
        )
        self._good: LRUCache[bytes, Credential] = LRUCache(size)
        self._looked = self._seen = float("-inf")
        self._lock = Lock()

    def get(self, name: bytes) -> Credential | None:
        with self._lock:
            return self._entries.get(name)

    def put(self, name: bytes, credential: Credential) -> None:
        with self._lock:
            self._entries[name] = self._good[name] = credential

    def drop(self, name: bytes) -> None:
        with self._lock:
            self._entries.pop(name, None)
            self._good.pop(name, None)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._good.clear()
            self._looked = self._seen = float("-inf")

    def look_at_others(self, name: bytes) -> None:
        """After this key was verified: drop those that are good no longer, every few seconds."""
        with self._lock:
            now = time.monotonic()
            if now - self._looked < SECONDS:
                return
            self._looked = now
            held = {other: found.key_id for other, found in self._good.items() if other != name}
        usable = services.usable_among(held.values()) if held else set()
        self._seen = now
        for other in (other for other, key_id in held.items() if key_id not in usable):
            self.drop(other)

    def without_database(self, name: bytes) -> Credential | None:
        """The credential of a key that was good when the database was last seen, not long ago."""
        with self._lock:
            age = time.monotonic() - self._seen
            return self._good.get(name) if age <= settings.STALE_SECONDS else None


verified = CredentialCache()


def name_of(text: str) -> bytes:
    """Under which a key's credential is remembered: its text is kept nowhere."""
    # No pepper: unlike the stored digest it never leaves this process.
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


def known(name: bytes) -> Credential | None:
    """The credential of a key that was verified a moment ago, while it has not expired."""
    credential = verified.get(name)
    return None if credential is None else _if_still_good(credential)


def credential_for(text: str) -> Credential | None:
    """The credential of a key's text, from memory where it was verified a moment ago.

    Raises:
        django.db.OperationalError, InterfaceError: the database is away, and nothing is known of
            this key from before, or nothing new.
    """
    name = name_of(text)
    credential = verified.get(name) or _verified_anew(name, text)
    return None if credential is None else _if_still_good(credential)


def _verified_anew(name: bytes, text: str) -> Credential | None:
    try:
        credential = services.verify(text)
    except (OperationalError, InterfaceError):
        if known_before := verified.without_database(name):
            return known_before
        raise
    if credential is None:
        verified.drop(name)
        return None
    usage.note(credential)
    verified.put(name, credential)
    with suppress(OperationalError, InterfaceError):  # this key's own answer stands
        verified.look_at_others(name)
    return credential


def _if_still_good(credential: Credential) -> Credential | None:
    if credential.expires_at and credential.expires_at <= timezone.now():
        return None
    return credential
