"""Read the files of a source, the next ones in a process of their own while the caller stores.

That process (`python -m livescores.sources.reading SOURCE DATE_ORDER MAPPING`) needs no Django. It
gets paths on its standard input, each ended by NUL, and answers each with a pickled record of what
it found; it ends with its input, however its parent ends.
"""

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from livescores.sources.football_data import parser as football_data
from livescores.sources.known import SOURCES
from livescores.sources.mapped import parser as mapped
from livescores.sources.mapped.mapping import load
from livescores.sources.records import FileRejected, ParsedFile

AHEAD = 4  # files read before they are asked for: more would only fill the memory
FEW = 8  # files, for which another process would not pay
ROOT = Path(__file__).resolve().parent.parent.parent
END = b"\0"

Outcome = ParsedFile | FileRejected
Reading = Callable[[], ParsedFile]


def read(source: str, path: Path, date_order: str = "", mapping: str = "") -> ParsedFile:
    """The content of a file; `date_order` is what a person says of its dates, `mapping` names one.

    Raises:
        FileRejected: it cannot be read, or is not of the source's form.
    """
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise FileRejected(f"The file cannot be read: {exc.strerror}.") from exc
    name = f"{path.parent.name}/{path.name}"  # folders may be named for seasons
    if mapping:
        return mapped.parse(content, name, load(mapping), beside=path.parent, date_order=date_order)
    if source == football_data.NAME:
        return football_data.parse(content, name, date_order)
    return SOURCES[source].parse(content, path.name)


@contextmanager
def reading(
    source: str, paths: Sequence[Path], date_order: str = "", mapping: str = ""
) -> Iterator[Iterable[Reading]]:
    """For each path in turn a function that gives its content, or raises as `read`."""
    if len(paths) < FEW:
        yield (partial(read, source, path, date_order, mapping) for path in paths)
        return
    with Reader(source, date_order, mapping) as reader:
        yield reader.ahead(paths)


class Reader:
    """Asks the other process, one file after the other, from a thread that waits for it."""

    def __init__(self, source: str, date_order: str = "", mapping: str = "") -> None:
        self._source, self._told = source, (date_order, mapping)
        self._process = subprocess.Popen(
            [sys.executable, "-m", __spec__.name, source, date_order, mapping],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the one who stores
        )
        self._asking: Any = self._process.stdin
        self._answers: Any = self._process.stdout
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._thread.shutdown(cancel_futures=True)
        self._process.communicate()

    def ahead(self, paths: Iterable[Path]) -> Iterator[Reading]:
        waiting: deque[Reading] = deque()
        for path in paths:
            waiting.append(self._thread.submit(self._content, path.absolute()).result)
            if len(waiting) > AHEAD:
                yield waiting.popleft()
        yield from waiting

    def _content(self, path: Path) -> ParsedFile:
        outcome = self._asked(path)
        if isinstance(outcome, FileRejected):
            raise outcome
        return outcome

    def _asked(self, path: Path) -> Outcome:
        """Of the other process; without one (it lacked memory, say) it is read here."""
        try:
            self._asking.write(os.fsencode(path) + END)
            self._asking.flush()
            outcome: Outcome = pickle.load(self._answers)  # noqa: S301 - of our own program
        except (EOFError, OSError, pickle.UnpicklingError):
            return read(self._source, path, *self._told)
        return outcome


def answer(told: Sequence[str], asked: IO[bytes], answers: IO[bytes]) -> None:
    source, date_order, mapping = told
    for path in _until(END, asked):
        try:
            outcome: Outcome = read(source, Path(os.fsdecode(path)), date_order, mapping)
        except FileRejected as exc:
            outcome = exc
        pickle.dump(outcome, answers, protocol=pickle.HIGHEST_PROTOCOL)
        answers.flush()


def _until(end: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    part = b""
    while byte := stream.read(1):
        if byte == end:
            yield part
            part = b""
        else:
            part += byte


if __name__ == "__main__":
    answer(sys.argv[1:4], sys.stdin.buffer, sys.stdout.buffer)
