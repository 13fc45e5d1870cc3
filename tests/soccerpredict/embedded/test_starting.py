"""Servers come up from packages, for their owner only, and are shared."""

import stat
from pathlib import Path

import psycopg
import pytest
import redis
from psycopg.conninfo import make_conninfo
from redis.backoff import NoBackoff
from redis.retry import Retry

from soccerpredict.embedded import binaries
from tests.soccerpredict.embedded.users import server_processes


def test_postgres_comes_up_from_the_package(shared):
    data_directory = Path(shared.sql("SHOW data_directory"))

    assert data_directory == shared.var / "servers" / "postgres"
    assert Path(server_processes(shared.var)[0].exe()).parent == binaries.postgres_folder()
    assert shared.sql("SELECT current_database()") == "soccerpredict"


def test_postgres_keeps_texts_in_utf_8(shared):
    assert shared.sql("SHOW server_encoding") == "UTF8"


def test_valkey_comes_up_from_the_package(shared):
    client = shared.redis()

    assert client.config_get("dir")["dir"] == str(shared.var / "servers" / "valkey")
    assert client.info("server")["executable"] == str(binaries.redis_program())


def test_a_second_process_shares_the_servers(shared, start_user):
    second = start_user(shared.var)

    assert second["DATABASE_URL"] == shared["DATABASE_URL"]
    assert second["REDIS_URL"] == shared["REDIS_URL"]


def test_a_second_process_has_the_same_secrets(shared, start_user):
    second = start_user(shared.var)

    assert second["SECRET_KEY"] == shared["SECRET_KEY"]
    assert second["API_KEY_PEPPER"] == shared["API_KEY_PEPPER"]
    assert len({shared["SECRET_KEY"], shared["API_KEY_PEPPER"]}) == 2


def test_processes_that_start_at_once_share_the_servers(start_user):
    users = [start_user() for _ in range(3)]

    assert len({user["DATABASE_URL"] for user in users}) == 1
    assert len({user["REDIS_URL"] for user in users}) == 1
    assert len({user["SECRET_KEY"] for user in users}) == 1


@pytest.mark.parametrize("password", ["wrong", ""])
def test_postgres_refuses_who_does_not_know_the_password(shared, password):
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(make_conninfo(shared["DATABASE_URL"], password=password))


@pytest.mark.parametrize("password", ["wrong", None])
def test_valkey_refuses_who_does_not_know_the_password(shared, password):
    port = shared.redis().connection_pool.connection_kwargs["port"]

    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=port, password=password, retry=Retry(NoBackoff(), 0)).ping()


def test_they_listen_on_the_loopback_only(shared):
    found = [
        connection.laddr.ip
        for process in server_processes(shared.var)
        for connection in process.net_connections()
        if connection.status == "LISTEN"
    ]

    assert found == ["127.0.0.1", "127.0.0.1"]


def test_secrets_are_for_their_owner_only(shared):
    secrets = [path for path in (shared.var / "secrets").iterdir() if path.name != "lock"]
    servers = shared.var / "servers"

    assert {path.name for path in secrets} == {
        *("secret_key", "api_key_pepper"),
        *("postgres_password", "valkey_password"),
    }
    for path in (*secrets, servers / "state.json", servers / "valkey" / "valkey.conf"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("folder", ["secrets", "servers/postgres", "servers/valkey"])
def test_folders_are_closed_to_others(shared, folder):
    assert stat.S_IMODE((shared.var / folder).stat().st_mode) == 0o700


def test_no_password_stands_in_a_command_line(shared):
    passwords = [
        (shared.var / "secrets" / name).read_text().strip()
        for name in ("postgres_password", "valkey_password")
    ]

    for process in server_processes(shared.var):
        assert not any(password in " ".join(process.cmdline()) for password in passwords)


def test_a_folder_may_have_a_space_and_a_quote_in_its_name(start_user, tmp_path):
    user = start_user(tmp_path / 'Müller "s var')

    assert user.sql("SELECT 1") == 1
    assert user.redis().ping()


def test_a_start_that_was_cut_short_does_not_hinder_the_next(start_user, tmp_path):
    half_made = tmp_path / "var" / "servers" / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")

    user = start_user()

    assert user.sql("SELECT 1") == 1
    assert not half_made.exists()
