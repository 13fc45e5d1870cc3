"""Which of our matches each incoming row is: SQL over `incoming_match`.

By the source's number for it; by its two clubs and a kick-off within a day and a bit; or as one
that moved. Where a pair meets more than once at one ground, each row and each match that are
nearest to each other are one, and then those that are nearest of what is left.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from livescores.services import contradictions

SAME_MATCH = "interval '30 hours'"
# What an old list of fixtures may be late or early by, where the pair meets more than once.
PUT_OFF, BROUGHT_FORWARD = "interval '30 days'", "interval '7 days'"
# By how far a match moves from one form of a season into another.
NEAR = "interval '60 days'"

# Seasons of a league that are one: 2022 is 2022-23 since the league changed its calendar.
CREATE = """
    CREATE TEMPORARY TABLE IF NOT EXISTS akin_season (season_id bigint, akin_id bigint)
    ON COMMIT DELETE ROWS
"""
AKIN = """
    WITH told AS (SELECT id, tournament_id, coalesce(nullif(told_name, ''), name) AS name
                  FROM livescores_season),
         span AS (SELECT id, tournament_id, name ~ '-' AS is_two,
                         substring(name FROM '^[0-9]{4}')::integer AS first FROM told)
    INSERT INTO akin_season
    SELECT i.id, o.id FROM span i JOIN span o USING (tournament_id)
    WHERE i.id IN (SELECT season_id FROM incoming_match)
      AND (i.id = o.id OR (i.is_two AND NOT o.is_two AND o.first - i.first IN (0, 1))
           OR (o.is_two AND NOT i.is_two AND i.first - o.first IN (0, 1)))
"""
# Unless another match of the pair stands there: then that is what the row means by now.
BY_NUMBER = f"""
    UPDATE incoming_match i SET match_id = m.id
    FROM livescores_matchlink l JOIN
         livescores_match m
      ON m.id = l.match_id
    WHERE i.external_id <> '' AND l.external_id = i.external_id AND l.source = %(source)s
      AND m.home_team_id = i.home_team_id AND m.away_team_id = i.away_team_id
      AND NOT EXISTS (SELECT 1 FROM livescores_match o
                      WHERE o.home_team_id = i.home_team_id AND o.away_team_id = i.away_team_id
                        AND o.id <> m.id AND o.start_time_utc
                            BETWEEN i.start_time_utc - {SAME_MATCH}
                                AND i.start_time_utc + {SAME_MATCH})
"""
# Of two matches of a pair on two days, each row means the one that is nearer.
SAME_TIME = f"""
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


def _nearest(condition: str) -> str:
    """Rows and matches of one pair and season that are nearest to each other; free ones only."""
    return f"""
    UPDATE incoming_match t SET match_id = nearest.id
    FROM (SELECT line, id, row_number() OVER (PARTITION BY line ORDER BY apart, id) AS of_row,
                 row_number() OVER (PARTITION BY id ORDER BY apart, line) AS of_match
          FROM (SELECT i.line, m.id, min(abs(extract(epoch FROM m.start_time_utc
                                                              - i.start_time_utc))) AS apart
                FROM incoming_match i JOIN akin_season s ON s.season_id = i.season_id JOIN
                     livescores_match m
                  ON m.home_team_id = i.home_team_id AND m.away_team_id = i.away_team_id
                 AND m.season_id = s.akin_id
                WHERE i.match_id IS NULL AND {condition}
                  AND (s.season_id = s.akin_id OR m.start_time_utc
                       BETWEEN i.start_time_utc - {NEAR} AND i.start_time_utc + {NEAR})
                  AND NOT EXISTS (SELECT 1 FROM incoming_match o WHERE o.match_id = m.id)
                GROUP BY i.line, m.id) pairs
         ) nearest
    WHERE nearest.line = t.line AND of_row = 1 AND of_match = 1
"""


MOVED = _nearest(
    "m.status IN ('scheduled', 'postponed', 'unknown') AND m.home_score IS NULL",
)
YEAR_OFF = _nearest(
    """m.home_score = i.home_score AND m.away_score = i.away_score
                  AND abs(extract(epoch FROM m.start_time_utc - i.start_time_utc) / 86400)
                      BETWEEN 363.5 AND 367.5 AND s.season_id = s.akin_id"""
)
UNPLAYED = "i.home_score IS NULL AND i.status IN ('scheduled', 'postponed', 'unknown')"
# An old list of fixtures: the only match of the pair was played later than it says.
POSTPONED = _nearest(
    f"""{UNPLAYED} AND m.start_time_utc > i.start_time_utc
                  AND 1 = (SELECT count(*) FROM livescores_match o WHERE o.season_id = m.season_id
                           AND o.home_team_id = m.home_team_id
                           AND o.away_team_id = m.away_team_id AND o.same_as_id IS NULL)
                  AND 1 = (SELECT count(*) FROM incoming_match o WHERE o.season_id = i.season_id
                           AND o.home_team_id = i.home_team_id
                           AND o.away_team_id = i.away_team_id)"""
)
# Of several, the one that was played nearest to the day that is over without a result.
PLAYED = _nearest(
    f"""{UNPLAYED} AND i.start_time_utc < now() AND m.home_score IS NOT NULL
                  AND m.start_time_utc BETWEEN i.start_time_utc - {BROUGHT_FORWARD}
                                           AND i.start_time_utc + {PUT_OFF}"""
)
# A row that turned out to be another's is still found by what its source tells.
STANDING = """
    UPDATE incoming_match i SET match_id = m.same_as_id
    FROM livescores_match m WHERE m.id = i.match_id AND m.same_as_id IS NOT NULL
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


def find(cursor: Any, told: Mapping[str, Any]) -> None:
    """Give each incoming row the match that it is, where there is one."""
    cursor.execute(CREATE)
    cursor.execute("TRUNCATE akin_season")
    cursor.execute(AKIN)
    cursor.execute("ANALYZE incoming_match, akin_season")
    for query in _queries():
        cursor.execute(query, told)
        while cursor.rowcount and "of_match" in query:  # the nearest of what is left
            cursor.execute(query, told)


def _queries() -> Iterator[str]:
    """A match that an operator has moved is found by what its source tells of it."""
    for query in (BY_NUMBER, SAME_TIME, MOVED, YEAR_OFF):
        yield contradictions.by_told(query)
    yield from (BY_NUMBER, SAME_TIME, MOVED, POSTPONED, PLAYED, YEAR_OFF, STANDING)


def find_inserted(cursor: Any) -> None:
    """Rows that have a match since it was inserted."""
    cursor.execute(SAME_TIME)
    cursor.execute(STANDING)


def twice(cursor: Any) -> list[int]:
    """Lines of rows that are a match which another row is already; the unplayed ones first."""
    cursor.execute(TWICE)
    return [line for (line,) in cursor.fetchall()]
