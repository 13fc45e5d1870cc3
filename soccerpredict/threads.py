"""How many threads a process computes with, and how they wait for each other.

OpenMP (LightGBM, scikit-learn), OpenBLAS (numpy, scipy), numba and Arrow read the environment when
they are loaded, so every program of ours calls `settle` before it imports any of them. Threads that
wait by spinning burn the cores that others need: see docs/decisions/0022.
"""

import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

# Arrow reads OpenMP's, too.
NUMBERS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
WAITS = {
    "OMP_WAIT_POLICY": "passive",
    "KMP_BLOCKTIME": "0",  # the same for Intel's and LLVM's OpenMP
    "OPENBLAS_THREAD_TIMEOUT": "4",  # 2^4 ticks of the clock before it sleeps: the least it takes
}
CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUP = Path("/proc/self/cgroup")
NO_QUOTA = ("max", "-1")


def settle(most: int | None = None) -> int:
    """Set the environment for at most so many threads (default: all usable cores).

    What the environment says already is kept: a way to wait as it is, a number if it is smaller.
    """
    for name, way in WAITS.items():
        os.environ.setdefault(name, way)
    wanted = usable_cores() if most is None else most
    for name in NUMBERS:
        os.environ[name] = str(min(wanted, _stated(name) or wanted))
    return int(os.environ[NUMBERS[0]])


def share(processes: int) -> int:
    """The threads for each of so many processes side by side."""
    return max(1, usable_cores() // max(1, processes))


def usable_cores(own: Path = OWN_CGROUP, mount: Path = CGROUPS) -> int:
    """What this process may use by its affinity and by its control groups' quota, rounded up."""
    quotas = (math.ceil(quota) for quota in _quotas(own, mount))
    return max(1, min([len(os.sched_getaffinity(0)), *quotas]))


def _stated(name: str) -> int | None:
    """OpenMP takes a list, too, for loops within loops."""
    first = os.environ.get(name, "").split(",")[0].strip()
    return int(first) if first.isascii() and first.isdigit() and int(first) else None


def _quotas(own: Path, mount: Path) -> Iterator[float]:
    """Cores that this process's control groups of version 2 and 1 allow, and those above them."""
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, group = line.split(":", 2)
        if not controllers:
            for folder in (mount, mount / "unified"):
                yield from _numbers(folder, group, "cpu.max")
        elif "cpu" in controllers.split(","):
            for folder in {mount / controllers, mount / "cpu"}:
                yield from _numbers(folder, group, "cpu.cfs_quota_us", "cpu.cfs_period_us")


def _numbers(folder: Path, group: str, *files: str) -> Iterator[float]:
    """A container may see its own group as the root, so each step up to there is looked at."""
    path = PurePosixPath(group.lstrip("/"))
    for step in (path, *path.parents):
        try:
            words = [word for file in files for word in (folder / step / file).read_text().split()]
        except OSError:
            continue
        if words[0] not in NO_QUOTA:
            yield int(words[0]) / int(words[1])
