"""Join the servers under a folder, or have a keeper start them."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from soccerpredict.embedded import locks
from soccerpredict.embedded.errors import ServersUnavailable

WAIT_SECONDS = 90


class Servers:
    """This process's share in the servers of a var folder, for as long as the object lives."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.folder = var / "servers"
        self._users = locks.open_lock(self.folder / "users.lock")
        with locks.exclusive(self.folder / "start.lock"):
            # Waits for a keeper that is just stopping its servers.
            locks.share(self._users)
            self._keeper: subprocess.Popen[bytes] | None = None
            self.state = self._wait_for_state()

    def url(self, name: str) -> str:
        """The address that goes into the environment variable of this name.

        Raises:
            ServersUnavailable: that server could not be started.
        """
        if name not in self.state["urls"]:
            raise ServersUnavailable(self.state["errors"][name])
        return str(self.state["urls"][name])

    def close(self) -> None:
        os.close(self._users)

    def _keeper_lives(self) -> bool:
        descriptor = locks.open_lock(self.folder / "keeper.lock")
        try:
            return not locks.try_exclusive(descriptor)
        finally:
            os.close(descriptor)

    def _need_keeper(self) -> None:
        """Start one unless ours is starting or another is at work (or just ending)."""
        ended = self._keeper.poll() if self._keeper else 0
        if ended:
            log = self.folder / "keeper.log"
            raise ServersUnavailable(f"The keeper of the embedded servers failed; see {log}.")
        if ended is not None and not self._keeper_lives():
            self._start_keeper()

    def _start_keeper(self) -> None:
        with (self.folder / "keeper.log").open("ab") as log:
            self._keeper = subprocess.Popen(
                [sys.executable, "-m", "soccerpredict.embedded.keeper", str(self.var)],
                cwd=Path(__file__).resolve().parent.parent.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the program, not for its servers
            )

    def _wait_for_state(self) -> dict[str, dict[str, str]]:
        if not self._keeper_lives():
            state_file(self.folder).unlink(missing_ok=True)  # left by a killed keeper
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            try:
                state: dict[str, dict[str, str]] = json.loads(state_file(self.folder).read_text())
            except FileNotFoundError:
                self._need_keeper()
                time.sleep(0.01)
            else:
                return state
        raise ServersUnavailable(f"The embedded servers did not start; see {self.folder}/*.log.")


def state_file(folder: Path) -> Path:
    return folder / "state.json"
