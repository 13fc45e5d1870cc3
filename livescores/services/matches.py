"""Store the matches of a source: new ones, changed ones, and those that stay as they are.

A match is known by its two teams and its kick-off within a day and a bit, since a source corrects
times and an evening in the Americas is the next day in Europe. A match that moved is the unplayed
one of the same season and pair. What a later copy leaves empty keeps its value, and a fixture list
never takes a result back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from livescores.services.names import Names
from livescores.sources.records import COUNTS, MatchRecord

SAME_MATCH = "interval '30 hours'"
COUNT_LIST = ", ".join(COUNTS)
INCOMING = f"line, season_id, home_team_id, away_team_id, start_time_utc, has_kickoff_time, status, {COUNT_LIST}"  # noqa: E501

CREATE = f"""
    CREATE TEMPORARY TABLE IF NOT EXISTS incoming_match (
        line integer, season_id bigint, home_team_id bigint, away_team_id bigint,
        start_time_utc timestamptz, has_kickoff_time boolean, status text,
        {", ".join(f"{name} smallint" for name in COUNTS)},
        match_id bigint, outcome text
    ) ON COMMIT DELETE ROWS
"""
FIND = f"""
    UPDATE incoming_match i SET match_id = m.id
    FROM livescores_match m
    WHERE m.home_team_id = i.home_team_id AND m.away_team_id = i.away_team_id
      AND m.start_time_utc BETWEEN i.start_time_utc - {SAME_MATCH}
                               AND i.start_time_utc + {SAME_MATCH}
"""
FIND_MOVED = """
    UPDATE incoming_match i SET match_id = m.id
    FROM livescores_match m
    WHERE i.match_id IS NULL AND m.season_id = i.season_id
      AND m.home_team_id = i.home_team_id AND m.away_team_id = i.away_team_id
      AND m.status IN ('scheduled', 'postponed', 'unknown') AND m.home_score IS NULL
      AND NOT EXISTS (SELECT 1 FROM incoming_match o WHERE o.match_id = m.id)
"""
TWICE = """
    SELECT line FROM (
        SELECT line, row_number() OVER (
            PARTITION BY home_team_id, away_team_id, coalesce(match_id, 0), start_time_utc::date
            ORDER BY line) AS nth
        FROM incoming_match) numbered
    WHERE nth > 1
"""
# A clock time replaces noon, never the other way round while the day is the same.
KEEPS_TIME = """(m.has_kickoff_time AND NOT i.has_kickoff_time
                 AND m.start_time_utc::date = i.start_time_utc::date)"""
VALUES = {
    "season_id": "i.season_id",
    "start_time_utc": f"CASE WHEN {KEEPS_TIME} THEN m.start_time_utc ELSE i.start_time_utc END",
    "has_kickoff_time": f"CASE WHEN {KEEPS_TIME} THEN true ELSE i.has_kickoff_time END",
    "status": "CASE WHEN i.home_score IS NULL AND m.home_score IS NOT NULL THEN m.status"
    " ELSE i.status END",
    **{name: f"coalesce(i.{name}, m.{name})" for name in COUNTS},
}
UPDATE = f"""
    UPDATE livescores_match t SET
        {", ".join(f"{name} = n.{name}" for name in VALUES)}, updated_at = now()
    FROM (SELECT m.id, {", ".join(f"{value} AS {name}" for name, value in VALUES.items())}
          FROM incoming_match i JOIN livescores_match m ON m.id = i.match_id) n
    WHERE t.id = n.id
      AND ({", ".join(f"t.{name}" for name in VALUES)})
          IS DISTINCT FROM ({", ".join(f"n.{name}" for name in VALUES)})
"""
INSERT = f"""
    INSERT INTO livescores_match (season_id, home_team_id, away_team_id, start_time_utc,
        has_kickoff_time, status, {COUNT_LIST}, neutral_venue, source, updated_at)
    SELECT season_id, home_team_id, away_team_id, start_time_utc, has_kickoff_time, status,
           {COUNT_LIST}, false, %s, now()
    FROM incoming_match WHERE match_id IS NULL ORDER BY start_time_utc, line
"""
LINES = "SELECT line, match_id FROM incoming_match"


@dataclass(frozen=True)
class Stored:
    """What became of a file's matches; `ids` by line of the file."""

    ids: dict[int, int]
    inserted: int
    updated: int
    unchanged: int
    twice: list[int]


def store(source: str, matches: Sequence[MatchRecord], names: Names) -> Stored:
    """Bring the database to what the records say. Call it inside a transaction."""
    # Looked up before COPY takes the connection: a query inside it would wait for ever.
    rows = [_row(match, names) for match in matches]
    with connection.cursor() as cursor:
        cursor.execute(CREATE)
        cursor.execute("TRUNCATE incoming_match")
        with cursor.copy(f"COPY incoming_match ({INCOMING}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(FIND)
        cursor.execute(FIND_MOVED)
        cursor.execute(TWICE)
        twice = [line for (line,) in cursor.fetchall()]
        cursor.execute("DELETE FROM incoming_match WHERE line = ANY(%s)", [twice])
        cursor.execute(UPDATE)
        updated = cursor.rowcount
        cursor.execute(INSERT, [source])
        inserted = cursor.rowcount
        if inserted:
            cursor.execute(FIND)
        cursor.execute(LINES)
        ids = dict(cursor.fetchall())
    return Stored(ids, inserted, updated, len(ids) - inserted - updated, twice)


def _row(match: MatchRecord, names: Names) -> tuple[object, ...]:
    placed = names.place(match)
    return (
        match.line,
        *placed,
        match.start_time_utc,
        match.has_kickoff_time,
        match.status,
        *match.counts,
    )
