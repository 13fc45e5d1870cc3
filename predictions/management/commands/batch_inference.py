import time
from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser

from predictions.management.arguments import accept_fewer, utc_moment
from predictions.models import Stage
from predictions.services.publishing import batch
from soccerpredict import progress
from soccerpredict.management.strict import StrictCommand


class Command(StrictCommand):
    help = "Predict every match that has features and publish the predictions as one set."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=Stage.values, default=Stage.CHAMPION.value)
        parser.add_argument("--as-of", type=utc_moment, help="results known by then; default: now")
        accept_fewer(parser)

    def handle(self, *, stage: str, as_of: datetime | None, **options: Any) -> None:
        began = time.perf_counter()
        with progress.shown():
            publication = batch.run(stage=stage, as_of=as_of, accept_fewer=options["accept_fewer"])
        self.stdout.write(
            f"Published {publication.n_predictions} predictions of the {stage}, run "
            f"{publication.batch.model_version.run_id}, in {time.perf_counter() - began:.1f} s."
        )
