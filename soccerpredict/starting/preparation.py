"""`quickstart` as a child, so that meanwhile the port is answered and programs are kept up."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.core.management.base import CommandError

from soccerpredict.starting import steps
from soccerpredict.starting.parts import how_it_ended

STOP_SECONDS = 20


class Preparation:
    """At most one at a time; what it says goes where our own words go."""

    def __init__(self, working_folder: Path, notes: Path) -> None:
        self._folder = working_folder
        self._notes = notes
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *words: str) -> None:
        command = [sys.executable, "manage.py", "quickstart", *words, "--for-run"]
        self._process = subprocess.Popen(
            command,
            cwd=self._folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C comes to us
        )

    def wait(self) -> None:
        """Until it has ended well.

        Raises:
            CommandError: with the sentence why it failed.
        """
        while (sentence := self.ended()) is None:
            time.sleep(0.1)
        if sentence:
            raise CommandError(sentence)

    def ended(self) -> str | None:
        """Once: why it failed, empty if it did not. None while it runs, or where there is none.

        Raises:
            BrokenPipeError: nobody reads its words, which go where ours go.
        """
        if self._process is None or (status := self._process.poll()) is None:
            return None
        self._process = None
        if status == -signal.SIGPIPE:
            raise BrokenPipeError("The preparation has nobody to tell of it.")
        if status == 0:
            return ""
        state = steps.read(self._notes)
        known = state.failed if state else ""
        return known or f"The preparation ended {how_it_ended(status)}."

    def stop(self) -> None:
        """As by Ctrl-C: what it has not finished is rolled back."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
