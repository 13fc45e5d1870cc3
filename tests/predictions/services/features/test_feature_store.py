"""Feature sets on disk: what is current is always whole."""

import threading

import numpy as np
import pytest
from django.conf import settings

from predictions.modelling.features.machine import History, TeamState
from predictions.services.features import building, feature_store
from predictions.services.features.feature_store import FeaturesCorrupt, FeaturesMissing
from tests.factories import DAY, NOON, make_match
from tests.predictions.pipeline import change_manifest, current_folder, flip_byte

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]


@pytest.fixture
def built():
    match = make_match(score=(2, 1))
    make_match(
        season=match.season,
        home_team=match.away_team,
        away_team=match.home_team,
        start_time_utc=NOON + 7 * DAY,
    )
    return building.build()


def one_more_match():
    return make_match(start_time_utc=NOON + 8 * DAY)


def test_a_set_is_read_back_as_it_was_written(built):
    found = feature_store.current()

    assert found.version == built.features.version
    assert found.index["outcome"].tolist() == [0, feature_store.NO_OUTCOME]
    assert found.index["neutral"].tolist() == [False, False]
    assert found.features.shape == (2, found.manifest["n_features"])
    assert found.state().n_results == len(found.history().results) == 1


def test_without_a_set_it_says_what_to_run():
    with pytest.raises(FeaturesMissing, match=r"run manage.py build_features\.$"):
        feature_store.current()


@pytest.mark.parametrize("name", feature_store.FILES)
def test_a_changed_file_is_named_and_a_build_heals_it(built, name):
    flip_byte(current_folder() / name)

    with pytest.raises(FeaturesCorrupt, match=rf"{name} is not the file .* build_features --full"):
        feature_store.current()
    building.build()

    assert feature_store.current().version == built.features.version


@pytest.mark.parametrize("name", [*feature_store.FILES, feature_store.MANIFEST])
@pytest.mark.parametrize("broken", ["missing", "empty", "cut short"])
def test_a_broken_file_is_refused_and_a_build_heals_it(built, name, broken):
    path = current_folder() / name
    content = path.read_bytes()
    path.unlink()
    if broken != "missing":
        path.write_bytes(content[: len(content) // 2] if broken == "cut short" else b"")

    with pytest.raises(FeaturesCorrupt, match="is broken"):
        feature_store.current()
    building.build()

    assert feature_store.current().version == built.features.version


@pytest.mark.parametrize("text", ["null", "[]", "{}", '{"files": null}', '"x"', "1"])
def test_a_manifest_of_another_shape_is_refused(built, text):
    (current_folder() / feature_store.MANIFEST).write_text(text)

    with pytest.raises(FeaturesCorrupt, match="it cannot be read"):
        feature_store.current()


def test_a_set_of_another_version_of_the_program_is_refused(built):
    change_manifest(feature_version=-1)

    with pytest.raises(FeaturesCorrupt, match="made by another version of the program"):
        feature_store.current()


def test_a_name_without_a_set_is_refused(built):
    (settings.FEATURES_DIR / feature_store.CURRENT).write_text("0123456789abcdef")

    with pytest.raises(FeaturesCorrupt, match="The feature set 0123456789abcdef is broken"):
        feature_store.current()


def disk_full(*args, **kwargs):
    raise OSError(28, "No space left on device")


STEPS = {
    "the table": (feature_store, "_write_table"),
    "the numbers": (np, "save"),
    "the state": (TeamState, "save"),
    "the history": (History, "save"),
    "the manifest": (feature_store, "_write_manifest"),
    "the installation": (feature_store, "_install"),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_failed_build_leaves_the_last_set(built, step, monkeypatch):
    one_more_match()
    with monkeypatch.context() as patch:
        patch.setattr(*step, disk_full)
        with pytest.raises(OSError, match="No space left"):
            building.build()

    assert feature_store.current().version == built.features.version
    assert building.build().features.manifest["n_matches"] == 3


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_failed_build_of_the_same_content_leaves_the_set(built, step, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(*step, disk_full)
        with pytest.raises(OSError, match="No space left"):
            building.build(full=True)

    assert feature_store.current().version == built.features.version


def test_the_same_content_touches_no_file_that_readers_hold(built):
    files = [current_folder() / name for name in feature_store.FILES]
    before = [path.stat().st_ino for path in files]

    again = building.build(full=True)

    assert again.features.version == built.features.version
    assert [path.stat().st_ino for path in files] == before


def test_left_overs_of_a_killed_writer_are_cleared_away(built):
    (settings.FEATURES_DIR / "feed.part").mkdir()
    (settings.FEATURES_DIR / "CURRENT.part").write_text("feed")

    one_more_match()
    building.build()

    assert not list(settings.FEATURES_DIR.glob("*.part"))


def test_the_set_before_is_kept_for_those_who_hold_it(built):
    versions = [built.features.version]
    for _ in range(2):
        one_more_match()
        versions.append(building.build().features.version)

    folders = {path.name for path in settings.FEATURES_DIR.iterdir() if path.is_dir()}
    assert folders == set(versions[1:])


def test_a_second_writer_waits_for_the_first():
    entered = threading.Event()

    def write():
        with feature_store.writing():
            entered.set()

    second = threading.Thread(target=write)
    with feature_store.writing():
        second.start()
        waited = not entered.wait(0.1)
    second.join(10)

    assert waited
    assert entered.is_set()
