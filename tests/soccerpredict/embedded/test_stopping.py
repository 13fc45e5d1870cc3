"""Servers end with their last user, however that ends, and keep what they were told."""

import os
import signal
import threading

import psycopg
import pytest
import redis

from soccerpredict.embedded import keeper, locks
from tests.soccerpredict.embedded.users import (
    PATIENCE_SECONDS,
    is_running,
    keeper_of,
    server_processes,
    wait_until_ended,
)
from tests.stack import eventually


def test_they_stop_when_the_last_user_has_gone(start_user):
    user = start_user().wait_for_start()
    everything = [keeper_of(user.var), *server_processes(user.var)]

    user.leave()

    wait_until_ended(everything)
    assert not (user.var / "servers" / "state.json").exists()


@pytest.mark.fault
def test_they_stop_when_the_last_user_was_killed_and_their_data_stays(start_user):
    user = start_user()
    user.sql("CREATE TABLE goals AS SELECT 4711 AS number")
    user.redis().set("goals", "4711")
    servers = server_processes(user.var)

    user.kill()
    wait_until_ended(servers)
    successor = start_user()

    assert successor.sql("SELECT number FROM goals") == 4711
    assert successor.redis().get("goals") == "4711"
    assert successor["SECRET_KEY"] == user["SECRET_KEY"]


@pytest.mark.fault
@pytest.mark.parametrize("place", [0, 1], ids=["postgres", "valkey"])
def test_one_that_dies_is_started_again_where_it_was(start_user, place):
    user = start_user()
    user.sql("CREATE TABLE goals AS SELECT 4711 AS number")
    user.redis().set("goals", "4711")
    servers = server_processes(user.var)

    servers[place].kill()
    wait_until_ended([servers[place]])

    assert eventually(lambda: found(user)) == (4711, "4711")  # at the addresses that it knows
    assert is_running(servers[1 - place])
    log = user.var / "servers" / "keeper.log"
    assert eventually(lambda: "runs again." in log.read_text())


def found(user):
    try:
        return user.sql("SELECT number FROM goals"), user.redis().get("goals")
    except (psycopg.Error, redis.RedisError):
        return None


@pytest.mark.fault
def test_one_that_does_not_come_up_any_more_ends_both_for_the_next_user(start_user):
    user = start_user().wait_for_start()
    postgres, valkey = server_processes(user.var)
    ending_keeper = keeper_of(user.var)
    folder = user.var / "servers" / "valkey"
    folder.rename(folder.with_name("away"))
    (user.var / "servers" / "valkey").write_text("no folder")

    valkey.kill()
    wait_until_ended([postgres, ending_keeper])
    folder.unlink()
    folder.with_name("away").rename(folder)
    successor = start_user()

    assert successor.sql("SELECT 1") == 1
    assert successor.redis().ping()


def test_ctrl_c_is_for_the_program_and_not_for_its_servers(start_user):
    user = start_user().wait_for_start()
    other = start_user().wait_for_start()

    os.killpg(user.process.pid, signal.SIGINT)
    user.process.wait(PATIENCE_SECONDS)

    assert other.sql("SELECT 1") == 1
    assert other.redis().ping()


def test_they_stay_while_anybody_uses_them(tmp_path, monkeypatch):
    monkeypatch.setattr(keeper, "LINGER_SECONDS", 0.05)
    monkeypatch.setattr(keeper, "POLL_SECONDS", 0.01)
    user = locks.open_lock(tmp_path / "users.lock")
    locks.share(user)
    waiting = threading.Thread(target=keeper.wait_for_the_end, args=(tmp_path, []))

    waiting.start()
    waiting.join(0.3)
    stayed = waiting.is_alive()
    os.close(user)
    waiting.join(10)

    assert stayed
    assert not waiting.is_alive()


def test_a_second_keeper_gives_way(tmp_path):
    first = locks.open_lock(tmp_path / "servers" / "keeper.lock")
    assert locks.try_exclusive(first)

    keeper.main(tmp_path)

    assert not (tmp_path / "servers" / "state.json").exists()
    os.close(first)
