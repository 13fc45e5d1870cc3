"""What the market says of a match at the close, as probabilities."""

import numpy as np
from django.db import connection

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.pricing import overround
from predictions.services.odds.closing_line import AT_CLOSE, BEFORE, NEWEST

LINES = f"""
    SELECT DISTINCT ON (o.match_id) o.match_id, o.odd_home, o.odd_draw, o.odd_away
    FROM predictions_odds o
    JOIN livescores_match m ON m.id = o.match_id
    JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
    WHERE o.match_id = ANY(%s) AND b.kind <> 'best' AND {BEFORE} AND {AT_CLOSE}
    ORDER BY o.match_id, b.priority, b.code, {NEWEST}
"""


def probabilities(match_ids: Ints, *, method: str = "shin") -> Floats:
    """What the closing line says of each match (n, 3), the margin removed by a method.

    Of the bookmakers with a price at the close the first by priority speaks, best prices aside;
    NaN where there is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(LINES, [np.unique(match_ids).tolist()])
        found = cursor.fetchall()
    lines = np.full((len(match_ids), 3), np.nan)
    if found:
        ids, prices = np.array([row[0] for row in found]), np.array([row[1:] for row in found])
        places = np.minimum(np.searchsorted(ids, match_ids), len(ids) - 1)
        has_line = ids[places] == match_ids
        lines[has_line] = overround.implied(prices, method)[places[has_line]]
    return lines
