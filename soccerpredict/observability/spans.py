"""Spans of our own work in a trace. Nothing is imported, and nothing done, unless traces are on."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

Tell = Callable[..., AbstractContextManager[Any]]

_nothing: AbstractContextManager[Any] = nullcontext()
_tell: Tell | None = None


def span(name: str, **attributes: str) -> AbstractContextManager[Any]:
    """Around a piece of work: `with span("model.predict", stage=stage):`."""
    return _nothing if _tell is None else _tell(name, attributes=attributes)


def tell_to(tell: Tell | None) -> None:
    """Where spans go; None: nowhere."""
    global _tell  # one per process, as a logger is
    _tell = tell
