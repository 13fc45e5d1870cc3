from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from predictions.management.arguments import operator
from predictions.models import AliasChange, Stage
from predictions.services.versions import promotion
from soccerpredict.errors import SoccerPredictError

BY_COMMAND = "promoted by command"


class Command(BaseCommand):
    help = "Let a registered version serve a stage, if the gate finds it good enough."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=Stage.values, default=Stage.CHAMPION.value)
        parser.add_argument("--version-number", type=int, help="default: the newest that fits")
        parser.add_argument("--reason", default="", help=f"default: {BY_COMMAND}")
        parser.add_argument(
            "--force", action="store_true", help="against the gate; needs a --reason, and is kept"
        )

    def handle(
        self, *, stage: str, version_number: int | None, reason: str, force: bool, **options: Any
    ) -> None:
        try:
            change = promotion.promote(
                stage=stage,
                version=version_number,
                by=operator(),
                reason=reason or ("" if force else BY_COMMAND),
                force=force,
            )
        except SoccerPredictError as exc:
            raise CommandError(str(exc)) from exc
        self.stdout.write(sentence(change))


def sentence(change: AliasChange) -> str:
    before = f", after version {change.previous.version}" if change.previous else ""
    against = ", against the gate" if change.forced else ""
    return f"Version {change.model_version.version} is {change.stage} now{before}{against}."
