"""Lists of stored prices that may be passed on: the newest per match and bookmaker, or all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from predictions.services.odds.redistribution import ALLOWED, WITHHELD

COLUMNS: dict[str, type] = {
    "match_id": int,
    "bookmaker": str,
    "odd_home": float,
    "odd_draw": float,
    "odd_away": float,
    "captured_at": datetime,
}
AT_ONCE = 5_000
# Matches in order, each with its own prices: a page of the list reads no more than it shows.
SELECT = """
    SELECT m.id, price.code, price.odd_home, price.odd_draw, price.odd_away, price.captured_at
    FROM livescores_match m
    CROSS JOIN LATERAL (
        SELECT {distinct} b.code, o.odd_home, o.odd_draw, o.odd_away, o.captured_at,
               o.recorded_at, o.id
        FROM predictions_odds o
        JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
        WHERE o.match_id = m.id AND {whose} AND {allowed}
        ORDER BY b.code, o.captured_at DESC, o.recorded_at DESC, o.id DESC
    ) price
    WHERE {which}
    ORDER BY m.start_time_utc, m.id, price.code,
             price.captured_at DESC, price.recorded_at DESC, price.id DESC
    LIMIT %(limit)s OFFSET %(offset)s
"""
COUNT = """
    SELECT count({counted})
    FROM predictions_odds o
    JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
    WHERE {whose} AND {allowed} AND {which}
"""
STATE = f"SELECT coalesce(max(id), 0), {WITHHELD} FROM predictions_odds"


@dataclass(frozen=True)
class OddsFilters:
    """Which prices; with `history`, every one that was ever stored."""

    match_id: int | None = None
    bookmaker: str | None = None
    history: bool = False

    def sql(self, template: str, match_column: str) -> tuple[str, dict[str, Any]]:
        filled = template.format(
            distinct="" if self.history else "DISTINCT ON (b.code)",
            counted="*" if self.history else "DISTINCT (o.match_id, o.bookmaker_id)",
            whose="b.code = %(bookmaker)s" if self.bookmaker else "true",
            allowed=ALLOWED,
            which=f"{match_column} = %(match_id)s" if self.match_id else "true",
        )
        return filled, {"bookmaker": self.bookmaker, "match_id": self.match_id}


def odds(
    filters: OddsFilters, *, limit: int | None = None, offset: int = 0
) -> Iterator[dict[str, Any]]:
    """Prices in order of kick-off, match id and bookmaker; read in pieces, never all at once."""
    sql, values = filters.sql(SELECT, "m.id")
    values |= {"limit": limit, "offset": offset}
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while found := cursor.fetchmany(AT_ONCE):
            yield from (dict(zip(COLUMNS, row, strict=True)) for row in found)


def count(filters: OddsFilters) -> int:
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        newest_id, withheld = cursor.fetchone()
    return _count(filters, newest_id, tuple(withheld))


@lru_cache(maxsize=128)
def _count(filters: OddsFilters, newest_id: int, withheld: tuple[str, ...]) -> int:
    """Counting two million rows takes a second: once for each state of the table."""
    sql, values = filters.sql(COUNT, "o.match_id")
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
