import time
from typing import Any

from django.core.management.base import CommandParser

from predictions.management.arguments import accept_fewer
from predictions.services.features import building
from soccerpredict.management.strict import StrictCommand


class Command(StrictCommand):
    help = "Read the features of every match as of its kick-off; goes on from the last build."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--full", action="store_true", help="walk all matches again")
        accept_fewer(parser)

    def handle(self, *, full: bool, **options: Any) -> None:
        began = time.perf_counter()
        built = building.build(full=full, accept_fewer=options["accept_fewer"])
        how = "went on from the last build" if built.continued else "walked all matches"
        seconds = time.perf_counter() - began
        self.stdout.write(
            f"Features {built.features.version}: {built.features.manifest['n_matches']} matches, "
            f"{how}, {built.walked} read in {seconds:.1f} s.{built.left_out}"
        )
