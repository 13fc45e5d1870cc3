"""Keep what a betting simulation returned, in Postgres."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from django.db import connection

from predictions.modelling.betting.simulation import Returns
from predictions.modelling.betting.staking import STRATEGIES
from predictions.models import (
    BettingReturn,
    BettingRun,
    EdgeReturn,
    MonthReturn,
    OverallReturn,
    RegionReturn,
    TournamentReturn,
)
from predictions.services.betting.region_returns import EDGE_SPANS, MIN_EDGES

KEPT_RUNS = 10  # of a stage; a run is tens of thousands of rows
COUNTS = ["n_matches", "n_bets", "n_won", "n_void"]


class Table(NamedTuple):
    """Where a kind of group is kept; `column` names the group, None: there is but one.

    `edges` are where the spans of edges begin, each kept as `min_edge`.
    """

    model: type[BettingReturn]
    column: str | None
    edges: Sequence[float] = MIN_EDGES


TABLES = {
    "overall": Table(OverallReturn, None),
    "region": Table(RegionReturn, "region_id"),
    "tournament": Table(TournamentReturn, "tournament_id"),
    "month": Table(MonthReturn, "month"),
    "edge": Table(EdgeReturn, None, [start for start, _ in EDGE_SPANS]),
}
MAX_EDGES = {start: end if isfinite(end) else None for start, end in EDGE_SPANS}


def keep(run: BettingRun, bookmakers: Sequence[int], found: Mapping[str, Returns]) -> None:
    """Store the returns of a run and forget those of long ago. Inside the run's transaction."""
    for kind, (model, column, edges) in TABLES.items():
        rows = as_rows(found[kind], bookmakers, edges)
        group = rows.pop("group")
        if column:
            rows[column] = group.map(_first_day) if column == "month" else group
        if model is EdgeReturn:
            rows["max_edge"] = rows["min_edge"].map(MAX_EDGES)
        rows["run_id"] = run.pk
        _copy(model, rows)
    _forget(run.stage)


def as_rows(
    found: Returns, bookmakers: Sequence[int], edges: Sequence[float] = MIN_EDGES
) -> pd.DataFrame:
    """One row a group and way to bet; groups without a match of a bookmaker are left out."""
    n_groups, n_ways = found.low.shape
    ways = pd.MultiIndex.from_product(
        [bookmakers, STRATEGIES, edges], names=["bookmaker_id", "strategy", "min_edge"]
    )
    rows = pd.concat([ways.to_frame(index=False)] * n_groups, ignore_index=True)
    rows["group"] = np.repeat(found.group, n_ways)
    for name in COUNTS:
        rows[name] = getattr(found.sums, name).ravel().astype(np.int64)
    rows["staked"], rows["profit"] = found.sums.staked.ravel(), found.sums.profit.ravel()
    rows["roi_ci_low"], rows["roi_ci_high"] = found.low.ravel(), found.high.ravel()
    rows["clv_pct"] = 100.0 * _mean(found.sums.line_value.ravel(), found.sums.n_lined.ravel())
    return rows[(rows["n_matches"] > 0) | (rows["n_void"] > 0)].copy()


def _mean(total: Any, count: Any) -> Any:
    """NaN where nothing was counted."""
    return np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)


def _first_day(month: int) -> date:
    return date(month // 100, month % 100, 1)


def _copy(model: type[BettingReturn], rows: pd.DataFrame) -> None:
    copy = f"COPY {model._meta.db_table} ({', '.join(rows.columns)}) FROM STDIN (FORMAT csv)"
    with connection.cursor() as cursor, cursor.copy(copy) as sink:
        sink.write(rows.to_csv(index=False, header=False))


def _forget(stage: str) -> None:
    newest_first = BettingRun.objects.filter(stage=stage).order_by("-computed_at", "-pk")
    old = newest_first.values_list("pk", flat=True)[KEPT_RUNS:]
    BettingRun.objects.filter(pk__in=list(old)).delete()
