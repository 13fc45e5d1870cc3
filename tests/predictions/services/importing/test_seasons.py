"""Whole providers from the web: newest first, one page at a time, and on from where it was."""

import gzip
import re
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from livescores.models import ImportReport, Match, SourcePage
from livescores.sources.football_data import pages
from livescores.sources.openfootball import parser as openfootball
from predictions.services.importing import seasons
from soccerpredict.jobs import locks
from soccerpredict.jobs.models import key_of
from tests import provider
from tests.provider import Handler, content
from tests.season_files import TODAY, newest_year, offer, page_of

NEWEST = newest_year()
LEAGUES = ("E0", "E1", "D1")
SEASON = re.compile(r"/(?:mmz4281|of)/([\d-]+)/")


@pytest.fixture
def web(db, settings, monkeypatch):
    monkeypatch.setattr(seasons, "FREE", {"football-data": NEWEST - 6, "openfootball": NEWEST - 2})
    monkeypatch.setattr(seasons, "FEW_RESULTS", 300)
    few(monkeypatch, pages, "DIVISIONS", LEAGUES)
    few(monkeypatch, pages, "EXTRA_FILES", ("ARG",))
    few(monkeypatch, openfootball, "TOURNAMENTS", ("en.1", "de.1"))
    settings.FETCH_PAUSE_MILLISECONDS = 0
    settings.FETCH_PAGE_SECONDS = 6
    with provider.running() as server:
        settings.SOURCES = {
            "football-data": {"url": server.url},
            "openfootball": {"url": server.url + "/of"},
        }
        yield server


def few(patch, module, name, codes):
    """Only these of a table of leagues: each page takes its time."""
    known = getattr(module, name)
    patch.setattr(module, name, {code: known[code] for code in codes})


def asked(web):
    return [path for path, _ in web.seen]


def asked_for_seasons(web):
    """The seasons in the order in which they were first asked for."""
    found = [match[1] for path in asked(web) if (match := SEASON.search(path))]
    return list(dict.fromkeys(found))


def test_first_comes_what_a_first_model_needs(web):
    offer(web, range(NEWEST - 6, NEWEST + 1))

    fetched = seasons.fetch_few()

    assert (fetched.stopped, fetched.seasons["football-data"]) == ({}, 3)
    first = [f"{(NEWEST - n) % 100:02}{(NEWEST - n + 1) % 100:02}" for n in range(3)]
    assert [name for name in asked_for_seasons(web) if "-" not in name] == first
    assert Match.objects.filter(status="scheduled", start_time_utc__gt=timezone.now()).exists()
    assert Match.objects.count() == fetched.inserted > 800


def test_the_rest_follows_and_nothing_is_asked_for_twice(web):
    offer(web, range(NEWEST - 6, NEWEST + 1))
    seasons.fetch_few()
    before = Counter(asked(web))

    seasons.fetch_all()

    assert asked(web).index(page_of("E0", NEWEST - 3)) < asked(web).index(page_of("E0", NEWEST - 6))
    again = {path for path, n in Counter(asked(web)).items() if n > 1}
    current = {path for path in before if f"/{NEWEST}-" in path or not SEASON.search(path)}
    assert again == current | {page_of(code, NEWEST) for code in LEAGUES}


def test_a_page_that_is_as_it_was_is_not_sent_again(web):
    offer(web, [NEWEST, NEWEST - 1])
    seasons.fetch_all()
    web.seen.clear()
    web.on(page_of("E0", NEWEST), content(b"", 304))

    fetched = seasons.fetch_all()

    told = dict(web.seen)
    assert "If-None-Match" in told[page_of("E0", NEWEST)]
    assert page_of("E0", NEWEST - 1) not in told
    assert (fetched.inserted, fetched.updated) == (0, 0)


def test_pages_of_the_past_are_asked_for_again_after_weeks(web):
    offer(web, [NEWEST, NEWEST - 1])
    seasons.fetch_all()
    SourcePage.objects.update(asked_at=timezone.now() - seasons.AGAIN_AFTER * 1.1)
    web.seen.clear()

    seasons.fetch_all()

    assert page_of("E0", NEWEST - 1) in asked(web)


def test_seasons_that_are_not_there_are_passed_over(web):
    offer(web, range(NEWEST - 6, NEWEST - 3))

    fetched = seasons.fetch_few()

    assert fetched.seasons["football-data"] >= 3
    assert Match.objects.count() == 3 * 380
    assert not ImportReport.objects.filter(status="running").exists()


def test_a_provider_that_fails_half_way_is_left_and_gone_on_with(web):
    offer(web, range(NEWEST - 6, NEWEST + 1))
    whole = page_of("E0", NEWEST - 4)
    web.on(whole, provider.reset)
    web.on(page_of("E1", NEWEST - 4), provider.reset)

    broken = seasons.fetch_all()
    n_broken, seen = Match.objects.count(), set(asked(web))
    offer(web, [NEWEST - 4])
    web.on(page_of("E1", NEWEST - 4), provider.not_found)
    web.seen.clear()
    mended = seasons.fetch_all()

    assert list(broken.stopped) == ["football-data"]
    assert re.fullmatch(r"127\.0\.0\.1:\d+ .*\.", broken.stopped["football-data"])
    assert page_of("E0", NEWEST - 5) not in seen
    assert mended.stopped == {}
    assert Match.objects.count() == n_broken + 3 * 380
    past = [path for path in asked(web) if path.startswith("/mmz4281")]
    assert not {page_of("E0", NEWEST - n) for n in (1, 2, 3)} & set(past)


def test_without_a_network_there_is_one_sentence_for_each(web, settings):
    settings.SOURCES = {
        "football-data": {"url": "http://127.0.0.1:9"},
        "openfootball": {"url": "http://localhost:9"},
    }
    settings.FETCH_PAGE_SECONDS = 30

    fetched = seasons.fetch_few()

    assert set(fetched.stopped) == set(seasons.FREE)
    assert all(":9 cannot be reached" in why for why in fetched.stopped.values())
    assert (fetched.asked, Match.objects.count()) == (4, 0)


def test_a_slow_provider_is_waited_for(web):
    offer(web, [NEWEST, NEWEST - 1])
    quick = web.reactions[page_of("E0", NEWEST)][0]

    def slowly(handler: Handler) -> None:
        time.sleep(0.5)
        quick(handler)

    web.on(page_of("E0", NEWEST), slowly)

    assert seasons.fetch_all().stopped == {}
    assert Match.objects.filter(season__name=f"{NEWEST}-{(NEWEST + 1) % 100:02}").exists()


def test_time_is_up_once_there_is_enough_to_learn_from(web, monkeypatch):
    offer(web, range(NEWEST - 6, NEWEST + 1))
    monkeypatch.setattr(seasons, "FEW_SECONDS", 0)

    assert seasons.fetch_few().seasons["football-data"] == 3  # two seasons hold too few old results


def test_one_page_at_a_time(web):
    offer(web, [NEWEST])
    lock, most = threading.Lock(), []

    def alone(handler: Handler) -> None:
        most.append(lock.acquire(blocking=False))
        time.sleep(0.01)
        lock.release()
        provider.not_found(handler)

    web.otherwise = alone

    seasons.fetch_all()

    assert len(most) > 20
    assert all(most)


def test_the_timetables_own_fetching_goes_first(web, monkeypatch):
    monkeypatch.setattr(seasons, "WAIT_SECONDS", 0)
    key = key_of("predictions.tasks.fetch_matches", {"source": "openfootball"})

    with locks.held(key), pytest.raises(seasons.FetchedElsewhere, match="openfootball"):
        seasons.fetch_all()

    assert web.seen == []


def test_reports_of_nothing_new_are_not_kept(web):
    offer(web, [NEWEST])
    seasons.fetch_all()
    n = ImportReport.objects.count()
    web.on(page_of("E0", NEWEST), content(b"", 304))

    seasons.fetch_all()

    assert ImportReport.objects.count() == n
    assert list(ImportReport.objects.values_list("status", flat=True)) == ["done"] * n


@pytest.fixture
def replayed(web, real_data, monkeypatch):
    """The real files under the provider's addresses, as far as there are any."""
    monkeypatch.setattr(seasons, "FREE", {"football-data": 2018, "openfootball": 2018})
    monkeypatch.setattr(seasons, "FEW_RESULTS", 3000)
    web.otherwise = lambda handler: _replay(handler, real_data)
    return web


def _replay(handler: Handler, folder: Path) -> None:
    parts = handler.path.strip("/").split("/")
    found = _file(folder, parts)
    if found is None:
        provider.not_found(handler)
        return
    body = found.read_bytes()
    body = gzip.decompress(body) if found.suffix == ".gz" else body
    handler.reply(body, ETag=f'"{found.stat().st_size}"')


def _file(folder: Path, parts: list[str]) -> Path | None:
    if parts[0] == "mmz4281":
        name = f"20{parts[1][:2]}-{parts[1][2:]}"
        found = folder / "football-data" / name / parts[2]
    elif parts[0] == "new":
        found = folder / "football-data" / "extra" / f"{parts[1]}.gz"
    elif parts[0] == "of":
        found = folder / "openfootball" / parts[1] / parts[2]
    else:
        found = next((folder / "football-data" / "fixtures").glob(f"{parts[0][:-4]}_*.csv"))
    return found if found.is_file() else None


def test_real_files_come_newest_first_over_seasons_that_are_missing(replayed):
    fetched = seasons.fetch_few()

    names = [f"{year}-{(year + 1) % 100}" for year in range(2025, 2020, -1)]
    asked_for = [name for name in asked_for_seasons(replayed) if "-" in name][1:6]
    assert asked_for == names[: len(asked_for)]
    assert "2022-23" in asked_for
    assert fetched.stopped == {}
    played = Match.objects.filter(season__tournament__name="Premier League", status="finished")
    assert (
        played.filter(season__name="2022-23", season__tournament__region__name="England").count()
        == 380
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(start_time_utc)::date FROM livescores_match")
        assert cursor.fetchone()[0] < TODAY
