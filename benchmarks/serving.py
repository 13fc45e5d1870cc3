"""How fast the API answers, beside the FastAPI peer over the same tables, in turn in one run."""

import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.core.management import call_command

from benchmarks import frozen
from benchmarks.children import ROOT, manage
from benchmarks.load import Load, drive
from predictions.models import Prediction, PublicationPointer

START_SECONDS = 150


@dataclass(frozen=True)
class Case:
    """One measured route: what to ask, from how many clients."""

    name: str
    reach: str
    paths: Sequence[str]
    clients: int
    headers: dict[str, str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=2)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{url} did not answer within {START_SECONDS} s")


@contextmanager
def running(command: Sequence[str], **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield child
    finally:
        os.killpg(child.pid, signal.SIGCONT)
        os.killpg(child.pid, signal.SIGTERM)
        child.wait(timeout=30)


def our_server(port: int) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "-c", "soccerpredict/server/gunicorn.py",
        "--bind", f"127.0.0.1:{port}", "soccerpredict.wsgi:application",
    ]  # fmt: skip


def peer_server(port: int) -> list[str]:
    return [
        sys.executable, "-m", "uvicorn", "benchmarks.peer:app", "--workers", "2",
        "--port", str(port), "--log-level", "warning", "--no-access-log",
    ]  # fmt: skip


def worker() -> list[str]:
    return [
        sys.executable, "-m", "celery", "-A", "soccerpredict.celery", "worker",
        "-Q", "ml", "-c", "2", "--loglevel", "WARNING",
    ]  # fmt: skip


def etag(base: str, path: str, key: str) -> str:
    request = urllib.request.Request(
        base + path, headers={"X-API-Key": key, "Accept-Encoding": "gzip"}
    )
    with urllib.request.urlopen(request) as response:
        return str(response.headers["ETag"])


def match_ids(count: int = 2000) -> list[int]:
    pointer = PublicationPointer.objects.get(stage="champion")
    ids = list(Prediction.objects.filter(batch=pointer.batch_id).values_list("match_id", flat=True))
    return random.Random(1).sample(ids, min(count, len(ids)))


def cases(key: str) -> list[Case]:
    sent = {"X-API-Key": key, "Accept-Encoding": "gzip"}
    bulk, ids = "/predict/predictions/", match_ids()
    return [
        Case("whole list, gzip", "-", [bulk], 8, sent),
        Case("5,000 rows, gzip", ">= 1,000/s", [f"{bulk}?limit=5000"], 8, sent),
        Case("whole list, 304", ">= 1,800/s", [bulk], 8, {**sent, "If-None-Match": "(etag)"}),
        Case(
            "precomputed/{id}", ">= 1,000/s, p50 <= 5 ms",
            [f"/predict/precomputed/{i}" for i in ids], 8, sent,
        ),
        Case(
            "live /predict/{id}, 3 clients", "p50 <= 12 ms, p95 <= 40 ms",
            [f"/predict/{i}" for i in ids], 3, sent,
        ),
        Case(
            "live /predict/{id}, 8 clients", ">= 120/s",
            [f"/predict/{i}" for i in ids], 8, sent,
        ),
    ]  # fmt: skip


def measure(case: Case, base: str, seconds: int) -> Load:
    headers = dict(case.headers)
    if "If-None-Match" in headers:
        headers["If-None-Match"] = etag(base, case.paths[0], headers["X-API-Key"])
    return drive(base, case.paths, clients=case.clients, seconds=seconds, headers=headers)


def middle(loads: Sequence[Load]) -> Load:
    """The round of median rate: one noisy round can neither make nor break a figure."""
    return sorted(loads, key=lambda load: load.rate)[len(loads) // 2]


def first_byte(base: str, key: str) -> str:
    """Seconds to the first byte and to the whole gzipped body, medians of seven."""
    firsts, wholes = [], []
    for _ in range(7):
        request = urllib.request.Request(
            f"{base}/predict/predictions/",
            headers={"X-API-Key": key, "Accept-Encoding": "gzip"},
        )
        began = time.perf_counter()
        with urllib.request.urlopen(request) as response:
            response.read(1)
            firsts.append(time.perf_counter() - began)
            size = 1 + len(response.read())
            wholes.append(time.perf_counter() - began)
    return (
        f"first byte {statistics.median(firsts) * 1e3:.0f} ms, whole body "
        f"{statistics.median(wholes) * 1e3:.0f} ms, {size / 1e6:.1f} MB"
    )


def report(*, rounds: int, seconds: int) -> None:
    with serving() as served:
        print_table(served, rounds, seconds)
        frozen.print_table(served.ours, served.key, match_ids(1)[0], served.worker)


def report_frozen() -> None:
    """Only what happens while something is frozen."""
    with serving() as served:
        frozen.print_table(served.ours, served.key, match_ids(1)[0], served.worker)


@dataclass(frozen=True)
class Served:
    """Our web server and the peer, an API key of ours, and the worker's process."""

    ours: str
    peer: str
    key: str
    worker: int


@contextmanager
def serving() -> Iterator[Served]:
    key = manage(
        "create_api_key", "--client", "bench", "--scope", "read", "--scope", "live",
        "--limit", "1000000", "--quiet",
    ).output.split()[-1]  # fmt: skip
    call_command("collectstatic", interactive=False, verbosity=0)
    ours, peer = free_port(), free_port()
    multiprocess = ROOT / "var" / "bench" / "prometheus"
    multiprocess.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        predicting = stack.enter_context(running(worker()))
        stack.enter_context(running(our_server(ours), PROMETHEUS_MULTIPROC_DIR=str(multiprocess)))
        stack.enter_context(running(peer_server(peer)))
        for port in (ours, peer):
            wait_until_up(f"http://127.0.0.1:{port}/metrics")
        wait_until_live(f"http://127.0.0.1:{ours}", key)
        bases = (f"http://127.0.0.1:{port}" for port in (ours, peer))
        yield Served(*bases, key, predicting.pid)


def wait_until_live(base: str, key: str) -> None:
    """A worker loads models first; until then live predictions are refused."""
    path = f"/predict/{match_ids(1)[0]}"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(
                urllib.request.Request(base + path, headers={"X-API-Key": key}), timeout=31
            )
        except urllib.error.HTTPError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit(f"{path} was not answered within {START_SECONDS} s")


def print_table(served: Served, rounds: int, seconds: int) -> None:
    rows = PublicationPointer.objects.get(stage="champion").publication.n_predictions
    print(f"\n## Serving, {rows:,} predictions, {rounds} rounds of {seconds} s in turn\n")
    print("| route | reach | ours | FastAPI peer | ours / peer |\n|---|---|---|---|---|")
    for case in cases(served.key):
        own, other = [], []
        for _ in range(rounds):
            own.append(measure(case, served.ours, seconds))
            other.append(measure(case, served.peer, seconds))
        mine, theirs = middle(own), middle(other)
        ratio = f"{mine.rate / theirs.rate:.2f}" if theirs.rate else "-"
        print(f"| {case.name} | {case.reach} | {mine} | {theirs} | {ratio} |", flush=True)
    whole = first_byte(served.ours, served.key)
    print(f"\nWhole list: {whole} (reach: 50 ms, 0.5 s at 136,000 rows)")
