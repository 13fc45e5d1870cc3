"""What workers count: by many processes at once, over an outage, and never twice."""

import os
import time
from threading import Thread

import pytest

from predictions.workers import counters, heartbeats
from predictions.workers.counters import Counters, stored

pytestmark = pytest.mark.usefixtures("redis_client")

KEY = "tests:counted"


@pytest.fixture
def outage(settings, closed_port):
    """Redis answers nobody, until the outage is over."""
    living = settings.REDIS_URL
    settings.REDIS_URL = f"redis://127.0.0.1:{closed_port}/0"

    def end():
        settings.REDIS_URL = living

    return end


def begun():
    """Counters as a worker's child holds them."""
    found = Counters()
    found.begin()
    return found


def test_what_nobody_counted_is_nothing():
    assert stored(KEY) == {}


def test_outside_of_a_worker_it_is_written_at_once():
    Counters().add(KEY, {"runs": 1, "seconds": 0.25})

    assert stored(KEY) == {"runs": 1.0, "seconds": 0.25}


def test_a_worker_writes_what_it_has_in_hand_when_it_is_told():
    ours = begun()
    ours.add(KEY, {"runs": 1})
    ours.add(KEY, {"runs": 1, "failures": 1})
    assert stored(KEY) == {}

    ours.write()

    assert stored(KEY) == {"runs": 2.0, "failures": 1.0}


def test_what_is_written_is_no_longer_in_hand():
    ours = begun()
    ours.add(KEY, {"runs": 1})

    ours.write()
    ours.write()

    assert stored(KEY) == {"runs": 1.0}


def test_workers_add_to_each_other():
    one, other = begun(), begun()
    one.add(KEY, {"runs": 2})
    other.add(KEY, {"runs": 3})

    one.write()
    other.write()

    assert stored(KEY) == {"runs": 5.0}


def test_hashes_are_kept_apart():
    ours = begun()
    ours.add(KEY, {"runs": 1})
    ours.add("tests:others", {"runs": 7})

    ours.write()

    assert (stored(KEY), stored("tests:others")) == ({"runs": 1.0}, {"runs": 7.0})


def test_an_outage_loses_nothing(outage, caplog):
    ours = begun()
    ours.add(KEY, {"runs": 1})
    ours.write()
    ours.add(KEY, {"runs": 1})
    ours.write()

    outage()
    ours.write()

    assert stored(KEY) == {"runs": 2.0}
    assert [line.message for line in caplog.records] == [
        "What was done is not counted yet: ConnectionError"
    ] * 2


def test_an_outage_does_not_stop_the_one_who_counts(outage):
    ours = Counters()
    ours.add(KEY, {"runs": 1})

    outage()
    ours.add(KEY, {"runs": 1})

    assert stored(KEY) == {"runs": 2.0}


def test_what_is_counted_while_nobody_answers_is_kept_too(settings, frozen_port):
    living, ours = settings.REDIS_URL, begun()
    ours.add(KEY, {"runs": 1})
    settings.REDIS_URL = f"redis://127.0.0.1:{frozen_port}/0"
    writer = Thread(target=ours.write)
    writer.start()
    while ours._sums:
        time.sleep(0.001)

    ours.add(KEY, {"runs": 1})
    writer.join()
    settings.REDIS_URL = living
    ours.write()

    assert stored(KEY) == {"runs": 2.0}


def test_threads_lose_nothing():
    ours = begun()

    def count():
        for _ in range(500):
            ours.add(KEY, {"runs": 1})
            ours.write()

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert stored(KEY) == {"runs": 2000.0}


def test_a_child_does_not_write_what_its_parent_has_in_hand():
    parent = begun()
    parent.add(KEY, {"runs": 1})

    child = os.fork()
    if child == 0:
        heartbeats._client.cache_clear()
        parent.begin()
        parent.add(KEY, {"runs": 10})
        parent.write()
        os._exit(0)
    os.waitpid(child, 0)
    assert stored(KEY) == {"runs": 10.0}

    parent.write()
    assert stored(KEY) == {"runs": 11.0}


def test_the_process_has_one():
    counters.pending.add(KEY, {"runs": 1})

    assert stored(KEY) == {"runs": 1.0}
