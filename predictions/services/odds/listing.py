"""Lists of stored prices that may be passed on: the newest of each match and bookmaker, or all.

Prices on lines are told apart by their line: the newest of each is listed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from predictions.models import Market
from predictions.services.odds.redistribution import ALLOWED, WITHHELD

AT_ONCE = 5_000
# Matches in order, each with its own prices: a page of the list reads no more than it shows.
SELECT = """
    SELECT {shown}
    FROM livescores_match m
    CROSS JOIN LATERAL (
        SELECT {distinct} b.code, {columns}, o.captured_at, o.recorded_at, o.id
        FROM {table} o
        JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
        WHERE o.match_id = m.id AND NOT o.is_quarantined AND {whose} AND {allowed}
        ORDER BY b.code, {by_line} o.captured_at DESC, o.recorded_at DESC, o.id DESC
    ) price
    WHERE {which}
    ORDER BY m.start_time_utc, m.id, price.code, {then_by_line}
             price.captured_at DESC, price.recorded_at DESC, price.id DESC
    LIMIT %(limit)s OFFSET %(offset)s
"""
COUNT = """
    SELECT count({counted})
    FROM {table} o
    JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
    WHERE NOT o.is_quarantined AND {whose} AND {allowed} AND {which}
"""
HELD_BACK = """(SELECT count(*) FROM predictions_quarantinedodds
                  WHERE rule = 'contradicted' AND state IN ('waiting', 'discarded'))"""
STATE = f"SELECT (coalesce(max(id), 0), {HELD_BACK})::text, {WITHHELD} FROM {{table}}"


@dataclass(frozen=True)
class Listed:
    """What the list of a market shows: its prices by the name that each has in the table."""

    table: str
    prices: Mapping[str, str]
    has_lines: bool = True

    @property
    def columns(self) -> dict[str, type]:
        lines: dict[str, type] = {"market": str, "line": float} if self.has_lines else {}
        prices = dict.fromkeys(self.prices, float)
        return {"match_id": int, "bookmaker": str, **lines, **prices, "captured_at": datetime}

    def parts(self, *, history: bool) -> dict[str, str]:
        """What the templates say of the table."""
        lines = ["market", "line"] if self.has_lines else []
        read = [*lines, *self.prices.values()]
        latest = "b.code, o.line" if self.has_lines else "b.code"
        counted = "o.match_id, o.bookmaker_id" + (", o.line" if self.has_lines else "")
        shown = ["m.id", "price.code", *(f"price.{name}" for name in read), "price.captured_at"]
        return {
            "table": self.table,
            "shown": ", ".join(shown),
            "columns": ", ".join(f"o.{name}" for name in read),
            "by_line": "o.line," if self.has_lines else "",
            "then_by_line": "price.line," if self.has_lines else "",
            "distinct": "" if history else f"DISTINCT ON ({latest})",
            "counted": "*" if history else f"DISTINCT ({counted})",
        }


RESULT = Listed(
    "predictions_odds", {name: name for name in ("odd_home", "odd_draw", "odd_away")}, False
)
TWO_WAY = "predictions_twowayodds"
LISTED: dict[str, Listed] = {
    Market.RESULT.value: RESULT,
    Market.OVER_UNDER.value: Listed(TWO_WAY, {"odd_over": "odd_first", "odd_under": "odd_second"}),
    Market.ASIAN_HANDICAP.value: Listed(
        TWO_WAY, {"odd_home": "odd_first", "odd_away": "odd_second"}
    ),
}


@dataclass(frozen=True)
class OddsFilters:
    """Which prices; with `history`, every one that was ever stored. Of 1X2 there is no `line`."""

    match_id: int | None = None
    bookmaker: str | None = None
    history: bool = False
    market: str = Market.RESULT.value
    line: float | None = None

    @property
    def listed(self) -> Listed:
        return LISTED[self.market]

    def sql(self, template: str, match_column: str) -> tuple[str, dict[str, Any]]:
        wanted = ["b.code = %(bookmaker)s"] if self.bookmaker else []
        if self.listed.has_lines:
            wanted.append("o.market = %(market)s")
        if self.line is not None:
            wanted.append("o.line = %(line)s")
        filled = template.format(
            whose=" AND ".join(wanted) or "true",
            allowed=ALLOWED,
            which=f"{match_column} = %(match_id)s" if self.match_id else "true",
            **self.listed.parts(history=self.history),
        )
        values = {"bookmaker": self.bookmaker, "match_id": self.match_id}
        return filled, {**values, "market": self.market, "line": self.line}


def odds(
    filters: OddsFilters, *, limit: int | None = None, offset: int = 0
) -> Iterator[dict[str, Any]]:
    """Prices in order of kick-off, match id and bookmaker; read in pieces, never all at once."""
    sql, values = filters.sql(SELECT, "m.id")
    values |= {"limit": limit, "offset": offset}
    columns = filters.listed.columns
    # A cursor on the server, which lives no longer than its transaction.
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while found := cursor.fetchmany(AT_ONCE):
            yield from (dict(zip(columns, row, strict=True)) for row in found)


def count(filters: OddsFilters) -> int:
    with connection.cursor() as cursor:
        cursor.execute(STATE.format(table=filters.listed.table))
        state, withheld = cursor.fetchone()
    return _count(filters, state, tuple(withheld))


@lru_cache(maxsize=128)
def _count(filters: OddsFilters, state: str, withheld: tuple[str, ...]) -> int:
    """Counting two million rows takes a second: once for each state of the table."""
    sql, values = filters.sql(COUNT, "o.match_id")
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
