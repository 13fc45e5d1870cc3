"""The programs of the platform: started, started again when they end by themselves, stopped."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from soccerpredict import whole_files

STOP_SECONDS = 40
MOST_FAILURES = 5  # in a row, of one program
STEADY_SECONDS = 60.0  # after which an end is the first of a row


class PartLost(Exception):
    """A program that ends again and again; the text is the sentence for it."""


@dataclass
class Part:
    """One program, with what is known of its ends."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    began: float = 0.0
    failures: int = 0
    again_at: float | None = None  # when it is started once more
    why: str = ""

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Parts:
    """All programs. `watch()` is to be called again and again; `say` gets a sentence per end."""

    folder: Path  # of the logs
    working_folder: Path
    notes: Path  # where their state is written down
    say: Callable[[str], None]
    parts: dict[str, Part] = field(default_factory=dict)
    first_pause: float = 1.0

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        part = self.parts[name] = Part(name, command, environment)
        self._start(part)

    def runs(self, name: str) -> bool:
        return self.parts[name].runs

    def watch(self) -> None:
        """Start again what has ended and waited long enough.

        Raises:
            PartLost: one has ended five times in a row.
        """
        for part in self.parts.values():
            if part.again_at is not None:
                if time.monotonic() >= part.again_at:
                    self._start(part)
            elif not part.runs:
                self._note_end(part)

    def stop(self) -> None:
        """Ask all to end, and end those that don't."""
        running = [part.process for part in self.parts.values() if part.process and part.runs]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.notes.unlink(missing_ok=True)

    def _start(self, part: Part) -> None:
        """In a session of its own: Ctrl-C comes to us, and we stop the programs in order."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{part.name}.log").open("ab") as log:
            part.process = subprocess.Popen(
                part.command,
                cwd=self.working_folder,
                env={**os.environ, **part.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        part.began, part.again_at = time.monotonic(), None
        self._write()

    def _note_end(self, part: Part) -> None:
        if part.process is None:
            return
        steady = time.monotonic() - part.began >= STEADY_SECONDS
        part.failures = 1 if steady else part.failures + 1
        part.why = how_it_ended(part.process.returncode)
        log = self.folder / f"{part.name}.log"
        if part.failures >= MOST_FAILURES:
            raise PartLost(
                f"The {part.name} has ended {part.failures} times in a row, last {part.why}; "
                f"see {log}."
            )
        pause = self.first_pause * 2 ** (part.failures - 1)
        part.again_at = time.monotonic() + pause
        self.say(f"The {part.name} ended {part.why}; it is started again in {pause:g} s ({log}).")
        self._write()

    def _write(self) -> None:
        states = [
            {
                "name": part.name,
                "state": "running" if part.again_at is None else "starting again",
                "failures": part.failures,
                "last_end": part.why,
            }
            for part in self.parts.values()
        ]
        whole_files.write(self.notes, json.dumps(states).encode())


class NewLines:
    """What is added to a log from now on."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._read = log.stat().st_size if log.exists() else 0

    def read(self) -> list[str]:
        if not self._log.exists():
            return []
        with self._log.open("rb") as file:
            file.seek(self._read)
            lines = file.read().splitlines()
            self._read = file.tell()
        return [line.decode(errors="replace") for line in lines]


def how_it_ended(status: int) -> str:
    if status >= 0:
        return f"with status {status}"
    try:
        return f"by {signal.Signals(-status).name}"
    except ValueError:
        return f"by signal {-status}"
