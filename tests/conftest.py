"""Fixtures that every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.test import Client

from tests.stack import Stack

pytest_plugins = ["tests.trained_world"]


def group_of(item: pytest.Item) -> str:
    """What one process runs together: all that share the stack, else the tests of a file."""
    needs_stack = "stack" in getattr(item, "fixturenames", ())
    return "stack" if needs_stack else item.nodeid.partition("::")[0]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The stack's tests mostly wait, so they go first, beside the others in a second process."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group_of(item)))
    items.sort(key=lambda item: group_of(item) != "stack")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files; the test is skipped where SOCCERPREDICT_DATA names none."""
    folder = os.environ.get("SOCCERPREDICT_DATA")
    if not folder:
        pytest.skip("set SOCCERPREDICT_DATA to the folder of real files")
    return Path(folder)


@pytest.fixture
def visitor() -> Client:
    """Somebody with a browser."""
    return Client(raise_request_exception=False, headers={"Accept": "text/html,*/*;q=0.8"})


@pytest.fixture
def redis_client() -> Iterator[redis.Redis]:
    """The test run's own Redis database, empty before and after."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


@pytest.fixture
def var_dir(tmp_path: Path, settings: "pytest.FixtureRequest") -> Path:
    """Models, feature sets and reports of one test in a folder of its own."""
    settings.MODEL_CACHE_DIR = tmp_path / "models"
    settings.FEATURES_DIR = tmp_path / "features"
    settings.REPORTS_DIR = tmp_path / "reports"
    return tmp_path


@pytest.fixture(scope="session")
def stack(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: "pytest.FixtureRequest"
) -> Iterator[Stack]:
    """A web server and a worker that run, on a world of their own; other tests see none of it."""
    from tests import stack_world  # it brings in all that trains models

    running = Stack(tmp_path_factory.mktemp("stack"), settings.DATABASE_URL)
    try:
        running.start_servers()
        with django_db_blocker.unblock(), stack_world.inside(running):
            stack_world.migrate()
            running.start()
            stack_world.fill()
        running.await_programs()
        yield running
    finally:
        running.stop()
