"""The port while the platform is prepared: a page, problem documents, honest probes."""

import re
import socket
import time
from contextlib import closing

import pytest
import requests

from soccerpredict.embedded.server import free_port
from soccerpredict.starting import door as doors
from soccerpredict.starting.door import Door
from soccerpredict.starting.steps import State

HTML = {"Accept": "text/html,*/*;q=0.8"}
TRAINING = State(step=4, told="Training <b>", number=2, of=3, since=time.time() - 83)


class Shown:
    """A door, and what it shows next."""

    def __init__(self):
        self.state = TRAINING
        self.door = Door(free_port(), lambda: self.state)

    def ask(self, path, method="GET", **headers):
        url = f"http://127.0.0.1:{self.door.port}{path}"
        return requests.request(method, url, headers=headers, timeout=5)


@pytest.fixture
def shown():
    made = Shown()
    made.door.open()
    yield made
    made.door.close()


def test_a_page_tells_how_far_it_is_and_asks_again(shown):
    answer = shown.ask("/", **HTML)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert '<meta http-equiv="refresh" content="2">' in answer.text
    assert "4 of 7, models" in answer.text
    assert re.search(r"Training &lt;b&gt; \(2 of 3\), for \d+ min \d\d s", answer.text)
    assert '<progress aria-label="Done" max="3" value="1">' in answer.text
    assert (answer.text.count('class="done"'), answer.text.count('class="ahead"')) == (3, 3)
    assert answer.text.count('aria-current="step"') == 1
    assert "script" not in answer.text


def test_a_page_needs_nothing_but_this_port(shown):
    text = shown.ask("/admin/login/?next=/", **HTML).text

    for path in re.findall(r'(?:href|src)="([^"]+)"', text):
        assert shown.ask(path).status_code == 200
    assert "style-src 'self'" in shown.ask("/", **HTML).headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/predict/1", "/predict/predictions/?limit=2", "/metrics", "/"])
def test_programs_get_a_problem_document(shown, path):
    answer = shown.ask(path, Accept="application/json")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["code"], body["status"]) == ("being_prepared", 503)
    assert body["detail"] == "Being prepared: 4 of 7, models: Training <b> (2 of 3)."
    assert body["instance"] == path.partition("?")[0]


def test_a_browser_that_asks_the_api_gets_a_document_too(shown):
    assert shown.ask("/predict/1", **HTML).json()["preparing"]["step"] == 4


@pytest.mark.parametrize("path", ["/livez", "/livez/"])
def test_it_lives(shown, path):
    answer = shown.ask(path)

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.parametrize(
    ("state", "servers"),
    [(State(step=1), "away"), (TRAINING, "available"), (State(step=4, failed="No."), "away")],
)
def test_it_is_not_ready_and_says_what_is_there(shown, state, servers):
    shown.state = state

    answer = shown.ask("/readyz")

    assert answer.status_code == 503
    body = answer.json()
    assert body["status"] == "not ready"
    assert (body["database"], body["broker"], body["model"]) == (servers, servers, "away")
    assert body["preparing"]["of"] == 7


def test_a_failed_start_is_told_and_asks_no_more(shown):
    shown.state = State(step=4, failed="Only 12 matches & no more.")

    answer = shown.ask("/", **HTML)

    assert "The start failed" in answer.text
    assert "Only 12 matches &amp; no more." in answer.text
    assert "refresh" not in answer.text
    assert shown.ask("/predict/1").json()["detail"] == "Only 12 matches & no more."


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"])
def test_every_method_is_answered(shown, method):
    url = f"http://127.0.0.1:{shown.door.port}/predict"
    answer = requests.request(method, url, data=b"x" * 50_000, timeout=5)

    assert answer.status_code == 503
    assert bool(answer.content) == (method != "HEAD")


@pytest.mark.parametrize("path", ["/static/../settings.py", "/static/site/", "/static/site/no.css"])
def test_other_files_stay_where_they_are(shown, path):
    with closing(socket.create_connection(("127.0.0.1", shown.door.port), 5)) as link:
        link.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert link.recv(4096).startswith(b"HTTP/1.1 503")


def test_one_that_says_nothing_keeps_nobody_waiting(shown):
    with closing(socket.create_connection(("127.0.0.1", shown.door.port), 5)):
        assert shown.ask("/livez").status_code == 200


def test_it_closes_and_opens_again(shown):
    shown.door.close()
    with pytest.raises(requests.ConnectionError):
        shown.ask("/livez")

    shown.door.open()

    assert shown.ask("/livez").status_code == 200


def test_it_lingers_only_for_who_watches(shown, monkeypatch):
    monkeypatch.setattr(doors, "LINGER_SECONDS", 0.2)
    began = time.monotonic()
    shown.door.linger()
    at_once = time.monotonic() - began
    shown.ask("/", **HTML)

    shown.door.linger()

    assert at_once < 0.2 <= time.monotonic() - began
