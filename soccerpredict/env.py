"""Read the environment, loudly: a missing or misspelt value stops the start-up."""

import os

from django.core.exceptions import ImproperlyConfigured


def env(name: str, default: str | None = None) -> str:
    """The variable's value; one left empty, as the example file has it, counts as not set."""
    value = os.environ.get(name) or default
    if value is None:
        raise ImproperlyConfigured(f"Set {name}; see .env.example.")
    return value


def env_bool(name: str, *, default: bool) -> bool:
    value = env(name, str(default))
    if value not in ("True", "False"):
        raise ImproperlyConfigured(f"{name}={value!r}: write True or False.")
    return value == "True"


def env_int(name: str, *, default: int) -> int:
    value = env(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number.") from None


def env_list(name: str, *, default: str = "") -> list[str]:
    return [item.strip() for item in env(name, default).split(",") if item.strip()]


def web_workers() -> int:
    """Web processes: gunicorn starts them, and each knows of the others' share of a key's limit."""
    return env_int("WEB_WORKERS", default=2)


def web_threads() -> int:
    """Of each web process: gunicorn starts them, and settings let half of them wait for workers."""
    return env_int("WEB_THREADS", default=16)


def web_connections_of_address() -> int:
    """Open connections of one client's address, in each web process; a proxy is one client."""
    return env_int("WEB_CONNECTIONS_PER_ADDRESS", default=256)
