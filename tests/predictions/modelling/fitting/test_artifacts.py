"""Models on disk come back as they were, or not at all."""

import ast
import hashlib
import io
import json
import pickle
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

import predictions.modelling
from predictions.modelling.features.feature_names import ODDS_FREE
from predictions.modelling.fitting import artifacts
from predictions.modelling.fitting.artifacts import MANIFEST, ArtifactCorrupt, load, save
from predictions.modelling.fitting.recipes import RECIPES

pytestmark = pytest.mark.usefixtures("few_trees")

UNTIL = datetime(2026, 3, 1, tzinfo=UTC)
recipes = pytest.mark.parametrize("name", RECIPES)


def kept(model, directory):
    return save(model, directory, trained_until=UNTIL, dataset_version="d1")


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def resealed(directory, **changes):
    """Change the manifest's entries and answer its new digest, as somebody with a plan would."""
    path = directory / MANIFEST
    manifest = json.loads(path.read_text()) | changes
    manifest = {name: value for name, value in manifest.items() if value is not None}
    path.write_text(json.dumps(manifest))
    return sha256(path.read_bytes())


def with_file(directory, name, content):
    """Put another file in and reseal the manifest around it."""
    (directory / name).write_bytes(content)
    files = json.loads((directory / MANIFEST).read_text())["files"]
    return resealed(directory, files=files | {name: sha256(content)})


@pytest.fixture(scope="session")
def saved(fitted, tmp_path_factory):
    """The logistic model on disk, to copy from."""
    directory = tmp_path_factory.mktemp("saved")
    kept(fitted["logistic"], directory)
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.fixture
def folder(saved, tmp_path):
    """A copy of the logistic model that a test may spoil."""
    for name, content in saved.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@recipes
def test_a_model_comes_back_as_it_was(fitted, unseen, tmp_path, name):
    digest = kept(fitted[name], tmp_path)

    again = load(tmp_path, digest)

    rows = unseen.features[:100]
    assert again.recipe is RECIPES[name]
    assert_array_equal(again.predict_proba(rows), fitted[name].predict_proba(rows))
    assert_array_equal(again.explain(rows), fitted[name].explain(rows))
    assert_array_equal(again.golden, fitted[name].golden)


@recipes
def test_a_restored_model_is_saved_as_the_same_artifact(fitted, tmp_path, name):
    digest = kept(fitted[name], tmp_path / "one")

    again = kept(load(tmp_path / "one", digest), tmp_path / "two")

    one, two = (json.loads((tmp_path / place / MANIFEST).read_text()) for place in ("one", "two"))
    assert two["golden"] == one["golden"]
    assert again == digest


def test_the_digest_is_that_of_the_manifest(fitted, tmp_path):
    digest = kept(fitted["logistic"], tmp_path)

    assert digest == sha256((tmp_path / MANIFEST).read_bytes())


def test_the_manifest_says_what_the_model_is(fitted, tmp_path):
    digest = save(
        fitted["blend"],
        tmp_path,
        trained_until=UNTIL,
        dataset_version="d1",
        extra={"metrics": {"log_loss": 0.98}},
    )

    manifest = load(tmp_path, digest).manifest

    assert manifest["recipe"] == "blend"
    assert manifest["class"] == "A odds-free"
    assert manifest["classes"] == ["home_win", "draw", "away_win"]
    assert manifest["trained_until"] == "2026-03-01T00:00:00+00:00"
    assert manifest["dataset_version"] == "d1"
    assert manifest["extra"] == {"metrics": {"log_loss": 0.98}}
    assert manifest["may_see"].startswith("Results and match statistics; no odds")
    assert manifest["columns"] == list(ODDS_FREE)
    assert sorted(manifest["files"]) == [
        "booster.txt",
        "first.logistic.npz",
        "offset.json",
        "rest.logistic.npz",
    ]


@recipes
def test_every_files_every_change_is_noticed(fitted, tmp_path, name):
    digest = kept(fitted[name], tmp_path)

    for path in tmp_path.iterdir():
        content = path.read_bytes()
        for spoilt in (content[:-1], content + b"\n", flipped(content), b""):
            path.write_bytes(spoilt)
            with pytest.raises(ArtifactCorrupt, match=f"{path.name} is not the file"):
                load(tmp_path, digest)
        path.unlink()
        with pytest.raises(ArtifactCorrupt, match=f"{path.name} cannot be read"):
            load(tmp_path, digest)
        path.write_bytes(content)


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def test_another_digest_is_refused(folder):
    with pytest.raises(ArtifactCorrupt, match=r"model\.json is not the file"):
        load(folder, "0" * 64)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(ArtifactCorrupt, match="cannot be read"):
        load(tmp_path, "0" * 64)


@pytest.mark.parametrize("text", ["", "[]", "null", "1", '"x"', "{}", "{", '{"files": {}}'])
def test_a_manifest_of_something_else_is_refused(folder, text):
    (folder / MANIFEST).write_text(text)

    with pytest.raises(ArtifactCorrupt):
        load(folder, sha256(text.encode()))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"feature_version": 99}, "another version of the features"),
        ({"feature_names": ["elo"]}, "other features"),
        ({"recipe": "forest"}, "cannot be restored"),
        ({"recipe": "blend"}, "cannot be restored"),
        ({"recipe": None}, "cannot be restored"),
        ({"files": {}}, "cannot be restored"),
        ({"files": None}, "cannot be restored"),
        ({"golden": None}, "cannot be restored"),
        ({"golden": {"features": [[0.0], [0.0, 1.0]], "proba": []}}, "cannot be restored"),
        ({"golden": {"features": [], "proba": []}}, "not give the answer"),
        ({"golden": {"features": [[0.0]], "proba": [[0.4, 0.3, 0.3]]}}, "not give the answer"),
        ({"golden": {"features": [[0.0] * 72]}}, "not give the answer"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(folder, changes, reason):
    digest = resealed(folder, **changes)

    with pytest.raises(ArtifactCorrupt, match=reason):
        load(folder, digest)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/b", "..", ""])
def test_a_manifest_names_no_file_elsewhere(folder, name):
    (folder.parent / "secret").write_bytes(b"")
    digest = resealed(folder, files={name: sha256(b"")})

    with pytest.raises(ArtifactCorrupt, match=r"plain file name|cannot be read"):
        load(folder, digest)


@pytest.mark.parametrize("change", [1e-6, 0.1])
def test_a_model_that_answers_otherwise_than_it_was_saved_with_is_refused(folder, change):
    golden = json.loads((folder / MANIFEST).read_text())["golden"]
    golden["proba"][3][1] += change
    digest = resealed(folder, golden=golden)

    with pytest.raises(ArtifactCorrupt, match="not give the answer"):
        load(folder, digest)


def test_the_last_bits_may_differ_between_machines(folder):
    golden = json.loads((folder / MANIFEST).read_text())["golden"]
    golden["proba"][3][1] += 1e-11

    assert load(folder, resealed(folder, golden=golden)).recipe.name == "logistic"


def test_another_models_weights_are_noticed(folder):
    with np.load(folder / "first.logistic.npz") as arrays:
        content = dict(arrays)
    buffer = io.BytesIO()
    np.savez(buffer, **content | {"intercept": content["intercept"] + (0.01, 0.0, 0.0)})
    digest = with_file(folder, "first.logistic.npz", buffer.getvalue())

    with pytest.raises(ArtifactCorrupt, match="not give the answer"):
        load(folder, digest)


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04", b"\x93NUMPY"])
def test_weights_in_another_format_are_refused(folder, content):
    digest = with_file(folder, "first.logistic.npz", content)

    with pytest.raises(ArtifactCorrupt, match="cannot be restored"):
        load(folder, digest)


@pytest.mark.parametrize("content", [b"", b"tree\nversion=v4\n", b"\xff\xfe", b"not trees"])
def test_trees_in_another_format_are_refused(fitted, tmp_path, content):
    kept(fitted["boosted"], tmp_path)
    digest = with_file(tmp_path, "booster.txt", content)

    with pytest.raises(ArtifactCorrupt, match="cannot be restored"):
        load(tmp_path, digest)


class Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_a_pickle_in_an_artifact_is_refused_and_never_run(folder, tmp_path):
    trace = tmp_path / "trace"
    buffer = io.BytesIO()
    np.savez(buffer, centre=np.array([Bomb(trace)], dtype=object))

    for content in (buffer.getvalue(), pickle.dumps(Bomb(trace))):
        digest = with_file(folder, "first.logistic.npz", content)
        with pytest.raises(ArtifactCorrupt):
            load(folder, digest)

    assert not trace.exists()


@recipes
def test_no_model_is_pickled_on_its_way(fitted, tmp_path, monkeypatch, name):
    def refuse(*_, **__):
        pytest.fail("a pickle")

    for door in ("load", "loads", "dump", "dumps", "Unpickler", "Pickler"):
        monkeypatch.setattr(pickle, door, refuse)

    digest = kept(fitted[name], tmp_path)
    model = load(tmp_path, digest)

    assert model.recipe.name == name


def test_no_module_of_the_maths_imports_a_pickler():
    forbidden = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
    sources = Path(predictions.modelling.__file__).parent.rglob("*.py")

    for path in sources:
        imported = {
            name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
            )
        }
        assert not imported & forbidden, path.name
        assert "allow_pickle=True" not in path.read_text(), path.name


def test_features_of_the_program_decide_not_those_of_the_file(folder, saved, monkeypatch):
    monkeypatch.setattr(artifacts, "FEATURE_NAMES", ("elo",))

    with pytest.raises(ArtifactCorrupt, match="other features"):
        load(folder, sha256(saved[MANIFEST]))
