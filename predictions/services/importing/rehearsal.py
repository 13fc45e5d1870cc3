"""A dry run: the import as it would be, of which nothing stays but what it says.

It is the import itself in a transaction that is rolled back, so that it can promise nothing else
than the import does. Other imports wait for it where they write the same rows.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import QuerySet

from livescores.models import ImportChange, ImportReport, Season
from predictions.models import QuarantinedOdds

Kind = ImportChange.Kind
MOST_NAMED = 30
NAMES = """
    SELECT t.name FROM livescores_importchange c, unnest(c.ids) r, {table} t
    WHERE c.report_id = %s AND c."table" = '{table}' AND c.kind = 'insert'
      AND t.id >= lower(r) AND t.id < upper(r) ORDER BY t.name
"""
COLUMNS = """
    SELECT jsonb_object_keys(after), count(*) FROM livescores_importchange
    WHERE report_id = %s AND "table" = 'livescores_match' AND kind = 'update' GROUP BY 1
"""
MADE = {
    "regions": "livescores_region",
    "leagues": "livescores_tournament",
    "clubs": "livescores_team",
}
ALWAYS = ("updated_at", "source")  # columns that say nothing of a match


@contextmanager
def taken_back(really: bool = True) -> Iterator[None]:
    """What is done inside is rolled back at its end."""
    if not really:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def told(report: ImportReport) -> list[str]:
    """What the import would do, in lines. Before it is rolled back."""
    seasons = [f"{one.tournament.region} {one.tournament}, {one}" for one in _seasons(report)]
    return [
        *report.how_read.splitlines(),
        _line("seasons", seasons),
        *(_line(f"new {what}", _names(report, table)) for what, table in MADE.items()),
        f"Clubs that would wait for a decision: {_count(report, 'livescores_linkreview')}.",
        f"Contradictions that would be kept: {_count(report, 'livescores_matchconflict')}.",
        f"Columns of matches that would change: {_changes(report)}.",
        *_quarantined(report),
        "Nothing was stored.",
    ]


def _line(what: str, names: list[str]) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{what.capitalize()}: {shown or 'none'}{more}."


def _names(report: ImportReport, table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(NAMES.format(table=table), [report.pk])
        return [name for (name,) in cursor.fetchall()]


def _changes_of(report: ImportReport, table: str) -> QuerySet[ImportChange]:
    return ImportChange.objects.filter(report=report, table=table)


def _ids(report: ImportReport, table: str, *kinds: str) -> list[int]:
    """Of the rows that it inserted or read."""
    ids = "SELECT g FROM unnest(%s::int8multirange[]) m, unnest(m) r, generate_series(lower(r), upper(r) - 1) g"  # noqa: E501
    ranges = list(_changes_of(report, table).filter(kind__in=kinds).values_list("ids", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(ids, [ranges])
        return [pk for (pk,) in cursor.fetchall()]


def _count(report: ImportReport, table: str) -> int:
    return len(set(_ids(report, table, Kind.INSERT)))


def _seasons(report: ImportReport) -> QuerySet[Season]:
    ids = _ids(report, "livescores_season", Kind.INSERT, Kind.READ)
    found = Season.objects.filter(pk__in=ids).select_related("tournament__region")
    return found.order_by("tournament__region__name", "tournament__tier", "name")


def _changes(report: ImportReport) -> str:
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [report.pk])
        counts = Counter({name: n for name, n in cursor.fetchall() if name not in ALWAYS})
    told = [f"{name.replace('_', ' ')} of {n}" for name, n in counts.most_common()]
    return ", ".join(told) or "none"


def _quarantined(report: ImportReport) -> Iterator[str]:
    ids = _ids(report, "predictions_quarantinedodds", Kind.INSERT)
    rows = QuarantinedOdds.objects.filter(pk__in=ids).order_by("pk")
    yield f"Prices that would go into quarantine: {len(rows)}."
    for row in rows[:MOST_NAMED]:
        yield f"      {row.file}:{row.line or ''} {row.reason} ({row.as_read})"
