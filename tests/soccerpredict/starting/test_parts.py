"""Programs that end by themselves are started again, up to five times in a row."""

import json
import sys
import time

import pytest

from soccerpredict.starting import parts as starting_parts
from soccerpredict.starting.parts import NewLines, PartLost, Parts, how_it_ended
from tests.stack import eventually

LASTING = [sys.executable, "-c", "import time; time.sleep(60)"]
ENDING = [sys.executable, "-c", "raise SystemExit(3)"]


@pytest.fixture
def said():
    return []


@pytest.fixture
def parts(tmp_path, said):
    made = Parts(
        folder=tmp_path / "logs",
        working_folder=tmp_path,
        notes=tmp_path / "parts.json",
        say=said.append,
        first_pause=0.02,
    )
    yield made
    made.stop()


def states(parts):
    return {one["name"]: one["state"] for one in json.loads(parts.notes.read_text())}


def ended(parts, name):
    eventually(lambda: not parts.runs(name))
    parts.watch()


@pytest.mark.fault
def test_one_that_was_killed_is_started_again_and_the_others_stay(parts, said):
    for name in ("beat", "web"):
        parts.start(name, LASTING, {})
    other, killed = parts.parts["web"].process, parts.parts["beat"].process

    killed.kill()
    ended(parts, "beat")
    assert states(parts) == {"beat": "starting again", "web": "running"}
    time.sleep(0.03)
    parts.watch()

    assert parts.runs("beat")
    assert parts.parts["beat"].process.pid != killed.pid
    assert parts.parts["web"].process is other
    assert states(parts)["beat"] == "running"
    [sentence] = said
    assert sentence.startswith("The beat ended by SIGKILL; it is started again in 0.02 s (")


@pytest.mark.fault
def test_pauses_grow_and_the_fifth_end_in_a_row_is_the_last(parts, said):
    parts.start("beat", ENDING, {})

    def until_lost():
        while True:
            parts.watch()
            time.sleep(0.01)

    with pytest.raises(PartLost, match=r"The beat has ended 5 times in a row, last with status 3;"):
        until_lost()
    pauses = [sentence.split(" again in ")[1].split(" s ")[0] for sentence in said]
    assert pauses == ["0.02", "0.04", "0.08", "0.16"]


def test_an_end_after_a_long_time_begins_a_row(parts, monkeypatch):
    monkeypatch.setattr(starting_parts, "STEADY_SECONDS", 0.0)
    parts.start("beat", ENDING, {})

    for _ in range(8):
        ended(parts, "beat")
        time.sleep(0.03)
        parts.watch()

    assert parts.parts["beat"].failures == 1


def test_stopping_ends_all_and_leaves_no_notes(parts):
    parts.start("web", LASTING, {})

    parts.stop()

    assert not parts.runs("web")
    assert not parts.notes.exists()


def test_what_a_program_says_is_in_its_log(parts, tmp_path):
    code = "import os; print(os.environ['WORD'])"
    parts.start("web", [sys.executable, "-c", code], {"WORD": "Hi"})

    log = tmp_path / "logs" / "web.log"
    assert eventually(log.read_text) == "Hi\n"


@pytest.mark.parametrize(
    ("status", "words"), [(0, "with status 0"), (-9, "by SIGKILL"), (-99, "by signal 99")]
)
def test_an_end_is_told_in_words(status, words):
    assert how_it_ended(status) == words


def test_only_new_lines_of_a_log_are_told(tmp_path):
    log = tmp_path / "log"
    assert NewLines(log).read() == []
    log.write_text("old\n")
    lines = NewLines(log)

    with log.open("a") as file:
        file.write("new\n")

    assert (lines.read(), lines.read()) == (["new"], [])
