"""Counters in Redis of what workers do.

Workers run on any number of machines and their processes are replaced now and then; a counter in
Redis neither misses one of them nor goes back. A worker's process sums up and writes every few
seconds and at its end: asking Redis at each task would cost as much as a prediction. What is in
hand of a process that is killed is not counted.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from threading import Lock

from redis.exceptions import RedisError

from predictions.workers import heartbeats

logger = logging.getLogger(__name__)


class Counters:
    """Sums by hash and field, until they are written."""

    def __init__(self) -> None:
        self.is_kept = False  # in a process that will write them
        self._sums: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()

    def begin(self) -> None:
        """Anew in each process: what a parent has in hand when it forks, it writes itself."""
        self.is_kept, self._sums, self._lock = True, Counter(), Lock()

    def add(self, key: str, amounts: Mapping[str, float]) -> None:
        with self._lock:
            self._sums.update({(key, field): amount for field, amount in amounts.items()})
        if not self.is_kept:
            self.write()

    def write(self) -> None:
        """All of them; while Redis is away they stay in hand."""
        with self._lock:
            sums, self._sums = self._sums, Counter()
        try:
            # All or nothing, unlike a beat: what stays in hand is added once more.
            with heartbeats.client().pipeline(transaction=True) as pipeline:
                for (key, field), amount in sums.items():
                    pipeline.hincrbyfloat(key, field, amount)
                pipeline.execute()
        except RedisError as exc:
            logger.warning("What was done is not counted yet: %s", type(exc).__name__)
            with self._lock:
                self._sums.update(sums)


pending = Counters()


def stored(key: str) -> dict[str, float]:
    """The counters of a hash by field. Raises RedisError."""
    found: dict[bytes, bytes] = heartbeats.client().hgetall(key)  # type: ignore[assignment]
    return {field.decode(): float(value) for field, value in found.items()}
