"""Parcels of uses, on a real Redis."""

import pytest

from soccerpredict.access import counter, leases

LIMIT = 10_000  # two uses a parcel


@pytest.fixture(autouse=True)
def _no_leases(redis_client):
    leases._leases.clear()


def number(key_id=1, limit=LIMIT):
    return leases.take(key_id, limit)[0]


def counted(redis_client, key_id=1):
    return int(redis_client.get(f"{counter.PREFIX}{key_id}"))


def test_uses_are_numbered_one_after_the_other(redis_client):
    assert [number() for _ in range(5)] == [1, 2, 3, 4, 5]
    assert counted(redis_client) == 6


def test_small_limits_are_counted_one_by_one(redis_client):
    assert number(limit=LIMIT - 1) == 1
    assert counted(redis_client) == 1


def test_two_processes_never_share_a_use():
    first = [number(), number()]
    leases._leases.clear()  # another process has leases of its own

    assert [*first, number(), number()] == [1, 2, 3, 4]


def test_the_last_parcel_ends_at_the_limit(redis_client):
    counter.count(1, LIMIT - 1)

    numbers = [number() for _ in range(3)]

    assert numbers[0] == LIMIT
    assert min(numbers[1:]) > LIMIT


def test_what_is_left_of_a_parcel_ends_with_its_window(redis_client):
    number()
    redis_client.delete(f"{counter.PREFIX}1")
    leases._leases[1].ends = 0.0

    assert number() == 1
