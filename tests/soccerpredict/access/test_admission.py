"""A key that is shown again and again: still good, still within its limit?"""

from datetime import timedelta

import pytest

from soccerpredict.access import admission, cache, leases

BOTH = frozenset({"read", "live"})
MANY = 1_000_000


@pytest.fixture(autouse=True)
def _no_leases():
    leases.forget()


@pytest.fixture
def shown(issue):
    """The name of a key that was shown and verified."""

    def shown(limit=MANY, **fields):
        text = issue(rate_limit_per_minute=limit, **fields).text
        cache.credential_for(text)
        return cache.name_of(text)

    return shown


def again(name, scopes=BOTH, may_wait=True):
    return admission.again(name, scopes, may_wait=may_wait)


def test_each_time_counts(shown):
    name = shown()

    verdicts = [again(name).verdict for _ in range(3)]

    assert [verdict.used for verdict in verdicts] == [1, 2, 3]
    assert verdicts[0].limit == MANY
    assert again(name).credential.client == "Acme"


def test_over_its_limit_the_usual_way_decides(shown):
    name = shown(limit=2)

    assert [again(name) is not None for _ in range(3)] == [True, True, False]


def test_a_key_that_was_not_verified_lately_is(shown, clock):
    name = shown()

    assert again(b"another") is None
    clock.pass_seconds(cache.SECONDS + 0.1)
    assert again(name) is None


def test_an_expired_key_is_not_admitted(shown, clock):
    name = shown(expires_at=clock.now() + timedelta(seconds=1))

    clock.pass_seconds(1.5)

    assert again(name) is None


def test_a_key_whose_rights_have_changed_is_not_admitted(shown):
    assert again(shown(), scopes=frozenset({"read"})) is None


def test_who_may_not_wait_has_what_is_left_of_a_parcel(shown):
    name = shown()
    assert again(name, may_wait=False) is None

    assert again(name).verdict.used == 1

    assert again(name, may_wait=False).verdict.used == 2
