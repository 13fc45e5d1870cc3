"""API keys end up where clients put them: no log line and no error body repeats one."""

import re

KEY = re.compile(r"sp_([0-9a-f]{8})_[A-Za-z0-9_-]{43}")
LIKE_A_KEY = re.compile(r"(sp_[0-9a-f]{8}_)[A-Za-z0-9_-]+")  # one that was cut short, too
MARK = "sp_"


def masked(text: str) -> str:
    """The text with the secret part of every key in it left out; the prefix tells whose it was."""
    return LIKE_A_KEY.sub(r"\1***", text) if MARK in text else text


def holds_key(text: str) -> bool:
    return MARK in text and LIKE_A_KEY.search(text) is not None
