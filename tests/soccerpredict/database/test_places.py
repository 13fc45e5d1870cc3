"""Threads that may wait for the database at once, and those that are told to come later."""

import threading
import time

import pytest

from soccerpredict.database import places
from soccerpredict.database.places import Busy, Places


@pytest.fixture
def taken():
    """One place, which another thread holds until the test lets it go."""
    found, held, end = Places(1), threading.Event(), threading.Event()

    def hold():
        with found.one():
            held.set()
            end.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    yield found, end
    end.set()
    holder.join(10)


def test_a_place_is_free_again_after_an_error():
    found = Places(1)
    with pytest.raises(ZeroDivisionError), found.one():
        raise ZeroDivisionError

    with found.one():
        pass


def test_who_comes_while_a_quick_statement_runs_gets_the_next_place(taken, monkeypatch):
    monkeypatch.setattr(places, "PATIENCE_SECONDS", 10)
    monkeypatch.setattr(places, "STUCK_SECONDS", 10)
    found, end = taken
    threading.Timer(0.05, end.set).start()

    with found.one():
        assert end.is_set()


def test_nobody_waits_behind_a_statement_that_is_stuck(taken, monkeypatch):
    monkeypatch.setattr(places, "PATIENCE_SECONDS", 10)
    monkeypatch.setattr(places, "STUCK_SECONDS", 0.01)
    found, _ = taken
    time.sleep(0.02)

    began = time.monotonic()
    with pytest.raises(Busy), found.one():
        pass
    assert time.monotonic() - began < 5
