"""Verified keys are remembered for a moment: too short for a revoked key to be of use."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from soccerpredict.access import cache, services
from soccerpredict.access.models import ApiClient

REVOCATION_SECONDS = 5  # what the design promises


def test_a_good_key_is_one_query_and_then_none(issue, django_assert_num_queries):
    text = issue().text

    with django_assert_num_queries(1):
        first = cache.credential_for(text)
    with django_assert_num_queries(0):
        assert cache.credential_for(text) == first


def test_it_is_verified_again_after_a_few_seconds(issue, clock, django_assert_num_queries):
    text = issue().text
    cache.credential_for(text)

    clock.pass_seconds(REVOCATION_SECONDS)

    with django_assert_num_queries(1):
        assert cache.credential_for(text)


def test_a_revoked_key_is_refused_within_five_seconds(ask, issue, clock):
    issued = issue()
    assert ask(issued.text).status_code == 200

    services.revoke(issued.key)
    clock.pass_seconds(REVOCATION_SECONDS)

    assert ask(issued.text).status_code == 401


def test_keys_of_a_client_that_is_switched_off_are_refused_within_five_seconds(ask, issue, clock):
    issued = issue()
    assert ask(issued.text).status_code == 200

    ApiClient.objects.update(is_active=False)
    clock.pass_seconds(REVOCATION_SECONDS)

    assert ask(issued.text).status_code == 401


def test_constant_use_does_not_keep_a_revoked_key_alive(ask, issue, clock):
    issued = issue()
    ask(issued.text)
    services.revoke(issued.key)

    statuses = []
    for _ in range(REVOCATION_SECONDS):
        clock.pass_seconds(1)
        statuses.append(ask(issued.text).status_code)

    assert statuses[-1] == 401


def test_a_key_that_expires_meanwhile_is_refused_at_once(issue, clock):
    text = issue(expires_at=clock.now() + timedelta(seconds=1)).text
    assert cache.credential_for(text)

    clock.pass_seconds(1)

    assert cache.credential_for(text) is None


def test_the_cache_of_one_key_serves_no_other(issue):
    mine = issue().text
    cache.credential_for(mine)

    assert cache.credential_for(mine[:-1] + ("A" if mine[-1] != "A" else "B")) is None


@pytest.mark.django_db
def test_a_wrong_key_is_not_remembered():
    assert cache.credential_for("sp_0123abcd_" + "A" * 43) is None

    assert not cache.verified._entries


def test_no_key_is_kept_in_memory_as_it_is(issue):
    text = issue().text
    cache.credential_for(text)

    (name,) = cache.verified._entries
    assert name != text.encode()
    assert len(name) == 32


def test_the_oldest_makes_room(issue):
    verified = cache.CredentialCache(size=2)
    credential = services.verify(issue().text)

    for name in (b"first", b"second", b"third"):
        verified.put(name, credential)

    found = [verified.get(name) for name in (b"first", b"second", b"third")]
    assert found == [None, credential, credential]


@pytest.fixture
def without_database(monkeypatch):
    """As soon as it is called, no key can be looked up."""

    def fail(*args):
        raise OperationalError("gone")

    def take_away():
        monkeypatch.setattr(services, "verify", fail)
        monkeypatch.setattr(services, "usable_among", fail)

    return take_away


def test_a_good_key_goes_on_without_the_database(issue, clock, settings, without_database):
    text = issue().text
    known = cache.credential_for(text)
    without_database()

    clock.pass_seconds(settings.STALE_SECONDS - 1)
    assert cache.credential_for(text) == known

    clock.pass_seconds(2)
    with pytest.raises(OperationalError):
        cache.credential_for(text)


def test_an_unknown_key_does_not(issue, without_database):
    cache.credential_for(issue().text)
    without_database()

    with pytest.raises(OperationalError):
        cache.credential_for("sp_0123abcd_" + "A" * 43)


def test_a_key_that_was_revoked_unseen_by_its_client_does_not(issue, clock, without_database):
    """Others' requests look at all keys, so that what was known last is true of each."""
    revoked, other = issue(), issue()
    cache.credential_for(revoked.text)
    services.revoke(revoked.key)
    clock.pass_seconds(REVOCATION_SECONDS)
    cache.credential_for(other.text)
    without_database()
    clock.pass_seconds(REVOCATION_SECONDS)

    assert cache.credential_for(other.text)
    with pytest.raises(OperationalError):
        cache.credential_for(revoked.text)


def test_a_key_that_expires_without_the_database_is_refused(issue, clock, without_database):
    text = issue(expires_at=clock.now() + timedelta(seconds=60)).text
    cache.credential_for(text)
    without_database()

    clock.pass_seconds(61)

    assert cache.credential_for(text) is None


def test_a_key_that_is_known_to_be_revoked_stays_out(issue, clock, monkeypatch):
    """Though the database goes in the very moment in which it says so."""
    issued, other = issue(), issue()
    cache.credential_for(other.text)
    cache.credential_for(issued.text)
    services.revoke(issued.key)
    clock.pass_seconds(REVOCATION_SECONDS)

    def fail(*args):
        raise OperationalError("gone")

    monkeypatch.setattr(services, "usable_among", fail)

    assert cache.credential_for(issued.text) is None
    assert cache.credential_for(other.text)
