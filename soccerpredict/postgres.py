"""What Postgres can do and the ORM has no word for: COPY into frames, locks by number, ANALYZE."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, InterfaceError, connection, models

from soccerpredict.database import limits

if TYPE_CHECKING:
    import pandas as pd


ALLOW = """
    SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false)
"""


class LockNumber(IntEnum):
    """Advisory locks of ours, which have nothing but their numbers to be told apart by."""

    ALIAS_CHANGES = 0x50C3  # who promotes or retires a version, one at a time
    IMPORTS = 0x50C9  # shared by imports, so that undoing one waits for them, and they for it
    STORING = 0x50CA  # who stores matches, which might be the same ones
    JOBS = 0x50CC  # the first half of a job's lock; the second is the job's
    WAITING_JOBS = 0x50CE  # who counts those that wait, and adds one


def lock(number: LockNumber, *, shared: bool = False) -> None:
    """Wait for a lock and hold it until the transaction ends; several may share it."""
    how = "_shared" if shared else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{how}(%s)", [number.value])


@contextmanager
def allowing(seconds: float) -> Iterator[None]:
    """Let this thread's statements and waits for locks take so long, where there are limits."""
    held = limits.current()
    if held is None or limits.of_this_thread(held) >= seconds:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(ALLOW, [f"{seconds}s"] * 2)
    try:
        with limits.allowing(seconds):
            yield
    finally:
        with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
            cursor.execute(ALLOW, [f"{held.statement}s", f"{held.lock}s"])


def frame_of(
    query: str, values: Mapping[str, Any] | None = None, *, dtype: Mapping[str, Any]
) -> "pd.DataFrame":
    """What a query gives as a frame; by COPY, several times as fast as rows for a million of them.

    A moment is text and a truth is `t` or `f`: select a number of seconds and an int instead.
    """
    import pandas as pd  # here: web processes do without

    text = io.BytesIO()
    copy = f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)"
    with connection.cursor() as cursor, cursor.cursor.copy(copy, values) as chunks:
        for chunk in chunks:
            text.write(chunk)
    text.seek(0)
    return pd.read_csv(text, engine="pyarrow", dtype=dict(dtype))


def analyze(*grown: type[models.Model]) -> None:
    """Let the planner know of tables that have just grown; a fraction of a second each.

    Autovacuum looks at them a minute later. Until then the planner takes them for as small as they
    were, and may join a hundred thousand rows one by one.
    """
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in grown)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {names}")
