"""A server that takes connections and never answers, and one that takes long."""

import time

import psycopg
import pytest
from django.conf import settings

from soccerpredict.database import limits
from soccerpredict.database.connection import Connection
from soccerpredict.database.places import Places
from soccerpredict.database.seen import Seen
from soccerpredict.database.silence import Away, Silence
from tests.stack import eventually

SHORT = 0.3


@pytest.fixture
def limited(monkeypatch):
    """This process has limits, as a web server's has."""
    held = limits.Limits(SHORT, SHORT, Places(4), Silence(), Seen())
    monkeypatch.setattr(limits, "_limits", held)
    return held


@pytest.fixture
def connection(limited):
    with Connection.connect(settings.DATABASE_URL, autocommit=True) as made:
        yield made


def frozen(port):
    return f"postgresql://a:b@127.0.0.1:{port}/c?connect_timeout=2"


@pytest.mark.usefixtures("limited")
def test_after_one_has_waited_in_vain_the_others_are_told_at_once(frozen_port):
    with pytest.raises(psycopg.errors.ConnectionTimeout):
        Connection.connect(frozen(frozen_port))

    began = time.monotonic()
    with pytest.raises(Away):
        Connection.connect(frozen(frozen_port))
    assert time.monotonic() - began < 1


def test_a_statement_without_an_answer_ends_its_connection(connection, limited):
    with pytest.raises(Away):
        connection.execute("SELECT pg_sleep(20)")

    assert connection.closed
    assert limited.seen.missing_for is not None
    # The server is there: the thread that asks for us finds out, and all is as before.
    eventually(lambda: not_refused(limited))


def not_refused(limited):
    try:
        limited.silence.refuse()
    except Away:
        return False
    return True


def test_a_statement_may_be_allowed_more_time(connection):
    with limits.allowing(20):
        assert connection.execute("SELECT 1 FROM pg_sleep(1)").fetchone() == (1,)


def test_a_long_statement_ends_once_the_server_is_known_to_be_silent(connection, limited):
    asked = []

    def ask_in_vain():
        asked.append(True)
        time.sleep(0.05)
        if len(asked) < 40:
            raise psycopg.errors.ConnectionTimeout

    connection.ask_again = ask_in_vain
    began = time.monotonic()
    with limits.allowing(60), pytest.raises(Away):
        connection.execute("SELECT pg_sleep(20)")

    assert time.monotonic() - began < 15


def test_connections_of_before_an_outage_are_not_trusted(connection, limited):
    assert not connection.is_of_before

    limited.seen.missed()

    assert connection.is_of_before
    with Connection.connect(settings.DATABASE_URL) as fresh:
        assert not fresh.is_of_before


def test_no_answer_is_missed_while_there_are_some(connection, limited):
    connection.execute("SELECT 1")

    assert limited.seen.missing_for is None
