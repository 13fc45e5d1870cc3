"""All that the free providers have on the web: what comes next first, then season by season back.

One page at a time, each stored whole and remembered, so that a run which was broken off goes on
where it was. Pages of the past are asked for again only weeks later.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import chain, zip_longest
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.utils import timezone

from livescores.models import ImportReport, SourcePage
from livescores.sources.download import Downloader, Limits
from livescores.sources.queries import Page
from predictions.services.importing import files, web
from predictions.services.importing.web import Wanted
from soccerpredict import progress
from soccerpredict.errors import SoccerPredictError
from soccerpredict.jobs import locks
from soccerpredict.jobs.models import key_of

# Providers that ask for no token, and the year in which their first season began.
FREE: Mapping[str, int] = {"football-data": 1993, "openfootball": 2010}
AGAIN_AFTER = timedelta(days=30)
FEW_SEASONS = 3  # of a provider: enough for a first model, if they hold enough results
FEW_RESULTS = 3000  # that are older than the year which training keeps back
FEW_SECONDS = 240.0
WAIT_SECONDS = 300.0  # for a run of the timetable's own
A_DAY = 86_400.0
MISSING = {"missing": True}
LEARNABLE = """
    SELECT count(*) FROM livescores_match
    WHERE home_score IS NOT NULL AND start_time_utc <
        (SELECT max(start_time_utc) FROM livescores_match WHERE home_score IS NOT NULL)
        - make_interval(days => %s)
"""


class FetchedElsewhere(SoccerPredictError):
    code = "fetched_elsewhere"
    title = "The provider is being asked already"


class Season(NamedTuple):
    """A provider's pages of one season; without a name, of the current one and what comes."""

    source: str
    name: str
    pages: Sequence[Page]

    def __str__(self) -> str:
        return f"Fetching {self.source}, {self.name or 'the current season'}"


@dataclass
class Fetched:
    """What came of a run, and why a provider was left before its end."""

    asked: int = 0
    inserted: int = 0
    updated: int = 0
    prices: int = 0
    seasons: Counter[str] = field(default_factory=Counter)  # that held something, by source
    stopped: dict[str, str] = field(default_factory=dict)  # source → the sentence

    def __str__(self) -> str:
        return (
            f"{self.asked} pages asked for: {self.inserted} matches inserted, {self.updated} "
            f"updated, {self.prices} prices inserted."
        )


def fetch_few() -> Fetched:
    """The current seasons and coming matches, and as many seasons back as a first model needs.

    Raises:
        FetchedElsewhere: another process is at it.
    """
    began = time.monotonic()

    def is_enough(fetched: Fetched) -> bool:
        is_few = max(fetched.seasons.values(), default=0) < FEW_SEASONS
        has_time = time.monotonic() - began < FEW_SECONDS
        return not (is_few and has_time) and learnable() >= FEW_RESULTS

    return _fetch(is_enough)


def fetch_all() -> Fetched:
    """Every season that the providers have, newest first, as far as it is not here yet.

    Raises:
        FetchedElsewhere: another process is at it.
    """
    return _fetch(lambda fetched: False)


def learnable() -> int:
    """Results that a model may learn from."""
    with connection.cursor() as cursor:
        cursor.execute(LEARNABLE, [settings.HOLDOUT_DAYS])
        return int(cursor.fetchone()[0])


def _fetch(is_enough: Callable[[Fetched], bool]) -> Fetched:
    fetched = Fetched()
    limits = Limits(seconds=settings.FETCH_PAGE_SECONDS, total=A_DAY)
    downloader = Downloader(limits)
    with _alone():
        for season in seasons():
            if season.source in fetched.stopped:
                continue
            _take(season, downloader, fetched)
            if is_enough(fetched):
                break
    return fetched


@contextmanager
def _alone() -> Iterator[None]:
    """While the timetable's own jobs of these providers leave their turns out."""
    until = time.monotonic() + WAIT_SECONDS
    with ExitStack() as held:
        for source in FREE:
            held.enter_context(_alone_with(source, until))
        yield


@contextmanager
def _alone_with(source: str, until: float) -> Iterator[None]:
    key = key_of("predictions.tasks.fetch_matches", {"source": source})
    while True:
        with locks.held(key) as is_ours:
            if is_ours:
                yield
                return
        if time.monotonic() >= until:
            raise FetchedElsewhere(f"{source} is being asked by another process already.")
        progress.tell(f"Waiting for another process that asks {source}")
        time.sleep(1)


def seasons() -> Iterator[Season]:
    """In the order in which they are fetched: newest first, one provider's after the other's."""
    by_source = (list(_seasons_of(source)) for source in FREE)
    return (one for one in chain.from_iterable(zip_longest(*by_source)) if one)


def _seasons_of(source: str) -> Iterator[Season]:
    yield Season(source, "", web.pages_of(source, Wanted()))
    newest, _ = web.asked_of(source, Wanted()).years()
    for year in range(newest - 1, FREE[source] - 1, -1):
        name = f"{year}-{(year + 1) % 100:02}"
        pages = web.pages_of(source, Wanted(season=name))
        yield Season(source, name, [replace(page, may_be_missing=True) for page in pages])


def _take(season: Season, downloader: Downloader, fetched: Fetched) -> None:
    """Import what is due of a season; a provider that does not answer is left with a sentence."""
    pages = _due(season)
    if not pages:
        fetched.seasons[season.source] += _is_here(season)
        return
    report = ImportReport.objects.create(source=season.source, part=season.name)
    with files.ImportRun(report, files.BOOKMAKERS.get(season.source, {})) as run:
        for page in progress.each(pages, str(season)):
            if web.take(run, page, downloader, refetch=False):
                _remember_missing(season.source, page)
            if _has_left(downloader, page):
                fetched.stopped[season.source] = run.rejections[-1].reason
                break
            time.sleep(settings.FETCH_PAUSE_MILLISECONDS / 1000)
    _add(fetched, report)


def _has_left(downloader: Downloader, page: Page) -> bool:
    """Whether neither address of the page is asked any more."""
    return downloader.has_left(page) and (page.instead is None or downloader.has_left(page.instead))


def _add(fetched: Fetched, report: ImportReport) -> None:
    source = report.source
    fetched.asked += report.files
    fetched.inserted += report.inserted
    fetched.updated += report.updated
    fetched.prices += report.odds_inserted
    fetched.seasons[source] += bool(report.rows_read or report.files_unchanged)
    if not web.is_news(report):
        report.delete()


def _due(season: Season) -> list[Page]:
    """All of the current season; of a past one, what was not asked for in the last weeks."""
    if not season.name:
        return list(season.pages)
    lately = SourcePage.objects.filter(
        source=season.source, asked_at__gt=timezone.now() - AGAIN_AFTER
    )
    known = set(lately.values_list("url", flat=True))
    return [page for page in season.pages if page.url not in known]


def _is_here(season: Season) -> bool:
    """Whether any of its pages has been imported."""
    urls = [page.url for page in season.pages]
    known = SourcePage.objects.filter(source=season.source, url__in=urls)
    return known.filter(state__isnull=True).exists()


def _remember_missing(source: str, page: Page) -> None:
    """That the provider has no such page is known for as long as what it has."""
    defaults = {"asked_at": timezone.now(), "state": MISSING}
    SourcePage.objects.update_or_create(source=source, url=page.url, defaults=defaults)
