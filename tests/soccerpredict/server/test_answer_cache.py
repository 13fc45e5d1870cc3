"""What the web server keeps of answers, and under which name."""

import time

import pytest

from soccerpredict.server import answer_cache
from soccerpredict.server.answer_cache import Answer, Memory, Terms, name_of

REQUEST = b"GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n"
SIZE = 100


def answer(holds=lambda: True):
    terms = Terms("a", holds, lambda seconds: None)
    return Answer(200, b"h" * 40, b"b" * 60, terms, b"key", frozenset(), {})


@pytest.fixture
def memory():
    return Memory(most_bytes=3 * SIZE)


@pytest.fixture
def later(monkeypatch):
    """Lets seconds pass."""
    passed = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: passed[0])

    def later(seconds):
        passed[0] += seconds

    return later


def test_the_same_request_of_the_same_client_has_one_name():
    assert name_of("1.2.3.4", REQUEST) == name_of("1.2.3.4", REQUEST)
    assert name_of("1.2.3.4", REQUEST) != name_of("1.2.3.5", REQUEST)
    assert name_of("1.2.3.4", REQUEST) != name_of("1.2.3.4", REQUEST.replace(b"/a", b"/b"))


@pytest.mark.parametrize(
    "came",
    [
        b"",
        b"\r\n\r\n",
        REQUEST[:-1],
        REQUEST + b"x",
        2 * REQUEST,
        REQUEST.replace(b"GET", b"POST"),
        REQUEST.replace(b"GET", b"HEAD"),
        REQUEST.replace(b"GET ", b"GET\t"),
    ],
)
def test_what_is_no_whole_single_get_has_none(came):
    assert name_of("1.2.3.4", came) is None


def test_an_answer_is_there_while_it_holds(memory):
    holds = [True]
    kept = answer(lambda: holds[0])

    memory.put(b"a", kept)

    assert memory.get(b"a") is kept
    holds[0] = False
    assert memory.get(b"a") is None
    assert memory.get(b"b") is None


def test_the_oldest_makes_room_for_the_newest(memory):
    for name in (b"a", b"b", b"c", b"a", b"d"):
        memory.put(name, answer())

    assert [name for name in (b"a", b"b", b"c", b"d") if memory.get(name)] == [b"a", b"c", b"d"]


def test_an_answer_too_large_is_not_kept():
    memory = Memory(most_bytes=SIZE - 1)

    memory.put(b"a", answer())

    assert memory.get(b"a") is None


def test_an_answer_is_forgotten_after_a_while(memory, later):
    memory.put(b"a", answer())

    later(answer_cache.SECONDS + 1)

    assert memory.get(b"a") is None
    memory.put(b"b", answer())
    assert list(memory._answers) == [b"b"]
