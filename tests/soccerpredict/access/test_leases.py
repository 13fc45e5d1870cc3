"""Uses of a key and its parcels, on a real Redis."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from redis import Redis

from soccerpredict.access import counter, leases
from soccerpredict.access.counter import Claim

LIMIT = 10_000  # two uses a parcel
LONG = 1_000  # milliseconds, more than any request waits for Redis
PROCESS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from soccerpredict.access import counter, leases
counter.WAIT_SECONDS = 10  # a busy machine is no Redis that is away
limit, tries, threads = map(int, sys.argv[1:])
def admitted(_):
    return leases.take(7, limit)[0] <= limit
with ThreadPoolExecutor(threads) as pool:
    print(sum(pool.map(admitted, range(tries))))
"""


@pytest.fixture(autouse=True)
def _no_leases(redis_client: Redis) -> Iterator[None]:
    leases.forget()
    counter.breaker.succeeded()
    yield
    leases.forget()


class Process:
    """What one of several processes knows, and its name."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self._monkeypatch, self._name = monkeypatch, name
        self._meters: dict[int, leases.Meter] = {}

    def number(self, limit: int, key_id: int = 1) -> int:
        with self._monkeypatch.context() as patch:
            patch.setattr(leases, "_meters", self._meters)
            patch.setattr(counter, "process_name", lambda: self._name)
            return leases.take(key_id, limit)[0]


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    return [Process(monkeypatch, name) for name in ("first", "second")]


def number(key_id: int = 1, limit: int = LIMIT) -> int:
    return leases.take(key_id, limit)[0]


def counted(redis_client: Redis, key_id: int = 1) -> int:
    window = redis_client.hgetall(f"{counter.PREFIX}{key_id}")
    return sum(int(uses) for name, uses in window.items() if name != b"window")


def test_uses_are_numbered_one_after_the_other(redis_client: Redis) -> None:
    assert [number() for _ in range(5)] == [1, 2, 3, 4, 5]
    assert counted(redis_client) == 6


def test_small_limits_are_counted_one_by_one(redis_client: Redis) -> None:
    assert number(limit=LIMIT - 1) == 1
    assert counted(redis_client) == 1


def test_who_may_not_wait_takes_what_is_in_hand_and_no_more() -> None:
    assert leases.take_from_hand(1) is None
    number()

    assert (leases.take_from_hand(1) or (0,))[0] == 2
    assert leases.take_from_hand(1) is None


def test_who_may_not_wait_leaves_a_key_that_another_thread_is_at() -> None:
    number()
    with leases._meters[1].lock:
        assert leases.take_from_hand(1) is None

    assert (leases.take_from_hand(1) or (0,))[0] == 2


def test_two_processes_never_share_a_use(processes: list[Process]) -> None:
    first, second = processes

    assert [first.number(LIMIT), first.number(LIMIT)] == [1, 2]
    assert [second.number(LIMIT), second.number(LIMIT)] == [3, 4]


def test_the_last_parcel_ends_at_the_limit(processes: list[Process]) -> None:
    first, second = processes
    spend(LIMIT - 1)

    numbers = [number(), first.number(LIMIT), second.number(LIMIT)]

    assert numbers[0] == LIMIT
    assert min(numbers[1:]) > LIMIT


def spend(uses: int, key_id: int = 1) -> None:
    assert counter.claim(Claim(key_id, "", uses, "begun", uses))


def test_what_is_left_of_a_parcel_ends_with_its_window(redis_client: Redis) -> None:
    number()
    redis_client.delete(f"{counter.PREFIX}1")
    leases._meters[1].ends = 0.0

    assert number() == 1


def test_a_window_that_ended_a_moment_early_in_redis_is_not_begun_with_its_sum(
    redis_client: Redis,
) -> None:
    """The clocks of two machines differ: this process thinks that its window goes on."""
    assert [number(limit=10) for _ in range(9)][-1] == 9
    redis_client.delete(f"{counter.PREFIX}1")

    assert [number(limit=10), number(limit=10)] == [1, 2]


@pytest.mark.fault
@pytest.mark.parametrize("used", [0, 4, 9])
@pytest.mark.parametrize("pause", [50, LONG])
def test_a_redis_that_stood_still_admits_no_more_than_the_limit(
    redis_client: Redis, processes: list[Process], used: int, pause: int
) -> None:
    """What it is told meanwhile it hears later: the same uses are not counted twice."""
    for i in range(used):
        processes[i % 2].number(10)
    redis_client.client_pause(pause, all=True)
    numbers = [processes[i % 2].number(10) for i in range(20)]
    counter._hang_up()
    redis_client.ping()  # answered when the pause is over
    counter.breaker.succeeded()
    numbers += [processes[i % 2].number(10) for i in range(20)]

    assert used + sum(number <= 10 for number in numbers) == 10


@pytest.mark.fault
@pytest.mark.parametrize(("limit", "threads"), [(10, 64), (600, 8), (20_000, 8), (1_000_000, 64)])
def test_threads_of_two_processes_get_all_of_a_limit_and_no_more(limit: int, threads: int) -> None:
    """Each use over it is refused, and at most a hundredth of those within it."""
    spent = max(0, limit - 2_000)  # a million of them one by one would take minutes
    if spent:
        spend(spent, key_id=7)
    tries = (limit - spent) // 2 + 500
    command = [sys.executable, "-c", PROCESS, str(limit), str(tries), str(threads)]
    environment = {**os.environ, "REDIS_URL": settings.REDIS_URL}
    processes = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) for _ in range(2)
    ]

    admitted = spent + sum(int(process.communicate(timeout=120)[0]) for process in processes)

    assert limit * 0.99 <= admitted <= limit
