from threading import Event, Thread

import pytest
from django.db import connection, transaction

from soccerpredict import postgres
from soccerpredict.database import limits
from soccerpredict.database.places import Places
from soccerpredict.database.seen import Seen
from soccerpredict.database.silence import Silence
from soccerpredict.postgres import LockNumber

LIMIT = 10


@pytest.mark.django_db
def test_a_frame_is_what_the_query_gives_with_its_gaps():
    query = "SELECT n, nullif(n, 2) AS odd FROM generate_series(1, %(last)s) AS n"

    frame = postgres.frame_of(query, {"last": 3}, dtype={"odd": "float64"})

    assert frame["n"].tolist() == [1, 2, 3]
    assert frame["odd"].isna().tolist() == [False, True, False]


@pytest.mark.django_db
def test_a_frame_without_rows_has_its_columns():
    frame = postgres.frame_of("SELECT 1 AS n WHERE false", dtype={"n": "float64"})

    assert (list(frame), len(frame)) == (["n"], 0)


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_held_until_its_transaction_ends():
    has_it = Event()

    def second():
        with transaction.atomic():
            postgres.lock(LockNumber.ALIAS_CHANGES)
            has_it.set()
        connection.close()

    with transaction.atomic():
        postgres.lock(LockNumber.ALIAS_CHANGES)
        waiting = Thread(target=second)
        waiting.start()
        assert not has_it.wait(0.3)

    assert has_it.wait(LIMIT)
    waiting.join(LIMIT)


def test_no_two_locks_have_one_number():
    assert len({number.value for number in LockNumber}) == len(LockNumber.__members__)


@pytest.mark.django_db
def test_more_time_ends_with_what_it_was_allowed_for(monkeypatch):
    """On one connection, again and again."""
    held = limits.Limits(1.5, 0.5, Places(4), Silence(), Seen())
    monkeypatch.setattr(limits, "_limits", held)

    for _ in range(12):
        with postgres.allowing(60):
            with postgres.allowing(30):  # less than what is allowed already
                pass
            assert shown("statement_timeout") == "1min"
            assert shown("lock_timeout") == "1min"
        assert shown("statement_timeout") == "1500ms"
        assert shown("lock_timeout") == "500ms"


def shown(name):
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]
