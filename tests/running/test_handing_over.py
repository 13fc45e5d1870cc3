"""From the page of the preparation to the web server: nobody finds the port closed."""

import threading
import time

import pytest
import requests

from soccerpredict.embedded.server import free_port
from soccerpredict.starting.door import SERVER, Door
from soccerpredict.starting.steps import PROGRAMS, State
from tests.stack import WEB, eventually

LONGEST_GAP = 1.0  # seconds without an answer


class Visitor(threading.Thread):
    """Asks again and again, each time by a connection of its own."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.url = url
        self.answers = []
        self.refused = 0
        self.gap = 0.0
        self.done = threading.Event()

    def run(self):
        last = time.monotonic()
        while not self.done.wait(0.01):
            try:
                answer = requests.get(self.url, timeout=10)
            except requests.ConnectionError:
                self.refused += 1
                continue
            self.answers.append((answer.headers["Server"], answer.status_code))
            self.gap = max(self.gap, time.monotonic() - last)
            last = time.monotonic()


@pytest.fixture
def another_web(stack, tmp_path):
    """One more web server on the stack's database, at a port that the door has first."""
    port = free_port()
    counts = tmp_path / "counts"
    counts.mkdir()
    program = stack._program(
        "another-web",
        WEB,
        BIND=f"127.0.0.1:{port}",
        PROMETHEUS_MULTIPROC_DIR=str(counts),
        WEB_WORKERS="2",
    )
    yield program, port
    program.stop()


def test_the_page_of_the_preparation_gives_way_without_a_gap(another_web):
    program, port = another_web
    door = Door(port, lambda: State(step=PROGRAMS))
    door.open()
    visitor = Visitor(f"http://127.0.0.1:{port}/readyz")
    visitor.start()

    program.start()
    eventually(lambda: set(visitor.answers) - {(SERVER, 503)}, 60)
    door.close()
    n = len(visitor.answers)
    eventually(lambda: len(visitor.answers) > n + 50)
    visitor.done.set()
    visitor.join()

    assert visitor.answers[0] == (SERVER, 503)
    assert {status for server, status in visitor.answers if server != SERVER} == {200}
    assert all(server != SERVER for server, _ in visitor.answers[n + 1 :])
    assert visitor.gap < LONGEST_GAP
    assert visitor.refused <= 1  # one that was let in at the very moment
