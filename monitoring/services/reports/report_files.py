"""The newest drift and quality reports: the commands leave them, requests read them."""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import orjson
from django.conf import settings

from predictions.models import Stage
from soccerpredict import whole_files
from soccerpredict.errors import NotFound, SoccerPredictError
from soccerpredict.http.output.conditional import etag_of

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


def headline(quality: dict[str, Any]) -> dict[str, Any]:
    """The group of a quality report that stands for all: the champion's newest 90 days."""
    wanted = (Stage.CHAMPION, "90d", None)
    for group in quality["groups"]:
        if (group["stage"], group["window"], group["league"]) == wanted:
            found: dict[str, Any] = group
            return found
    return {"n_matches": 0}


def drift_page() -> Path:
    """Where the page with the plots of the newest drift report is."""
    return Path(settings.REPORTS_DIR, "drift", "latest.html")


def write(kind: Kind, content: dict[str, Any]) -> Path:
    """Make a report the newest of its kind; a reader sees the old one or the new one, whole."""
    text = orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
    return whole_files.write(Path(settings.REPORTS_DIR, kind, "latest.json"), text)


@lru_cache(maxsize=8)
def _read(path: Path, inode: int, mtime_ns: int, size: int) -> Report:
    """The checked file; the rest of the arguments tell when it is another one."""
    content = path.read_bytes()
    if type(orjson.loads(content)) is not dict:
        raise ValueError("A report is a JSON object.")
    return Report(content=content, etag=etag_of(content))
