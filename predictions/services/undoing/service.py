"""Undo an import: what it inserted goes, what it updated is as before, exactly, or not at all."""

from collections.abc import Collection

from django.db import IntegrityError, connection, transaction
from django.db.models import Min
from django.utils import timezone

from livescores.models import ImportChange, ImportReport, SourcePage
from livescores.services import import_changes
from predictions.services.importing.files import is_running
from predictions.services.undoing import builders, restoring
from predictions.services.undoing.refusals import BuiltUpon, CannotUndo, in_words
from soccerpredict import postgres
from soccerpredict.errors import NotFound
from soccerpredict.postgres import LockNumber

MOST_REASON = 300


def undo(report_id: int, *, by: str, why: str = "", with_later: bool = False) -> list[ImportReport]:
    """The reports that were undone, the newest first; `with_later` takes those that build on it.

    Raises:
        NotFound: there is no such import.
        CannotUndo: it was undone, still runs, or something builds on it.
    """
    taking = {report_id}
    while True:
        try:
            with transaction.atomic():
                postgres.lock(LockNumber.IMPORTS)
                return [_undo(one, by, why, taking) for one in sorted(taking, reverse=True)]
        except BuiltUpon as exc:
            if not with_later or exc.later <= taking:
                raise
            taking |= exc.later


def sentence(report: ImportReport) -> str:
    return f"{in_words(report).capitalize()} is undone: {report.undone_what}"


def _undo(report_id: int, by: str, why: str, together: Collection[int]) -> ImportReport:
    report = _possible(report_id)
    changes = ImportChange.objects.filter(report=report)
    own = changes.exclude(table__in=restoring.HANDED_ON)  # those may be older than the import
    first = own.aggregate(first=Min("pk"))["first"]
    with import_changes.named(import_changes.UNDOING):
        if first is not None:
            others = [one for one in together if one != report_id]
            builders.refuse_if_built_upon(report, first, others)
            report.undone_what = str(restoring.put_back(report))
        else:
            report.undone_what = str(restoring.PutBack())
        # A feed goes on from where it stands: what it told before, it must tell anew.
        SourcePage.objects.filter(source=report.source, state__isnull=False).update(state=None)
        _refuse_dangling(report)
    changes.delete()
    report.status = ImportReport.Status.UNDONE
    report.undone_by, report.undone_at = by, timezone.now()
    report.undone_why = why.strip()[:MOST_REASON]
    report.save()
    return report


def _refuse_dangling(report: ImportReport) -> None:
    """What nobody thought of, before the end of the transaction finds it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as exc:
        told = str(exc).partition("DETAIL:")[2].strip() or str(exc)
        raise CannotUndo(
            f"{in_words(report).capitalize()} cannot be undone: a row that stays needs one that "
            f"would go. {told}"
        ) from exc


def _possible(report_id: int) -> ImportReport:
    report = ImportReport.objects.select_for_update().filter(pk=report_id).first()
    if report is None:
        raise NotFound(f"There is no import {report_id}.")
    if report.status == ImportReport.Status.UNDONE:
        raise CannotUndo(
            f"{in_words(report).capitalize()} was undone already, by {report.undone_by} on "
            f"{report.undone_at:%Y-%m-%d %H:%M}."
        )
    if report.status == ImportReport.Status.RUNNING and is_running(report):
        raise CannotUndo(f"{in_words(report).capitalize()} still runs: wait for its end.")
    if not report.keeps_changes:
        raise CannotUndo(
            f"{in_words(report).capitalize()} was done before changes were kept: nothing tells "
            "what it changed."
        )
    return report
