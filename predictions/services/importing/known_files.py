"""Which files of a folder are new or changed since they were last imported."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from livescores.models import ImportReport, SourcePage
from livescores.services import import_changes
from predictions.services.importing import files

PREFIX = "file:"
LONGEST = 480  # characters of a path that are kept: its end tells it apart


def news_of(source: str, paths: Iterable[Path]) -> tuple[list[Path], int]:
    """The files that have not been imported as they are now, and how many there are in all.

    Raises:
        InvalidInput: a path that does not exist, or no file at all.
    """
    found = files.files_under(source, paths)
    kept = SourcePage.objects.filter(source=source, url__startswith=PREFIX)
    known = dict(kept.values_list("url", "etag"))
    return [path for path in found if known.get(_name(path)) != _digest(path)], len(found)


def remember(source: str, paths: Sequence[Path]) -> None:
    """Those that the source's newest import has not refused, for as long as it is not undone."""
    report = ImportReport.objects.filter(source=source).latest("pk")
    refused = set(report.rejections.filter(what="file").values_list("file", flat=True))
    with transaction.atomic(), import_changes.named(report):
        for path in paths:
            if str(path)[-300:] not in refused:
                _remember(source, path)


def _remember(source: str, path: Path) -> None:
    now = timezone.now()
    SourcePage.objects.update_or_create(
        source=source,
        url=_name(path),
        defaults={"etag": _digest(path), "asked_at": now, "changed_at": now},
    )


def _name(path: Path) -> str:
    return PREFIX + str(path.resolve())[-LONGEST:]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
