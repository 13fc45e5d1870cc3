"""Uses of keys with a large limit, taken from Redis in parcels instead of one by one.

A parcel is a five-thousandth of the limit: below ten thousand a minute every use is counted in
Redis. A key is never admitted more often than its limit says; one that asks through several
processes may be refused earlier, by at most a parcel for each of them.
"""

import time
from dataclasses import dataclass
from threading import Lock

from soccerpredict.access import counter

PARCELS = 5_000


@dataclass
class Lease:
    """What is left of a parcel: uses up to `last` may be made until `ends` (monotonic)."""

    last: int
    left: int
    ends: float


_leases: dict[int, Lease] = {}
_lock = Lock()


def take(key_id: int, limit: int) -> tuple[int, int]:
    """The number of this use in the key's window, and the window's milliseconds left."""
    parcel = limit // PARCELS
    if parcel <= 1:
        return counter.count(key_id)
    return take_from_hand(key_id) or _from_new_lease(key_id, limit, parcel)


def take_from_hand(key_id: int) -> tuple[int, int] | None:
    """As `take`, but from what is left of a parcel only: without waiting for Redis."""
    with _lock:
        lease = _leases.get(key_id)
        milliseconds = int((lease.ends - time.monotonic()) * 1000) if lease else 0
        if lease is None or lease.left == 0 or milliseconds <= 0:
            return None
        lease.left -= 1
        return lease.last - lease.left, milliseconds


def _from_new_lease(key_id: int, limit: int, parcel: int) -> tuple[int, int]:
    used, milliseconds = counter.count(key_id, parcel)
    first, last = used - parcel + 1, min(used, limit)
    if first <= last:
        with _lock:
            _leases[key_id] = Lease(last, last - first, time.monotonic() + milliseconds / 1000)
    return first, milliseconds
