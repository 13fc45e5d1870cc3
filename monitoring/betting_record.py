"""What simulated bets have returned, as the record page shows it: the total first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from monitoring import track_record
from monitoring.track_record import Scale, Whisker
from predictions.models import BettingReturn, EdgeReturn
from predictions.pages import edges
from predictions.pages.numbers import NBSP, NONE, signed
from predictions.services.betting import verdicts


@dataclass(frozen=True)
class Way:
    """A way to bet and what it returned; `said` stands in where too few bets tell."""

    name: str
    n_bets: int
    profit: str
    closing_value: str
    said: str
    roi: Whisker | None


def of_way(stage: str, strategy: str, min_edge: float) -> dict[str, Any]:
    """The total, and the returns by how large the edge was."""
    found = verdicts.newest(stage, strategy=strategy, min_edge=min_edge)
    total = found.total
    return {
        "total": way("All bets", total, track_record.scale_of_returns([total])) if total else None,
        "by_edge": ways(found.by_edge),
    }


def ways(by_edge: Sequence[EdgeReturn]) -> list[Way]:
    """On one scale."""
    place = track_record.scale_of_returns(by_edge)
    return [way(edges.span(one), one, place) for one in by_edge]


def way(name: str, one: BettingReturn, place: Scale) -> Way:
    return Way(
        name,
        one.n_bets,
        signed(one.profit),
        NONE if one.clv_pct is None else f"{signed(one.clv_pct)}{NBSP}%",
        edges.returned(one),
        track_record.roi(one, place),
    )
