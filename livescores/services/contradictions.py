"""In an import: what the incoming rows say of facts that operators have set.

SQL over `incoming_match`; `corrections` does the same for one match.
"""

from collections.abc import Mapping
from typing import Any

from livescores.services.corrections import FACTS, ROWS
from livescores.services.priority import OPERATOR

ANY = """
    SELECT EXISTS (SELECT FROM incoming_match i JOIN livescores_match m ON m.id = i.match_id
                   WHERE m.corrected <> '{}')
"""
# A match by what a source told of it before an operator set it otherwise.
TOLD = f"""
    SELECT m.id, m.status, m.home_score, m.away_score,
           coalesce(max(c.told_season_id), m.season_id) AS season_id,
           coalesce(max(c.told_team_id) FILTER (WHERE c.what = 'home_team'), m.home_team_id)
               AS home_team_id,
           coalesce(max(c.told_team_id) FILTER (WHERE c.what = 'away_team'), m.away_team_id)
               AS away_team_id,
           coalesce(max((c.told ->> 'start_time_utc')::timestamptz), m.start_time_utc)
               AS start_time_utc
    FROM livescores_match m JOIN livescores_matchconflict c ON c.match_id = m.id
    WHERE c.kept_source = '{OPERATOR}'
      AND c.what IN ('season', 'home_team', 'away_team', 'kick_off')
    GROUP BY m.id, c.other_source
"""


def by_told(find: str) -> str:
    """A search for matches that goes by what sources told of them."""
    return find.replace("livescores_match m\n", f"({TOLD}) m\n", 1)


def kept(values: Mapping[str, str]) -> dict[str, str]:
    """New values of columns, but for those that an operator has set."""
    facts = {name: what for what, names in FACTS.items() for name in names}
    return {
        name: f"CASE WHEN '{facts[name]}' = ANY(m.corrected) THEN m.{name} ELSE {value} END"
        if name in facts
        else value
        for name, value in values.items()
    }


def queries(would_be: Mapping[str, str]) -> tuple[str, str]:
    """Keep contradictions, and close those where both agree; by the values that would be stored."""
    would_be = {**would_be, "home_team_id": "i.home_team_id", "away_team_id": "i.away_team_id"}
    told = " UNION ALL ".join(_contradicted(what, names, would_be) for what, names in FACTS.items())
    agreed = " OR ".join(
        f"(c.what = '{what}' AND i.{names[0]} IS NOT NULL AND "
        + " AND ".join(f"i.{name} = m.{name}" for name in names)
        + ")"
        for what, names in FACTS.items()
    )
    return (
        f"""
        INSERT INTO livescores_matchconflict AS c (match_id, what, state, kept_source, kept_value,
            other_source, other_value, told, told_season_id, told_team_id, seen_at)
        SELECT match_id, what, 'waiting', '{OPERATOR}', stood, %(source)s, heard, told,
               told_season_id, told_team_id, now()
        FROM ({told}) found
        ON CONFLICT (match_id, what, kept_source, other_source) DO UPDATE SET
            state = CASE WHEN c.state = 'kept' AND c.other_value = excluded.other_value
                         THEN 'kept' ELSE 'waiting' END,
            kept_value = excluded.kept_value, other_value = excluded.other_value,
            told = excluded.told, told_season_id = excluded.told_season_id,
            told_team_id = excluded.told_team_id
    """,
        f"""
        UPDATE livescores_matchconflict c SET state = 'agreed'
        FROM incoming_match i JOIN livescores_match m ON m.id = i.match_id
        WHERE c.match_id = m.id AND c.kept_source = '{OPERATOR}' AND c.other_source = %(source)s
          AND ({agreed})
    """,
    )


def _contradicted(what: str, names: tuple[str, ...], would_be: Mapping[str, str]) -> str:
    heard = [would_be[name] for name in names]
    ours = [f"m.{name}" for name in names]
    told = ", ".join(f"'{name}', {value}" for name, value in zip(names, heard, strict=True))
    return f"""
        SELECT m.id AS match_id, '{what}' AS what, {_text(what, ours)} AS stood,
               {_text(what, heard)} AS heard,
               {"'{}'::jsonb" if what in ROWS else f"jsonb_build_object({told})"} AS told,
               {heard[0] if what == "season" else "NULL::bigint"} AS told_season_id,
               {heard[0] if what.endswith("_team") else "NULL::bigint"} AS told_team_id
        FROM incoming_match i JOIN livescores_match m ON m.id = i.match_id
        WHERE '{what}' = ANY(m.corrected)
          AND ({", ".join(ours)}) IS DISTINCT FROM ({", ".join(heard)})
    """


def _text(what: str, values: list[str]) -> str:
    if what == "season":
        return f"(SELECT name FROM livescores_season WHERE id = {values[0]})"
    if what in ROWS:
        return f"(SELECT name FROM livescores_team WHERE id = {values[0]})"
    if what == "kick_off":
        pattern = f"CASE WHEN {values[1]} THEN 'YYYY-MM-DD HH24:MI' ELSE 'YYYY-MM-DD' END"
        return f"to_char(({values[0]}) AT TIME ZONE 'UTC', {pattern})"
    joined = " || ':' || ".join(f"({value})::text" for value in values)
    return f"coalesce({joined}, '')"


def keep_corrections(cursor: Any, told: Mapping[str, Any], both: tuple[str, str]) -> None:
    cursor.execute(ANY)
    if cursor.fetchone()[0]:
        for query in both:
            cursor.execute(query, told)
