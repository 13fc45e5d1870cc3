"""Store the matches of a source: new ones, changed ones, and those that stay as they are.

A match is known by its two teams and its kick-off within a day and a bit, since a source corrects
times and an evening in the Americas is the next day in Europe. A match that moved is the unplayed
one of the same season and pair, or where an old list still has it, the only one, played later; one
of the same score a year off was mistyped. What a later copy leaves empty keeps its value, and a
fixture list never takes a result back.

A match belongs to the source of the highest priority that told of it. The others fill what it
leaves empty; where they contradict it, both values are kept as a conflict. What an operator has
corrected none of them rewrites, and a corrected match is still found by what its source tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from livescores.services import clubs, contradictions
from livescores.services.names import Names
from livescores.services.priority import better_than
from livescores.sources.known import priority_of
from livescores.sources.records import COUNTS, MatchRecord

SAME_MATCH = "interval '30 hours'"
COUNT_LIST = ", ".join(COUNTS)
INCOMING = f"line, season_id, home_team_id, away_team_id, start_time_utc, has_kickoff_time, status, external_id, {COUNT_LIST}"  # noqa: E501

CREATE = f"""
    CREATE TEMPORARY TABLE IF NOT EXISTS incoming_match (
        line integer, season_id bigint, home_team_id bigint, away_team_id bigint,
        start_time_utc timestamptz, has_kickoff_time boolean, status text, external_id text,
        {", ".join(f"{name} smallint" for name in COUNTS)},
        match_id bigint, outcome text
    ) ON COMMIT DELETE ROWS;
    CREATE INDEX IF NOT EXISTS incoming_match_pair
        ON incoming_match (home_team_id, away_team_id);
    CREATE INDEX IF NOT EXISTS incoming_match_found ON incoming_match (match_id)
"""
# Of two matches of a pair on two days, each row means the one that is nearer.
FIND = f"""
    UPDATE incoming_match i SET match_id = nearest.id
    FROM (SELECT DISTINCT ON (o.line) o.line, m.id
          FROM incoming_match o JOIN
               livescores_match m
            ON m.home_team_id = o.home_team_id AND m.away_team_id = o.away_team_id
           AND m.start_time_utc BETWEEN o.start_time_utc - {SAME_MATCH}
                                    AND o.start_time_utc + {SAME_MATCH}
          ORDER BY o.line, abs(extract(epoch FROM m.start_time_utc - o.start_time_utc)), m.id
         ) nearest
    WHERE nearest.line = i.line AND i.match_id IS NULL
"""
FIND_MOVED = """
    UPDATE incoming_match i SET match_id = m.id
    FROM livescores_match m
    WHERE i.match_id IS NULL AND m.season_id = i.season_id
      AND m.home_team_id = i.home_team_id AND m.away_team_id = i.away_team_id
      AND m.status IN ('scheduled', 'postponed', 'unknown') AND m.home_score IS NULL
      AND NOT EXISTS (SELECT 1 FROM incoming_match o WHERE o.match_id = m.id)
"""
FIND_YEAR_OFF = """
    UPDATE incoming_match i SET match_id = m.id
    FROM livescores_match m
    WHERE i.match_id IS NULL AND m.season_id = i.season_id
      AND m.home_team_id = i.home_team_id AND m.away_team_id = i.away_team_id
      AND m.home_score = i.home_score AND m.away_score = i.away_score
      AND abs(extract(epoch FROM m.start_time_utc - i.start_time_utc) / 86400)
          BETWEEN 363.5 AND 367.5
      AND NOT EXISTS (SELECT 1 FROM incoming_match o WHERE o.match_id = m.id)
"""
# An old list of fixtures: the only match of the pair was played later than it says.
FIND_POSTPONED = """
    UPDATE incoming_match i SET match_id = m.id
    FROM livescores_match m
    WHERE i.match_id IS NULL AND i.home_score IS NULL
      AND i.status IN ('scheduled', 'postponed', 'unknown')
      AND m.season_id = i.season_id AND m.start_time_utc > i.start_time_utc
      AND m.home_team_id = i.home_team_id AND m.away_team_id = i.away_team_id
      AND NOT EXISTS (SELECT 1 FROM incoming_match o WHERE o.match_id = m.id)
      AND 1 = (SELECT count(*) FROM livescores_match o WHERE o.season_id = m.season_id
               AND o.home_team_id = m.home_team_id AND o.away_team_id = m.away_team_id)
      AND 1 = (SELECT count(*) FROM incoming_match o WHERE o.season_id = i.season_id
               AND o.home_team_id = i.home_team_id AND o.away_team_id = i.away_team_id)
"""
TWICE = """
    SELECT line FROM (
        SELECT line, row_number() OVER (
            PARTITION BY coalesce(match_id, 0),
                         CASE WHEN match_id IS NULL THEN home_team_id END,
                         CASE WHEN match_id IS NULL THEN away_team_id END,
                         CASE WHEN match_id IS NULL THEN start_time_utc::date END
            ORDER BY home_score IS NULL, line) AS nth
        FROM incoming_match) numbered
    WHERE nth > 1
"""
# Whether the match is of a source that is believed more.
IS_THEIRS = "(m.source = ANY(%(better)s))"
# A clock time replaces noon, never the other way round while the day is the same.
KEEPS_TIME = """((m.has_kickoff_time AND NOT i.has_kickoff_time
                  AND m.start_time_utc::date = i.start_time_utc::date)
                 OR (m.home_score IS NOT NULL AND i.home_score IS NULL))"""
GIVES_TIME = """(i.has_kickoff_time AND NOT m.has_kickoff_time
                 AND m.start_time_utc::date = i.start_time_utc::date)"""
OURS = {
    "season_id": "i.season_id",
    "start_time_utc": f"CASE WHEN {KEEPS_TIME} THEN m.start_time_utc ELSE i.start_time_utc END",
    "has_kickoff_time": f"CASE WHEN {KEEPS_TIME} THEN m.has_kickoff_time"
    " ELSE i.has_kickoff_time END",
    "status": "CASE WHEN i.home_score IS NULL AND m.home_score IS NOT NULL THEN m.status"
    " ELSE i.status END",
    "source": "%(source)s",
    **{name: f"coalesce(i.{name}, m.{name})" for name in COUNTS},
}
THEIRS = {
    "season_id": "m.season_id",
    "start_time_utc": f"CASE WHEN {GIVES_TIME} THEN i.start_time_utc ELSE m.start_time_utc END",
    "has_kickoff_time": f"m.has_kickoff_time OR {GIVES_TIME}",
    "status": "CASE WHEN m.home_score IS NULL AND i.home_score IS NOT NULL"
    " AND m.status IN ('scheduled', 'live', 'postponed', 'unknown') THEN i.status"
    " ELSE m.status END",
    "source": "m.source",
    **{name: f"coalesce(m.{name}, i.{name})" for name in COUNTS},
}
VALUES = contradictions.kept(
    {
        name: f"CASE WHEN {IS_THEIRS} THEN {THEIRS[name]} ELSE {value} END"
        for name, value in OURS.items()
    }
)
# Where an operator took the score away, a source's word that it is over has to wait, too.
VALUES["status"] = (
    f"CASE WHEN ({VALUES['status']}) = 'finished' AND ({VALUES['home_score']}) IS NULL"
    f" THEN m.status ELSE {VALUES['status']} END"
)
CONTRADICTIONS = contradictions.queries(OURS)
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
           {COUNT_LIST}, false, %(source)s, now()
    FROM incoming_match WHERE match_id IS NULL ORDER BY start_time_utc, line
"""
LINES = "SELECT line, match_id FROM incoming_match"
# Both sources of a match that two tell of, and the numbers that a source has for its own.
LINK = """
    INSERT INTO livescores_matchlink (match_id, source, external_id, linked_at)
    SELECT m.id, m.source, '', now()
    FROM incoming_match i JOIN livescores_match m ON m.id = i.match_id
    WHERE m.source <> %(source)s AND m.source <> ALL(%(better)s)
      AND NOT EXISTS (SELECT 1 FROM livescores_matchlink o
                      WHERE o.match_id = m.id AND o.source = m.source)
    UNION ALL
    SELECT m.id, %(source)s, i.external_id, now()
    FROM incoming_match i JOIN livescores_match m ON m.id = i.match_id
    WHERE i.external_id <> '' OR m.source <> %(source)s
    ON CONFLICT DO NOTHING
"""


def _score(one: str, of: str = "") -> str:
    return f"{one}.home{of}_score || ':' || {one}.away{of}_score"


def _time(one: str) -> str:
    pattern = f"CASE WHEN {one}.has_kickoff_time THEN 'YYYY-MM-DD HH24:MI' ELSE 'YYYY-MM-DD' END"
    return f"to_char({one}.start_time_utc AT TIME ZONE 'UTC', {pattern})"


# What is told otherwise: (name, the source's value, ours, whether they differ).
DISPUTED = (
    ("score", _score("i"), _score("m"), f"{_score('i')} <> {_score('m')}"),
    (
        "half_time",
        _score("i", "_half_time"),
        _score("m", "_half_time"),
        f"{_score('i', '_half_time')} <> {_score('m', '_half_time')}",
    ),
    (
        "kick_off",
        _time("i"),
        _time("m"),
        """abs(extract(epoch FROM i.start_time_utc - m.start_time_utc))
           > CASE WHEN i.has_kickoff_time AND m.has_kickoff_time THEN 3600 ELSE 86400 END""",
    ),
)
CONFLICTS = " UNION ALL ".join(
    f"""SELECT m.id AS match_id, '{what}' AS what, {theirs} AS told, {kept} AS stood,
               m.source AS owner, {IS_THEIRS} AS is_theirs
        FROM incoming_match i JOIN livescores_match m ON m.id = i.match_id
        WHERE m.source <> %(source)s AND {differ} AND '{what}' <> ALL(m.corrected)"""
    for what, theirs, kept, differ in DISPUTED
)
KEEP_CONFLICTS = f"""
    INSERT INTO livescores_matchconflict (match_id, what, state, told, kept_source, kept_value,
                                          other_source, other_value, seen_at)
    SELECT match_id, what, 'noted', '{{}}',
           CASE WHEN is_theirs THEN owner ELSE %(source)s END,
           CASE WHEN is_theirs THEN stood ELSE told END,
           CASE WHEN is_theirs THEN %(source)s ELSE owner END,
           CASE WHEN is_theirs THEN told ELSE stood END, now()
    FROM ({CONFLICTS}) found
    ON CONFLICT (match_id, what, kept_source, other_source) DO UPDATE
    SET kept_value = excluded.kept_value, other_value = excluded.other_value
"""


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
    if priority_of(source) is not None:
        clubs.link(names, matches)
    # Looked up before COPY takes the connection: a query inside it would wait for ever.
    rows = [_row(match, names) for match in matches]
    told: dict[str, Any] = {"source": source, "better": better_than(source)}
    with connection.cursor() as cursor:
        _find(cursor, rows)
        cursor.execute(TWICE)
        twice = [line for (line,) in cursor.fetchall()]
        cursor.execute("DELETE FROM incoming_match WHERE line = ANY(%s)", [twice])
        cursor.execute(KEEP_CONFLICTS, told)
        contradictions.keep_corrections(cursor, told, CONTRADICTIONS)
        cursor.execute(LINK, told)
        cursor.execute(UPDATE, told)
        updated = cursor.rowcount
        cursor.execute(INSERT, told)
        inserted = cursor.rowcount
        if inserted:
            cursor.execute(FIND)
            cursor.execute(LINK, told)
        cursor.execute(LINES)
        ids = dict(cursor.fetchall())
    return Stored(ids, inserted, updated, len(ids) - inserted - updated, twice)


def _find(cursor: Any, rows: Sequence[tuple[object, ...]]) -> None:
    """The match of each row, where there is one."""
    cursor.execute(CREATE)
    cursor.execute("TRUNCATE incoming_match")
    with cursor.copy(f"COPY incoming_match ({INCOMING}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute("ANALYZE incoming_match")
    for query in (FIND, FIND_MOVED, FIND_YEAR_OFF):
        cursor.execute(contradictions.by_told(query))
    for query in (FIND, FIND_MOVED, FIND_POSTPONED, FIND_YEAR_OFF):
        cursor.execute(query)


def _row(match: MatchRecord, names: Names) -> tuple[object, ...]:
    placed = names.place(match)
    return (
        match.line,
        *placed,
        match.start_time_utc,
        match.has_kickoff_time,
        match.status,
        match.external_id,
        *match.counts,
    )
