"""Telling how far a piece of work is, and the lines that are made of it."""

import io
import sys
import time

import pytest

from soccerpredict import progress
from soccerpredict.progress import Lines, Told


@pytest.fixture
def followed():
    """What is told during the test."""
    told: list[Told] = []
    with progress.followed_by(told.append):
        yield told


def test_nobody_has_to_listen():
    progress.tell("Training")

    assert not progress.is_followed()


def test_pieces_are_told_one_by_one(followed):
    assert list(progress.each(["a", "b"], "Fetching")) == ["a", "b"]
    assert list(map(str, followed)) == ["Fetching (1 of 2)", "Fetching (2 of 2)"]


def test_different_pieces_are_told_by_name(followed):
    list(progress.labelled(["Training one", "Training two"]))

    assert list(map(str, followed)) == ["Training one (1 of 2)", "Training two (2 of 2)"]


def test_a_follower_is_told_nothing_afterwards(followed):
    with progress.followed_by(lambda told: pytest.fail("it was told")):
        pass

    progress.tell("Training")
    assert followed == [Told("Training")]


def lines_of(stream):
    return stream.getvalue().splitlines()


def test_there_is_a_line_at_each_new_thing():
    stream = io.StringIO()
    with Lines(stream, every=60) as lines:
        for told in (Told("Fetching", 1, 3), Told("Fetching", 2, 3), Told("Training")):
            lines(told)

    assert lines_of(stream) == ["  Fetching (1 of 3)", "  Training"]


def test_a_silent_piece_of_work_is_told_of_now_and_then():
    stream = io.StringIO()
    with Lines(stream, every=0.05) as lines:
        lines(Told("Fetching", 1, 3))
        lines(Told("Fetching", 2, 3))
        wait_for_lines(stream, 3)

    assert lines_of(stream)[1].startswith("  Fetching (2 of 3), for ")


def test_nothing_is_told_of_what_has_ended():
    stream = io.StringIO()
    with Lines(stream, every=0.02) as lines:
        lines(Told("Fetching"))
        lines.rest()
        time.sleep(0.1)

    assert lines_of(stream) == ["  Fetching"]


def wait_for_lines(stream, n):
    deadline = time.monotonic() + 10
    while len(lines_of(stream)) < n:
        assert time.monotonic() < deadline, "it is silent"
        time.sleep(0.01)


def test_lines_go_to_the_standard_error_unless_somebody_listens(capsys, followed):
    with progress.shown():
        progress.tell("Training")

    assert (followed, capsys.readouterr().err) == ([Told("Training")], "")


def test_short_work_says_nothing(capsys):
    with progress.shown():
        progress.tell("Training")

    assert capsys.readouterr().err == ""


def test_a_log_gets_lines_where_a_terminal_has_bars(capsys, monkeypatch):
    monkeypatch.setattr(progress, "SHORT_SECONDS", 0)
    with progress.shown(bars=True):
        progress.tell("Importing")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress.shown(bars=True):
        progress.tell("Importing")

    assert capsys.readouterr().err == "  Importing\n"
