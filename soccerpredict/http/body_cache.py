"""Bodies of lists in memory, as long as what they show has not changed."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from soccerpredict.http.conditional import Body


class BodyCache:
    """Bounded by bytes; the name must contain whatever the body depends on."""

    def __init__(self, *, most_bytes: int, largest: int) -> None:
        self._most, self._largest = most_bytes, largest
        self._bodies: OrderedDict[Hashable, Body] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get_or_make(self, name: Hashable, make: Callable[[], Body]) -> Body:
        """The body of this name; two threads may make it at once, and either's is right."""
        with self._lock:
            if name in self._bodies:
                self._bodies.move_to_end(name)
                return self._bodies[name]
        body = make()
        if size(body) <= self._largest:
            self._keep(name, body)
        return body

    def _keep(self, name: Hashable, body: Body) -> None:
        with self._lock:
            if name in self._bodies:
                return
            self._bodies[name] = body
            self._bytes += size(body)
            while self._bytes > self._most:
                _, dropped = self._bodies.popitem(last=False)
                self._bytes -= size(dropped)


def size(body: Body) -> int:
    return len(body.plain or b"") + len(body.gzipped or b"")
