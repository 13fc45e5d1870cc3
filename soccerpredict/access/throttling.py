"""The limit of each key, as DRF's throttle and as `RateLimit-*` headers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from soccerpredict.access import leases, usage
from soccerpredict.access.services import Credential
from soccerpredict.errors import TooManyRequests
from soccerpredict.http.promised_headers import promise

if TYPE_CHECKING:  # DRF loads this module while it loads its views
    from rest_framework.views import APIView


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a key stands in its window."""

    limit: int
    used: int
    reset_seconds: int

    @property
    def refused(self) -> bool:
        return self.used > self.limit

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "RateLimit-Reset": str(self.reset_seconds),
        }


class KeyThrottle(BaseThrottle):
    """Refuses a key over its limit; promises the `RateLimit-*` headers on every answer."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if isinstance(request.auth, Credential):
            verdict = count(request, request.auth)
            if verdict.refused:
                raise TooManyRequests(
                    f"At most {verdict.limit} requests a minute with this key.",
                    retry_after=verdict.reset_seconds,
                )
            usage.count(request.auth.key_id)
        return True


def count(request: Request, credential: Credential) -> Verdict:
    """Count this request, and promise its answer the headers that tell of it."""
    limit = credential.limit_per_minute
    verdict = verdict_of(limit, *leases.take(credential.key_id, limit))
    promise(request, verdict.headers)
    return verdict


def verdict_of(limit: int, used: int, left_ms: int) -> Verdict:
    # Never 0: a client that waits as long as it is told would ask again within the same window.
    return Verdict(limit, used, max(1, math.ceil(left_ms / 1000)))
