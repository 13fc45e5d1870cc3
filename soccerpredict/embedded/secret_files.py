"""Secrets that a machine makes for itself, once, readable by its owner only."""

import os
import secrets
from pathlib import Path


def read_or_make(var: Path, name: str, *, characters: int = 50) -> str:
    """The secret of this name under var/secrets, made on first use with mode 600."""
    folder = var / "secrets"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder / name
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        secret = secrets.token_urlsafe(characters)[:characters]
        file.write(secret + "\n")
    return secret
