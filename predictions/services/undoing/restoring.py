"""Rows become what they were before an import: its changes are gone through from the last to the
first.

A match of which a prediction was issued, or for which a feed has prices, stays, without a result
and cancelled, and with it whatever it needs to be found again: what was said keeps its subject.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import connection

from livescores.models import ImportReport, SourcePage
from livescores.sources.records import COUNTS
from predictions.services.importing.feeds import FEEDS
from predictions.services.publishing.issuing import ISSUED
from predictions.services.undoing.builders import of_row
from predictions.services.undoing.refusals import BuiltUpon, CannotUndo, in_words

PRICES = ("predictions_odds", "predictions_twowayodds")
STEPS = """
    SELECT id, "table", kind FROM livescores_importchange
    WHERE report_id = %s AND kind IN ('insert', 'update', 'delete') ORDER BY id DESC
"""
STAYING = f"""
    CREATE TEMPORARY TABLE IF NOT EXISTS staying ("table" text, id bigint) ON COMMIT DROP;
    TRUNCATE staying;
    CREATE TEMPORARY TABLE IF NOT EXISTS going (id bigint PRIMARY KEY) ON COMMIT DROP;
    INSERT INTO staying
    SELECT DISTINCT 'livescores_match', p.match_id
    FROM own_row o JOIN predictions_prediction p ON p.match_id = o.id
    JOIN predictions_batchrun b ON b.id = p.batch_id
    WHERE o."table" = 'livescores_match' AND {ISSUED}
    UNION
    SELECT 'livescores_match', o.id
    FROM own_row o JOIN predictions_odds p ON p.match_id = o.id
    WHERE o."table" = 'livescores_match' AND p.source = ANY(%(feeds)s)
    UNION
    SELECT 'livescores_match', o.id
    FROM own_row o JOIN predictions_twowayodds p ON p.match_id = o.id
    WHERE o."table" = 'livescores_match' AND p.source = ANY(%(feeds)s);
    INSERT INTO staying
    SELECT 'livescores_team', unnest(ARRAY[m.home_team_id, m.away_team_id])
    FROM staying s JOIN livescores_match m ON m.id = s.id
    UNION SELECT 'livescores_season', m.season_id
    FROM staying s JOIN livescores_match m ON m.id = s.id;
    INSERT INTO staying
    SELECT DISTINCT 'livescores_tournament', n.tournament_id
    FROM staying s JOIN livescores_season n ON n.id = s.id WHERE s."table" = 'livescores_season';
    INSERT INTO staying
    SELECT 'livescores_region', t.region_id FROM staying s JOIN livescores_tournament t
        ON t.id = s.id WHERE s."table" = 'livescores_tournament'
    UNION SELECT 'livescores_region', t.region_id FROM staying s JOIN livescores_team t
        ON t.id = s.id WHERE s."table" = 'livescores_team';
    INSERT INTO staying
    SELECT 'livescores_teamalias', a.id FROM staying s JOIN livescores_teamalias a
        ON a.team_id = s.id WHERE s."table" = 'livescores_team'
    UNION ALL SELECT 'livescores_tournamentalias', a.id
    FROM staying s JOIN livescores_tournamentalias a
        ON a.tournament_id = s.id WHERE s."table" = 'livescores_tournament'
    UNION ALL SELECT 'livescores_regionalias', a.id FROM staying s JOIN livescores_regionalias a
        ON a.region_id = s.id WHERE s."table" = 'livescores_region'
"""
# Analysed, since it may be one row or a hundred thousand: what points to them is found otherwise.
GOING = """
    TRUNCATE going;
    INSERT INTO going
    SELECT t.id FROM livescores_importchange c, unnest(c.ids) r, {table} t
    WHERE c.id BETWEEN {first} AND {last} AND c.report_id = {report} AND c.kind = 'insert'
      AND t.id >= lower(r) AND t.id < upper(r)
      AND NOT EXISTS (SELECT FROM staying s WHERE s."table" = '{table}' AND s.id = t.id);
    ANALYZE going
"""
# Who offers or tells prices stays as long as another import's prices need it, and is that import's
# then.
HAND_ON = """
    UPDATE livescores_importchange c SET report_id = theirs.report_id
    FROM {table} b,
         LATERAL (SELECT c2.report_id FROM (
                      (SELECT 'predictions_odds' AS "table", id FROM predictions_odds
                       WHERE {price_of} ORDER BY id LIMIT 1)
                      UNION ALL
                      (SELECT 'predictions_twowayodds', id FROM predictions_twowayodds
                       WHERE {price_of} ORDER BY id LIMIT 1)
                  ) p JOIN livescores_importchange c2 ON c2."table" = p."table"
                      AND c2.kind = 'insert' AND c2.report_id <> %(report)s AND c2.ids @> p.id
                  LIMIT 1) theirs
    WHERE c.id BETWEEN %(first)s AND %(last)s AND c.report_id = %(report)s
      AND c.kind = 'insert' AND c."table" = %(table)s AND {change_of}
"""
HANDED_ON = {
    table: HAND_ON.format(table=table, price_of=price_of, change_of=change_of)
    for table, price_of, change_of in (
        ("predictions_bookmaker", "bookmaker_id = b.id", "c.ids @> b.id"),
        ("predictions_oddssource", "source = b.name", "c.key = b.name"),
    )
}
STILL_NEEDED = """
    DELETE FROM going g
    WHERE EXISTS (SELECT FROM predictions_odds WHERE bookmaker_id = g.id)
       OR EXISTS (SELECT FROM predictions_twowayodds WHERE bookmaker_id = g.id)
       OR EXISTS (SELECT FROM predictions_quarantinedodds WHERE bookmaker_id = g.id)
"""
NAMED_GOING = """
    DELETE FROM predictions_oddssource s USING livescores_importchange c
    WHERE c.id BETWEEN %(first)s AND %(last)s AND c.report_id = %(report)s AND c.kind = 'insert'
      AND s.name = c.key AND NOT EXISTS (SELECT FROM predictions_odds o WHERE o.source = s.name)
      AND NOT EXISTS (SELECT FROM predictions_twowayodds t WHERE t.source = s.name)
      AND NOT EXISTS (SELECT FROM predictions_quarantinedodds q WHERE q.source = s.name)
"""
VOIDED = f"""
    UPDATE livescores_match m
    SET status = 'cancelled', minute = NULL, live_at = NULL, finished_at = NULL,
        {", ".join(f"{name} = NULL" for name in COUNTS)}, updated_at = now()
    FROM staying s, own_row o
    WHERE s."table" = 'livescores_match' AND m.id = s.id AND o."table" = s."table" AND o.id = s.id
      AND EXISTS (SELECT FROM livescores_importchange c
                  WHERE c.report_id = %s AND c.kind = 'insert' AND c."table" = s."table"
                    AND c.ids @> s.id)
"""
POINTING = """
    SELECT c.conrelid::regclass::text, a.attname
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'f' AND c.confrelid = %s::regclass
"""
# What jobs work out from matches and clubs, and will again.
WORKED_OUT = (
    "predictions_prediction",  # those that were issued keep their matches
    "predictions_teamrating",
    "predictions_regionreturn",
    "predictions_tournamentreturn",
)
SUPPOSED = ("livescores_waitingevent", "livescores_linkreview", "livescores_linkdecision")
# What a page was like when it was last asked for. One that was asked again since, and brought
# nothing, is asked for as it was before: the provider then sends what differs.
REMEMBERED = (SourcePage._meta.db_table,)
# What each row was like before these changes, and what they made of it.
WAS = """
    WITH changed AS (
        SELECT id, key, before, after FROM livescores_importchange
        WHERE id BETWEEN %(first)s AND %(last)s AND report_id = %(report)s
          AND "table" = %(table)s AND kind = 'update'
    ), was AS (
        SELECT c.key::bigint AS id, jsonb_object_agg(b.key, b.value ORDER BY c.id DESC) AS before
        FROM changed c, jsonb_each(c.before) b GROUP BY c.key
    ), became AS (
        SELECT c.key::bigint AS id, jsonb_object_agg(a.key, a.value ORDER BY c.id) AS after
        FROM changed c, jsonb_each(c.after) a WHERE a.key <> 'updated_at' GROUP BY c.key
    )
"""
CHANGED_SINCE = """
    SELECT became.id FROM became LEFT JOIN {table} t USING (id)
    WHERE t.id IS NULL OR EXISTS (SELECT FROM jsonb_each(became.after) a
                                  WHERE to_jsonb(t) -> a.key IS DISTINCT FROM a.value)
    LIMIT 1
"""
COLUMNS = "SELECT DISTINCT jsonb_object_keys(before) FROM was"
PUT_BACK = """
    UPDATE {table} t SET {values}
    FROM was, LATERAL jsonb_populate_record(NULL::{table}, was.before) r WHERE t.id = was.id
"""
EXISTING = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"  # noqa: E501
BRING_BACK = """
    INSERT INTO {table} ({names})
    SELECT {values} FROM livescores_importchange c,
        LATERAL jsonb_populate_record(NULL::{table}, c.before) r
    WHERE c.id BETWEEN %(first)s AND %(last)s AND c.report_id = %(report)s AND c.kind = 'delete'
    ORDER BY c.id
"""
# Features look for matches that were written lately: theirs whose prices went are among them.
SEEN_ANEW = """
    UPDATE livescores_match m SET id = m.id
    FROM (SELECT DISTINCT id FROM own_row WHERE "table" = 'livescores_match') o WHERE m.id = o.id
"""


@dataclass
class PutBack:
    """How many rows of each table went or are as before, and how many matches stay."""

    gone: dict[str, int] = field(default_factory=dict)
    as_before: dict[str, int] = field(default_factory=dict)
    voided: int = 0

    def __str__(self) -> str:
        n_prices = sum(self.gone.get(table, 0) for table in PRICES)
        told = f"{self.gone.get('livescores_match', 0)} matches and {n_prices} prices are gone, "
        told += f"{self.as_before.get('livescores_match', 0)} matches are as they were before"
        if self.voided:
            told += (
                f"; {self.voided} matches stay, cancelled and without a result, because "
                "predictions of them were issued or a feed has prices for them"
            )
        return f"{told}."


@dataclass(frozen=True)
class Steps:
    """Changes of one kind to one table that follow each other, by their numbers."""

    report: ImportReport
    table: str
    kind: str
    first: int
    last: int

    @property
    def told(self) -> dict[str, Any]:
        return {
            "report": self.report.pk,
            "table": self.table,
            "first": self.first,
            "last": self.last,
        }


def put_back(report: ImportReport) -> PutBack:
    """Inside a transaction that names the undoing, after `builders` has left `own_row`.

    Raises:
        CannotUndo: a row has become another since.
    """
    done = PutBack()
    # From the last change to the first: a row goes before those that it needs, which came earlier.
    deeds = {"insert": _take_away, "update": _set_back, "delete": _bring_back}
    with connection.cursor() as cursor:
        cursor.execute(STAYING, {"feeds": list(FEEDS)})
        for steps in _steps(cursor, report):
            count = deeds[steps.kind](cursor, steps)
            told = done.gone if steps.kind == "insert" else done.as_before
            told[steps.table] = told.get(steps.table, 0) + count
        cursor.execute(VOIDED, [report.pk])
        done.voided = cursor.rowcount
        cursor.execute(SEEN_ANEW)
    return done


def _steps(cursor: Any, report: ImportReport) -> Iterator[Steps]:
    cursor.execute(STEPS, [report.pk])
    rows = cursor.fetchall()
    for (table, kind), same in groupby(rows, key=lambda row: (row[1], row[2])):
        numbers = [row[0] for row in same]
        yield Steps(report, table, kind, numbers[-1], numbers[0])


def _take_away(cursor: Any, steps: Steps) -> int:
    if steps.table in HANDED_ON:
        cursor.execute(HANDED_ON[steps.table], steps.told)
    if steps.table == "predictions_oddssource":
        cursor.execute(NAMED_GOING, steps.told)
        return int(cursor.rowcount)
    cursor.execute(
        GOING.format(table=steps.table, first=steps.first, last=steps.last, report=steps.report.pk)
    )
    if steps.table == "predictions_bookmaker":
        cursor.execute(STILL_NEEDED)
    cursor.execute(POINTING, [steps.table])
    for table, column in cursor.fetchall():
        _let_go(cursor, steps, table, column)
    cursor.execute(f"DELETE FROM {steps.table} t USING going g WHERE t.id = g.id")
    return int(cursor.rowcount)


def _let_go(cursor: Any, steps: Steps, table: str, column: str) -> None:
    """What points to rows that go."""
    if table in WORKED_OUT:
        cursor.execute(f"DELETE FROM {table} t USING going g WHERE t.{column} = g.id")
    elif table in SUPPOSED:
        cursor.execute(f"UPDATE {table} t SET {column} = NULL FROM going g WHERE t.{column} = g.id")
    else:
        cursor.execute(f"SELECT t.id FROM {table} t JOIN going g ON t.{column} = g.id LIMIT 1")
        if found := cursor.fetchone():
            raise _needed(cursor, steps, table, found[0])


def _needed(cursor: Any, steps: Steps, table: str, row: int) -> CannotUndo:
    cursor.execute(
        'SELECT report_id FROM livescores_importchange WHERE "table" = %s AND ids @> %s::bigint '
        "AND kind = 'insert' AND report_id IS NOT NULL LIMIT 1",
        [table, row],
    )
    found = cursor.fetchone()
    if found and found[0] != steps.report.pk:
        return BuiltUpon(steps.report, [found[0]], of_row(table, row))
    return CannotUndo(
        f"{in_words(steps.report).capitalize()} cannot be undone: {of_row(table, row)} was added "
        f"since and needs what would go. Take that back first."
    )


def _set_back(cursor: Any, steps: Steps) -> int:
    if steps.table not in REMEMBERED:
        _refuse_changed(cursor, steps)
    cursor.execute(WAS + COLUMNS, steps.told)
    names = [name for (name,) in cursor.fetchall() if name in _existing(steps.table)]
    if not names:
        return 0
    values = ", ".join(
        f"{name} = CASE WHEN jsonb_exists(was.before, '{name}') THEN r.{name} ELSE t.{name} END"
        for name in names
    )
    cursor.execute(WAS + PUT_BACK.format(table=steps.table, values=values), steps.told)
    return int(cursor.rowcount)


def _refuse_changed(cursor: Any, steps: Steps) -> None:
    cursor.execute(WAS + CHANGED_SINCE.format(table=steps.table), steps.told)
    if found := cursor.fetchone():
        raise CannotUndo(
            f"{in_words(steps.report).capitalize()} cannot be undone: "
            f"{of_row(steps.table, found[0])} was changed again since, by no import that is kept."
        )


def _bring_back(cursor: Any, steps: Steps) -> int:
    cursor.execute(
        "SELECT DISTINCT jsonb_object_keys(before) FROM livescores_importchange WHERE id = %s",
        [steps.last],
    )
    names = [name for (name,) in cursor.fetchall() if name in _existing(steps.table)]
    cursor.execute(
        BRING_BACK.format(
            table=steps.table,
            names=", ".join(names),
            values=", ".join(f"r.{name}" for name in names),
        ),
        steps.told,
    )
    return int(cursor.rowcount)


def _existing(table: str) -> set[str]:
    """A column may have gone since the change was kept."""
    with connection.cursor() as cursor:
        cursor.execute(EXISTING, [table])
        return {name for (name,) in cursor.fetchall()}
