"""Secrets that a machine makes for itself, once, readable by its owner only."""

import secrets
from pathlib import Path

from soccerpredict import whole_files
from soccerpredict.embedded import locks


def read_or_make(var: Path, name: str, *, characters: int = 50) -> str:
    """The secret of this name under var/secrets, made on first use with mode 600."""
    folder = var / "secrets"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / name
    # Of two commands that start together, one makes it and the other reads the same.
    with locks.exclusive(folder / "lock"):
        if not path.exists():
            write_private(path, secrets.token_urlsafe(characters)[:characters] + "\n")
    return path.read_text().strip()


def write_private(path: Path, text: str) -> None:
    """For the owner only; who reads at the same time finds the whole text or no file."""
    whole_files.write(path, text.encode(), mode=0o600)
