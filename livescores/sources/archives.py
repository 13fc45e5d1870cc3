"""Files that hold others: gzip and zip, opened within limits of size and of how far they unpack."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from livescores.sources.records import FileRejected

LONGEST = 64 * 2**20
GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
RATIO = 200  # tables shrink to a fifth or a tenth; what unpacks further than this is a bomb
HARMLESS = 2**20  # bytes, which may have been packed as well as can be
MOST_MEMBERS = 2000
MEMBERS = (".csv", ".tsv", ".txt", ".xls", ".xlsx", ".json", ".jsonl", ".parquet")
WORKBOOK = "xl/workbook.xml"


def unzipped(content: bytes) -> bytes:
    """What a gzip file holds."""
    try:
        with gzip.open(io.BytesIO(content)) as file:
            plain = file.read(LONGEST + 1)
    except (OSError, EOFError, zlib.error) as exc:
        raise FileRejected(f"The gzip file is damaged: {exc}.") from exc
    refuse_bomb(len(plain), len(content))
    return plain


def is_archive(content: bytes) -> bool:
    """Whether it is a zip of files, and no workbook."""
    if not content.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return WORKBOOK not in archive.namelist()
    except zipfile.BadZipFile:
        return False


def members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The tables of a zip by name, in its order; folders, hidden files and others are left out.

    Raises:
        FileRejected: it is encrypted, damaged, holds an archive or no table, or unpacks too far.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = [part for part in archive.infolist() if _is_wanted(part.filename)]
            if not wanted:
                raise FileRejected("The archive holds no table.")
            if len(wanted) > MOST_MEMBERS:
                raise FileRejected(f"The archive holds more than {MOST_MEMBERS} files.")
            yield from _read(archive, wanted)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as exc:
        raise FileRejected(f"The archive is damaged: {exc}.") from exc
    except RuntimeError as exc:  # as zipfile says that it needs a password
        raise FileRejected("The archive is encrypted.") from exc


def _is_wanted(name: str) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in path.parts)
    return path.name.lower().endswith(MEMBERS) and not hidden


def _read(archive: zipfile.ZipFile, wanted: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """Sizes that an archive states are only believed once it is read."""
    left = LONGEST
    for part in wanted:
        with archive.open(part) as file:
            plain = file.read(left + 1)
        left -= len(plain)
        if left < 0:
            raise FileRejected("The archive unpacks to more than 64 MB: import its files.")
        refuse_bomb(len(plain), part.compress_size)
        yield part.filename, plain


def refuse_bomb(plain: int, packed: int) -> None:
    if plain > HARMLESS and plain > RATIO * packed:
        raise FileRejected(f"It unpacks to more than {RATIO} times its size, as no table does.")
