"""Bodies of lists in memory, as long as what they show has not changed."""

from collections.abc import Callable, Hashable
from threading import Lock

from cachetools import LRUCache

from soccerpredict.http.output.conditional import Body


class BodyCache:
    """Bounded by bytes; the name must contain whatever the body depends on."""

    def __init__(self, *, most_bytes: int, largest: int) -> None:
        self._largest = largest
        self._bodies: LRUCache[Hashable, Body] = LRUCache(most_bytes, getsizeof=size)
        self._lock = Lock()

    def get_or_make(self, name: Hashable, make: Callable[[], Body]) -> Body:
        """The body of this name; two threads may make it at once, and either's is right."""
        with self._lock:
            kept = self._bodies.get(name)
        if kept is not None:
            return kept
        body = make()
        if size(body) <= self._largest:
            with self._lock:
                self._bodies[name] = body
        return body


def size(body: Body) -> int:
    return len(body.plain or b"") + len(body.gzipped or b"")
