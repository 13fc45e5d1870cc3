"""One run of a job at a time, on however many machines: advisory locks of Postgres.

A lock belongs to a connection of its own, so it ends with the worker that holds it, however that
ends, and not when Django closes its connection in the middle of a job.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from soccerpredict.postgres import LockNumber

TAKE = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
# A machine that lost its power closes nothing: the server asks after a minute.
ASK_AFTER = "SET tcp_keepalives_idle = 60; SET tcp_keepalives_interval = 10"
HELD = """
    SELECT objid FROM pg_locks
    WHERE locktype = 'advisory' AND classid = %s AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
# `pg_locks` shows without a sign what `hashtext` answers with one.
NUMBERS = "SELECT key, hashtext(key) & 4294967295::bigint FROM unnest(%s::text[]) AS key"


@contextmanager
def held(key: str) -> Iterator[bool]:
    """Whether we are the one who runs this job now."""
    link = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with link.cursor() as cursor:
            cursor.execute(ASK_AFTER)
            cursor.execute(TAKE, [LockNumber.JOBS.value, key])
            got: bool = cursor.fetchone()[0]
        yield got
    finally:
        _let_go(link)


def _let_go(link: BaseDatabaseWrapper) -> None:
    """Free at once: the server would notice a closed connection a moment later."""
    with suppress(Error), link.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")
    link.close()


def held_among(keys: list[str]) -> set[str]:
    """Jobs that some worker runs at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, [keys])
        numbers = dict(cursor.fetchall())
        cursor.execute(HELD, [LockNumber.JOBS.value])
        taken = {number for (number,) in cursor.fetchall()}
    return {key for key, number in numbers.items() if number in taken}
