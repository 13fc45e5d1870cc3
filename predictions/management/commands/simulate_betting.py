from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from predictions.modelling.pricing.books import DOUBTFUL_EDGE
from predictions.models import BettingRun, EdgeReturn, MarginMethod, OverallReturn, Stage
from predictions.services.betting import export, region_returns, simulating
from soccerpredict.management.strict import StrictCommand


class Command(StrictCommand):
    help = "Stake on the published predictions that the model had not seen, and keep the returns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=Stage.values, default=Stage.CHAMPION.value)
        parser.add_argument(
            "--margin",
            choices=MarginMethod.values,
            default=MarginMethod.SHIN.value,
            help="how the closing line's margin is removed",
        )
        parser.add_argument("--csv", type=Path, help="write the returns to this file, too")

    def handle(self, *, stage: str, margin: str, csv: Path | None, **options: Any) -> None:
        run = simulating.simulate(stage=stage, margin_method=margin)
        self.stdout.write(f"Simulated on {run.n_matches} matches. {summary(run)} {doubtful(run)}")
        path = export.write(run, csv) if csv else export.path_of(stage)
        self.stdout.write(f"Returns by region, tournament and month: {path}")


def summary(run: BettingRun) -> str:
    """Flat stakes on any edge, at the bookmaker that pages show."""
    code = region_returns.first_bookmaker(run, OverallReturn)
    found = OverallReturn.objects.filter(run=run, bookmaker__code=code, strategy="flat", min_edge=0)
    row = found.first()
    if row is None or row.roi_pct is None:
        return f"At {code} no bet had an edge."
    value = "" if row.clv_pct is None else f", closing-line value {row.clv_pct:+.1f} %"
    return (
        f"Flat stakes at {code} on any edge: {row.n_bets} bets, profit {row.profit:+.1f} units"
        f"{value}, ROI {row.roi_pct:+.1f} %{_interval(row)}."
    )


def doubtful(run: BettingRun) -> str:
    """The bets among them that no page would call value: they count in the totals."""
    code = region_returns.first_bookmaker(run, OverallReturn)
    found = EdgeReturn.objects.filter(
        run=run, bookmaker__code=code, strategy="flat", min_edge=DOUBTFUL_EDGE
    )
    row = found.first()
    n_bets, profit = (row.n_bets, row.profit) if row else (0, 0.0)
    return (
        f"Of these {n_bets} had a doubtful edge (above {100 * DOUBTFUL_EDGE:g} %), "
        f"profit {profit:+.1f} units."
    )


def _interval(row: OverallReturn) -> str:
    if row.roi_ci_low is None or row.roi_ci_high is None:
        return ", too few bets for an interval"
    interval = f"{row.roi_ci_low:+.1f} to {row.roi_ci_high:+.1f}"
    return f" (90 % interval {interval}): {row.verdict.label}"
