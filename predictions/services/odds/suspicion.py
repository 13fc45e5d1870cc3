"""Where prices of a match may contradict each other: found by ranges, in one pass of the index.

No two prices of a match can lie further apart than the ranges of all of them allow. What is well
within is left alone; the others are read and judged (`judging`).
"""

from collections.abc import Sequence

from django.db import connection

from predictions.modelling.pricing.contradictions import TOLERANCE, TOO_DEAR

# The middle is scaled to sum to 1, so that it may lie a little outside of what it is the middle of.
CAREFUL = 0.8
# Of a match to come that one bookmaker alone has priced, the model is asked.
ALONE = """
    OR count(DISTINCT bookmaker_id) = 1 AND EXISTS (
        SELECT FROM livescores_match m WHERE m.id = match_id AND m.start_time_utc > now())
"""
SPREAD = """
    SELECT match_id
    FROM (
        SELECT o.match_id, o.bookmaker_id, o.is_quarantined, {market} AS market, {prices}, {chances}
        FROM {table} o
        CROSS JOIN LATERAL (SELECT {total} AS total) book
        WHERE o.match_id = ANY(%(matches)s) AND o.kind <> 'live'
    ) said
    GROUP BY match_id, market
    HAVING bool_or(is_quarantined) OR {apart} > %(apart)s OR {pays} > %(pays)s {alone}
"""
MANY_LINES = """
    SELECT o.match_id FROM predictions_twowayodds o
    WHERE o.match_id = ANY(%(matches)s) AND o.kind <> 'live'
    GROUP BY o.match_id, o.market, o.bookmaker_id, o.kind
    HAVING count(DISTINCT o.line) > 1
"""


def spread(table: str, prices: Sequence[str], *, market: str, alone: str = "") -> str:
    chances = [f"p_{name}" for name in prices]
    return SPREAD.format(
        table=table,
        market=market,
        prices=", ".join(f"o.{name}" for name in prices),
        total=" + ".join(f"1 / o.{name}" for name in prices),
        chances=", ".join(f"1 / o.{name} / total AS p_{name}" for name in prices),
        apart=" + ".join(f"(max({p}) - min({p})) * (ln(max({p})) - ln(min({p})))" for p in chances),
        pays=f"greatest({', '.join(f'max({n}) * max(p_{n})' for n in prices)})",
        alone=alone,
    )


RESULT = spread("predictions_odds", ("odd_home", "odd_draw", "odd_away"), market="''", alone=ALONE)
TWO_WAY = f"""
    {spread("predictions_twowayodds", ("odd_first", "odd_second"), market="o.market || o.line")}
    UNION {MANY_LINES}
"""
LIMITS = {"apart": CAREFUL * TOLERANCE, "pays": CAREFUL * TOO_DEAR}


def of_result(match_ids: Sequence[int]) -> list[int]:
    """Matches whose 1X2 prices want judging."""
    return _found(RESULT, match_ids)


def of_two_way(match_ids: Sequence[int]) -> list[int]:
    """Matches of whose prices on lines some want judging."""
    return _found(TWO_WAY, match_ids)


def _found(sql: str, match_ids: Sequence[int]) -> list[int]:
    if not match_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, {"matches": list(match_ids), **LIMITS})
        return sorted({match_id for (match_id,) in cursor.fetchall()})
