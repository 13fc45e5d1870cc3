"""`make bench [DATA=folder]`: every promised number, measured in one run and printed as Markdown.

Works in a platform of its own under var/bench, with its own servers, and removes it first.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.children import ROOT

BENCH_DIR = ROOT / "var" / "bench"
PARTS = ("pipeline", "pages", "serving")  # with what happens while something is frozen


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--data", help="folder of football-data files; without it a simulated world"
    )
    parser.add_argument("--keep", action="store_true", help="measure what an earlier run imported")
    parser.add_argument("--seconds", type=int, default=6, help="length of a round of requests")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, ours and the peer in turn")
    parser.add_argument("--only", choices=(*PARTS, "frozen"), help="a part of it")
    return parser.parse_args(words)


def main() -> None:
    asked = arguments(sys.argv[1:])
    if not asked.keep:
        shutil.rmtree(BENCH_DIR, ignore_errors=True)
    os.environ["SOCCERPREDICT_VAR"] = str(BENCH_DIR)
    # Joins the servers for the whole run, so that they don't stop and start between commands.
    from soccerpredict import embedded, threads, unix_signals

    unix_signals.restore()
    n_cores = threads.settle()
    embedded.attach()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soccerpredict.settings")
    import django

    django.setup()
    from benchmarks import pages, pipeline, serving

    print(f"# {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {n_cores} cores\n")
    if asked.only in (None, "pipeline"):
        pipeline.report(Path(asked.data).resolve() if asked.data else None)
    if asked.only in (None, "pages"):
        pages.report()
    if asked.only in (None, "serving"):
        serving.report(rounds=asked.rounds, seconds=asked.seconds)
    if asked.only == "frozen":
        serving.report_frozen()


if __name__ == "__main__":
    main()
