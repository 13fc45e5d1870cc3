"""How soon probes and the Celery routes answer while a worker or a server is frozen."""

import os
import signal
import statistics
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psutil
from django.conf import settings

from soccerpredict.embedded.postgres import Postgres
from soccerpredict.embedded.valkey import Valkey

N_ASKED = 20
N_CALLERS = 40  # more than there are threads that may wait for a worker
PROBES = ("/livez", "/readyz", "/healthcheck/")
SOON = "<= 300 ms"
NOTICED_AFTER = 2.0  # seconds; answers of a moment ago have aged by then
CELERY = ("/monitoring/celery/queues", "/monitoring/celery/workers")


@contextmanager
def stopped(pids: Sequence[int]) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def family(pid: int) -> list[int]:
    return [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]


def embedded(server: type[Valkey | Postgres]) -> list[int]:
    """The processes of a server of this run."""
    pid_file = server(settings.VAR_DIR).pid_file()
    return family(int(pid_file.read_text().split()[0]))


def milliseconds(url: str, key: str) -> tuple[float, int]:
    began = time.perf_counter()
    request = urllib.request.Request(url, headers={"X-API-Key": key})
    try:
        with urllib.request.urlopen(request, timeout=40) as response:
            response.read()
            status = response.status
    except urllib.error.HTTPError as refused:
        status = refused.code
    return (time.perf_counter() - began) * 1e3, status


def row(name: str, base: str, path: str, key: str, reach: str) -> None:
    asked = [milliseconds(base + path, key) for _ in range(N_ASKED)]
    times, statuses = [each[0] for each in asked], sorted({each[1] for each in asked})
    answers = ", ".join(map(str, statuses))
    print(
        f"| {name} | {path} | {reach} | median {statistics.median(times):.0f} ms, "
        f"worst {max(times):.0f} ms | {answers} |",
        flush=True,
    )


def server_rows(server: type[Valkey | Postgres], base: str, key: str, health: str = SOON) -> None:
    """The first answers of `/readyz` may trust in what was well a moment ago."""
    milliseconds(f"{base}/readyz", key)
    with stopped(embedded(server)):
        time.sleep(NOTICED_AFTER)
        rows("broker" if server is Valkey else "database", base, key, health)


def rows(name: str, base: str, key: str, health: str = SOON) -> None:
    for path, reach in zip(PROBES, (SOON, SOON, health), strict=True):
        row(name, base, path, key, reach)
    task = f"/monitoring/task_status/{uuid.uuid4()}"
    for path in (*CELERY, task):
        row(name, base, path, key, "<= 1.5 s")


def print_table(base: str, key: str, match_id: int, worker: int) -> None:
    print("\n## While something is frozen\n")
    print(f"| frozen | route | reach | {N_ASKED} answers, one after another | status |")
    print("|---|---|---|---|---|")
    with ThreadPoolExecutor(N_CALLERS) as callers:
        with stopped(family(worker)):
            waiting = [
                callers.submit(milliseconds, f"{base}/predict/{match_id}", key)
                for _ in range(N_CALLERS)
            ]
            time.sleep(1)
            rows(f"worker, {N_CALLERS} callers wait", base, key)
        for each in waiting:
            each.result()
    server_rows(Valkey, base, key)
    server_rows(Postgres, base, key, health="<= 2 s")
