"""How far the preparation is: written down by who prepares, read by who shows it."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from soccerpredict import whole_files
from soccerpredict.progress import Lines, Told, followed_by

STEPS = (
    "Database and tables",
    "Matches and prices",
    "Features",
    "Models",
    "Predictions",
    "Returns and reports",
    "Web server and workers",
)
TABLES, MATCHES, FEATURES, MODELS, PREDICTIONS, REPORTS, PROGRAMS = range(1, len(STEPS) + 1)
SOONEST = 0.3  # seconds between two notes of the same step


@dataclass(frozen=True)
class State:
    """Where the preparation stands; `failed` is the sentence with which it ended."""

    step: int = TABLES
    told: str = ""
    number: int = 0
    of: int = 0
    since: float = 0.0  # of the step, in seconds of the clock
    failed: str = ""

    @property
    def name(self) -> str:
        return STEPS[self.step - 1]

    @property
    def sentence(self) -> str:
        """For people and programs alike: what is done now, and how far that is."""
        if self.failed:
            return self.failed
        detail = f": {Told(self.told, self.number, self.of)}" if self.told else ""
        return f"Being prepared: {self.step} of {len(STEPS)}, {self.name.lower()}{detail}."


class Notebook:
    """Keeps the state in a file, and tells of it in lines. It is a follower of progress."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = Lines()
        self.state = State(since=time.time())
        self._noted = 0.0

    def __call__(self, told: Told) -> None:
        is_new = told.what != self.state.told
        self.state = replace(self.state, told=told.what, number=told.number, of=told.of)
        if is_new or time.monotonic() - self._noted >= SOONEST:
            self._note()

    @contextmanager
    def followed(self) -> Iterator[None]:
        with self.lines as lines, followed_by(lines), followed_by(self):
            yield

    @contextmanager
    def step(self, number: int) -> Iterator[None]:
        self.state = State(step=number, since=time.time())
        self._note()
        try:
            yield
        finally:
            self.lines.rest()

    def fail(self, sentence: str) -> None:
        self.state = replace(self.state, failed=sentence)
        self._note()

    def _note(self) -> None:
        self._noted = time.monotonic()
        write(self.path, self.state)


def write(path: Path, state: State) -> None:
    whole_files.write(path, json.dumps(asdict(state)).encode())


def read(path: Path) -> State | None:
    try:
        return State(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def file_in(var: Path) -> Path:
    return var / "preparation.json"
