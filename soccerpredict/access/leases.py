"""Uses of a key, taken from Redis in parcels where its limit is large.

A parcel is a five-thousandth of the limit: below ten thousand a minute every use is counted in
Redis. A key is never admitted more often than its limit says; one that asks through several
processes may be refused earlier, by at most a parcel for each of them.
"""

import time
import uuid
from dataclasses import dataclass, field
from threading import Lock

from django.conf import settings

from soccerpredict.access import counter
from soccerpredict.access.counter import Claim

PARCELS = 5_000


@dataclass
class Meter:
    """A key's window as this process knows it.

    One thread at a time claims uses: threads that each took a parcel would throw the others' away.
    """

    key_id: int
    window: str = ""  # as Redis calls it, once heard
    following: str = field(default_factory=lambda: uuid.uuid4().hex)  # if this process begins one
    ends: float = float("-inf")  # of the monotonic clock, never later than in Redis
    mine: int = 0  # uses that this process has claimed
    left: int = 0  # of these, not yet made
    others: int = 0  # uses that other processes have claimed, as last heard
    unheard: int = 0  # of mine, claimed while Redis was away
    lock: Lock = field(default_factory=Lock, repr=False)

    def use(self, limit: int) -> tuple[int, int]:
        if self._milliseconds() <= 0:
            self._begin()
        if self.left == 0:
            self._claim(max(1, limit // PARCELS))
        return self._made()

    def use_at_hand(self) -> tuple[int, int] | None:
        return self._made() if self.left and self._milliseconds() > 0 else None

    def _made(self) -> tuple[int, int]:
        self.left -= 1
        return self.mine + self.others + self._of_others_unheard() - self.left, self._milliseconds()

    def _milliseconds(self) -> int:
        return int(max(0.0, self.ends - time.monotonic()) * 1000)

    def _begin(self) -> None:
        self.window = ""
        self.ends = time.monotonic() + counter.WINDOW_SECONDS
        self.mine = self.left = self.others = self.unheard = 0

    def _claim(self, parcel: int) -> None:
        asked = time.monotonic()
        mine, new = self.mine + parcel, self.unheard + parcel
        told = counter.claim(Claim(self.key_id, self.window, mine, self.following, new))
        self.left = parcel
        if told is None:
            self.mine, self.unheard = mine, new
            return
        if told.window == self.following:
            # Used up: the next window under the same name would pass for this one.
            self.following = uuid.uuid4().hex
        self.window, self.mine, self.others, self.unheard = told.window, told.mine, told.others, 0
        # From the question on: it must not end later here than there.
        self.ends = asked + told.milliseconds / 1000

    def _of_others_unheard(self) -> int:
        """While Redis is away the other processes are taken to be as busy as this one.

        So that all together stay within the limit; the first use of a window passes in each.
        """
        return 0 if self.unheard == self.mine == 1 else self.unheard * (settings.WEB_WORKERS - 1)


_meters: dict[int, Meter] = {}
_lock = Lock()


def take(key_id: int, limit: int) -> tuple[int, int]:
    """The number of this use in the key's window, and the window's milliseconds left."""
    meter = _meter(key_id)
    with meter.lock:
        return meter.use(limit)


def take_from_hand(key_id: int) -> tuple[int, int] | None:
    """As `take`, but from what is left of a parcel only: without waiting for Redis."""
    meter = _meter(key_id)
    if not meter.lock.acquire(blocking=False):
        return None
    try:
        return meter.use_at_hand()
    finally:
        meter.lock.release()


def forget() -> None:
    """As a process that has just begun: for tests."""
    _meters.clear()


def _meter(key_id: int) -> Meter:
    meter = _meters.get(key_id)
    if meter is None:
        with _lock:
            meter = _meters.setdefault(key_id, Meter(key_id))
    return meter
