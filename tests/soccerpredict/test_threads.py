"""Threads that compute: as many as the process may use, and asleep while they wait."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from soccerpredict import threads

ROOT = Path(__file__).resolve().parents[2]
WAIT_SECONDS = 60
NAMES = (*threads.NUMBERS, *threads.WAITS)
N_CORES = len(os.sched_getaffinity(0))
# What each program of ours loads first, and then what computes.
PROGRAMS = {
    "a command": ["manage.py", "shell", "-v0", "-c", "import lightgbm, scipy.linalg"],
    "a worker": ["-c", "import soccerpredict.celery, lightgbm"],
    "the web": ["-c", "import soccerpredict.wsgi, lightgbm"],
    "gunicorn": ["-c", "import soccerpredict.server.gunicorn, lightgbm"],
    "a test": ["-c", "import tests, lightgbm"],
}


def run(*words, **variables):
    """A Python of ours whose environment says nothing of threads but this."""
    bare = {name: value for name, value in os.environ.items() if name not in NAMES}
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=bare | variables,
        capture_output=True,
        text=True,
        check=True,
        timeout=WAIT_SECONDS,
    )


@pytest.mark.parametrize("words", PROGRAMS.values(), ids=PROGRAMS)
def test_openmp_waits_asleep_in_every_program(words):
    """OpenMP tells what it has read: whoever loads it too early is found out."""
    told = run(*words, OMP_DISPLAY_ENV="verbose").stderr

    assert set(re.findall(r"GOMP_SPINCOUNT = '(\d+)'", told)) == {"0"}


def test_as_many_threads_as_cores_that_the_process_may_use():
    core = min(os.sched_getaffinity(0))
    code = (
        f"import os; os.sched_setaffinity(0, [{core}])\n"
        "import soccerpredict.celery, lightgbm, threadpoolctl, numpy\n"
        "print({each['num_threads'] for each in threadpoolctl.threadpool_info()})"
    )

    assert run("-c", code).stdout == "{1}\n"


def test_a_smaller_number_and_another_way_to_wait_are_kept(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "3,2")
    monkeypatch.setenv("OMP_WAIT_POLICY", "active")

    assert threads.settle(8) == 3
    assert threads.settle(2) == 2
    assert os.environ["OPENBLAS_NUM_THREADS"] == "2"
    assert os.environ["OMP_WAIT_POLICY"] == "active"


@pytest.mark.parametrize("text", ["", "0", "many", "-1"])
def test_a_number_that_is_none_is_replaced(monkeypatch, text):
    for name in threads.NUMBERS:
        monkeypatch.setenv(name, text)

    assert threads.settle() == threads.usable_cores()


@pytest.mark.parametrize(("processes", "each"), [(1, 6), (2, 3), (4, 1), (7, 1), (0, 6)])
def test_processes_share_the_cores(monkeypatch, processes, each):
    monkeypatch.setattr(threads, "usable_cores", lambda: 6)

    assert threads.share(processes) == each


@pytest.fixture
def cores(monkeypatch, tmp_path):
    """Of a process with 16 cores in these control groups, with these files under their mount."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(16)))

    def cores(groups, **files):
        own = tmp_path / "cgroup"
        own.write_text(groups)
        for name, text in files.items():
            path = tmp_path / "mount" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return threads.usable_cores(own, tmp_path / "mount")

    return cores


def test_a_quota_of_version_2_is_rounded_up(cores):
    assert cores("0::/\n", **{"cpu.max": "250000 100000\n"}) == 3


def test_without_a_quota_affinity_counts(cores):
    assert cores("0::/a\n", **{"cpu.max": "max 100000\n", "a/cpu.max": "max 100000\n"}) == 16


def test_less_than_one_core_is_one(cores):
    assert cores("0::/\n", **{"cpu.max": "20000 100000\n"}) == 1


def test_the_tightest_of_the_groups_above_counts(cores):
    files = {"a/cpu.max": "400000 100000\n", "a/b/cpu.max": "600000 100000\n"}

    assert cores("0::/a/b\n", **files) == 4


def test_a_container_sees_its_own_group_as_the_root(cores):
    assert cores("0::/docker/4711\n", **{"cpu.max": "200000 100000\n"}) == 2


@pytest.mark.parametrize("folder", ["cpu", "cpu,cpuacct"])
def test_a_quota_of_version_1(cores, folder):
    files = {
        f"{folder}/a/cpu.cfs_quota_us": "150000\n",
        f"{folder}/a/cpu.cfs_period_us": "100000\n",
        f"{folder}/cpu.cfs_quota_us": "-1\n",
        f"{folder}/cpu.cfs_period_us": "100000\n",
    }

    assert cores(f"9:name=systemd:/a\n1:{folder}:/a\n0::/\n", **files) == 2


def test_where_there_are_no_control_groups_affinity_counts(tmp_path):
    assert threads.usable_cores(tmp_path / "none", tmp_path) == N_CORES
