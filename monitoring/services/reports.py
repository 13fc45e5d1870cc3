"""The newest drift and quality reports, as the commands left them."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import orjson
from django.conf import settings

from soccerpredict.http.conditional import etag_of
from soccerpredict.http.errors import NotFound, SoccerPredictError

logger = logging.getLogger(__name__)

Kind = Literal["drift", "quality"]


class ReportUnreadable(SoccerPredictError):
    code = "report_unreadable"
    title = "Report unreadable"


@dataclass(frozen=True, slots=True)
class Report:
    content: bytes
    etag: str


def newest(kind: Kind) -> Report:
    """The newest report of a kind, byte by byte.

    Raises:
        NotFound: there has been none yet.
        ReportUnreadable: the file is not the JSON object that it should be.
    """
    path = Path(settings.REPORTS_DIR, kind, "latest.json")
    try:
        found = path.stat()
        return _read(path, found.st_ino, found.st_mtime_ns, found.st_size)
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise NotFound(f"There is no {kind} report yet.") from exc
    except (OSError, ValueError) as exc:
        logger.exception("%s cannot be read", path)
        raise ReportUnreadable(f"The newest {kind} report cannot be read.") from exc


@lru_cache(maxsize=8)
def _read(path: Path, inode: int, mtime_ns: int, size: int) -> Report:
    """The checked file; the rest of the arguments tell when it is another one."""
    content = path.read_bytes()
    if type(orjson.loads(content)) is not dict:
        raise ValueError("A report is a JSON object.")
    return Report(content=content, etag=etag_of(content))
