import os
import secrets
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from soccerpredict.embedded import secret_files


@pytest.fixture
def careless_mask():
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_secret_is_made_once(tmp_path):
    first = secret_files.read_or_make(tmp_path, "secret_key")

    assert secret_files.read_or_make(tmp_path, "secret_key") == first
    assert len(first) == 50


def test_two_secrets_differ(tmp_path):
    made = {secret_files.read_or_make(tmp_path, name) for name in ("one", "two")}

    assert len(made) == 2


@pytest.mark.usefixtures("careless_mask")
def test_only_its_owner_may_read_it(tmp_path):
    secret_files.read_or_make(tmp_path, "secret_key")

    folder = tmp_path / "secrets"
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_who_makes_it_at_the_same_time_gets_the_same(tmp_path, monkeypatch):
    def slow(characters):
        time.sleep(0.02)  # long enough for the others to come in between
        return secrets.token_hex(characters)

    monkeypatch.setattr(secret_files, "secrets", SimpleNamespace(token_urlsafe=slow))
    with ThreadPoolExecutor(8) as threads:
        made = threads.map(lambda _: secret_files.read_or_make(tmp_path, "secret_key"), range(8))

    assert len(set(made)) == 1


def test_a_secret_that_a_person_wrote_is_kept(tmp_path):
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "secret_key").write_text("from a person\n")

    assert secret_files.read_or_make(tmp_path, "secret_key") == "from a person"
