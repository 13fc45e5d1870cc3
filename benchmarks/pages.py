"""How fast the pages and the admin's lists come, how large they are and how much they ask.

In this process, through all middleware, each page some times after a first: the time is that to
the whole body, without a network. A page's size counts what it loads as well, uncompressed.
"""

import logging
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.children import manage

TIMES = 5
A_DAY = timedelta(days=1)
LOADED = re.compile(r'(?:src|href)="/static/([^"]+\.(?:css|js|svg))"')
PAGE_REACH = "<= 100 ms, <= 300 KB, <= 30 queries"
LIST_REACH = "<= 300 ms, <= 20 queries"
SEARCHED = "united city"


@dataclass(frozen=True)
class Seen:
    """One address: status, milliseconds, queries, and bytes of the page and what it loads."""

    status: int
    ms: float
    queries: int
    size: int

    def __str__(self) -> str:
        wrong = "" if self.status == 200 else f", STATUS {self.status}"
        return f"{self.ms:.0f} ms, {self.queries} queries, {self.size / 1000:.0f} KB{wrong}"


def look(client: Client, address: str) -> Seen:
    answer = client.get(address)  # caches, prepared statements and compiled templates
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
        n_asked = len(asked)  # the next request would empty it
    took = [timed(client, address) for _ in range(TIMES)]
    return Seen(answer.status_code, statistics.median(took), n_asked, size_of(answer.content))


def timed(client: Client, address: str) -> float:
    began = time.perf_counter()
    client.get(address)
    return (time.perf_counter() - began) * 1000


def size_of(content: bytes) -> int:
    loaded = {finders.find(name) for name in LOADED.findall(content.decode())}
    total = len(content)
    for path in filter(None, loaded):
        with open(str(path), "rb") as file:  # noqa: PTH123  # finders answer with strings
            total += len(file.read())
    return total


def report() -> None:
    for command in furnishing():
        manage(*command)
    logging.disable(logging.WARNING)
    matches = rows("livescores", "Match").count()
    print(f"\n## Pages at {matches:,} matches\n\n| page | measured |\n|---|---|")
    print(f"| (reach) | {PAGE_REACH} |")
    visitor = client_of("text/html")
    seen = {name: look(visitor, address) for name, address in pages().items()}
    for name, one in seen.items():
        print(f"| {name} | {one} |", flush=True)
    print(f"\n## Back office\n\n| page | measured |\n|---|---|\n| (reach) | {LIST_REACH} |")
    with signed_in() as client:
        for name, address in lists():
            print(f"| {name} | {look(client, address)} |", flush=True)


def furnishing() -> Iterator[Sequence[str]]:
    """What pages show beyond matches and predictions."""
    yield "migrate", "-v0"
    yield ("schedule_jobs",)
    yield ("rate_teams",)
    last = rows("livescores", "Match").filter(status="finished").order_by("-start_time_utc").first()
    yield "quality_report", "--as-of", f"{last.start_time_utc + A_DAY:%Y-%m-%dT%H:%M:%S+00:00}"


def client_of(accepted: str) -> Client:
    return Client(SERVER_NAME="localhost", headers={"Accept": accepted})


def rows(app: str, model: str) -> Any:
    from django.apps import apps

    return apps.get_model(app, model)._default_manager.all()


def pages() -> dict[str, str]:
    """Each page, for a busy match, league and team."""
    match = rows("predictions", "Odds").order_by("-id").first().match
    tournament, team = match.season.tournament_id, match.home_team_id
    day = f"{match.start_time_utc:%Y-%m-%d}"
    return {
        "today and next": "/",
        "of a region": f"/?region_id={match.season.tournament.region_id}",
        "scores": "/scores",
        "scores of a busy month": "/scores?year=2019&month=9",
        "scores of a day": f"/scores?date={day}",
        "match": f"/matches/{match.pk}",
        "league": f"/leagues/{tournament}",
        "team": f"/teams/{team}",
        "track record": "/record",
        "explorer": "/explorer",
        "explorer, sorted and filtered": f"/explorer?tournament_id={tournament}&sort=-proba_home",
        "search": "/search?q=united",
    }


class signed_in:  # noqa: N801  # a context manager, used as one
    """A superuser's client; the user leaves no trace."""

    def __enter__(self) -> Client:
        self.user, _ = User.objects.get_or_create(
            username="bench", defaults={"is_staff": True, "is_superuser": True}
        )
        client = client_of("text/html")
        client.force_login(self.user)
        return client

    def __exit__(self, *_: object) -> None:
        self.user.delete()


def lists() -> Iterator[tuple[str, str]]:
    """The start page, and each list: plain, searched, filtered, and its newest row's page."""
    yield "start page", reverse("admin:index")
    for model, one in admin.site._registry.items():
        name = model._meta.verbose_name_plural
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield f"{name}", address
        if one.search_fields:
            yield f"{name}, searched", f"{address}?q={SEARCHED.replace(' ', '+')}"
        yield from filtered(name, address, model)
        newest = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
        if newest is not None:
            yield f"{name}, one", f"{address}{newest}/change/"


def filtered(name: Any, address: str, model: type[models.Model]) -> Iterator[tuple[str, str]]:
    for query in FILTERS.get(model._meta.model_name or "", ()):
        yield f"{name}, {query()}", f"{address}?{query()}"


def newest_in(app: str, model: str, column: str) -> Any:
    return rows(app, model).order_by("-pk").values_list(column, flat=True).first()


FILTERS: dict[str, Sequence[Callable[[], str]]] = {
    "match": (
        lambda: "status__exact=finished",
        lambda: "start_time_utc_from=2015-01-01&start_time_utc_to=2015-12-31",
        lambda: f"season__tournament__region__id__exact={newest_in('livescores', 'Region', 'pk')}",
    ),
    "odds": (
        lambda: "kind__exact=closing",
        lambda: f"bookmaker__id__exact={newest_in('predictions', 'Odds', 'bookmaker')}",
        lambda: f"match__id__exact={newest_in('predictions', 'Odds', 'match')}",
    ),
    "twowayodds": (
        lambda: "market__exact=asian_handicap",
        lambda: f"match__id__exact={newest_in('predictions', 'TwoWayOdds', 'match')}",
    ),
    "prediction": (
        lambda: "batch__stage__exact=champion",
        lambda: "in_sample__exact=1",
        lambda: f"league={newest_in('livescores', 'Tournament', 'pk')}",
        lambda: "start_time_utc_from=2015-01-01&start_time_utc_to=2015-12-31",
        lambda: f"batch__id__exact={newest_in('predictions', 'Prediction', 'batch')}",
    ),
}
