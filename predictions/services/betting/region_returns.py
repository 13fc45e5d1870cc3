"""What betting simulations found, per region, tournament or month."""

from dataclasses import dataclass
from math import inf
from typing import Any, Generic, TypeVar

from predictions.modelling.pricing.books import DOUBTFUL_EDGE
from predictions.models import (
    BettingReturn,
    BettingRun,
    MonthReturn,
    RegionReturn,
    TournamentReturn,
)
from soccerpredict.errors import InvalidInput

# Thresholds that are simulated.
MIN_EDGES = (0.0, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15)
# By how large the edge was: where each span begins, and where it ends. The last is doubtful.
EDGE_SPANS = ((0.0, 0.05), (0.05, 0.1), (0.1, 0.15), (0.15, DOUBTFUL_EDGE), (DOUBTFUL_EDGE, inf))
BY_REGION = "region"
# What returns can be grouped by → their table, what to join, and their order.
GROUPINGS: dict[str, tuple[type[BettingReturn], list[str], list[str]]] = {
    BY_REGION: (RegionReturn, ["region"], ["region__name"]),
    "tournament": (
        TournamentReturn,
        ["tournament__region"],
        ["tournament__region__name", "tournament__tier", "tournament__name"],
    ),
    "month": (MonthReturn, [], ["month"]),
}
Kind = TypeVar("Kind", bound=BettingReturn, covariant=True)


@dataclass(frozen=True)
class Roi(Generic[Kind]):
    """The newest simulation's returns of one way to bet; `run` is None before the first."""

    run: BettingRun | None
    bookmaker: str | None
    returns: list[Kind]


def region_roi(
    *, stage: str, strategy: str, min_edge: float, bookmaker: str | None = None
) -> Roi[RegionReturn]:
    """Returns per region, by name; without a bookmaker, of the first by priority that has any."""
    found: Roi[Any] = roi(
        by=BY_REGION, stage=stage, strategy=strategy, min_edge=min_edge, bookmaker=bookmaker
    )
    return found


def roi(
    *, by: str, stage: str, strategy: str, min_edge: float, bookmaker: str | None = None
) -> Roi[BettingReturn]:
    """Returns per group of GROUPINGS, in its order.

    Raises:
        InvalidInput: a threshold that is not simulated.
    """
    if min_edge not in MIN_EDGES:
        known = ", ".join(f"{edge:g}" for edge in MIN_EDGES)
        raise InvalidInput.at("query", "min_edge", msg=f"Write one of {known}.", type="unknown")
    run = BettingRun.objects.filter(stage=stage).order_by("-computed_at").first()
    model, joined, order = GROUPINGS[by]
    code = bookmaker or first_bookmaker(run, model)
    asked: Any = model._default_manager.filter(run=run, strategy=strategy, min_edge=min_edge)
    ordered = asked.select_related("bookmaker", *joined).order_by(*order)
    return Roi(run, code, list(ordered.filter(bookmaker__code=code)) if code else [])


def first_bookmaker(run: BettingRun | None, model: type[BettingReturn]) -> str | None:
    """Of the books with returns in a run, the first by priority."""
    returns = model._default_manager.filter(run=run, bookmaker__kind="book")
    ordered = returns.order_by("bookmaker__priority", "bookmaker__code")
    return ordered.values_list("bookmaker__code", flat=True).first()
