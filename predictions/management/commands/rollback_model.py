from typing import Any

from django.core.management.base import CommandParser

from predictions.management.arguments import operator
from predictions.models import Stage
from predictions.services.versions import promotion
from soccerpredict.management.strict import StrictCommand


class Command(StrictCommand):
    help = "Let the version serve again that served a stage before the current one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=Stage.values, default=Stage.CHAMPION.value)
        parser.add_argument("--reason", default="rolled back by command")

    def handle(self, *, stage: str, reason: str, **options: Any) -> None:
        change = promotion.roll_back(stage=stage, by=operator(), reason=reason)
        self.stdout.write(f"Version {change.model_version.version} is {stage} again.")
