from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser

from livescores.models import ImportReport
from livescores.sources.football_data import parser as football_data
from predictions.services.importing import feeds, files, rehearsal, web
from predictions.services.importing.web import Wanted
from soccerpredict.management.strict import StrictCommand

SOURCES = (football_data.NAME, *feeds.FEEDS)


class Command(StrictCommand):
    help = "Import 1X2 prices, and live scores where a feed tells them, from files or the web."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", choices=SOURCES)
        parser.add_argument(
            "paths", nargs="*", type=Path, help="files, or folders to search; default: the web"
        )
        parser.add_argument(
            "--league", action="append", default=[], help="the source's code; repeatable"
        )
        parser.add_argument("--scores", action="store_true", help="live scores, not prices")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be stored, and store nothing"
        )

    def handle(self, *, source: str, paths: list[Path], dry_run: bool, **options: Any) -> None:
        if paths and options["league"]:
            raise CommandError("--league chooses pages of the web, not files.")
        if paths and source == football_data.NAME:
            # The source tells prices only with its matches.
            words = [*map(str, paths), *(["--dry-run"] if dry_run else [])]
            call_command("import_matches", source, *words, stdout=self.stdout)
            return
        with rehearsal.taken_back(dry_run):
            report = self.take(source, paths, **options)
            if dry_run and report:
                self.stdout.write("\n".join(rehearsal.told(report)))

    def take(
        self, source: str, paths: list[Path], *, league: list[str], scores: bool, **_: Any
    ) -> ImportReport | None:
        if source == football_data.NAME:
            report = web.import_coming(source)
            if report.files_failed:
                raise CommandError(web.failure(report))
            self.stdout.write(web.summary(report))
            return report
        if paths:
            found = files.files_in(paths, feeds.SUFFIXES)
            fed = feeds.import_files(source, found)
        else:
            wanted = Wanted(leagues=tuple(league))
            fed = feeds.import_web(source, wanted, scores=scores)
        self.stdout.write(str(fed))
        return fed.report
