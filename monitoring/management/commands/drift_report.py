from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser

from monitoring.services.reports import drift
from predictions.management.arguments import utc_moment
from soccerpredict.management.strict import StrictCommand


class Command(StrictCommand):
    help = "Compare recent and coming matches with those that the champion learned from."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--as-of",
            type=utc_moment,
            help="middle of the window; default: now, or the newest result",
        )

    def handle(self, *, as_of: datetime | None, **options: Any) -> None:
        report = drift.report(as_of=as_of)
        self.stdout.write(
            f"{report.n_drifted} of {report.n_features} features drifted on {report.n_matches} "
            f"matches, and {report.prediction_drift_score:.0%} of the probabilities."
        )
