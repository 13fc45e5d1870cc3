"""Import files of a source: matches and odds of one file together, or nothing of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from django.db import DataError, connection, transaction
from django.utils import timezone

from livescores.models import ImportRejection, ImportReport, Match, Region
from livescores.services import (
    club_ratings,
    import_changes,
    live,
    matches,
    settling,
    storable,
)
from livescores.services.names import Names
from livescores.sources import known
from livescores.sources.football_data import names
from livescores.sources.football_data import parser as football_data
from livescores.sources.mapped import parser as mapped
from livescores.sources.mapped import prices as mapped_prices
from livescores.sources.mapped import ratings
from livescores.sources.mapped.mapping import Lookup, load
from livescores.sources.mapped.mapping import Mapping as TableMapping
from livescores.sources.reading import Reading, reading
from livescores.sources.records import FileRejected, ParsedFile, Rejection, too_early
from predictions.models import Odds, TwoWayOdds
from predictions.services.odds import storing
from soccerpredict import postgres
from soccerpredict.errors import InvalidInput
from soccerpredict.jobs import locks
from soccerpredict.postgres import LockNumber

# Code → (name, kind, priority on cards).
BookmakerTable = Mapping[str, tuple[str, str, int]]

SOURCES = known.SOURCES
# What the codes of a source with prices stand for.
BOOKMAKERS: Mapping[str, BookmakerTable] = {football_data.NAME: names.BOOKMAKERS}
MOST_TEXT = 2000
HIDDEN = (".", "~$")  # the second by Excel, while a workbook is open
MOST_FORMS = 10_000  # characters that a report tells of how files were read
MANY = 1000  # rows, from which on the planner had better look at the tables again
# The report's own commit waits until the disk has it, and with it all files before.
LATER_ON_DISK = "SET LOCAL synchronous_commit = off"
NEXT_STORED = "SELECT nextval('livescores_stored')"  # the files that imports have stored so far
Progress = Callable[[Sequence[Path]], Iterable[Path]]


def files_under(source: str, paths: Iterable[Path]) -> list[Path]:
    """The source's files among `paths`, folders searched through, in a stable order.

    Raises:
        InvalidInput: an unknown source, a path that does not exist, or no file at all.
    """
    refuse_unknown(source)
    return files_in(paths, SOURCES[source].SUFFIXES)


def files_in(paths: Iterable[Path], suffixes: tuple[str, ...]) -> list[Path]:
    """Files as they are named; of folders those with these suffixes."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise InvalidInput(f"There is no {path}.")
        found += _of_folder(path, suffixes) if path.is_dir() else [path]
    files = [file for file in found if file.name != "INVENTORY.csv"]
    if not files:
        raise InvalidInput("There is no file to import under the given paths.")
    return files


def import_table(
    mapping: str, paths: Iterable[Path], progress: Progress = iter, date_order: str = ""
) -> ImportReport:
    """Import tables as a mapping says, one of ours by name or any by its file.

    Raises:
        InvalidInput: there is no such mapping or it is wrong, or there is no such file.
    """
    try:
        told = load(mapping)
    except FileRejected as exc:
        raise InvalidInput(str(exc)) from exc
    if Path(mapping).is_file():
        mapping = str(Path(mapping).absolute())  # the process that reads is elsewhere
    if told.kind == "ratings":
        return _import_ratings(told, files_in(paths, mapped.SUFFIXES), progress)
    looked_up = {one.file for one in told.columns.values() if isinstance(one, Lookup)}
    files = [path for path in files_in(paths, mapped.SUFFIXES) if path.name not in looked_up]
    return import_files(told.name, files, progress, date_order, mapping)


def _import_ratings(told: TableMapping, paths: Sequence[Path], progress: Progress) -> ImportReport:
    report = ImportReport.objects.create(source=told.name)
    with ImportRun(report, {}) as run:
        for path in progress(paths):
            report.files += 1
            try:
                run.store_ratings(str(path), ratings.parse(path.read_bytes(), path.name, told))
            except FileRejected as exc:
                run.refuse(str(path), exc)
    return report


def _of_folder(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """Without what programs hide there; E0.CSV is as good as E0.csv."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.name.lower().endswith(suffixes)
        and not path.name.startswith(HIDDEN)
        and path.is_file()
    ]


def refuse_to_mix() -> None:
    if Region.objects.filter(is_simulated=True).exists():
        raise InvalidInput(
            "There is a simulated world here: real data must not mix with it. Use a database of "
            "its own, as SOCCERPREDICT_VAR=var/real gives one."
        )


def refuse_unknown(source: str) -> None:
    if source not in SOURCES:
        raise InvalidInput(f"Unknown source {source!r}: choose {', '.join(SOURCES)}.")


def import_files(
    source: str,
    files: Sequence[Path],
    progress: Progress = iter,
    date_order: str = "",
    mapping: str = "",
) -> ImportReport:
    """Import each file in a transaction of its own; a broken one is named and the others go on.

    Raises:
        InvalidInput: the database holds a simulated world.
    """
    refuse_to_mix()
    report = ImportReport.objects.create(source=source)
    bookmakers = mapped_prices.BOOKMAKERS if mapping else BOOKMAKERS.get(source, {})
    with (
        ImportRun(report, bookmakers) as run,
        reading(source, files, date_order, mapping) as contents,
    ):
        for path, content in zip(progress(files), contents, strict=True):
            run.take(path, content)
    return report


def lock_of(report: ImportReport) -> str:
    return f"import {report.pk}"


def is_running(report: ImportReport) -> bool:
    """Whether a process works on it; one that was killed left it called running."""
    return bool(locks.held_among([lock_of(report)]))


def end_abandoned() -> int:
    """Call the imports failed whose process was killed; how many there were."""
    running = ImportReport.objects.filter(status=ImportReport.Status.RUNNING)
    reports = {lock_of(report): report.pk for report in running}
    if not reports:
        return 0
    alive = locks.held_among(list(reports))
    abandoned = running.filter(pk__in=[pk for lock, pk in reports.items() if lock not in alive])
    return abandoned.update(status=ImportReport.Status.FAILED, finished_at=timezone.now())


class ImportRun:
    """One import under way: caches of names, and the report that it fills.

    Entered, it writes the report down at its end, as failed where it is broken off.
    """

    def __init__(self, report: ImportReport, bookmakers: BookmakerTable) -> None:
        self.report = report
        self._known_bookmakers = bookmakers
        self.rejections: list[ImportRejection] = []
        self._stored = 0
        self._forget()

    def __enter__(self) -> Self:
        self._held = ExitStack()
        self._held.enter_context(locks.held(lock_of(self.report)))
        end_abandoned()
        return self

    def __exit__(self, broken_off_by: type[BaseException] | None, *_: object) -> None:
        with self._held:
            self._finish(failed=bool(broken_off_by or self.report.files_failed))

    def _forget(self) -> None:
        self.names = Names(self.report.source)
        self.bookmakers = storing.Bookmakers(self._known_bookmakers)

    def take(self, path: Path, content: Reading) -> None:
        self.report.files += 1
        try:
            self.store(str(path), content())
        except FileRejected as exc:
            self.refuse(str(path), exc)

    def store(self, name: str, parsed: ParsedFile) -> None:
        """All that a file holds, or none of it."""
        try:
            self._store_whole(name, parsed)
        except DataError:
            self.refuse(name, FileRejected("It holds a value that no match can have."))

    def _store_whole(self, name: str, parsed: ParsedFile) -> None:
        with ExitStack() as undoing:
            undoing.callback(self._forget)  # a rollback takes rows that the caches still name
            with transaction.atomic():
                self._wait_for_others()
                with connection.cursor() as cursor:
                    cursor.execute(LATER_ON_DISK)
                with import_changes.named(self.report):
                    self._store(name, parsed)
            undoing.pop_all()

    def _wait_for_others(self) -> None:
        """One import stores at a time; after another has, names are looked up anew."""
        postgres.lock(LockNumber.IMPORTS, shared=True)
        postgres.lock(LockNumber.STORING)
        with connection.cursor() as cursor:
            cursor.execute(NEXT_STORED)
            number = cursor.fetchone()[0]
        if number != self._stored + 1:
            self._forget()
        self._stored = number

    def _store(self, name: str, parsed: ParsedFile) -> None:
        told = storable.matches(parsed.matches)
        early = [found for match in told.matches if (found := too_early(match))]
        lines = {one.line for one in early}
        records = [match for match in told.matches if match.line not in lines]
        stored = matches.store(self.report.source, records, self.names)
        live.follow(live.reports_of(records, stored.ids), self.report.source)
        prices = storing.store(self.report.source, records, stored.ids, self.bookmakers, file=name)
        again = [
            Rejection("row", n, "The same match stands twice in the file.", "")
            for n in stored.twice
        ]
        wrong = [*prices.refused, *prices.contradicted]
        refused = [*told.refused, *early]
        self._reject(name, [*parsed.rejections, *refused, *again, *wrong])
        if not records and (refused or any(parsed.rejected("row"))):
            self.refuse(name, FileRejected(f"None of its {parsed.rows} rows could be imported."))
        report = self.report
        report.files_failed += any(parsed.rejected("file"))
        self._note_forms(name, parsed)
        report.rows_read += parsed.rows
        report.inserted += stored.inserted
        report.updated += stored.updated
        report.unchanged += stored.unchanged
        report.rejected += len(refused) + len(again) + sum(1 for _ in parsed.rejected("row"))
        report.odds_read += prices.read
        report.odds_inserted += prices.inserted
        report.odds_unchanged += prices.read - prices.inserted - len(prices.refused)
        report.odds_rejected += len(wrong)

    def store_ratings(self, name: str, parsed: ratings.ParsedRatings) -> None:
        with transaction.atomic():
            self._wait_for_others()
            with import_changes.named(self.report):
                stored = club_ratings.store(self.report.source, parsed.records)
        self._reject(name, [*parsed.rejections, *stored.refused])
        report = self.report
        report.rows_read += parsed.rows
        report.inserted += stored.inserted
        report.updated += stored.updated
        report.unchanged += stored.unchanged
        report.rejected += len(parsed.rejections) + len(stored.refused)
        if parsed.rows and not (stored.inserted or stored.updated or stored.unchanged):
            self.refuse(name, FileRejected(f"None of its {parsed.rows} rows could be imported."))

    def _note_forms(self, name: str, parsed: ParsedFile) -> None:
        told = [f"{Path(name).name}: {form}\n" for form in parsed.forms]
        if len(self.report.how_read) < MOST_FORMS:
            self.report.how_read += "".join(told)

    def _finish(self, *, failed: bool) -> None:
        self.report.status = ImportReport.Status.FAILED if failed else ImportReport.Status.DONE
        self.report.finished_at = timezone.now()
        live.close_overdue()
        with transaction.atomic():
            if self.report.source in SOURCES:
                self._wait_for_others()
                with import_changes.named(self.report):
                    settling.settle(self.report.source)
            self.report.save()
            ImportRejection.objects.bulk_create(self.rejections, batch_size=1000)
        if self.report.inserted + self.report.odds_inserted >= MANY:
            postgres.analyze(Match, Odds, TwoWayOdds)

    def refuse(self, name: str, exc: FileRejected) -> None:
        self.report.files_failed += 1
        self._reject(name, [Rejection("file", exc.line, str(exc), "")])

    def _reject(self, name: str, rejections: Iterable[Rejection]) -> None:
        self.rejections += [
            ImportRejection(
                report=self.report,
                what=rejection.what,
                file=name[-300:],
                line=rejection.line,
                reason=rejection.reason[:300],
                text=rejection.text[:MOST_TEXT].replace("\0", ""),
            )
            for rejection in rejections
        ]
