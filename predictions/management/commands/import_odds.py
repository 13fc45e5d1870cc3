from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from livescores.sources.football_data import parser as football_data
from predictions.services.importing import feeds, files, web
from predictions.services.importing.web import Wanted
from soccerpredict.errors import SoccerPredictError

SOURCES = (football_data.NAME, *feeds.FEEDS)


class Command(BaseCommand):
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

    def handle(self, *, source: str, paths: list[Path], **options: Any) -> None:
        if paths and options["league"]:
            raise CommandError("--league chooses pages of the web, not files.")
        try:
            if source == football_data.NAME:
                self.import_coming_matches(paths)
            else:
                self.stdout.write(str(self.feed(source, paths, **options)))
        except SoccerPredictError as exc:
            raise CommandError(str(exc)) from exc

    def import_coming_matches(self, paths: list[Path]) -> None:
        """The source tells prices only with its matches."""
        if paths:
            call_command("import_matches", football_data.NAME, *map(str, paths), stdout=self.stdout)
            return
        report = web.import_coming(football_data.NAME)
        if report.files_failed:
            raise CommandError(web.failure(report))
        self.stdout.write(web.summary(report))

    def feed(
        self, source: str, paths: list[Path], *, league: list[str], scores: bool, **_: Any
    ) -> feeds.FeedReport:
        if paths:
            return feeds.import_files(source, files.files_in(paths, feeds.SUFFIXES))
        return feeds.import_web(source, Wanted(leagues=tuple(league)), scores=scores)
