from collections.abc import Iterator

import pytest

from tests import provider
from tests.provider import Provider


@pytest.fixture
def web() -> Iterator[Provider]:
    with provider.running() as server:
        yield server
