"""The process that owns the embedded servers: `python -m soccerpredict.embedded.keeper VAR`.

It stops them when nobody has shared the users' lock for a moment, and ends when one of them dies,
so that the next user starts both anew.
"""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from soccerpredict import unix_signals
from soccerpredict.embedded import locks, secret_files, server
from soccerpredict.embedded.errors import ServersUnavailable
from soccerpredict.embedded.postgres import Postgres
from soccerpredict.embedded.servers import state_file
from soccerpredict.embedded.valkey import Valkey

LINGER_SECONDS = 2.0  # one command after the other should find the servers still up
POLL_SECONDS = 0.1

Running = list[tuple[server.Server, "subprocess.Popen[bytes]"]]


def main(var: Path) -> None:
    folder = var / "servers"
    if not locks.try_exclusive(locks.open_lock(folder / "keeper.lock")):
        return
    unix_signals.restore()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    running: Running = []
    try:
        state = start_all(var, running)
        secret_files.write_private(state_file(folder), json.dumps(state))  # it holds passwords
        wait_for_the_end(folder, running)
    finally:
        state_file(folder).unlink(missing_ok=True)
        for kind, process in reversed(running):
            server.stop(process, kind.stop_signal)


def start_all(var: Path, running: Running) -> dict[str, dict[str, str]]:
    urls, errors = {}, {}
    for kind in (Postgres(var), Valkey(var)):
        try:
            process, url = server.start(kind, var / "servers" / f"{kind.name.lower()}.log")
        except ServersUnavailable as exc:
            errors[kind.url_name] = str(exc)
        else:
            running.append((kind, process))
            urls[kind.url_name] = url
    return {"urls": urls, "errors": errors}


def wait_for_the_end(folder: Path, running: Running) -> None:
    """Return when one of the servers has died, or, holding the users' lock, when nobody is left."""
    users = locks.open_lock(folder / "users.lock")
    idle_since: float | None = None
    while all(process.poll() is None for _, process in running):
        if not locks.try_exclusive(users):
            idle_since = None
        elif idle_since is None:
            idle_since = time.monotonic()
            locks.release(users)
        elif time.monotonic() - idle_since >= LINGER_SECONDS:
            return
        else:
            locks.release(users)
        time.sleep(POLL_SECONDS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
