"""What is known of the request or task at hand: every log line that it causes tells it."""

import logging
from contextvars import ContextVar
from typing import Any

Facts = dict[str, Any]

_facts: ContextVar[Facts | None] = ContextVar("log_facts", default=None)


def begin(**facts: Any) -> None:
    """A request or task begins; what was known of the one before is forgotten."""
    _facts.set(facts)


def note(**facts: Any) -> None:
    """Say from now on what has become known; outside of a request or task there is no need."""
    known = _facts.get()
    if known is not None:
        known.update(facts)


def facts() -> Facts:
    return _facts.get() or {}


class ContextFilter(logging.Filter):
    """Gives every record the facts of its moment; a handler in another thread still finds them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "facts"):
            record.facts = dict(facts())
        return True
