from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from predictions.models import RegionReturn, Stage
from predictions.services import betting, region_returns
from soccerpredict.http.errors import SoccerPredictError


class Command(BaseCommand):
    help = "Stake on the published predictions that the model had not seen, and keep the returns."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=Stage.values, default=Stage.CHAMPION.value)

    def handle(self, *, stage: str, **options: Any) -> None:
        try:
            run = betting.simulate(stage=stage)
            found = region_returns.region_roi(stage=stage, strategy="flat", min_edge=0.0)
        except SoccerPredictError as exc:
            raise CommandError(str(exc)) from exc
        self.stdout.write(f"Simulated on {run.n_matches} matches. {summary(found)}")


def summary(found: region_returns.RegionRoi) -> str:
    bets, staked, profit = (total(found.returns, name) for name in ("n_bets", "staked", "profit"))
    if not staked:
        return f"At {found.bookmaker} no bet had an edge."
    return (
        f"Flat stakes at {found.bookmaker} on any edge: {bets:.0f} bets, profit "
        f"{profit:+.1f} units, ROI {100 * profit / staked:+.1f} %."
    )


def total(returns: list[RegionReturn], name: str) -> float:
    return float(sum(getattr(row, name) for row in returns))
