"""Run the project's own commands and measure their time and memory."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Ran:
    """How a command went: wall seconds, peak resident memory in MB of its largest process."""

    seconds: float
    peak_mb: float
    output: str

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.peak_mb:,.0f} MB"


def manage(*arguments: str) -> Ran:
    """Run `manage.py …` and stop the benchmark with its words if it fails."""
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout is not None
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"manage.py {' '.join(arguments)} failed:\n{output[-3000:]}")
    return Ran(time.perf_counter() - began, usage.ru_maxrss / 1024, output)
