"""What an import changes is kept by the database's own triggers while the transaction names it.

What it reads is kept here: an import that met a match, or a club's name, as another had written it
builds on that other.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from livescores.models import Match, Season, SourcePage, Team
from livescores.models.imports import ImportChange, ImportReport

UNDOING = "undo"
READING = (ImportChange.Kind.READ, ImportChange.Kind.COMPARED)
ROUTINE_KEPT = timedelta(days=7)
NAME = "SELECT current_setting('soccerpredict.import', true)"
SET_NAME = "SELECT set_config('soccerpredict.import', %s, true)"
KEEP = """
    INSERT INTO livescores_importchange (report_id, "table", kind, ids)
    SELECT current_setting('soccerpredict.import', true)::bigint, %(table)s, %(kind)s, ids
    FROM (SELECT range_agg(int8range(id, id, '[]')) AS ids FROM ({rows}) found (id)) ranges
    WHERE current_setting('soccerpredict.import', true) ~ '^[0-9]+$' AND ids IS NOT NULL
"""
GIVEN = KEEP.format(rows="SELECT unnest(%(ids)s::bigint[])")
# The matches that the rows are, and others of the same pair and season, which they might have been.
MET = KEEP.format(
    rows="""SELECT match_id FROM incoming_match WHERE match_id IS NOT NULL
            UNION
            SELECT m.id FROM incoming_match i JOIN akin_season s ON s.season_id = i.season_id
            JOIN livescores_match m ON m.season_id = s.akin_id
             AND m.home_team_id = i.home_team_id AND m.away_team_id = i.away_team_id"""
)
CLUBS = KEEP.format(
    rows="SELECT home_team_id FROM incoming_match UNION SELECT away_team_id FROM incoming_match"
)
SEASONS = KEEP.format(rows="SELECT DISTINCT season_id FROM incoming_match")


def has_changed(report: ImportReport) -> bool:
    """Whether it wrote more than that it has asked; reading leaves nothing to take back."""
    written = ImportChange.objects.filter(report=report).exclude(kind__in=READING)
    return written.exclude(table=SourcePage._meta.db_table).exists()


def forget_routine() -> int:
    """Forget old runs of feeds by the timetable; how many they were."""
    old = ImportReport.objects.filter(is_routine=True, started_at__lt=timezone.now() - ROUTINE_KEPT)
    return old.delete()[1].get(ImportReport._meta.label, 0)


@contextmanager
def named(name: ImportReport | str) -> Iterator[None]:
    """What this transaction changes from here on is this import's. Inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(NAME)
        (before,) = cursor.fetchone()
        cursor.execute(SET_NAME, [str(name.pk) if isinstance(name, ImportReport) else name])
        yield  # an error rolls the setting back with all else
        cursor.execute(SET_NAME, [before or ""])


def keep_met(cursor: Any) -> None:
    """What the rows of `incoming_match` met."""
    for model, query in ((Match, MET), (Team, CLUBS), (Season, SEASONS)):
        cursor.execute(query, {"table": model._meta.db_table, "kind": ImportChange.Kind.READ})


def keep_read(model: type[models.Model], ids: Iterable[int]) -> None:
    """Rows that the import read."""
    _keep(model, ids, ImportChange.Kind.READ)


def keep_compared(model: type[models.Model], ids: Iterable[int]) -> None:
    """Regions of which it read all names and results, to find out who is who."""
    _keep(model, ids, ImportChange.Kind.COMPARED)


def _keep(model: type[models.Model], ids: Iterable[int], kind: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(GIVEN, {"table": model._meta.db_table, "kind": kind, "ids": list(ids)})
