"""Feeds of prices and live scores: they add to matches that we know, and never make one.

Every answer is stored whole or not at all. Fonbet's answers go on from each other, so where its
line stands is kept beside; if a packet is missing, a full dump is asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from django.db import transaction
from django.utils import timezone

from livescores.models import ImportReport, Match, SourcePage
from livescores.services import event_links, import_changes, live, storable
from livescores.sources.download import Answer, Downloader
from livescores.sources.fonbet import parser as fonbet
from livescores.sources.queries import Asked, CannotAsk, NotConfigured, Page
from livescores.sources.records import FileRejected, ParsedFeed
from livescores.sources.the_odds_api import parser as the_odds_api
from predictions.services.importing import files, web
from predictions.services.importing.web import SourceNotConfigured, Wanted
from predictions.services.odds import storing
from soccerpredict import postgres
from soccerpredict.errors import InvalidInput, SoccerPredictError
from soccerpredict.jobs import locks
from soccerpredict.postgres import LockNumber

FEEDS: Mapping[str, files.BookmakerTable] = {
    fonbet.NAME: fonbet.BOOKMAKERS,
    the_odds_api.NAME: the_odds_api.BOOKMAKERS,
}
SUFFIXES = (".json", ".json.gz")


class FeedFailed(SoccerPredictError):
    code = "feed_failed"
    title = "A feed could not be read"


@dataclass
class FeedReport:
    """What answers of a feed brought; `report` is the way back, of a run that changed something."""

    report: ImportReport | None = None

    answers: int = 0
    unchanged: int = 0
    events: int = 0
    linked: int = 0
    prices_read: int = 0
    prices_inserted: int = 0
    prices_refused: int = 0
    followed: int = 0
    closed: int = 0

    def __str__(self) -> str:
        return (
            f"{self.events} events, {self.linked} of them our matches; {self.prices_inserted} of "
            f"{self.prices_read} prices inserted, {self.prices_refused} refused; "
            f"{self.followed} matches under way, {self.closed} ended."
        )


class Feed:
    """One run of a feed: its answers in order, and what they brought.

    A routine run, one a minute by the timetable, leaves a report only where it changed something.
    """

    def __init__(self, source: str, *, routine: bool = False) -> None:
        self.source = source
        self.report = ImportReport.objects.create(source=source, is_routine=routine)
        self.fed = FeedReport(report=self.report)
        self.bookmakers = storing.Bookmakers(FEEDS[source])

    def __enter__(self) -> Self:
        self._held = ExitStack()
        self._held.enter_context(locks.held(files.lock_of(self.report)))
        return self

    def __exit__(self, broken_off_by: type[BaseException] | None, *_: object) -> None:
        with self._held:
            self._finish(broken_off_by)

    def _finish(self, broken_off_by: type[BaseException] | None) -> None:
        fed, report = self.fed, self.report
        if self._is_void(broken_off=bool(broken_off_by)):
            fed.report = None
            report.delete()
            return
        report.files, report.files_unchanged = fed.answers, fed.unchanged
        report.rows_read, report.updated = fed.events, fed.followed + fed.closed
        report.odds_read, report.odds_inserted = fed.prices_read, fed.prices_inserted
        report.odds_rejected = fed.prices_refused
        report.odds_unchanged = fed.prices_read - fed.prices_inserted - fed.prices_refused
        status = ImportReport.Status.FAILED if broken_off_by else ImportReport.Status.DONE
        report.status, report.finished_at = status, timezone.now()
        report.save()

    def _is_void(self, *, broken_off: bool) -> bool:
        """Whether there is nothing to take back, nor to be told of."""
        if self.report.is_routine:
            return not import_changes.has_changed(self.report)
        return broken_off and not self.fed.answers

    def store(self, name: str, parsed: ParsedFeed) -> None:
        """Inside a transaction."""
        postgres.lock(LockNumber.IMPORTS, shared=True)
        events = storable.events(parsed.events)
        with import_changes.named(self.report):
            ids = event_links.link(self.source, events)
            import_changes.keep_read(Match, ids.values())
            followed = live.follow(live.reports_of(events, ids), self.source)
            prices = storing.store(self.source, events, ids, self.bookmakers, file=name)
        fed = self.fed
        fed.answers += 1
        fed.events += len(parsed.events)
        fed.linked += len(ids)
        fed.prices_read += prices.read
        fed.prices_inserted += prices.inserted
        fed.prices_refused += len(prices.refused) + len(prices.contradicted)
        fed.followed += followed.updated
        fed.closed += followed.closed


def import_files(source: str, paths: Sequence[Path]) -> FeedReport:
    """Answers that were kept as files, in this order; Fonbet's packets go on from each other.

    Raises:
        FeedFailed: a file is none of the source's, or a packet is missing before it; the others
            are stored.
    """
    read = _reader(source)
    failed: list[str] = []
    with Feed(source) as feed:
        for path in paths:
            try:
                parsed = read(path)
            except (FileRejected, OSError) as exc:
                failed.append(f"{path}: {exc}")
                continue
            with transaction.atomic():
                feed.store(str(path), parsed)
        if failed:
            raise FeedFailed(
                f"Reading {source} failed for {len(failed)} of {len(paths)} files: {failed[0]}"
            )
    return feed.fed


def _reader(source: str) -> Callable[[Path], ParsedFeed]:
    if source == fonbet.NAME:
        line = fonbet.Line()
        return lambda path: line.take(path.read_bytes(), path.name)
    return lambda path: the_odds_api.parse(path.read_bytes(), path.name, _written_at(path))


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, timezone.get_default_timezone())


def import_web(
    source: str, wanted: Wanted, *, scores: bool = False, routine: bool = False
) -> FeedReport:
    """What the provider says now, as somebody asks or by the timetable's routine.

    Raises:
        InvalidInput: a league that the source does not have.
        SourceNotConfigured: its address or token is not set.
        FeedFailed: an answer could not be had or read; those before it are stored.
    """
    asked = web.asked_of(source, wanted)
    with Feed(source, routine=routine) as feed:
        _fetch(feed, asked, scores=scores)
    return feed.fed


def _fetch(feed: Feed, asked: Asked, *, scores: bool) -> None:
    source, downloader = feed.source, Downloader(web.limits())
    try:
        if source == fonbet.NAME:
            _go_on(feed, asked, downloader)
        else:
            pages = the_odds_api.score_pages if scores else the_odds_api.pages
            _take_all(feed, asked.at_both(pages), downloader)
    except CannotAsk as exc:
        raise InvalidInput(f"{source}: {exc}") from exc
    except NotConfigured as exc:
        raise SourceNotConfigured(str(exc)) from exc
    except FileRejected as exc:
        raise FeedFailed(f"Fetching {source} failed: {exc}") from exc


def _take_all(feed: Feed, pages: Sequence[Page], downloader: Downloader) -> None:
    failed = [exc for page in pages if (exc := _take(feed, page, downloader))]
    if failed:
        part = f" for {len(failed)} of {len(pages)} pages" if len(pages) > 1 else ""
        raise FeedFailed(f"Fetching {feed.source} failed{part}: {failed[0]}")


def _take(feed: Feed, page: Page, downloader: Downloader) -> FileRejected | None:
    """One league's answer; the others go on without it."""

    def read(at: Page) -> tuple[Page, Answer, ParsedFeed] | None:
        answer = downloader.get(at, web.known_version(feed.source, at))
        return answer and (at, answer, the_odds_api.parse(answer.content, at.name, timezone.now()))

    try:
        found = web.at_either(page, read, downloader)
    except FileRejected as exc:
        return exc
    if found is None:
        feed.fed.unchanged += 1
        return None
    at, answer, parsed = found
    with transaction.atomic():
        feed.store(at.url, parsed)
        with import_changes.named(feed.report):
            web.remember(feed.source, at, answer)
    return None


def _go_on(feed: Feed, asked: Asked, downloader: Downloader) -> None:
    """Fonbet's next packet; a full dump at first, after a gap, and where there is doubt."""
    known = SourcePage.objects.filter(source=fonbet.NAME, url=asked.url).first()
    row = known or SourcePage(source=fonbet.NAME, url=asked.url)
    line = fonbet.Line.load(row.state)
    if not line.is_fresh(row.asked_at, timezone.now()):
        line = fonbet.Line()
    try:
        parsed = _packet(line, asked, downloader)
    except fonbet.Gap:
        line = fonbet.Line()
        parsed = _packet(line, asked, downloader)
    with transaction.atomic():
        feed.store(asked.url, parsed)
        row.state, row.asked_at, row.changed_at = line.dump(), timezone.now(), timezone.now()
        row.save()


def _packet(line: fonbet.Line, asked: Asked, downloader: Downloader) -> ParsedFeed:
    (page,) = asked.at_both(lambda asked: [fonbet.page(asked, line.version)])
    answer = web.at_either(page, downloader.get, downloader)
    if answer is None:
        raise FileRejected("An answer without content.")
    return line.take(answer.content, page.name, timezone.now())
