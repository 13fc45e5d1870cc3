"""gunicorn's threaded worker, which loses no request that came early.

It waits for the socket of a kept connection to become readable. A request that was read together
with the end of the one before is in its buffer by then, and the socket stays silent: without this
its client waits until the connection is given up. It takes no pipelining to get there: a body that
is refused unread (401, 405) is read after the answer, when the next request may follow already.
"""

from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker


class Worker(ThreadWorker):  # type: ignore[misc]
    def handle(self, conn: TConn) -> Any:
        """Answer what the connection holds; true if it is to be kept."""
        kept = super().handle(conn)
        while kept is True and self.alive and holds_more(conn):
            kept = super().handle(conn)
        return kept


def holds_more(conn: TConn) -> bool:
    unreader = conn.parser.unreader
    held: bytes = unreader.take_buffered()
    unreader.unread(held)
    return bool(held)
