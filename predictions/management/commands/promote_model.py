from typing import Any

from django.core.management.base import CommandParser

from predictions.management.arguments import operator
from predictions.models import AliasChange, Stage
from predictions.services.versions import promotion
from soccerpredict.management.strict import StrictCommand

BY_COMMAND = "promoted by command"


class Command(StrictCommand):
    help = "Let a registered version serve a stage, if the gate finds it good enough."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stage", choices=Stage.values, default=Stage.CHAMPION.value)
        parser.add_argument(
            "--version",
            "--version-number",
            dest="version",
            type=int,
            metavar="NUMBER",
            help="default: the newest that fits",
        )
        parser.add_argument("--reason", default="", help=f"default: {BY_COMMAND}")
        parser.add_argument(
            "--force", action="store_true", help="against the gate; needs a --reason, and is kept"
        )

    def handle(
        self, *, stage: str, version: int | None, reason: str, force: bool, **options: Any
    ) -> None:
        change = promotion.promote(
            stage=stage,
            version=version,
            by=operator(),
            reason=reason or ("" if force else BY_COMMAND),
            force=force,
        )
        self.stdout.write(sentence(change))


def sentence(change: AliasChange) -> str:
    before = f", after version {change.previous.version}" if change.previous else ""
    against = ", against the gate" if change.forced else ""
    return f"Version {change.model_version.version} is {change.stage} now{before}{against}."
