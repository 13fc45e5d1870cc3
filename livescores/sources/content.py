"""From the bytes of a file to text or JSON, refused in one sentence where they are neither."""

from typing import Any

import orjson

from livescores.sources.archives import GZIP, LONGEST, unzipped
from livescores.sources.records import FileRejected


def plain(content: bytes, name: str = "") -> bytes:
    """The bytes themselves, unzipped where they are gzip.

    Raises:
        FileRejected: damaged gzip, or more than 64 MB.
    """
    if name.lower().endswith(".gz") or content[:2] == GZIP:
        content = unzipped(content)
    if len(content) > LONGEST:
        raise FileRejected("The file is larger than 64 MB.")
    return content


def refuse_other_forms(content: bytes, expected: str) -> None:
    if not content.strip():
        raise FileRejected("The file is empty.", 1)
    if b"\0" in content:
        raise FileRejected("The file is binary, not text.", 1)
    if content.lstrip()[:1] == b"<":
        raise FileRejected(f"The file is a web page, not {expected}.", 1)


def json_of(content: bytes, line: int | None = None) -> Any:
    """The JSON value; `line` is where it stands, for files with one value a line."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as exc:
        raise FileRejected(f"This is not JSON: {exc.msg}.", line or exc.lineno) from exc
