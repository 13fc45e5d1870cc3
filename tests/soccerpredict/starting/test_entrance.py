"""Port and folder of a run: one at a time has them, and whoever comes second gets a sentence."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import requests

from soccerpredict.embedded.server import free_port
from soccerpredict.starting import entrance, steps
from soccerpredict.starting.entrance import CannotEnter, Entrance
from soccerpredict.starting.steps import State
from tests.stack import eventually

SETTINGS = "soccerpredict.settings"
PATIENCE = 180  # seconds, on a machine that has much to do
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def ours(tmp_path):
    made = Entrance(free_port(), tmp_path)
    yield made
    made.leave()


def test_it_shows_what_is_set_and_then_what_is_written_down(ours):
    assert ours.state().step == steps.TABLES
    steps.write(ours.notes, State(step=3))
    assert ours.state().step == steps.TABLES

    ours.show(None)

    assert ours.state().step == steps.FEATURES
    ours.fail("No room.")
    assert ours.state() == State(step=3, failed="No room.")


def test_a_second_run_in_the_folder_is_told_of_the_first(ours, tmp_path):
    with pytest.raises(CannotEnter, match=f"already, at http://localhost:{ours.port}: stop that"):
        Entrance(free_port(), tmp_path)

    assert requests.get(ours.url("/livez"), timeout=5).status_code == 200


def test_the_folder_is_free_again_afterwards(tmp_path):
    Entrance(free_port(), tmp_path).leave()

    Entrance(free_port(), tmp_path).leave()


def test_a_port_of_another_program_is_refused_and_the_folder_stays_free(tmp_path):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotEnter, match=f"Port {port} is taken: stop what runs there"):
            Entrance(port, tmp_path)

    Entrance(port, tmp_path).leave()


@pytest.mark.parametrize(
    "argv",
    [
        ["manage.py", "migrate"],
        ["manage.py"],
        ["manage.py", "run", "--help"],
        ["manage.py", "run", "--port", "0"],
        ["manage.py", "run", "--port"],
    ],
    ids=" ".join,
)
def test_what_is_no_run_opens_nothing(argv, monkeypatch):
    monkeypatch.setattr(entrance, "_enter", lambda port: pytest.fail("it opened"))

    with entrance.opened_for(argv):
        pass


def run(var, *words):
    """`manage.py run` as a child, with servers of its own under `var`."""
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    return subprocess.Popen(
        [sys.executable, "manage.py", "run", *words],
        cwd=ROOT,
        env={**kept, "SOCCERPREDICT_VAR": str(var), "DJANGO_SETTINGS_MODULE": SETTINGS},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def answer(port, path, **headers):
    """None while nobody is at the port. A response of 503 counts as false, so ask with `is`."""
    try:
        return requests.get(f"http://127.0.0.1:{port}{path}", headers=headers, timeout=5)
    except requests.ConnectionError:
        return None


def preparation(port):
    """What `/readyz` says, as soon as somebody answers."""
    found = answer(port, "/readyz")
    return None if found is None else found.json()


def failed_page(port):
    found = answer(port, "/", Accept="text/html")
    return found is not None and "The start failed" in found.text and found.text


def test_a_first_start_that_fails_answers_from_the_start_and_says_why(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "E0.csv").write_text("<html>")
    port = free_port()
    child = run(tmp_path / "var", "--port", str(port), "--data", str(tmp_path / "data"))

    first = eventually(lambda: preparation(port), PATIENCE)
    page = eventually(lambda: failed_page(port), PATIENCE)
    out, err = child.communicate(timeout=PATIENCE)

    assert first["preparing"]["step"] == 1
    sentence = "There are no matches: run import_matches or simulate_world first."
    assert sentence in page
    assert err.count(sentence) == 1
    assert child.returncode == 1
    assert "Traceback" not in out + err
    assert not list((tmp_path / "var").glob("preparation.json"))


@pytest.mark.fault
def test_ctrl_c_in_the_first_moments_is_one_line_and_the_next_start_goes_on(tmp_path):
    port = free_port()
    for _ in range(2):
        child = run(tmp_path / "var", "--port", str(port))
        eventually(lambda: answer(port, "/livez"), PATIENCE)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=PATIENCE)

        assert child.returncode == -signal.SIGINT
        assert "Traceback" not in out + err


@pytest.mark.fault
def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    child = run(tmp_path / "file" / "var")

    out, err = child.communicate(timeout=PATIENCE)

    assert (child.returncode, out) == (1, "")
    assert err.strip().endswith("let SOCCERPREDICT_VAR name a folder of yours.")
    assert "\n" not in err.strip()
