"""The market's price of each match, some time before it and at its close.

A bookmaker's price is its last one before kick-off, by the rule of `closing_line`; one that stood
earlier than the last hour is a pre-match price. The market's price is that of a stated average over
bookmakers, else the mean over the books that we have.
"""

from datetime import datetime

import pandas as pd
from django.db import connection, transaction

from predictions.modelling.features.prices import LINES, PRICE_COLUMNS
from predictions.outcomes import SIDES
from predictions.services.odds.closing_line import AT_CLOSE, BEFORE, NEWEST
from soccerpredict import postgres

# The mean of chances: one of prices would follow the longest of them.
MARKET = ", ".join(
    f"1 / coalesce(avg(1 / odd_{side}) FILTER (WHERE is_average), avg(1 / odd_{side})) AS {side}"
    for side in SIDES
)
PRICES = f"""
    SELECT match_id, is_closing::int, {MARKET}
    FROM (
        SELECT DISTINCT ON (o.match_id, o.bookmaker_id, is_closing)
               o.match_id, {AT_CLOSE} AS is_closing, b.kind = 'average' AS is_average,
               o.odd_home, o.odd_draw, o.odd_away
        FROM predictions_odds o
        JOIN livescores_match m ON m.id = o.match_id
        JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
        WHERE {BEFORE} AND b.kind <> 'best'
          AND (%(since)s::timestamptz IS NULL OR m.start_time_utc >= %(since)s)
        ORDER BY o.match_id, o.bookmaker_id, is_closing, {NEWEST}
    ) last
    GROUP BY match_id, is_closing
"""
# Two million prices are sorted in memory, not on disk.
MEMORY = "SET LOCAL work_mem = '256MB'"


def prices(*, since: datetime | None = None) -> pd.DataFrame:
    """PRICE_COLUMNS by match id, of matches that kick off at `since` or later and have any."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(MEMORY)
        kinds = dict.fromkeys(SIDES, "float64")
        frame = postgres.frame_of(PRICES, {"since": since}, dtype=kinds)
    return _wide(frame.set_index("match_id"))


def _wide(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a match instead of one a line."""
    lines = [
        frame.loc[frame["is_closing"] == place, list(SIDES)].add_prefix(f"price_{line}_")
        for place, line in enumerate(LINES)
    ]
    return pd.concat(lines, axis=1).reindex(columns=list(PRICE_COLUMNS))
