"""Verified keys, remembered for a few seconds in each process."""

import hashlib
import time
from threading import Lock

from cachetools import TTLCache
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
        self._lock = Lock()

    def get(self, name: bytes) -> Credential | None:
        with self._lock:
            return self._entries.get(name)

    def put(self, name: bytes, credential: Credential) -> None:
        with self._lock:
            self._entries[name] = credential

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()


verified = CredentialCache()


def name_of(text: str) -> bytes:
    """Under which a key's credential is remembered: its text is kept nowhere."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()


def known(name: bytes) -> Credential | None:
    """The credential of a key that was verified a moment ago, while it has not expired."""
    credential = verified.get(name)
    return None if credential is None else _if_still_good(credential)


def credential_for(text: str) -> Credential | None:
    """The credential of a key's text, from memory where it was verified a moment ago."""
    name = name_of(text)
    credential = verified.get(name)
    if credential is None:
        credential = services.verify(text)
        if credential is None:
            return None
        usage.note(credential)
        verified.put(name, credential)
    return _if_still_good(credential)


def _if_still_good(credential: Credential) -> Credential | None:
    if credential.expires_at and credential.expires_at <= timezone.now():
        return None
    return credential
