"""What betting simulations found, per region."""

from dataclasses import dataclass

from predictions.models import BettingRun, RegionReturn
from soccerpredict.http.errors import InvalidInput

MIN_EDGES = (0.0, 0.02, 0.05, 0.1)  # thresholds that are simulated


@dataclass(frozen=True)
class RegionRoi:
    """The newest simulation's returns of one way to stake; `run` is None before the first."""

    run: BettingRun | None
    bookmaker: str | None
    returns: list[RegionReturn]


def region_roi(
    *, stage: str, strategy: str, min_edge: float, bookmaker: str | None = None
) -> RegionRoi:
    """Returns per region, by name; without a bookmaker, of the first by priority that has any.

    Raises:
        InvalidInput: a threshold that is not simulated.
    """
    if min_edge not in MIN_EDGES:
        known = ", ".join(f"{edge:g}" for edge in MIN_EDGES)
        raise InvalidInput.at("query", "min_edge", msg=f"Write one of {known}.", type="unknown")
    run = BettingRun.objects.filter(stage=stage).order_by("-computed_at").first()
    asked = RegionReturn.objects.filter(run=run, strategy=strategy, min_edge=min_edge)
    ordered = asked.select_related("region", "bookmaker").order_by("region__name")
    code = bookmaker or _first_bookmaker(run)
    return RegionRoi(run, code, list(ordered.filter(bookmaker__code=code)) if code else [])


def _first_bookmaker(run: BettingRun | None) -> str | None:
    returns = RegionReturn.objects.filter(run=run, bookmaker__kind="book")
    ordered = returns.order_by("bookmaker__priority", "bookmaker__code")
    return ordered.values_list("bookmaker__code", flat=True).first()
