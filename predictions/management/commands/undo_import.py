from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from predictions.management.arguments import operator
from predictions.services.undoing import service
from soccerpredict.errors import SoccerPredictError


class Command(BaseCommand):
    help = "Take an import back: what it inserted goes, what it updated is as before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, help="of its report, as the back office lists them")
        parser.add_argument("--reason", default="", help="kept with the report")
        parser.add_argument(
            "--with-later", action="store_true", help="and later imports that build on it"
        )

    def handle(self, *, id: int, reason: str, with_later: bool, **options: Any) -> None:
        try:
            undone = service.undo(id, by=operator(), why=reason, with_later=with_later)
        except SoccerPredictError as exc:
            raise CommandError(str(exc)) from exc
        for report in undone:
            self.stdout.write(service.sentence(report))
