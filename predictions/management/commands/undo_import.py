from typing import Any

from django.core.management.base import CommandParser
from django.db.models import QuerySet

from livescores.models import ImportReport
from predictions.management.arguments import operator
from predictions.services.undoing import service
from soccerpredict.management.strict import StrictCommand

N_LISTED = 20


class Command(StrictCommand):
    help = "Take an import back: what it inserted goes, what it updated is as before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, nargs="?", help="of its report; without: the last ones")
        parser.add_argument("--reason", default="", help="kept with the report")
        parser.add_argument(
            "--with-later", action="store_true", help="and later imports that build on it"
        )
        parser.add_argument(
            "--routine", action="store_true", help="list the runs of feeds by the timetable"
        )

    def handle(
        self, *, id: int | None, reason: str, with_later: bool, routine: bool, **options: Any
    ) -> None:
        if id is None:
            self.list_last(ImportReport.objects.filter(is_routine=routine))
            return
        undone = service.undo(id, by=operator(), why=reason, with_later=with_later)
        for report in undone:
            self.stdout.write(service.sentence(report))

    def list_last(self, reports: QuerySet[ImportReport]) -> None:
        for report in reports.order_by("-pk")[:N_LISTED]:
            undone = ", undone" if report.undone_at else ""
            self.stdout.write(
                f"{report.pk}  {report.source}, {report.started_at:%Y-%m-%d %H:%M}: "
                f"{report.files} files, {report.inserted} matches inserted, {report.updated} "
                f"updated, {report.odds_inserted} prices{undone}"
            )
