"""Which content coding a client takes: gzip or none, by `Accept-Encoding` with its q-values."""

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from soccerpredict.errors import NotAcceptable

Coding = Literal["gzip", "identity"]

MAX_HEADER = 500
CHUNK = 64 * 1024
GZIP_WINDOW = 16 + zlib.MAX_WBITS
QUALITY = re.compile(r"[qQ]\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")


@lru_cache(maxsize=512)
def preferred(accept_encoding: str) -> Coding:
    """gzip where the client likes it at least as much as plain bytes.

    Raises:
        NotAcceptable: it takes neither.
    """
    qualities = _qualities(accept_encoding[:MAX_HEADER])
    anything = qualities.get("*")
    gzip = max(qualities.get("gzip", -1.0), qualities.get("x-gzip", -1.0))
    if gzip < 0:
        gzip = anything or 0.0
    identity = qualities.get("identity", 0.001 if anything is None else max(anything, 0.0))
    if gzip > 0 and gzip >= identity:
        return "gzip"
    if identity > 0:
        return "identity"
    raise NotAcceptable("This is to be had as gzip or without a content coding.")


def _qualities(header: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for item in header.split(","):
        name, _, parameter = item.partition(";")
        quality = QUALITY.fullmatch(parameter.strip())
        if name.strip():
            found[name.strip().lower()] = float(quality[1]) if quality else 1.0
    return found


def compress(content: bytes, level: int = 1) -> bytes:
    """gzip without a time stamp: equal contents make equal bytes."""
    packer = zlib.compressobj(level, zlib.DEFLATED, GZIP_WINDOW)
    return packer.compress(content) + packer.flush()


def decompressed(gzipped: bytes) -> Iterator[bytes]:
    """The plain bytes, chunk by chunk, never the whole in memory."""
    unpacker = zlib.decompressobj(GZIP_WINDOW)
    rest = gzipped
    while not unpacker.eof and rest:
        yield unpacker.decompress(rest, CHUNK)
        rest = unpacker.unconsumed_tail


def plain_size(gzipped: bytes) -> int:
    """Length of the plain bytes: the trailer of a gzip stream of one member, under 4 GiB."""
    return int.from_bytes(gzipped[-4:], "little")
