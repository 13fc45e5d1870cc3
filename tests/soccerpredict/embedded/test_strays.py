"""What a killed keeper leaves behind is ended; what is not ours is left alone."""

import subprocess

import pytest

from soccerpredict.embedded import server
from soccerpredict.embedded.valkey import Valkey
from tests.soccerpredict.embedded.users import (
    end_keeper,
    is_running,
    keeper_of,
    server_processes,
    wait_until_ended,
)


@pytest.fixture
def foreign():
    """A process that has nothing to do with us."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def test_servers_of_a_killed_keeper_are_ended_and_their_data_stays(start_user):
    user = start_user()
    user.sql("CREATE TABLE goals AS SELECT 4711 AS number")
    user.redis().set("goals", "4711")
    strays = server_processes(user.var)
    killed = keeper_of(user.var)

    killed.kill()
    wait_until_ended([killed])
    assert all(is_running(stray) for stray in strays)
    successor = start_user()

    assert successor.sql("SELECT number FROM goals") == 4711
    assert successor.redis().get("goals") == "4711"
    wait_until_ended(strays)


def test_a_foreign_process_with_the_number_of_a_server_is_not_touched(start_user, foreign):
    user = start_user().wait_for_start()
    end_keeper(user.var)
    folder = user.var / "servers"
    for name in ("postgres/postmaster.pid", "valkey/valkey.pid"):
        (folder / name).write_text(f"{foreign.pid}\n")

    successor = start_user()

    assert successor.sql("SELECT 1") == 1
    assert successor.redis().ping()
    assert foreign.poll() is None


@pytest.mark.parametrize("text", ["", "abc", "-5", "0x10", "4194999", "9" * 30])
def test_a_pid_file_that_names_no_process_is_no_stray(tmp_path, text):
    valkey = Valkey(tmp_path)
    valkey.prepare()
    valkey.pid_file().write_text(text)

    server.end_stray(valkey)

    assert valkey.pid_file().read_text() == text


def test_without_a_pid_file_there_is_no_stray(tmp_path):
    server.end_stray(Valkey(tmp_path))

    assert not Valkey(tmp_path).pid_file().exists()


def test_a_server_that_answers_on_the_port_is_not_taken_for_ours(tmp_path, shared):
    port = shared.redis().connection_pool.connection_kwargs["port"]
    other = Valkey(tmp_path)
    other.password = shared.redis().connection_pool.connection_kwargs["password"]

    assert not other.is_ours(port)
    assert Valkey(shared.var).is_ours(port)
