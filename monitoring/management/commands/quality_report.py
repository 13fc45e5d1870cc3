from datetime import datetime
from typing import Any

from django.core.management.base import CommandParser

from monitoring.models import QualityReport
from monitoring.services.reports import quality
from predictions.management.arguments import utc_moment
from soccerpredict.management.strict import StrictCommand


class Command(StrictCommand):
    help = "Score the published predictions beside class frequencies and the closing line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=utc_moment, help="end of the windows; default: now")

    def handle(self, *, as_of: datetime | None, **options: Any) -> None:
        report = quality.report(as_of=as_of)
        self.stdout.write(sentence(report))


def sentence(report: QualityReport) -> str:
    if report.log_loss is None:
        return "No match of the last 90 days has a result that the champion could be scored on."
    beside = f"class frequencies {report.frequencies_log_loss:.4f}"
    if report.closing_log_loss is not None:
        beside += f", closing line {report.closing_log_loss:.4f} where there was one"
    until = f" to the newest result, {report.ends_at:%Y-%m-%d}" if report.ends_early else ""
    return (
        f"Champion on {report.n_matches} matches of 90 days{until}: log-loss "
        f"{report.log_loss:.4f} ({beside}); {report.n_issued} issued before kick-off, "
        f"{report.n_retrospective} worked out afterwards."
    )
