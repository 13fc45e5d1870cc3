from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from predictions.management.arguments import operator
from predictions.models import Stage
from predictions.services import promotion
from soccerpredict.http.errors import SoccerPredictError


class Command(BaseCommand):
    help = "Let a registered version serve a stage."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=Stage.values, default=Stage.CHAMPION.value)
        parser.add_argument("--version-number", type=int, help="default: the newest that fits")
        parser.add_argument("--reason", default="promoted by command")

    def handle(
        self, *, stage: str, version_number: int | None, reason: str, **options: Any
    ) -> None:
        try:
            change = promotion.promote(
                stage=stage, version=version_number, by=operator(), reason=reason
            )
        except SoccerPredictError as exc:
            raise CommandError(str(exc)) from exc
        before = f", after version {change.previous.version}" if change.previous else ""
        self.stdout.write(f"Version {change.model_version.version} is {stage} now{before}.")
