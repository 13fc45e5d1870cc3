"""What stands beside a prediction: the other stage's, and the market's, of the same matches."""

from collections.abc import Sequence

from django.db import connection

from predictions.models import Prediction, PublicationPointer
from predictions.services.odds.closing_line import BEFORE, NEWEST
from predictions.services.reading.cards import implied_by

Proba = tuple[float, ...]

MARKET = f"""
    SELECT DISTINCT ON (o.match_id) o.match_id, o.odd_home, o.odd_draw, o.odd_away
    FROM predictions_odds o
    JOIN livescores_match m ON m.id = o.match_id
    JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
    WHERE o.match_id = ANY(%s) AND b.kind = 'book' AND {BEFORE}
    ORDER BY o.match_id, b.priority, b.code, {NEWEST}
"""


def published(match_ids: Sequence[int]) -> dict[tuple[str, int], Proba]:
    """What each stage serves of these matches now, by stage and match."""
    batches = dict(PublicationPointer.objects.values_list("batch_id", "stage"))
    found = Prediction.objects.filter(batch__in=batches, match__in=match_ids)
    columns = ("batch_id", "match_id", "proba_home", "proba_draw", "proba_away")
    rows = found.values_list(*columns)
    return {(batches[batch], match): tuple(proba) for batch, match, *proba in rows}


def market(match_ids: Sequence[int]) -> dict[int, Proba]:
    """The last prices before kick-off of the first bookmaker by priority, without its margin."""
    with connection.cursor() as cursor:
        cursor.execute(MARKET, [list(match_ids)])
        return {match: tuple(implied_by(prices)) for match, *prices in cursor.fetchall()}
