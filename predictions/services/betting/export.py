"""A betting simulation's returns as one CSV file, whatever they are grouped by."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from predictions.models import BettingRun
from predictions.services.betting.returns import TABLES
from soccerpredict import whole_files
from soccerpredict.http.output.formats import to_csv

# By kind of group: column of the file → where it is kept.
GROUP: dict[str, dict[str, str]] = {
    "overall": {},
    "region": {"region": "region__name"},
    "tournament": {"region": "tournament__region__name", "tournament": "tournament__name"},
    "month": {"month": "month"},
    "edge": {"max_edge": "max_edge"},
}
EMPTY = dict.fromkeys(("region", "tournament", "month", "max_edge"))
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
    "n_won",
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
    "verdict",
    "max_edge",
)
OF_RETURN = COLUMNS[5:-1]
WORKED_OUT = (
    "bet_rate",
    "hit_rate",
    "roi_pct",
    "is_proven",
    "verdict",
)  # by the model's properties
KEPT = [name for name in OF_RETURN if name not in WORKED_OUT]


def path_of(stage: str) -> Path:
    """Where the newest simulation of a stage is."""
    return Path(settings.REPORTS_DIR, "betting", f"{stage}.csv")


def write(run: BettingRun, path: Path) -> Path:
    """A reader sees the old file or the new one, whole."""
    return whole_files.write(path, to_csv(rows(run), COLUMNS))


def rows(run: BettingRun) -> Iterator[dict[str, Any]]:
    for kind, (model, *_) in TABLES.items():
        group = {**GROUP[kind], "bookmaker": "bookmaker__code"}
        found = model._default_manager.filter(run=run).values(*KEPT, *group.values())
        for row in found.order_by(*group.values(), "strategy", "min_edge"):
            one = model(**{name: row[name] for name in KEPT})
            named = {name: row[path] for name, path in group.items()}
            yield {**EMPTY, "grouped_by": kind, **named, **{n: getattr(one, n) for n in OF_RETURN}}
