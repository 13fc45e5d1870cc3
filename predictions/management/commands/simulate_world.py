from typing import Any

from django.core.management.base import CommandParser

from predictions.services.importing import simulated_world
from soccerpredict import progress
from soccerpredict.management.strict import StrictCommand


class Command(StrictCommand):
    help = "Invent a world of leagues, labelled as simulated, up to today; repeat to go on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="another seed, another world")

    def handle(self, *, seed: int, **options: Any) -> None:
        with progress.shown():
            report = simulated_world.simulate(seed=seed)
        self.stdout.write(
            f"Simulated world {seed}: {report.inserted} matches inserted, {report.updated} "
            f"updated, {report.unchanged} unchanged; {report.odds_inserted} prices inserted."
        )
