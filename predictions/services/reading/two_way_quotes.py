"""Prices of a match on goals and handicaps, as far as they were known at a moment."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import connection

from livescores.models import Match
from predictions.services.odds.closing_line import BEFORE, NEWEST, STOOD_AT
from predictions.services.odds.redistribution import ALLOWED

# Goals before handicaps, and of each line every bookmaker's last price before kick-off.
LAST = f"""
    SELECT DISTINCT ON (o.market = 'asian_handicap', o.line, b.priority, b.code)
           o.market, o.line, b.code, b.name, {STOOD_AT}, o.odd_first, o.odd_second
    FROM predictions_twowayodds o
    JOIN livescores_match m ON m.id = o.match_id
    JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
    WHERE o.match_id = %s AND {BEFORE} AND {ALLOWED} AND {STOOD_AT} <= %s
    ORDER BY o.market = 'asian_handicap', o.line, b.priority, b.code, {NEWEST}
"""


@dataclass(frozen=True)
class PairQuote:
    """A bookmaker's prices of over and under, or of home and away, from a moment on."""

    bookmaker: str
    name: str
    captured_at: datetime
    prices: tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A line of a market, and who has prices on it."""

    market: str
    line: float
    quotes: list[PairQuote]


def of_match(match: Match, *, until: datetime) -> list[Line]:
    """Every line that may be shown."""
    with connection.cursor() as cursor:
        cursor.execute(LAST, [match.pk, until])
        rows = cursor.fetchall()
    return [
        Line(market, line, [PairQuote(row[2], row[3], row[4], row[5:7]) for row in inside])
        for (market, line), inside in groupby(rows, key=lambda row: row[:2])
    ]
