"""Import what a provider has on the web: each page whole or not at all, and only what is new."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from livescores.models import ImportReport, SourcePage
from livescores.services import import_changes
from livescores.sources.download import Answer, Downloader, Limits, PageMissing, Version
from livescores.sources.football_data import parser as football_data
from livescores.sources.known import SOURCES
from livescores.sources.queries import Asked, CannotAsk, NotConfigured, Page
from livescores.sources.records import FileRejected, ParsedFile
from livescores.sources.refusals import OutsidePlan, PlanUsedUp
from predictions.services.importing import files
from predictions.services.importing.files import ImportRun
from soccerpredict.errors import InvalidInput, ServiceUnavailable

Progress = Callable[[Sequence[Page]], Iterable[Page]]
T = TypeVar("T")


class SourceNotConfigured(ServiceUnavailable):
    code = "source_not_configured"
    title = "The source is not configured"


@dataclass(frozen=True)
class Wanted:
    """Which part of a source; `refetch` reads pages that have not changed, too."""

    season: str = ""
    leagues: Sequence[str] = ()
    refetch: bool = False


def asked_of(source: str, wanted: Wanted) -> Asked:
    configured = settings.SOURCES[source]
    return Asked(
        url=configured["url"].rstrip("/"),
        token=configured.get("token", ""),
        today=timezone.now().date(),
        season=wanted.season,
        leagues=wanted.leagues,
        second_url=configured.get("second_url", "").rstrip("/"),
    )


def pages_of(source: str, wanted: Wanted) -> Sequence[Page]:
    """The pages that hold what is wanted.

    Raises:
        InvalidInput: an unknown source, or a season or league that it does not have.
        SourceNotConfigured: its address or token is not set.
    """
    files.refuse_unknown(source)
    try:
        return asked_of(source, wanted).at_both(SOURCES[source].pages)
    except CannotAsk as exc:
        raise InvalidInput(f"{source}: {exc}") from exc
    except NotConfigured as exc:
        raise SourceNotConfigured(str(exc)) from exc


def import_pages(
    source: str, pages: Sequence[Page], *, refetch: bool = False, progress: Progress = iter
) -> ImportReport:
    """Import each page in a transaction of its own; one that fails is named, the others go on.

    Pages that may be missing must not all be: then the address is wrong, or the form of it.

    Raises:
        InvalidInput: the database holds a simulated world.
    """
    files.refuse_to_mix()
    report = ImportReport.objects.create(source=source)
    downloader = Downloader(limits())
    with ImportRun(report, files.BOOKMAKERS.get(source, {})) as run:
        missing = [
            (page, gone)
            for page in progress(pages)
            if (gone := take(run, page, downloader, refetch))
        ]
        if len(missing) == len(pages):
            for page, gone in missing:
                run.refuse(page.url, gone)
    return report


def import_coming(source: str) -> ImportReport:
    """The coming matches with their prices, of a source that lists them."""
    asked = asked_of(source, Wanted())
    return import_pages(source, asked.at_both(football_data.price_pages))


def limits() -> Limits:
    return Limits(seconds=settings.FETCH_PAGE_SECONDS, total=settings.FETCH_SECONDS)


def take(run: ImportRun, page: Page, downloader: Downloader, refetch: bool) -> PageMissing | None:
    """Import a page; what is told of one that is missing and may be."""
    source = run.report.source
    run.report.files += 1

    def read(at: Page) -> tuple[Page, Answer, ParsedFile] | None:
        answer = downloader.get(at, None if refetch else known_version(source, at))
        return answer and (at, answer, SOURCES[source].parse(answer.content, at.name))

    try:
        found = at_either(page, read, downloader)
    except FileRejected as exc:
        if isinstance(exc, PageMissing) and page.may_be_missing:
            return exc
        run.refuse(page.url, exc)
        return None
    if found is None:
        run.report.files_unchanged += 1
        SourcePage.objects.filter(source=source, url=page.url).update(asked_at=timezone.now())
        return None
    at, answer, parsed = found
    failed_before = run.report.files_failed
    with transaction.atomic():
        run.store(at.url, parsed)
        if run.report.files_failed == failed_before:
            with import_changes.named(run.report):
                remember(source, at, answer)
    return None


def at_either(page: Page, read: Callable[[Page], T], downloader: Downloader) -> T:
    """What a page says, at the source's second address where the first fails or says nonsense.

    Raises:
        FileRejected: neither is to be had; the text says why.
    """
    try:
        return read(page)
    except PlanUsedUp:
        downloader.stop_asking(page)
        raise
    except OutsidePlan:
        raise
    except FileRejected as exc:
        if page.instead is None:
            raise
        try:
            return read(page.instead)
        except FileRejected as other:
            raise type(exc)(f"{exc} At the second address: {other}", exc.line) from exc


def known_version(source: str, page: Page) -> Version | None:
    row = SourcePage.objects.filter(source=source, url=page.url).first()
    return Version(row.etag, row.last_modified) if row else None


def remember(source: str, page: Page, answer: Answer) -> None:
    """With the import, never before it: a page that could not be stored is asked for again."""
    now = timezone.now()
    SourcePage.objects.update_or_create(
        source=source,
        url=page.url,
        defaults={
            **answer.version._asdict(),
            "state": None,
            "asked_at": now,
            "changed_at": now,
        },
    )


def is_news(report: ImportReport) -> bool:
    """Whether an import changed or refused anything."""
    counts = (report.inserted, report.updated, report.odds_inserted, report.files_failed)
    return any(counts) or report.rejections.exists()


def summary(report: ImportReport) -> str:
    """What a run brought, in one sentence."""
    rejected = report.rejected + report.odds_rejected
    refused = f"; {rejected} rows or prices refused" if rejected else ""
    return (
        f"{report.inserted} matches inserted, {report.updated} updated, "
        f"{report.odds_inserted} prices inserted{refused}."
    )


def failure(report: ImportReport) -> str:
    """Why a run failed, in one sentence that names the source."""
    first = report.rejections.filter(what="file").order_by("pk").first()
    reason = first.reason if first else "Nothing was refused."
    part = f" for {report.files_failed} of {report.files} pages" if report.files > 1 else ""
    return f"Fetching {report.source} failed{part}: {reason}"
