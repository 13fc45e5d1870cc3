"""Cards: predictions beside the prices they can be backed at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from predictions.modelling.pricing.books import DOUBTFUL_EDGE, kelly_fraction
from predictions.outcomes import LABELS, SIDES
from predictions.services.odds.closing_line import BEFORE, NEWEST, STOOD_AT
from predictions.services.odds.redistribution import ALLOWED
from predictions.services.publishing import prediction_rows
from predictions.services.publishing.prediction_rows import JOINS, BatchFacts, Filters, Row

IN_SAMPLE, DOUBTFUL = "in_sample", "edge_is_doubtful"
# Where a table has had its columns for long, a new one stands last.
COLUMNS: dict[str, type] = {
    **{name: kind for name, kind in prediction_rows.COLUMNS.items() if name != IN_SAMPLE},
    "region": str,
    "tournament": str,
    "home_score": int,
    "away_score": int,
    "status": str,
    "bookmaker": str,
    "odd_home": float,
    "odd_draw": float,
    "odd_away": float,
    "odds_captured_at": datetime,
    "implied_home": float,
    "implied_draw": float,
    "implied_away": float,
    "edge_home": float,
    "edge_draw": float,
    "edge_away": float,
    "best_value": str,
    "kelly_fraction": float,
    IN_SAMPLE: bool,
    DOUBTFUL: bool,
}
IMPLIED = tuple(f"implied_{side}" for side in SIDES)
EDGES = tuple(f"edge_{side}" for side in SIDES)
VALUE = (*EDGES, "best_value", "kelly_fraction", DOUBTFUL)  # of no prediction that knew the result
DECIMALS = 6

# The newest price before kick-off of the bookmaker that comes first, and that may be passed on.
PRICE = f"""
    LEFT JOIN LATERAL (
        SELECT b.code, o.odd_home, o.odd_draw, o.odd_away, {STOOD_AT} AS captured_at
        FROM predictions_odds o
        JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
        WHERE o.match_id = p.match_id AND {BEFORE} AND {ALLOWED} AND {{whose}}
        ORDER BY b.priority, b.code, {NEWEST}
        LIMIT 1
    ) price ON true
"""
# Rounded as it is shown: a card that shows 0.05 has an edge of 0.05 or more.
EDGE = """round((greatest(p.proba_home * price.odd_home, p.proba_draw * price.odd_draw,
                          p.proba_away * price.odd_away) - 1)::numeric, 6)"""
SELECT = f"""
    SELECT p.match_id, h.name, a.name, p.start_time_utc, p.proba_home, p.proba_draw, p.proba_away,
           p.in_sample, r.name, t.name, m.home_score, m.away_score, m.status,
           price.code, price.odd_home, price.odd_draw, price.odd_away, price.captured_at
    {JOINS}
    JOIN livescores_region r ON r.id = t.region_id
    JOIN livescores_team h ON h.id = m.home_team_id
    JOIN livescores_team a ON a.id = m.away_team_id
    {{price}}
    WHERE {{conditions}}
    ORDER BY {{order}}
"""
PAGE_OF_PRICED = "LIMIT %(limit)s OFFSET %(offset)s"
COUNT = f"SELECT count(*) {JOINS} {{price}} WHERE {{conditions}}"
AT_ONCE = 5_000


@dataclass(frozen=True)
class CardFilters:
    """Which cards: those of `matches`, priced by `bookmaker`, with an edge of `min_edge` or more.

    A doubtful edge is none: with `min_edge` such cards are left out.
    Without a bookmaker, a bookmaker's own price is shown, never a market summary.
    """

    matches: Filters
    bookmaker: str | None = None
    min_edge: float | None = None

    def sql(
        self, template: str, now: datetime, *, paged: bool = False
    ) -> tuple[str, dict[str, Any]]:
        matches = self.matches
        conditions, values = matches.page(now) if paged else matches.conditions(now)
        if self.min_edge is not None:
            believed = f"BETWEEN %(min_edge)s AND {DOUBTFUL_EDGE}"
            conditions += f" AND NOT p.in_sample AND {EDGE} {believed}"
        whose = "b.code = %(bookmaker)s" if self.bookmaker else "b.kind = 'book'"
        price = PRICE.format(whose=whose)
        filled = template.format(conditions=conditions, price=price, order=matches.order)
        return filled, {**values, "bookmaker": self.bookmaker, "min_edge": self.min_edge}


def cards(
    facts: BatchFacts,
    filters: CardFilters,
    *,
    now: datetime,
    limit: int | None = None,
    offset: int = 0,
) -> Iterator[Row]:
    """Cards of a batch in the order of the filters."""
    is_priced = filters.min_edge is not None
    template = SELECT + PAGE_OF_PRICED if is_priced else SELECT
    whole = limit is None and offset == 0
    sql, values = filters.sql(template, now, paged=not is_priced and not whole)
    values |= {"batch_id": facts.batch_id, "limit": limit, "offset": offset}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while found := cursor.fetchmany(AT_ONCE):
            yield from (card(facts, row, now) for row in found)


def count(facts: BatchFacts, filters: CardFilters, *, now: datetime) -> int:
    if filters.min_edge is None:  # a price more or less: the card is there
        return prediction_rows.count(facts, filters.matches, now=now)
    sql, values = filters.sql(COUNT, now)
    with connection.cursor() as cursor:
        cursor.execute(sql, {**values, "batch_id": facts.batch_id})
        return int(cursor.fetchone()[0])


def card(facts: BatchFacts, found: Sequence[Any], now: datetime) -> Row:
    row = prediction_rows.as_row(facts, found[:8], now)
    region, tournament, home_score, away_score, status, code, *prices, captured_at = found[8:]
    row |= {
        "region": region,
        "tournament": tournament,
        "home_score": home_score,
        "away_score": away_score,
        "status": status,
        "bookmaker": code,
        "odd_home": prices[0],
        "odd_draw": prices[1],
        "odd_away": prices[2],
        "odds_captured_at": captured_at,
    }
    if not code:
        return row | NO_PRICE
    return (
        row | implied_shown(prices) | (NO_VALUE if row[IN_SAMPLE] else value_of(found[4:7], prices))
    )


NO_VALUE: Row = dict.fromkeys(VALUE)
NO_PRICE: Row = dict.fromkeys((*IMPLIED, *VALUE))


def implied_by(prices: Sequence[float]) -> list[float]:
    """The probabilities behind prices, the margin taken out in proportion."""
    inverse = [1.0 / price for price in prices]
    return [share / sum(inverse) for share in inverse]


def implied_shown(prices: Sequence[float]) -> Row:
    return {
        name: round(share, DECIMALS)
        for name, share in zip(IMPLIED, implied_by(prices), strict=True)
    }


def value_of(proba: Sequence[float], prices: Sequence[float]) -> Row:
    """Edges, and Kelly's stake.

    Edge is the expected profit of a unit stake; `best_value` the outcome where it is largest. Where
    that is doubtful nothing is of value: a price or the model is wrong.
    """
    edges = [p * price - 1.0 for p, price in zip(proba, prices, strict=True)]
    best = edges.index(max(edges))
    shown = {name: round(edge, DECIMALS) for name, edge in zip(EDGES, edges, strict=True)}
    if shown[EDGES[best]] > DOUBTFUL_EDGE:
        return {**shown, "best_value": None, "kelly_fraction": None, DOUBTFUL: True}
    return {
        **shown,
        "best_value": LABELS[best],
        "kelly_fraction": round(kelly_fraction(edges[best], prices[best]), DECIMALS),
        DOUBTFUL: False,
    }
