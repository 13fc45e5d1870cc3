import pytest

from livescores.linking import spelling


@pytest.fixture(autouse=True)
def _no_names_remembered():
    """What an earlier test asked is worked out anew, so that each test sees the rules of today."""
    for remembered in (spelling.plain, spelling.mark, spelling.essence, spelling.likeness):
        remembered.cache_clear()
