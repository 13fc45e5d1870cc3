from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from livescores.models import ImportRejection, ImportReport
from livescores.services import rejections
from livescores.sources.dates import ORDERS
from livescores.sources.football_data import parser as football_data
from livescores.sources.mapped.mapping import shipped
from livescores.sources.queries import Page
from predictions.services.importing import files as importing_files
from predictions.services.importing import rehearsal, web
from predictions.services.importing.web import Wanted
from soccerpredict import progress
from soccerpredict.management.strict import StrictCommand

TABLE = "table"
MOST_TEXT = 80


class Command(StrictCommand):
    help = "Import matches, scores, statistics and odds of a source, from files or from the web."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source", help=f"one of: {', '.join(importing_files.SOURCES)}; or {TABLE}, any table"
        )
        parser.add_argument(
            "paths", nargs="*", type=Path, help="files, or folders to search; default: the web"
        )
        parser.add_argument(
            "--mapping",
            default="",
            help=f"of {TABLE}: a TOML file, or one of {', '.join(shipped())}",
        )
        parser.add_argument("--season", default="", help="2024-25 or 2024; default: the current")
        parser.add_argument(
            "--league", action="append", default=[], help="the source's code, as E0; repeatable"
        )
        parser.add_argument(
            "--date-order", choices=ORDERS, default="", help="of files whose dates do not tell it"
        )
        parser.add_argument("--refetch", action="store_true", help="pages that did not change, too")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be stored, and store nothing"
        )

    def handle(self, *, source: str, paths: list[Path], **options: Any) -> None:
        wanted = Wanted(options["season"], tuple(options["league"]), options["refetch"])
        if paths and wanted != Wanted():
            raise CommandError(
                "--season, --league and --refetch choose pages of the web, not files."
            )
        refuse_contradicting(source, paths, options)
        with progress.shown(bars=True), rehearsal.taken_back(options["dry_run"]):
            report = self.imported(source, paths, wanted, options)
            self.print(report)
            if options["dry_run"]:
                self.stdout.write("\n".join(rehearsal.told(report)))
            elif report.inserted or report.updated or report.odds_inserted:
                self.stdout.write(f"To take it back: manage.py undo_import {report.pk}")
            failure = "" if paths or not report.files_failed else web.failure(report)
        if failure:
            raise CommandError(failure)
        if report.files_failed:
            raise CommandError(f"{report.files_failed} of {report.files} files were not imported.")

    def imported(
        self, source: str, paths: list[Path], wanted: Wanted, options: dict[str, Any]
    ) -> ImportReport:
        order, mapping = options["date_order"], options["mapping"]
        if mapping:
            return importing_files.import_table(mapping, paths, self.with_bar, order)
        return self.from_files(source, paths, order) if paths else self.from_web(source, wanted)

    def from_files(self, source: str, paths: list[Path], date_order: str) -> ImportReport:
        files = importing_files.files_under(source, paths)
        return importing_files.import_files(source, files, self.with_bar, date_order)

    def from_web(self, source: str, wanted: Wanted) -> ImportReport:
        pages = web.pages_of(source, wanted)
        return web.import_pages(source, pages, refetch=wanted.refetch, progress=self.with_page_bar)

    def with_bar(self, files: Sequence[Path]) -> Iterable[Path]:
        if progress.is_followed():
            return progress.each(files, "Importing files")
        return tqdm(files, unit="file", disable=None)

    def with_page_bar(self, pages: Sequence[Page]) -> Iterable[Page]:
        if progress.is_followed():
            return progress.each(pages, "Fetching pages")
        return tqdm(pages, unit="page", disable=None)

    def print(self, report: ImportReport) -> None:
        write = self.stdout.write
        write(
            f"{report.files} files, {report.rows_read} rows read: {report.inserted} inserted, "
            f"{report.updated} updated, {report.unchanged} unchanged, {report.rejected} rejected."
        )
        write(
            f"{report.odds_read} prices read: {report.odds_inserted} inserted, "
            f"{report.odds_unchanged} unchanged, {report.odds_rejected} rejected."
        )
        if report.files_unchanged:
            write(f"{report.files_unchanged} pages are as they were.")
        self.print_rejections(report)

    def print_rejections(self, report: ImportReport) -> None:
        """By rule, with one example each; all of them are in the database."""
        for refused in rejections.by_rule(report.rejections.all()):
            example = refused.example
            self.stdout.write(f"  {refused.what} x {refused.n}: {refused.rule}")
            reason = "" if refused.rule == example.reason else f" {example.reason}"
            text = f" {example.text[:MOST_TEXT]}".rstrip()
            self.stdout.write(f"      {place(example)}{reason}{text}")


def refuse_contradicting(source: str, paths: list[Path], options: dict[str, Any]) -> None:
    if options["date_order"] and (source not in (football_data.NAME, TABLE) or not paths):
        raise CommandError(f"Only files of {football_data.NAME} and tables take --date-order.")
    if bool(options["mapping"]) != (source == TABLE) or (source == TABLE and not paths):
        raise CommandError(f"Write: import_matches {TABLE} FILE --mapping FILE.toml")


def place(rejection: ImportRejection) -> str:
    return f"{rejection.file}:{rejection.line}" if rejection.line else rejection.file
