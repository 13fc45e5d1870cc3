"""Drive a server with wrk and read what it printed."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# Walks a list of paths, each thread from its own place; reports percentiles in milliseconds.
SCRIPT = """
local paths = {}
for line in io.lines("%(paths)s") do paths[#paths + 1] = line end
local at = 0
function init(args) math.randomseed(os.time()); at = math.random(#paths) end
function request()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("result %%d %%d %%f %%f %%d\\n", summary.requests, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


@dataclass(frozen=True)
class Load:
    """One round of requests: rate per second, latencies in milliseconds."""

    rate: float
    p50: float
    p95: float
    errors: int

    def __str__(self) -> str:
        text = f"{self.rate:,.0f}/s, p50 {self.p50:.1f} ms, p95 {self.p95:.1f} ms"
        return f"{text}, {self.errors} errors" if self.errors else text


def drive(
    base: str,
    paths: Sequence[str],
    *,
    clients: int,
    seconds: int = 6,
    headers: Mapping[str, str] | None = None,
) -> Load:
    """Ask `paths` in turn over `clients` connections for some seconds."""
    if shutil.which("wrk") is None:
        raise SystemExit("make bench needs wrk: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder:
        listing, script = Path(folder, "paths.txt"), Path(folder, "drive.lua")
        listing.write_text("\n".join(paths) + "\n")
        script.write_text(SCRIPT % {"paths": listing})
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s"]
        for name, value in (headers or {}).items():
            command += ["-H", f"{name}: {value}"]
        done = subprocess.run(
            [*command, "-s", str(script), base], capture_output=True, text=True, check=True
        )
    return read(done.stdout)


def read(printed: str) -> Load:
    found = re.search(r"^result (\d+) (\d+) ([\d.]+) ([\d.]+) (\d+)$", printed, re.MULTILINE)
    if not found:
        raise SystemExit(f"wrk printed no result:\n{printed}")
    requests, microseconds, p50, p95, errors = found.groups()
    return Load(
        rate=int(requests) / (int(microseconds) / 1e6),
        p50=float(p50),
        p95=float(p95),
        errors=int(errors),
    )
