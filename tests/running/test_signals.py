"""Each program that `manage.py run` starts stops by SIGINT and SIGTERM, whatever it inherits."""

import signal

import pytest

from soccerpredict.embedded.server import free_port
from soccerpredict.management.commands import run
from tests.signals import IGNORING
from tests.stack import Program, eventually

pytestmark = pytest.mark.stack
SAYS = {
    "web": "Listening at",
    "worker": "ready.",
    "jobs": "ready.",
    "batch": "ready.",
    "beat": "beat: Starting",
}


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", ["web", "worker", "jobs", "batch", "beat"])
def test_it_stops(in_stack, tmp_path, name, which):
    counts = tmp_path / "prometheus"  # emptied by the web server that starts
    counts.mkdir()
    environment = {**in_stack.web.environment, "PROMETHEUS_MULTIPROC_DIR": str(counts)}
    command, _ = run.programs(free_port())[name]
    program = Program(name, command, environment=environment, folder=tmp_path)
    program.command = [*IGNORING, *program.command[2:]]
    program.start()
    try:
        eventually(lambda: program.lines(SAYS[name]), 60)

        program.process.send_signal(which)

        program.process.wait(60)
    finally:
        program.stop(signal.SIGKILL)
