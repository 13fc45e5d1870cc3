"""The registry on a real MLflow: what it keeps, and what it says when it is away."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from predictions import registry
from predictions.registry import RegistryAway
from tests.predictions.aliases import alias_of
from tests.predictions.pipeline import database_beside, drop_database, has_database

pytestmark = pytest.mark.usefixtures("own_registry")

AWAY = {
    "no server": "postgresql+psycopg://x:y@127.0.0.1:1/mlflow",
    "no service": "http://127.0.0.1:1",
    "nonsense": "nonsense://x",
}


@pytest.fixture
def model(tmp_path):
    """A directory such as a fitted model is saved to."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.json").write_text('{"n": 1}')
    return folder


def register(folder, **fields):
    given = {
        "recipe": "test",
        "parameters": {"half_life_years": 7.0},
        "metrics": {"log_loss": 1.0},
        "tags": {"class": "A odds-free"},
        "columns": ["elo_home"],
        "classes": ["home_win", "draw", "away_win"],
    }
    return registry.register(folder, **{**given, **fields})


def test_versions_are_numbered_one_after_the_other(model):
    first, second = register(model), register(model)

    assert second.version == first.version + 1
    assert second.run_id != first.run_id
    assert second.uri == f"models:/{second.name}/{second.version}"


def test_an_alias_names_the_version_it_was_given_last(model):
    first, second = register(model), register(model)

    registry.set_alias("candidate", first.version)
    registry.set_alias("candidate", second.version)

    assert alias_of("candidate") == second.version


def test_an_alias_that_was_never_given_names_none(model):
    register(model)

    assert alias_of("nobody") is None


def test_a_download_brings_all_files(model, tmp_path):
    registered = register(model)

    registry.download(registered.run_id, tmp_path / "cache" / "copy")

    copied = {path.name for path in (tmp_path / "cache" / "copy").iterdir()}
    assert copied == {"model.json", "MLmodel"}


def test_a_failed_download_leaves_nothing(model, tmp_path):
    register(model)

    with pytest.raises(RegistryAway):
        registry.download("0" * 32, tmp_path / "cache" / "copy")

    assert list((tmp_path / "cache").iterdir()) == []


def test_a_copy_that_is_there_already_stays(model, tmp_path):
    registered = register(model)
    (tmp_path / "copy").mkdir()

    registry.download(registered.run_id, tmp_path / "copy")

    assert list((tmp_path / "copy").iterdir()) == []


def test_an_unknown_version_cannot_be_named(model):
    register(model)

    with pytest.raises(RegistryAway, match="99999"):
        registry.set_alias("candidate", 99_999)


@pytest.mark.parametrize("uri", AWAY.values(), ids=AWAY)
def test_when_it_is_away_it_says_so_in_one_line(uri, settings, monkeypatch, model):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    settings.MLFLOW_TRACKING_URI = uri

    with pytest.raises(RegistryAway, match=r"^MLflow failed") as raised:
        registry.set_alias("candidate", 1)

    assert "\n" not in str(raised.value)


def test_a_password_never_stands_in_the_message(settings):
    settings.MLFLOW_TRACKING_URI = "postgresql+psycopg://x:hush-hush@127.0.0.1:1/mlflow"

    with pytest.raises(RegistryAway) as raised:
        registry.set_alias("candidate", 1)

    assert "hush-hush" not in str(raised.value)


def test_its_database_is_made_once(settings):
    name = "test_mlflow_made"
    drop_database(name)
    try:
        with ThreadPoolExecutor(4) as processes:
            list(processes.map(registry._make_database, [database_beside(name)] * 4))
        assert has_database(name)
    finally:
        drop_database(name)


def test_a_database_of_another_server_is_not_made_on_ours(settings):
    settings.MLFLOW_TRACKING_URI = "postgresql+psycopg://x:y@127.0.0.1:1/test_mlflow_elsewhere"

    with pytest.raises(RegistryAway):
        registry.set_alias("candidate", 1)

    assert not has_database("test_mlflow_elsewhere")
