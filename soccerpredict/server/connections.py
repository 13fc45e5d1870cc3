"""The open connections of a web process: what has come on each, its time, and whose it is."""

import socket
import struct
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from threading import Lock
from typing import Any

from gunicorn.workers.gthread import TConn

from soccerpredict.server.incoming import Incoming

HEAD_SECONDS = 10.0  # from the first moment to the end of a head
BODY_SECONDS = 10.0  # and as long for a body, and a second for each
BYTES_A_SECOND = 8 * 2**10
LINGERS_SECONDS = 1.0  # after its head
SEND_SECONDS = 30  # without the client's taking a byte
LENGTH_OF_TIME = struct.pack("ll", SEND_SECONDS, 0)


class Connection(TConn):  # type: ignore[misc]
    """A client's connection: awaited in the loop, at work in a thread, or kept between requests."""

    def __init__(
        self, cfg: Any, sock: Any, client: Any, server: Any, addresses: "Addresses"
    ) -> None:
        super().__init__(cfg, sock, client, server)
        self.address = str(client[0]) if isinstance(client, tuple) else ""  # "": a Unix socket
        self._addresses = addresses
        addresses.came(self.address)
        self.came = self.unsent = b""
        self.is_kept = self.is_closed = self.has_place = False
        self.begin()
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, LENGTH_OF_TIME)

    def close(self, graceful: bool = False) -> None:
        if not self.is_closed:
            self.is_closed = True
            self._addresses.left(self.address)
        super().close(graceful)

    def begin(self, came: bytes = b"") -> None:
        """A request is awaited, of which this much is here."""
        self.incoming = Incoming(came)
        self.until = time.monotonic() + HEAD_SECONDS  # the rest has to be there by then

    def take(self, came: bytes) -> None:
        had_head = bool(self.incoming.body_from)
        self.incoming.take(came)
        if not had_head and self.incoming.body_from:
            self.until = time.monotonic() + BODY_SECONDS + self.incoming.length / BYTES_A_SECOND

    def lingers(self, now: float) -> bool:
        """Whether its head has been here for a while, and the body is not."""
        has_head = bool(self.incoming.body_from)
        return has_head and now >= self.until - BODY_SECONDS + LINGERS_SECONDS

    def init(self) -> None:
        super().init()
        if not self.is_http2 and not isinstance(self.parser.unreader.sock, Patient):
            self.parser.unreader.sock = Patient(self.sock)

    def be_patient(self) -> None:
        """In a thread: from now on it is waited for what the client has still to send."""
        self.parser.unreader.sock.begin()

    def was_given_up(self) -> bool:
        return bool(self.parser.unreader.sock.is_over)

    def holds_another(self) -> bool:
        """In a thread, after an answer: whether a whole request has come behind the last one."""
        if self.parser is None:  # it was answered from memory, which takes whole requests only
            return False
        unreader = self.parser.unreader
        rest: bytes = unreader.take_buffered()
        self.begin(rest)
        if not self.incoming.is_whole:
            return False
        unreader.unread(rest)
        self.begin()
        return True


class Patient:
    """A socket whose reader waits for so long, and then takes the client for gone."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self.begin()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def begin(self) -> None:
        self.is_over = False
        self._until = time.monotonic() + BODY_SECONDS

    def recv(self, n_bytes: int) -> bytes:
        left = self._until - time.monotonic()
        before = self._sock.gettimeout()
        self._sock.settimeout(max(0.001, left if before is None else min(left, before)))
        try:
            received: bytes = self._sock.recv(n_bytes)
        except TimeoutError:
            self.is_over = True
            return b""
        finally:
            self._sock.settimeout(before)
        self._until += len(received) / BYTES_A_SECOND
        return received


class Awaited:
    """Connections whose next request has begun to come, or should; oldest first."""

    def __init__(self) -> None:
        self._connections: dict[Connection, None] = {}

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._connections))

    def add(self, conn: Connection) -> None:
        self._connections[conn] = None

    def discard(self, conn: Connection) -> None:
        self._connections.pop(conn, None)

    def first(self, address: str | None = None) -> Connection | None:
        """The oldest, of an address or of any."""
        return next((one for one in self._connections if address in (None, one.address)), None)


class Addresses:
    """How many connections each client's address has; a Unix socket has none."""

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._counts: Counter[str] = Counter()
        self._lock = Lock()  # threads close connections, too

    def came(self, address: str) -> None:
        with self._lock:
            self._counts[address] += 1

    def left(self, address: str) -> None:
        with self._lock:
            self._counts[address] -= 1
            if not self._counts[address]:
                del self._counts[address]

    def has_too_many(self, address: str) -> bool:
        return bool(address) and self._counts[address] > self._most
