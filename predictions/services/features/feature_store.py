"""Feature sets on disk: written whole, verified by digest, swapped by one rename.

A set is a folder `var/features/<version>` with `match_features.parquet` (for people and training),
`features.npy` (the same numbers, to be mapped into memory by workers), the state and history of
the walk, and a manifest. The file CURRENT names the set that counts.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from django.conf import settings
from pyarrow import parquet

from predictions.modelling.arrays import Floats
from predictions.modelling.features.machine import (
    FEATURE_NAMES,
    FEATURE_VERSION,
    History,
    TeamState,
)
from soccerpredict import whole_files
from soccerpredict.errors import ServiceUnavailable

TABLE, NUMBERS = "match_features.parquet", "features.npy"
STATE, HISTORY, MANIFEST, CURRENT = "team_state.npz", "history.npz", "manifest.json", "CURRENT"
PART = ".part"  # the end of a name that does not count yet
FILES = (TABLE, NUMBERS, STATE, HISTORY)
KEPT = 2  # sets: the current one, and the one before it that a worker may still hold
INDEX = [
    "match_id",
    "kickoff",
    "known_at",
    "home_team_id",
    "away_team_id",
    "tournament_id",
    "neutral",
]
NO_OUTCOME = -1


class FeaturesMissing(ServiceUnavailable):
    code = "features_missing"
    title = "No features"


class FeaturesCorrupt(ServiceUnavailable):
    code = "features_corrupt"
    title = "The features cannot be trusted"


@dataclass(frozen=True)
class FeatureSet:
    """A verified set. `index` has one row a match, in order of kick-off: INDEX and outcome."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def version(self) -> str:
        return str(self.manifest["version"])

    @cached_property
    def index(self) -> pd.DataFrame:
        table = parquet.read_table(self.folder / TABLE, columns=[*INDEX, "outcome"])
        index: pd.DataFrame = table.to_pandas()
        return index

    @cached_property
    def features(self) -> Floats:
        """(n_matches, n_features), mapped: processes on one machine share the memory."""
        return np.asarray(np.load(self.folder / NUMBERS, mmap_mode="r", allow_pickle=False))

    @cached_property
    def row_of(self) -> dict[int, int]:
        """Match id → row."""
        return {int(match_id): row for row, match_id in enumerate(self.index["match_id"])}

    def state(self) -> TeamState:
        return TeamState.load(self.folder / STATE)

    def history(self) -> History:
        return History.load(self.folder / HISTORY)


def current() -> FeatureSet:
    """The current set, every file verified.

    Raises:
        FeaturesMissing: nothing was built yet.
        FeaturesCorrupt: a file is not the one that was written, or of another version.
    """
    version = current_version()
    if version is None:
        raise FeaturesMissing("There are no features yet: run manage.py build_features.")
    return verified(settings.FEATURES_DIR / version)


def current_version() -> str | None:
    try:
        return (settings.FEATURES_DIR / CURRENT).read_text().strip() or None
    except FileNotFoundError:
        return None


def last_count(database: str) -> int | None:
    """Matches of the current set, broken or not; None if it was made from another database."""
    version = current_version()
    try:
        manifest = json.loads((settings.FEATURES_DIR / (version or "") / MANIFEST).read_text())
        return int(manifest["n_matches"]) if manifest["database"] == database else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def left_out() -> list[int]:
    """Matches that broke a rule of the data when the current set was built."""
    version = current_version()
    try:
        manifest = json.loads((settings.FEATURES_DIR / (version or "") / MANIFEST).read_text())
        return list(manifest["left_out"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def verified(folder: Path) -> FeatureSet:
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        if manifest["feature_version"] != FEATURE_VERSION:
            raise FeaturesCorrupt(_broken(folder, "it was made by another version of the program"))
        for name in FILES:
            if digest_of(folder / name) != manifest["files"][name]:
                raise FeaturesCorrupt(_broken(folder, f"{name} is not the file that was written"))
    except (OSError, ValueError, KeyError, TypeError) as exc:
        raise FeaturesCorrupt(_broken(folder, f"it cannot be read ({type(exc).__name__})")) from exc
    return FeatureSet(folder, manifest)


def _broken(folder: Path, what: str) -> str:
    return f"The feature set {folder.name} is broken, {what}: run manage.py build_features --full."


def write(
    *,
    index: pd.DataFrame,
    features: Floats,
    state: TeamState,
    history: History,
    version: str,
    facts: dict[str, Any],
) -> FeatureSet:
    """Write a set under a temporary name, rename it, and make it the current one."""
    root: Path = settings.FEATURES_DIR
    for left_over in root.glob(f"*{PART}"):  # of a writer that was killed
        _remove(left_over)
    temporary = root / f"{version}{PART}"
    temporary.mkdir(parents=True)
    _write_table(index, features, temporary / TABLE)
    np.save(temporary / NUMBERS, np.ascontiguousarray(features), allow_pickle=False)
    state.save(temporary / STATE)
    history.save(temporary / HISTORY)
    manifest = {
        "version": version,
        "feature_version": FEATURE_VERSION,
        "n_matches": len(index),
        "n_features": len(FEATURE_NAMES),
        "files": {name: digest_of(temporary / name) for name in FILES},
        **facts,
    }
    _write_manifest(temporary, manifest)
    return _install(temporary, root / version, manifest)


def _install(temporary: Path, folder: Path, manifest: dict[str, Any]) -> FeatureSet:
    """Put the set in its place; what is current changes last, in one rename."""
    if not folder.exists():
        temporary.rename(folder)
    else:
        # It may be the current one: readers must never find it missing.
        manifest = _renew(temporary, folder, manifest)
    whole_files.write(folder.parent / CURRENT, folder.name.encode())
    _forget_old(folder)
    return FeatureSet(folder, manifest)


def _renew(temporary: Path, folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """Keep the files of a whole set of this content, replace those of a broken one."""
    try:
        manifest = {**manifest, "files": verified(folder).manifest["files"]}
    except FeaturesCorrupt:
        for name in FILES:
            (temporary / name).replace(folder / name)
    _write_manifest(folder, manifest)
    shutil.rmtree(temporary)
    return manifest


def _write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    text = json.dumps(manifest, indent=1, sort_keys=True)
    whole_files.write(folder / MANIFEST, text.encode())


def _forget_old(newest: Path) -> None:
    folders = [path for path in newest.parent.iterdir() if path.is_dir() and path != newest]
    folders.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in folders[KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _write_table(index: pd.DataFrame, features: Floats, path: Path) -> None:
    columns = {name: index[name].to_numpy() for name in [*INDEX, "outcome"]}
    # A name that is both a fact and a feature (neutral) stands once, as the fact.
    columns = {name: features[:, place] for place, name in enumerate(FEATURE_NAMES)} | columns
    # Ratings hardly ever repeat: dictionaries and statistics would cost more than they save.
    parquet.write_table(
        pa.table(columns), path, use_dictionary=False, write_statistics=False, compression="lz4"
    )


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def writing() -> Iterator[None]:
    """One writer at a time; the second waits."""
    root: Path = settings.FEATURES_DIR
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
