"""The folder in which the web processes keep their counts together (`PROMETHEUS_MULTIPROC_DIR`).

Each process has a file for its counters and one for its histograms. What a process that has ended
counted is added to the files of process 0, so that nothing goes back and the folder stays small.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from prometheus_client import multiprocess
from prometheus_client.mmap_dict import MmapedDict

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # the library's own switch
KINDS = ("counter", "histogram")
ENDED = 0  # no process has this number
LOCK = "lock"
TRIES, PAUSE_SECONDS = 20, 0.05


def folder() -> Path | None:
    name = os.environ.get(VARIABLE)
    return Path(name) if name else None


def empty() -> None:
    """At the server's start: counts of an earlier life would be added to the new ones."""
    where = folder()
    if where is not None:
        shutil.rmtree(where, ignore_errors=True)
        where.mkdir(parents=True)


def absorb(pid: int) -> None:
    """Keep what an ended process counted, without its files.

    Where a scrape takes long the files stay, which is right, too: they are added up as they are.
    """
    where = folder()
    if where is None:
        return
    multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
    with (where / LOCK).open("ab") as lock:
        if _is_ours(lock):
            for kind in KINDS:
                file = where / f"{kind}_{pid}.db"
                if file.exists():
                    _add(file, where / f"{kind}_{ENDED}.db")
                    file.unlink()


@contextmanager
def reading() -> Iterator[None]:
    """While a scrape adds the files up, none is absorbed: it would be counted twice, or not."""
    where = folder()
    if where is None or not where.is_dir():
        yield
    else:
        with (where / LOCK).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield


def _add(file: Path, total: Path) -> None:
    """By a copy that takes the place of the total: whoever is killed here has changed nothing."""
    fresh = total.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    if total.exists():
        shutil.copyfile(total, fresh)
    sums = MmapedDict(str(fresh))  # type: ignore[no-untyped-call]
    try:
        for key, value, moment, _ in MmapedDict.read_all_values_from_file(str(file)):  # type: ignore[no-untyped-call]
            before, _moment = sums.read_value(key)  # type: ignore[no-untyped-call]
            sums.write_value(key, before + value, moment)  # type: ignore[no-untyped-call]
    finally:
        sums.close()  # type: ignore[no-untyped-call]
    fresh.replace(total)


def _is_ours(lock: BinaryIO) -> bool:
    """Nobody reads now, or soon nobody will: a reader may be frozen, and the server must go on."""
    for _ in range(TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(PAUSE_SECONDS)
        else:
            return True
    return False
