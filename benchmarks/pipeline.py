"""How long the batch side takes, from files to a publication, and how it grows."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from benchmarks.children import ROOT, Ran, manage
from benchmarks.serving import free_port

SIZES = (60_000, 125_000, 250_000)
SETTLED = 100_000
UNSEEN = """
    INSERT INTO predictions_prediction
        (batch_id, match_id, start_time_utc, proba_home, proba_draw, proba_away, in_sample)
    SELECT %s, p.match_id, p.start_time_utc, p.proba_home, p.proba_draw, p.proba_away, false
    FROM predictions_prediction p JOIN livescores_match m ON m.id = p.match_id
    WHERE p.batch_id = %s AND m.status = 'finished'
      AND EXISTS (SELECT 1 FROM predictions_odds o WHERE o.match_id = m.id)
    ORDER BY m.start_time_utc DESC LIMIT %s
"""
RUN_DIR = ROOT / "var" / "bench-run"


def report(data: Path | None) -> None:
    print("## Pipeline\n\n| what | reach | measured |\n|---|---|---|")
    manage("migrate", "-v0")
    if data is None:
        line("simulated world", "-", manage("simulate_world"))
    else:
        import_twice(data)
        feed(data.parent / "fonbet")
    compile_the_walk()
    line("build_features, all", "<= 15 s", manage("build_features", "--full"))
    line("build_features, going on", "-", manage("build_features"))
    growth()
    line("train_model, both recipes", "-", manage("train_model"))
    for stage in ("champion", "challenger"):
        manage("promote_model", "--stage", stage)
        ran = manage("batch_inference", "--stage", stage)
        line(f"batch_inference, {stage}", "<= 40 s", ran)
    line("simulate_betting", "-", manage("simulate_betting"))
    simulation()
    prediction_alone()
    start_and_start_again()


def line(what: str, reach: str, measured: Any) -> None:
    note = f"; {last_line(measured.output)}" if isinstance(measured, Ran) else ""
    print(f"| {what} | {reach} | {measured}{note} |", flush=True)


def last_line(output: str) -> str:
    lines = [text.strip() for text in output.splitlines() if text.strip()]
    return re.sub(r"\s+", " ", lines[-1])[:160] if lines else ""


def import_twice(data: Path) -> None:
    words = ("import_matches", "football-data", str(data))
    for what, reach in (
        ("import, empty database", "<= 120 s, <= 1,500 MB"),
        ("import again, nothing new", "<= 45 s"),
    ):
        ran = manage(*words)
        summary = re.search(r"\d+ files, .*rejected\.", ran.output)
        print(f"| {what} | {reach} | {ran}; {summary[0] if summary else ''} |", flush=True)


def feed(folder: Path) -> None:
    """A full dump of Fonbet's line, from its file to linked events and stored prices."""
    from predictions.services.importing import feeds

    dumps = sorted(folder.glob("live_line_*_full.json.gz"))
    for dump in dumps:
        seconds, fed = timed(lambda dump=dump: feeds.import_files("fonbet", [dump]))
        line("a full Fonbet dump, parsed and linked", "<= 2 s", f"{seconds:.2f} s; {fed}")
    connection.close()


def compile_the_walk() -> None:
    """Done once a machine and version of the program, in whatever process comes first."""
    from predictions.modelling.features import machine
    from predictions.services.features import match_frame

    frame = match_frame.matches().head(200)
    line(
        "compiling the walk, once a machine", "-", f"{timed(lambda: machine.walk(frame))[0]:.1f} s"
    )
    connection.close()


def growth() -> None:
    """The walk itself, in this process, at three sizes and for one more match day."""
    from predictions.modelling.features import machine
    from predictions.services.features import match_frame

    frame = match_frame.matches()
    for size in (n for n in SIZES if n <= len(frame) * 1.01):
        part = frame.head(size)
        seconds, _ = timed(lambda part=part: machine.walk(part))
        rate = seconds / len(part) * 1e6
        print(
            f"| walk of {len(part):,} matches | linear | {seconds:.2f} s, {rate:.1f} us a match |"
        )
    days = frame["kickoff"].dt.floor("D")
    busiest = days[days > days.max() - timedelta(days=90)].value_counts().idxmax()
    before = frame[frame["known_at"] < busiest].reset_index(drop=True)
    day = frame[days == busiest].reset_index(drop=True)
    _, state = machine.walk(before)
    seconds, _ = timed(lambda: machine.walk(day, state))
    line(f"one more match day ({len(day)} matches)", "<= 1 s", f"{seconds:.3f} s")


def simulation() -> None:
    """Betting on up to SETTLED matches with prices, as if the model had seen none of them."""
    from predictions.models import PublicationPointer
    from predictions.services.betting import simulating

    with transaction.atomic():
        pointer = PublicationPointer.objects.select_related("batch__model_version").get(
            stage="champion"
        )
        pointer.batch = unseen(pointer.batch)
        pointer.save()
        seconds, run = timed(lambda: simulating.simulate(stage="champion"))
        what = f"betting on {run.n_matches:,} settled matches, 1,000 draws"
        line(what, "<= 15 s for 100,000", f"{seconds:.1f} s")
        transaction.set_rollback(True)
    connection.close()


def unseen(batch: Any) -> Any:
    """The newest predictions of a batch, of a model that is said to have learned nothing."""
    from predictions.models import BatchRun, ModelVersion

    version = ModelVersion.objects.get(pk=batch.model_version_id)
    version.pk, version.version, version.run_id = None, 10**6, "bench"
    version.trained_until = datetime(1900, 1, 1, tzinfo=UTC)
    version.save()
    copied = BatchRun.objects.create(
        stage=batch.stage, model_version=version, dataset_version="bench", as_of=batch.as_of
    )
    with connection.cursor() as cursor:
        cursor.execute(UNSEEN, [copied.pk, batch.pk, SETTLED])
        cursor.execute("ANALYZE predictions_prediction")
    return copied


def prediction_alone() -> None:
    """The model's own predict of everything, to compare with the whole command."""
    from predictions.services.features import feature_store
    from predictions.services.versions import loading

    found = feature_store.current()
    model = loading.load("champion")
    seconds, _ = timed(lambda: model.fitted.predict_proba(found.features))
    line("of which the model's predict", ">= half, or <= 10 s", f"{seconds:.1f} s")
    connection.close()


def start_and_start_again() -> None:
    """`make run` on the sample with packages installed: the first page, then a second start."""
    shutil.rmtree(RUN_DIR, ignore_errors=True)
    for what, reach in (("first start on the sample", "<= 90 s"), ("start again", "<= 12 s")):
        print(
            f"| {what}, to the first page | {reach} | {seconds_to_first_page():.1f} s |", flush=True
        )
    shutil.rmtree(RUN_DIR, ignore_errors=True)


def seconds_to_first_page() -> float:
    port = free_port()
    kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "manage.py", "run", "--port", str(port)],
        cwd=ROOT,
        env={**kept, "SOCCERPREDICT_VAR": str(RUN_DIR)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/readyz", child)
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
        return time.perf_counter() - began
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(timeout=60)


def wait_for(url: str, child: "subprocess.Popen[bytes]") -> None:
    for _ in range(3000):
        if child.poll() is not None:
            raise SystemExit("manage.py run ended by itself")
        try:
            urllib.request.urlopen(url, timeout=3)
        except OSError:
            time.sleep(0.05)
        else:
            return


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result
