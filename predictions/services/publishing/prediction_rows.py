"""The rows of the prediction lists: one shape and one query for publications and filtered lists."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from predictions.outcomes import LABELS, SIDES, predicted_class

# Column → type, in the order in which every representation shows them.
COLUMNS: dict[str, type] = {
    "match_id": int,
    "homeTeamName": str,
    "awayTeamName": str,
    "startTimeUtc": datetime,
    "proba_home": float,
    "proba_draw": float,
    "proba_away": float,
    "predicted_class": int,
    "predicted_label": str,
    "is_future": bool,
    "model_stage": str,
    "model_run_id": str,
    "predictions_computed_at": datetime,
    "in_sample": bool,
}
BY_KICK_OFF = "kickoff"
SORTS = {
    BY_KICK_OFF: "p.start_time_utc, p.match_id",
    "-kickoff": "p.start_time_utc DESC, p.match_id DESC",
    **{
        f"{sign}proba_{side}": f"p.proba_{side} {way}, p.start_time_utc, p.match_id"
        for side in SIDES
        for sign, way in (("", "ASC"), ("-", "DESC"))
    },
}
# As arrays, which are made once: joined, they would lead the planner to walk all of a region.
OF_REGION = """SELECT s.id FROM livescores_season s JOIN livescores_tournament t
               ON t.id = s.tournament_id WHERE t.region_id = %(region_id)s"""
OF_TOURNAMENT = "SELECT id FROM livescores_season WHERE tournament_id = %(tournament_id)s"
# The team's matches by index: one condition over both sides would walk all predictions.
OF_TEAM = """SELECT id FROM livescores_match WHERE home_team_id = %(team_id)s
             UNION ALL SELECT id FROM livescores_match WHERE away_team_id = %(team_id)s"""

Row = dict[str, Any]


@dataclass(frozen=True)
class BatchFacts:
    """What all predictions of one batch have in common."""

    batch_id: str
    stage: str
    run_id: str
    computed_at: datetime


@dataclass(frozen=True)
class Filters:
    """Which matches a list shows, and in which order; None does not filter.

    Days are whole UTC days, inclusive.
    """

    future_only: bool = False
    region_id: int | None = None
    tournament_id: int | None = None
    team_id: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    in_sample: bool | None = None
    sort: str = BY_KICK_OFF

    @property
    def order(self) -> str:
        """SQL over p."""
        return SORTS[self.sort]

    @property
    def any(self) -> bool:
        return self != Filters()

    def conditions(self, now: datetime) -> tuple[str, dict[str, Any]]:
        """SQL over p (prediction) and m (match), and its values."""
        parts = {
            "p.start_time_utc > %(now)s": now if self.future_only else None,
            f"m.season_id = ANY(ARRAY({OF_REGION}))": self.region_id,
            f"m.season_id = ANY(ARRAY({OF_TOURNAMENT}))": self.tournament_id,
            f"p.match_id = ANY(ARRAY({OF_TEAM}))": self.team_id,
            "p.start_time_utc >= %(date_from)s": self.date_from,
            "p.start_time_utc < %(date_to)s::date + 1": self.date_to,
            "p.in_sample = %(in_sample)s": self.in_sample,
        }
        asked = [sql for sql, value in parts.items() if value is not None]
        return " AND ".join(["p.batch_id = %(batch_id)s", *asked]), {**vars(self), "now": now}

    @property
    def joins(self) -> str:
        """What the conditions read; the fewer tables, the faster."""
        return OF_MATCHES if self.region_id or self.tournament_id else ALONE

    def page(self, now: datetime) -> tuple[str, dict[str, Any]]:
        """As `conditions`, for the rows of one page: `limit` and `offset` are given as values.

        Its predictions are picked by index before anything is joined to them.
        """
        conditions, values = self.conditions(now)
        picked = PICKED.format(joins=self.joins, conditions=conditions, order=self.order)
        return f"p.id = ANY(ARRAY({picked}))", values


JOINS = """
    FROM predictions_prediction p
    JOIN livescores_match m ON m.id = p.match_id
    JOIN livescores_season s ON s.id = m.season_id
    JOIN livescores_tournament t ON t.id = s.tournament_id
"""
ALONE = "FROM predictions_prediction p"
OF_MATCHES = f"{ALONE} JOIN livescores_match m ON m.id = p.match_id"
PICKED = """
    SELECT p.id {joins} WHERE {conditions}
    ORDER BY {order}
    LIMIT %(limit)s OFFSET %(offset)s
"""
SELECT = f"""
    SELECT p.match_id, h.name, a.name, p.start_time_utc, p.proba_home, p.proba_draw, p.proba_away,
           p.in_sample
    {JOINS}
    JOIN livescores_team h ON h.id = m.home_team_id
    JOIN livescores_team a ON a.id = m.away_team_id
    WHERE {{conditions}}
    ORDER BY {{order}}
"""
COUNT = "SELECT count(*) {joins} WHERE {conditions}"


def rows(
    facts: BatchFacts,
    filters: Filters,
    *,
    now: datetime,
    limit: int | None = None,
    offset: int = 0,
) -> Iterator[Row]:
    """The rows of a batch that the filters leave, in their order."""
    whole = limit is None and offset == 0
    conditions, values = filters.conditions(now) if whole else filters.page(now)
    values |= {"batch_id": facts.batch_id, "limit": limit, "offset": offset}
    with connection.cursor() as cursor:
        cursor.execute(SELECT.format(conditions=conditions, order=filters.order), values)
        yield from (as_row(facts, found, now) for found in cursor.fetchall())


def count(facts: BatchFacts, filters: Filters, *, now: datetime) -> int:
    conditions, values = filters.conditions(now)
    with connection.cursor() as cursor:
        sql = COUNT.format(joins=filters.joins, conditions=conditions)
        cursor.execute(sql, {**values, "batch_id": facts.batch_id})
        return int(cursor.fetchone()[0])


def as_row(facts: BatchFacts, found: Sequence[Any], now: datetime) -> Row:
    match_id, home_name, away_name, start, home, draw, away, in_sample = found
    likeliest = predicted_class(home, draw, away)
    return {
        "match_id": match_id,
        "homeTeamName": home_name,
        "awayTeamName": away_name,
        "startTimeUtc": start,
        "proba_home": home,
        "proba_draw": draw,
        "proba_away": away,
        "predicted_class": likeliest,
        "predicted_label": LABELS[likeliest],
        "is_future": start > now,
        "model_stage": facts.stage,
        "model_run_id": facts.run_id,
        "predictions_computed_at": facts.computed_at,
        "in_sample": in_sample,
    }
