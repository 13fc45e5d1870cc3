"""The best price of each outcome over the bookmakers, for the matches of a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from predictions.services.odds.closing_line import BEFORE, NEWEST
from predictions.services.odds.redistribution import ALLOWED

LAST = f"""
    SELECT DISTINCT ON (o.match_id, b.priority, b.code)
           o.match_id, b.code, o.odd_home, o.odd_draw, o.odd_away
    FROM predictions_odds o
    JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
    JOIN livescores_match m ON m.id = o.match_id
    WHERE o.match_id = ANY(%s) AND b.kind = 'book' AND {BEFORE} AND {ALLOWED}
    ORDER BY o.match_id, b.priority, b.code, {NEWEST}
"""
Quote = tuple[int, str, float, float, float]


@dataclass(frozen=True)
class Price:
    """Decimal odds and whose they are."""

    odds: float
    bookmaker: str

    def edge(self, probability: float) -> float:
        """Expected profit of a unit stake."""
        return probability * self.odds - 1.0


def of_matches(match_ids: Sequence[int]) -> dict[int, list[Price]]:
    """Three prices for each match that any bookmaker priced: home, draw, away."""
    with connection.cursor() as cursor:
        cursor.execute(LAST, [list(match_ids)])
        return best(cursor.fetchall())


def best(quotes: Iterable[Quote]) -> dict[int, list[Price]]:
    """The highest of each outcome; of equal ones the first."""
    found: dict[int, list[Price]] = {}
    for match_id, code, *odds in quotes:
        offered = [Price(odd, code) for odd in odds]
        held = found.setdefault(match_id, offered)
        found[match_id] = [
            new if new.odds > old.odds else old for old, new in zip(held, offered, strict=True)
        ]
    return found
