"""numba's decorator, typed."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile `function` to machine code, once per machine (NUMBA_CACHE_DIR says where).

    The cache knows a function by its own file only: compiled functions that call each other
    live in one module, and what may change is an argument, never a global.
    """
    return cast("Callable[P, R]", numba.njit(cache=True)(function))
