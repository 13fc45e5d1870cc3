"""When a key was last used is written after the answer, once a minute at most."""

from threading import Thread

import pytest
from django.db import connection, transaction

from soccerpredict.access import services, usage
from soccerpredict.access.models import ApiKey, KeyUsage


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


def requests_of(issued):
    return {row.day: row.requests for row in KeyUsage.objects.filter(key=issued.key)}


def test_requests_are_counted_by_day(ask, issue, clock):
    issued = issue()
    today = clock.now().date()

    for _ in range(3):
        ask(issued.text)
    usage.flush_counts()

    assert requests_of(issued) == {today: 3}


def test_counts_are_added_to_those_of_other_processes(issue, clock):
    issued = issue()
    for n in (2, 5):
        for _ in range(n):
            usage.count(issued.key.pk)
        usage.flush_counts()

    assert requests_of(issued) == {clock.now().date(): 7}


def test_a_new_day_is_a_new_row(issue, clock):
    issued = issue()
    usage.count(issued.key.pk)
    first = clock.now().date()
    clock.pass_seconds(86_400)
    usage.count(issued.key.pk)

    usage.flush_counts()

    assert requests_of(issued) == {first: 1, clock.now().date(): 1}


def test_a_refused_request_is_not_counted(ask, issue):
    issued = issue(rate_limit_per_minute=2)

    answers = [ask(issued.text).status_code for _ in range(4)]
    usage.flush_counts()

    assert answers == [200, 200, 429, 429]
    assert list(requests_of(issued).values()) == [2]


def test_counts_are_written_every_few_seconds(issue, clock, django_assert_num_queries):
    issued = issue()
    usage.count(issued.key.pk)
    usage.flush()
    usage.count(issued.key.pk)

    with django_assert_num_queries(0):
        usage.flush()
    clock.pass_seconds(usage.COUNT_SECONDS)
    usage.flush()

    assert list(requests_of(issued).values()) == [2]


def test_counts_that_cannot_be_written_wait(issue, caplog):
    issued = issue()
    usage.count(issued.key.pk)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        usage.flush_counts()
        transaction.set_rollback(True)
    assert "The use of API keys could not be written." in caplog.messages

    usage.flush_counts()

    assert list(requests_of(issued).values()) == [1]


def test_the_use_of_a_key_that_was_deleted_is_dropped(issue):
    issued = issue()
    usage.count(issued.key.pk)
    issued.key.delete()

    usage.flush_counts()

    assert not KeyUsage.objects.exists()
    assert not usage._counts


def test_no_use_is_lost_between_threads(issue):
    issued = issue()
    threads = [
        Thread(target=lambda: [usage.count(issued.key.pk) for _ in range(2_000)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    usage.flush_counts()

    assert list(requests_of(issued).values()) == [8_000]
