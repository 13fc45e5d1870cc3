"""Real servers, each under a folder of its own; their users are processes of their own."""

import os
import tempfile
from pathlib import Path

import pytest

from soccerpredict.embedded import locks
from tests.soccerpredict.embedded.users import User, end_keeper

TEST_TMP_MODE = 0o755  # pytest's own folders are closed to other accounts


@pytest.fixture
def start_user(tmp_path):
    """Start a process that uses the servers under `tmp_path / "var"`, or under `var`."""
    started = []

    def start(var=None, **how):
        user = User(var or tmp_path / "var", **how)
        started.append(user)
        return user

    yield start
    end_all(started)


@pytest.fixture(scope="package")
def shared(tmp_path_factory):
    """A user of servers that tests share and leave as they are."""
    user = User(tmp_path_factory.mktemp("shared") / "var").wait_for_start()
    yield user
    end_all([user])


@pytest.fixture
def open_folder():
    """A folder that every account may enter."""
    with tempfile.TemporaryDirectory(prefix="soccerpredict-open-") as name:
        Path(name).chmod(TEST_TMP_MODE)
        yield Path(name)


@pytest.fixture
def as_root():
    if os.geteuid() != 0:
        pytest.skip("only root has to change the account")


def end_all(users):
    for user in users:
        user.kill()
    for var in {user.var for user in users}:
        if not is_used(var):  # servers that tests share stay
            end_keeper(var)


def is_used(var):
    if not (var / "servers").is_dir():
        return False
    users = locks.open_lock(var / "servers" / "users.lock")
    try:
        return not locks.try_exclusive(users)
    finally:
        os.close(users)
