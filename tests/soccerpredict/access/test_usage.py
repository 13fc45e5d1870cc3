"""When a key was last used is written after the answer, once a minute at most."""

import pytest
from django.db import connection

from soccerpredict.access import services, usage
from soccerpredict.access.models import ApiKey


def last_use(issued):
    return ApiKey.objects.get(pk=issued.key.pk).last_used_at


def test_a_use_is_written(issue, clock):
    issued = issue()
    usage.note(services.verify(issued.text))
    assert last_use(issued) is None

    usage.flush()

    assert last_use(issued) == clock.now()


def test_a_request_ends_with_writing_it(ask, issue, clock):
    issued = issue()

    ask(issued.text)

    assert last_use(issued) == clock.now()


def test_within_a_minute_it_is_not_written_again(issue, clock, django_assert_num_queries):
    issued = issue()
    usage.note(services.verify(issued.text))
    usage.flush()

    clock.pass_seconds(59)
    usage.note(services.verify(issued.text))

    with django_assert_num_queries(0):
        usage.flush()


def test_a_minute_later_it_is_written_again(issue, clock):
    issued = issue()
    usage.note(services.verify(issued.text))
    usage.flush()

    clock.pass_seconds(60)
    usage.note(services.verify(issued.text))
    usage.flush()

    assert last_use(issued) == clock.now()


def test_each_use_is_written_once(issue, django_assert_num_queries):
    for _ in range(2):
        usage.note(services.verify(issue().text))

    with django_assert_num_queries(2):
        usage.flush()
        usage.flush()


def test_a_refused_key_has_not_been_used(ask, issue):
    issued = issue()
    services.revoke(issued.key)

    ask(issued.text)

    assert last_use(issued) is None


def test_a_key_that_was_deleted_meanwhile_does_no_harm(issue):
    issued = issue()
    usage.note(services.verify(issued.text))
    issued.key.delete()

    usage.flush()

    assert not ApiKey.objects.exists()


@pytest.mark.django_db
def test_a_use_that_cannot_be_written_is_only_logged(issue, caplog):
    issued = issue()
    usage.note(services.verify(issued.text))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")

    usage.flush()

    assert f"The last use of API key {issued.key.pk} could not be written." in caplog.messages
