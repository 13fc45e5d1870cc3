"""The process that owns the embedded servers: `python -m soccerpredict.embedded.keeper VAR`.

It starts one that dies again, on the same port and data, and stops both when nobody has shared the
users' lock for a moment. Where one does not come up any more it ends, so that the next user starts
both anew.
"""

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from soccerpredict import unix_signals
from soccerpredict.embedded import locks, secret_files, server
from soccerpredict.embedded.errors import ServersUnavailable
from soccerpredict.embedded.postgres import Postgres
from soccerpredict.embedded.servers import state_file
from soccerpredict.embedded.valkey import Valkey

LINGER_SECONDS = 2.0  # one command after the other should find the servers still up
POLL_SECONDS = 0.1
MOST_FAILURES = 5  # in a row, of one server
STEADY_SECONDS = 60.0  # after which an end is the first of a row
FIRST_PAUSE = 0.25


@dataclass
class Kept:
    """A server that runs, and how it has fared."""

    kind: server.Server
    process: "subprocess.Popen[bytes]"
    url: str
    log: Path
    failures: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def start_again(self) -> bool:
        """With longer pauses each time; false if it has failed too often."""
        if time.monotonic() - self.began >= STEADY_SECONDS:
            self.failures = 0
        while self.failures < MOST_FAILURES:
            pause = FIRST_PAUSE * 2**self.failures
            self.failures += 1
            status = self.process.returncode
            say(f"{self.kind.name} ended with status {status}; it is started again in {pause} s.")
            time.sleep(pause)
            if process := server.start_again(self.kind, self.log, self.url):
                self.process, self.began = process, time.monotonic()
                say(f"{self.kind.name} runs again.")
                return True
        say(f"{self.kind.name} failed {self.failures} times in a row.")
        return False


Running = list[Kept]


def main(var: Path) -> None:
    folder = var / "servers"
    # Left open: the lock tells that a keeper lives for as long as this process does.
    if not locks.try_exclusive(locks.open_lock(folder / "keeper.lock")):
        return
    unix_signals.restore()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # by way of `finally`, below
    running: Running = []
    try:
        state = start_all(var, running)
        secret_files.write_private(state_file(folder), json.dumps(state))  # it holds passwords
        wait_for_the_end(folder, running)
    finally:
        state_file(folder).unlink(missing_ok=True)
        for kept in reversed(running):
            server.stop(kept.process, kept.kind.stop_signal)


def start_all(var: Path, running: Running) -> dict[str, dict[str, str]]:
    urls, errors = {}, {}
    for kind in (Postgres(var), Valkey(var)):
        log = var / "servers" / f"{kind.name.lower()}.log"
        try:
            process, url = server.start(kind, log)
        except ServersUnavailable as exc:
            errors[kind.url_name] = str(exc)
        else:
            running.append(Kept(kind, process, url, log))
            urls[kind.url_name] = url
    return {"urls": urls, "errors": errors}


def wait_for_the_end(folder: Path, running: Running) -> None:
    """Return when a server is lost for good, or, holding the users' lock, when nobody is left."""
    users = locks.open_lock(folder / "users.lock")
    idle_since: float | None = None
    while all(kept.runs or kept.start_again() for kept in running):
        if not locks.try_exclusive(users):
            idle_since = None
        elif idle_since is None:
            idle_since = time.monotonic()
            locks.release(users)
        elif time.monotonic() - idle_since >= LINGER_SECONDS:
            return  # with the lock: who comes now waits until the servers have stopped
        else:
            locks.release(users)
        time.sleep(POLL_SECONDS)


def say(sentence: str) -> None:
    """Into keeper.log."""
    sys.stderr.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {sentence}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
