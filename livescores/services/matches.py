"""Store the matches of a source: new ones, changed ones, and those that stay as they are.

A match is known by its two teams and its kick-off within a day and a bit, since a source corrects
times and an evening in the Americas is the next day in Europe. A match that moved is the unplayed
one of the same season and pair that is nearest, or where an old list still has it, one that was
played; one of the same score a year off was mistyped (`match_finding`). What a later copy leaves
empty keeps its value, and a fixture list never takes a result back, nor a later kick-off.

A match belongs to the source of the highest priority that told of it. The others fill what it
leaves empty; where they contradict it, both values are kept as a conflict. What an operator has
corrected none of them rewrites, and a corrected match is still found by what its source tells.

A result that is told otherwise later replaces the first, which is kept as a conflict. Where it is
what a court decides and nobody plays, the result on the pitch stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from livescores.services import clubs, contradictions, import_changes, live, match_finding
from livescores.services.names import Names
from livescores.services.priority import better_than
from livescores.sources.known import priority_of
from livescores.sources.records import COUNTS, MatchRecord

COUNT_LIST = ", ".join(COUNTS)
INCOMING = f"line, season_id, home_team_id, away_team_id, start_time_utc, has_kickoff_time, status, neutral_venue, external_id, {COUNT_LIST}"  # noqa: E501

CREATE = f"""
    CREATE TEMPORARY TABLE IF NOT EXISTS incoming_match (
        line integer, season_id bigint, home_team_id bigint, away_team_id bigint,
        start_time_utc timestamptz, has_kickoff_time boolean, status text, neutral_venue boolean,
        external_id text,
        {", ".join(f"{name} smallint" for name in COUNTS)},
        match_id bigint, outcome text
    ) ON COMMIT DELETE ROWS;
    CREATE INDEX IF NOT EXISTS incoming_match_pair
        ON incoming_match (home_team_id, away_team_id);
    CREATE INDEX IF NOT EXISTS incoming_match_found ON incoming_match (match_id)
"""
# Whether the match is of a source that is believed more.
IS_THEIRS = "(m.source = ANY(%(better)s))"
# A day that is over without a result, of a match that is to come by now.
IS_OLD_LIST = "(i.status = 'unknown' AND m.start_time_utc > now())"
# Of a match that was played to the end, a result that courts decide: with half-time scores that fit
# no play, or are those of the end. A match that nobody played is awarded from the beginning.
IS_AWARD = """(m.status = 'finished' AND i.home_score IS NOT NULL
    AND (i.home_score, i.away_score) <> (m.home_score, m.away_score)
    AND (i.status = 'awarded' OR i.status = 'finished' AND (
        (i.home_score, i.away_score) IN ((2, 0), (0, 2), (3, 0), (0, 3), (5, 0), (0, 5))
        AND CASE WHEN i.home_half_time_score IS NULL
            THEN m.home_half_time_score > i.home_score OR m.away_half_time_score > i.away_score
            ELSE (i.home_half_time_score, i.away_half_time_score) = (i.home_score, i.away_score)
                 AND (i.home_half_time_score, i.away_half_time_score)
                     IS DISTINCT FROM (m.home_half_time_score, m.away_half_time_score) END)))"""
ON_THE_PITCH = (
    "status",
    "home_score",
    "away_score",
    "home_half_time_score",
    "away_half_time_score",
)
# A clock time replaces noon, never the other way round while the day is the same.
KEEPS_TIME = f"""((m.has_kickoff_time AND NOT i.has_kickoff_time
                  AND m.start_time_utc::date = i.start_time_utc::date)
                 OR (m.home_score IS NOT NULL AND i.home_score IS NULL)
                 OR {IS_OLD_LIST})"""
GIVES_TIME = """(i.has_kickoff_time AND NOT m.has_kickoff_time
                 AND m.start_time_utc::date = i.start_time_utc::date)"""
OURS = {
    "season_id": "i.season_id",
    "start_time_utc": f"CASE WHEN {KEEPS_TIME} THEN m.start_time_utc ELSE i.start_time_utc END",
    "has_kickoff_time": f"CASE WHEN {KEEPS_TIME} THEN m.has_kickoff_time"
    " ELSE i.has_kickoff_time END",
    "status": "CASE WHEN i.home_score IS NULL AND m.home_score IS NOT NULL"
    f" OR {IS_OLD_LIST} THEN m.status ELSE i.status END",
    "neutral_venue": "coalesce(i.neutral_venue, m.neutral_venue)",
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
    "neutral_venue": "m.neutral_venue OR coalesce(i.neutral_venue, false)",
    "source": "m.source",
    **{name: f"coalesce(m.{name}, i.{name})" for name in COUNTS},
}
VALUES = contradictions.kept(
    {
        name: (f"CASE WHEN {IS_AWARD} THEN m.{name} " if name in ON_THE_PITCH else "CASE ")
        + f"WHEN {IS_THEIRS} THEN {THEIRS[name]} ELSE {value} END"
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
           {COUNT_LIST}, coalesce(neutral_venue, false), %(source)s, now()
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


class Disputed(NamedTuple):
    """A fact that is told otherwise, in SQL: by whom, and when ours stays nevertheless."""

    what: str
    theirs: str
    ours: str
    differ: str
    told_by: str = "m.source <> %(source)s"
    stays: str = IS_THEIRS


DISPUTED = (
    Disputed(
        "score",
        _score("i"),
        _score("m"),
        f"{_score('i')} <> {_score('m')}",
        # A source may contradict itself: of a match that was over, by a later result.
        "(m.source <> %(source)s OR m.status = 'finished' AND i.status IN ('finished', 'awarded'))",
        f"({IS_THEIRS} OR {IS_AWARD})",
    ),
    Disputed(
        "half_time",
        _score("i", "_half_time"),
        _score("m", "_half_time"),
        f"{_score('i', '_half_time')} <> {_score('m', '_half_time')}",
        stays=f"({IS_THEIRS} OR {IS_AWARD})",
    ),
    Disputed(
        "kick_off",
        _time("i"),
        _time("m"),
        """abs(extract(epoch FROM i.start_time_utc - m.start_time_utc))
           > CASE WHEN i.has_kickoff_time AND m.has_kickoff_time THEN 3600 ELSE 86400 END""",
    ),
)
CONFLICTS = " UNION ALL ".join(
    f"""SELECT m.id AS match_id, '{one.what}' AS what, {one.theirs} AS told, {one.ours} AS stood,
               m.source AS owner, {one.stays} AS stays
        FROM incoming_match i JOIN livescores_match m ON m.id = i.match_id
        WHERE {one.told_by} AND {one.differ} AND '{one.what}' <> ALL(m.corrected)"""
    for one in DISPUTED
)
KEEP_CONFLICTS = f"""
    INSERT INTO livescores_matchconflict (match_id, what, state, told, kept_source, kept_value,
                                          other_source, other_value, seen_at)
    SELECT match_id, what, 'noted', '{{}}',
           CASE WHEN stays THEN owner ELSE %(source)s END,
           CASE WHEN stays THEN stood ELSE told END,
           CASE WHEN stays THEN %(source)s ELSE owner END,
           CASE WHEN stays THEN told ELSE stood END, now()
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
        _find(cursor, rows, told)
        twice = match_finding.twice(cursor)
        cursor.execute("DELETE FROM incoming_match WHERE line = ANY(%s)", [twice])
        cursor.execute(KEEP_CONFLICTS, told)
        contradictions.keep_corrections(cursor, told, CONTRADICTIONS)
        cursor.execute(LINK, told)
        cursor.execute(UPDATE, told)
        updated = cursor.rowcount
        cursor.execute(INSERT, told)
        inserted = cursor.rowcount
        if inserted:
            match_finding.find_inserted(cursor)
            cursor.execute(LINK, told)
        import_changes.keep_met(cursor)
        cursor.execute(LINES)
        ids = dict(cursor.fetchall())
    return Stored(ids, inserted, updated, len(ids) - inserted - updated, twice)


def _find(cursor: Any, rows: Sequence[tuple[object, ...]], told: Mapping[str, Any]) -> None:
    """The match of each row, where there is one."""
    cursor.execute(CREATE)
    cursor.execute("TRUNCATE incoming_match")
    with cursor.copy(f"COPY incoming_match ({INCOMING}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    match_finding.find(cursor, told)


def _row(match: MatchRecord, names: Names) -> tuple[object, ...]:
    placed = names.place(match)
    return (
        match.line,
        *placed,
        match.start_time_utc,
        match.has_kickoff_time,
        live.status_by_now(match.status, match.start_time_utc),
        match.neutral_venue,
        match.external_id,
        *match.counts,
    )
