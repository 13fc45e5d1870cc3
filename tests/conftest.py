"""Fixtures that every test may use."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoDbBlocker as Blocker
from pytest_django import Settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.stack import Stack

pytest_plugins = ["tests.trained_world"]
FIGURE = "figure"
# What shares a running stack. Both take long, so they go first, in two processes side by side.
STACKS = {
    "tests/browser/": "browser",
    "tests/deploy/": "stack",
    "tests/running/": "stack",
}


class Files(LoadScopeScheduling):
    """With `-n`: a file's tests run in one process, and so do all those that share a stack."""

    def _split_scope(self, nodeid: str) -> str:
        return stack_of(nodeid) or nodeid.partition("::")[0]


def stack_of(nodeid: str) -> str | None:
    """Which of the running stacks a test uses."""
    return next((name for folder, name in STACKS.items() if nodeid.startswith(folder)), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--moments", type=int, default=1, help="how often each command is killed, as `make faults`"
    )
    parser.addoption(
        "--screenshots", type=Path, help="a folder for pictures of each page, as `make screenshots`"
    )


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Files:
    return Files(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Those of a stack first: nothing is left to balance them with at the end."""
    yield
    items.sort(key=lambda item: stack_of(item.nodeid) is None)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Blocker
) -> None:
    """With `--reuse-db` a run that was killed may have left its world there."""
    if request.config.getoption("reuse_db"):
        from livescores.models import Region

        with django_db_blocker.unblock():
            if Region.objects.exists():
                call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files; the test is skipped where SOCCERPREDICT_DATA names none."""
    folder = os.environ.get("SOCCERPREDICT_DATA")
    if not folder:
        pytest.skip("set SOCCERPREDICT_DATA to the folder of real files")
    return Path(folder)


@pytest.fixture(autouse=True)
def _no_use_of_keys_left() -> Iterator[None]:
    """What one test counted would be written at the end of another's request."""
    from soccerpredict.access import usage

    yield
    usage._counts.clear()
    usage._noted.clear()


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
def closed_port() -> int:
    """Where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


@pytest.fixture
def frozen_port() -> Iterator[int]:
    """Where a connection is made and no byte ever comes: a server that was stopped."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield listener.getsockname()[1]


@pytest.fixture
def var_dir(tmp_path: Path, settings: Settings) -> Path:
    """Models, feature sets and reports of one test in a folder of its own."""
    settings.MODEL_CACHE_DIR = tmp_path / "models"
    settings.FEATURES_DIR = tmp_path / "features"
    settings.REPORTS_DIR = tmp_path / "reports"
    return tmp_path


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str, float], None]:
    """Tells of seconds that were measured; printed at the end, with all others of the run."""

    def tell(what: str, seconds: float) -> None:
        request.node.user_properties.append((FIGURE, f"{what}: {seconds * 1000:.0f} ms"))

    return tell


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, line in report.user_properties:
            if name == FIGURE and report.when == "call":
                terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Blocker) -> Iterator[Stack]:
    """A web server and a worker that run, on a world of their own; other tests see none of it."""
    from tests import stack_world  # it brings in all that trains models

    running = Stack(tmp_path_factory.mktemp("stack"))
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
