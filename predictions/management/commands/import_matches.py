from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from livescores.models import ImportRejection, ImportReport
from predictions.services import imports
from soccerpredict.http.errors import SoccerPredictError

SHOWN = 3  # of each reason; all of them are in the database


class Command(BaseCommand):
    help = "Import matches, scores, statistics and odds from the files of a source."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help=f"one of: {', '.join(imports.SOURCES)}")
        parser.add_argument("paths", nargs="+", type=Path, help="files, or folders to search")

    def handle(self, *, source: str, paths: list[Path], **options: Any) -> None:
        try:
            files = imports.files_under(source, paths)
            report = imports.import_files(source, files, self._with_bar)
        except SoccerPredictError as exc:
            raise CommandError(str(exc)) from exc
        self._print(report)
        if report.files_failed:
            raise CommandError(f"{report.files_failed} of {report.files} files were not imported.")

    def _with_bar(self, files: Sequence[Path]) -> Iterable[Path]:
        return tqdm(files, unit="file", disable=None)

    def _print(self, report: ImportReport) -> None:
        write = self.stdout.write
        write(
            f"{report.files} files, {report.rows_read} rows read: {report.inserted} inserted, "
            f"{report.updated} updated, {report.unchanged} unchanged, {report.rejected} rejected."
        )
        write(
            f"{report.odds_read} prices read: {report.odds_inserted} inserted, "
            f"{report.odds_unchanged} unchanged, {report.odds_rejected} rejected."
        )
        rejections = list(report.rejections.all())
        for (what, reason), count in Counter((r.what, r.reason) for r in rejections).most_common():
            write(f"  {what} x {count}: {reason}")
            same = [r for r in rejections if (r.what, r.reason) == (what, reason)]
            for rejection in same[:SHOWN]:
                write(f"      {place(rejection)}")


def place(rejection: ImportRejection) -> str:
    line = f":{rejection.line}" if rejection.line else ""
    return f"{rejection.file}{line} {rejection.text[:80]}".rstrip()
