"""Models on disk: native files, a manifest with their digests, and an answer to check.

Nothing is ever unpickled. A model that doesn't give the manifest's answer is not served.

>>> import tempfile
>>> from predictions.modelling.fitting.recipes import fit
>>> features = np.random.default_rng(0).normal(size=(90, len(FEATURE_NAMES)))
>>> fitted = fit("logistic", features, np.arange(90) % 3, np.arange(90))
>>> with tempfile.TemporaryDirectory() as folder:
...     directory = Path(folder)
...     facts = {"trained_until": datetime(2025, 8, 2), "dataset_version": "7"}
...     digest = save(fitted, directory, **facts)
...     load(directory, digest).recipe.name
'logistic'
"""

import hashlib
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from predictions.modelling.features.feature_names import FEATURE_NAMES, FEATURE_VERSION
from predictions.modelling.fitting.recipes import Fitted, recipe_of
from predictions.outcomes import LABELS

MANIFEST = "model.json"
# Of the golden answer: machines differ in the last bits of exp.
TOLERANCE = 1e-9
# All that the parts' own formats raise at content that is not theirs.
BROKEN = (
    KeyError,
    TypeError,
    ValueError,
    OSError,
    EOFError,
    zipfile.BadZipFile,
    lightgbm.basic.LightGBMError,
)


class ArtifactCorrupt(ValueError):
    """An artifact that is not what its manifest says; the text says where."""


def save(
    fitted: Fitted,
    directory: Path,
    *,
    trained_until: datetime,
    dataset_version: str,
    extra: dict[str, Any] | None = None,
) -> str:
    """Write a model and answer the digest of its manifest, which names all the rest."""
    directory.mkdir(parents=True, exist_ok=True)
    files = fitted.model.to_files()
    for name, content in files.items():
        (directory / name).write_bytes(content)
    manifest = {
        "recipe": fitted.recipe.name,
        "class": fitted.recipe.class_label,
        "may_see": fitted.recipe.recipe_class.promise,
        "kind": fitted.recipe.kind,
        "feature_version": FEATURE_VERSION,
        "feature_names": list(FEATURE_NAMES),
        "columns": list(fitted.recipe.columns),
        "classes": list(LABELS),
        "trained_until": trained_until.isoformat(),
        "dataset_version": dataset_version,
        "parameters": fitted.parameters(),
        "golden": {
            "features": fitted.golden.tolist(),
            "proba": fitted.predict_proba(fitted.golden).tolist(),
        },
        "files": {name: _sha256(content) for name, content in files.items()},
        "extra": extra or {},
    }
    text = json.dumps(manifest, sort_keys=True, indent=1).encode()
    (directory / MANIFEST).write_bytes(text)
    return _sha256(text)


def load(directory: Path, digest: str) -> Fitted:
    """Restore a model, having verified every byte and its golden answer.

    Raises
    ------
    ArtifactCorrupt
        If the manifest or a file is missing or changed, was made for other features, or
        the model answers its golden matches differently.
    """
    manifest = _manifest(directory, digest)
    files = {
        name: _verified(directory, name, sha) for name, sha in manifest.get("files", {}).items()
    }
    fitted = _restored(manifest, files)
    if not _answers_alike(fitted):
        raise ArtifactCorrupt("The model does not give the answer it was saved with.")
    return fitted


def _manifest(directory: Path, digest: str) -> dict[str, Any]:
    text = _verified(directory, MANIFEST, digest)
    try:
        manifest = dict(json.loads(text))
        version, names = manifest["feature_version"], tuple(manifest["feature_names"])
    except (KeyError, TypeError, ValueError) as exc:
        raise ArtifactCorrupt("The manifest is not one of a model.") from exc
    if version != FEATURE_VERSION:
        raise ArtifactCorrupt("The model was made for another version of the features.")
    if names != FEATURE_NAMES:
        raise ArtifactCorrupt("The model was made for other features than this program's.")
    return manifest


def _verified(directory: Path, name: str, digest: str) -> bytes:
    if Path(name).name != name:
        raise ArtifactCorrupt(f"{name!r} is not a plain file name.")
    try:
        content = (directory / name).read_bytes()
    except OSError as exc:
        raise ArtifactCorrupt(f"{name} cannot be read.") from exc
    if _sha256(content) != digest:
        raise ArtifactCorrupt(f"{name} is not the file that was saved.")
    return content


def _restored(manifest: dict[str, Any], files: dict[str, bytes]) -> Fitted:
    try:
        recipe = recipe_of(manifest["recipe"])
        golden = np.array(manifest["golden"]["features"], dtype=np.float64)
        return Fitted(recipe, recipe.restore(files), golden, manifest)
    except BROKEN as exc:
        raise ArtifactCorrupt(f"The model cannot be restored: {exc}") from exc


def _answers_alike(fitted: Fitted) -> bool:
    try:
        proba = fitted.manifest["golden"]["proba"]
        return np.allclose(fitted.predict_proba(fitted.golden), proba, rtol=0, atol=TOLERANCE)
    except (KeyError, ValueError):
        return False


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
