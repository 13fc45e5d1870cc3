"""Who builds on an import: later ones that met what it wrote, and people who changed its rows.

An import that only read a row as another had written it would have done something else without it,
so that counts, too: undoing must leave what there would be had the import never been done.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.apps import apps
from django.db import connection

from livescores.models import ImportReport
from predictions.services.importing.feeds import FEEDS
from predictions.services.undoing.refusals import BuiltUpon, CannotUndo, in_words

# Tables whose rows belong to a match: who wrote them, wrote what is known of the match.
OF_MATCHES = (
    "predictions_odds",
    "predictions_twowayodds",
    "predictions_quarantinedodds",
    "livescores_matchlink",
    "livescores_matchconflict",
)
DECIDED = ("livescores_linkreview", "livescores_matchconflict", "predictions_quarantinedodds")
ALONE = (
    "livescores_match",
    "livescores_team",
    "livescores_season",
    "livescores_tournament",
    "livescores_region",
    "livescores_clubrating",
)
ALIASES = ("livescores_teamalias", "livescores_tournamentalias", "livescores_regionalias")
OWN = """
    CREATE TEMPORARY TABLE IF NOT EXISTS own_row ("table" text, id bigint) ON COMMIT DROP;
    TRUNCATE own_row;
    CREATE TEMPORARY TABLE IF NOT EXISTS written ("table" text, ids int8multirange)
        ON COMMIT DROP;
    TRUNCATE written
"""
# Rows that it inserted, updated or deleted.
ROWS = """
    INSERT INTO own_row
    SELECT c."table", g.id
    FROM livescores_importchange c, unnest(c.ids) r,
         generate_series(lower(r), upper(r) - 1) g (id)
    WHERE c.report_id = %(report)s AND c.kind = 'insert' AND c."table" = ANY(%(tables)s)
    UNION
    SELECT c."table", c.key::bigint FROM livescores_importchange c
    WHERE c.report_id = %(report)s AND c.kind IN ('update', 'delete')
      AND c."table" = ANY(%(tables)s)
"""
MATCHES_BY_RANGE = """
    INSERT INTO own_row
    SELECT DISTINCT 'livescores_match', o.match_id
    FROM livescores_importchange c, unnest(c.ids) r, {table} o
    WHERE c.report_id = %(report)s AND c.kind = 'insert' AND c."table" = '{table}'
      AND o.id >= lower(r) AND o.id < upper(r)
"""
MATCHES_BY_KEY = """
    INSERT INTO own_row
    SELECT DISTINCT 'livescores_match', coalesce(o.match_id, (c.before ->> 'match_id')::bigint)
    FROM livescores_importchange c LEFT JOIN {table} o ON o.id = c.key::bigint
    WHERE c.report_id = %(report)s AND c.kind IN ('update', 'delete') AND c."table" = '{table}'
      AND coalesce(o.match_id, (c.before ->> 'match_id')::bigint) IS NOT NULL
"""
WRITTEN = """
    INSERT INTO written
    SELECT "table", range_agg(int8range(id, id, '[]')) FROM own_row GROUP BY "table"
"""
# Each gives the reports that build on this one, the table and the row of which it is seen.
# A feed makes no match, and what its runs by the timetable say of one goes or stays with it: such
# a run builds on another of a feed, and where it changed again what was changed.
MET = """
    SELECT DISTINCT ON (c.report_id) c.report_id, c."table",
           coalesce(nullif(c.key, '')::bigint, lower(c.ids * w.ids)) AS row
    FROM livescores_importchange c JOIN written w ON w."table" = c."table"
    JOIN livescores_importreport r ON r.id = c.report_id
    WHERE (NOT r.is_routine OR %(is_feed)s OR c.kind = 'update' AND EXISTS (
              SELECT FROM livescores_importchange own
              WHERE own.report_id = %(report)s AND own.kind = 'update'
                AND own."table" = c."table" AND own.key = c.key))
      AND c.report_id <> %(report)s AND c.id > %(first)s AND c.report_id <> ALL(%(ignoring)s)
      AND c."table" = ANY(%(alone)s) AND c.kind <> 'compared'
      AND (c.ids && w.ids OR (c.key <> '' AND w.ids @> c.key::bigint))
    ORDER BY c.report_id, c.id
"""
NAMED = """
    SELECT DISTINCT ON (c.report_id) c.report_id, 'livescores_team', a.team_id
    FROM own_row o JOIN livescores_teamalias a ON a.id = o.id
    JOIN livescores_importreport r ON r.source = a.source
    JOIN livescores_importchange c ON c.report_id = r.id AND c.ids @> a.team_id
    WHERE o."table" = 'livescores_teamalias' AND c."table" = 'livescores_team'
      AND c.report_id <> %(report)s AND c.id > %(first)s AND c.report_id <> ALL(%(ignoring)s)
    ORDER BY c.report_id
"""
LEAGUES_NAMED = """
    SELECT DISTINCT ON (c.report_id) c.report_id, 'livescores_season', s.id
    FROM own_row o
    LEFT JOIN livescores_tournamentalias ta
        ON o."table" = 'livescores_tournamentalias' AND ta.id = o.id
    LEFT JOIN livescores_regionalias ra
        ON o."table" = 'livescores_regionalias' AND ra.id = o.id
    JOIN livescores_tournament t ON t.id = ta.tournament_id OR t.region_id = ra.region_id
    JOIN livescores_season s ON s.tournament_id = t.id
    JOIN livescores_importreport r ON r.source = coalesce(ta.source, ra.source)
    JOIN livescores_importchange c ON c.report_id = r.id AND c.ids @> s.id
    WHERE c."table" = 'livescores_season'
      AND c.report_id <> %(report)s AND c.id > %(first)s AND c.report_id <> ALL(%(ignoring)s)
    ORDER BY c.report_id
"""
COMPARED = """
    WITH regions AS (
        SELECT t.region_id AS id FROM own_row o JOIN livescores_team t ON t.id = o.id
        WHERE o."table" = 'livescores_team'
        UNION
        SELECT a.region_id FROM own_row o JOIN livescores_teamalias a ON a.id = o.id
        WHERE o."table" = 'livescores_teamalias'
        UNION
        SELECT t.region_id FROM own_row o JOIN livescores_match m ON m.id = o.id
        JOIN livescores_team t ON t.id IN (m.home_team_id, m.away_team_id)
        WHERE o."table" = 'livescores_match'
    )
    SELECT DISTINCT ON (c.report_id) c.report_id, 'livescores_region', regions.id
    FROM livescores_importchange c JOIN regions ON c.ids @> regions.id
    WHERE c.kind = 'compared'
      AND c.report_id <> %(report)s AND c.id > %(first)s AND c.report_id <> ALL(%(ignoring)s)
    ORDER BY c.report_id
"""
# What a machine says of a match goes with it; what a person says does not go unasked.
BY_HAND = """
    SELECT c."table", c.key::bigint, c.at
    FROM livescores_importchange c JOIN written w ON w."table" = c."table"
    WHERE c.report_id IS NULL AND c.id > %(first)s AND w.ids @> c.key::bigint
    ORDER BY c.id LIMIT 1
"""
CORRECTED = """
    SELECT 'livescores_match', m.id, m.updated_at
    FROM livescores_importchange c, unnest(c.ids) r, livescores_match m
    WHERE c.report_id = %(report)s AND c.kind = 'insert' AND c."table" = 'livescores_match'
      AND m.id >= lower(r) AND m.id < upper(r)
      AND (m.corrected <> '{}' OR m.same_as_id IS NOT NULL)
    LIMIT 1
"""
LATER = (MET, NAMED, LEAGUES_NAMED, COMPARED)
PEOPLE = (BY_HAND, CORRECTED)


def refuse_if_built_upon(report: ImportReport, first: int, ignoring: Collection[int]) -> None:
    """Leaves `own_row`, the rows that it wrote. `first` is the number of its first change.

    Raises:
        BuiltUpon: a later import does, and `ignoring` does not name it.
        CannotUndo: a person has changed a row of it since.
    """
    told: dict[str, Any] = {
        "report": report.pk,
        "first": first,
        "ignoring": list(ignoring),
        "alone": list(ALONE),
        "is_feed": report.source in FEEDS,
    }
    with connection.cursor() as cursor:
        _write_down(cursor, told)
        for query in LATER:
            cursor.execute(query, told)
            if found := cursor.fetchall():
                raise BuiltUpon(report, [row[0] for row in found], of_row(*found[0][1:]))
        for query in PEOPLE:
            cursor.execute(query, told)
            if found := cursor.fetchone():
                table, row, at = found
                raise CannotUndo(
                    f"{in_words(report).capitalize()} cannot be undone: {of_row(table, row)} was "
                    f"changed by hand on {at:%Y-%m-%d %H:%M}. Take that back first."
                )


def _write_down(cursor: Any, told: Mapping[str, Any]) -> None:
    cursor.execute(OWN)
    tables = [*ALONE, *ALIASES, *DECIDED, "predictions_bookmaker"]
    cursor.execute(ROWS, {**told, "tables": tables})
    for table in OF_MATCHES:
        cursor.execute(MATCHES_BY_RANGE.format(table=table), told)
        cursor.execute(MATCHES_BY_KEY.format(table=table), told)
    cursor.execute("ANALYZE own_row")
    cursor.execute(WRITTEN)


def of_row(table: str, pk: object) -> str:
    """A row in words, as 'match Arsenal v Chelsea, 2021-08-14'."""
    model = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    row = model._base_manager.filter(pk=pk).first() if model else None
    return f"{model._meta.verbose_name} {row or pk}" if model else f"{table} {pk}"
