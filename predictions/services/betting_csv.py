"""A betting simulation's returns as one CSV file, whatever they are grouped by."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from predictions.models import BettingReturn, BettingRun
from predictions.services.betting_returns import TABLES
from soccerpredict.http.formats import to_csv

GROUP = {
    "overall": {},
    "region": {"region": "region__name"},
    "tournament": {"region": "tournament__region__name", "tournament": "tournament__name"},
    "month": {"month": "month"},
}
COLUMNS = (
    "grouped_by",
    "region",
    "tournament",
    "month",
    "bookmaker",
    "strategy",
    "min_edge",
    "n_matches",
    "n_bets",
    "bet_rate",
    "hit_rate",
    "n_void",
    "staked",
    "profit",
    "roi_pct",
    "roi_ci_low",
    "roi_ci_high",
    "is_proven",
    "clv_pct",
)
OF_RETURN = COLUMNS[5:]


def path_of(stage: str) -> Path:
    """Where the newest simulation of a stage is."""
    return Path(settings.REPORTS_DIR, "betting", f"{stage}.csv")


def write(run: BettingRun, path: Path) -> Path:
    """A reader sees the old file or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(to_csv(rows(run), COLUMNS))
    return fresh.replace(path)


def rows(run: BettingRun) -> Iterator[dict[str, Any]]:
    for kind, (model, _) in TABLES.items():
        group = GROUP[kind]
        found = model._default_manager.filter(run=run).select_related(
            "bookmaker", *(path.rpartition("__")[0] for path in group.values() if "__" in path)
        )
        for one in found.order_by(*group.values(), "bookmaker__code", "strategy", "min_edge"):
            yield _row(kind, one, {name: _of(one, path) for name, path in group.items()})


def _row(kind: str, one: BettingReturn, group: dict[str, Any]) -> dict[str, Any]:
    named = {"grouped_by": kind, "region": None, "tournament": None, "month": None, **group}
    values = {name: getattr(one, name) for name in OF_RETURN}
    return {**named, "bookmaker": one.bookmaker.code, **values}


def _of(one: BettingReturn, path: str) -> Any:
    found: Any = one
    for name in path.split("__"):
        found = getattr(found, name)
    return found
