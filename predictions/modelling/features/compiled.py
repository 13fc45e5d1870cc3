"""numba's decorator, typed."""

import hashlib
import inspect
import os
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` to machine code, once per machine and state of its package.

    numba's cache knows a function by its own file only. Compiled functions call each other and
    use constants across the files of one package, so all of them name the cache's folder.

    >>> from predictions.modelling.features.kernel.chances import outcome_probabilities
    >>> round(sum(outcome_probabilities(1.6, 1.1)), 9)
    1.0
    """
    cache = _cache_of(Path(inspect.getfile(function)).parent)
    numba.config.CACHE_DIR = str(cache)  # type: ignore[attr-defined]
    return cast("Callable[P, R]", numba.njit(cache=True)(function))


@lru_cache
def _cache_of(package: Path) -> Path:
    """Beside the code, or where NUMBA_CACHE_DIR says, or in the user's own temporary folder."""
    content = hashlib.sha256()
    for path in sorted(package.glob("*.py")):
        content.update(path.name.encode() + path.read_bytes())
    name = f"numba-{content.hexdigest()[:16]}"
    stated = os.environ.get("NUMBA_CACHE_DIR")
    beside = Path(stated) if stated else package / "__pycache__"
    if os.access(beside if beside.exists() else beside.parent, os.W_OK):
        return beside / name
    return Path(tempfile.gettempdir(), f"soccerpredict-{os.getuid()}") / name
