"""A match that feeds tell of, and their answers about it."""

import json
from contextlib import contextmanager
from datetime import timedelta

from django.test import override_settings
from django.utils import timezone

from tests import provider
from tests.factories import make_match, make_region, make_season, make_team, make_tournament
from tests.provider import content

SPORTS = [{"id": 1, "name": "Футбол"}, {"id": 11, "parentId": 1, "regionId": 752, "name": "Швеция"}]


def followed_match():
    """Helsingborg play Goteborg, for half an hour now."""
    region = make_region(name="Sweden")
    season = make_season(tournament=make_tournament(region=region))
    home, away = (make_team(name=name, region=region) for name in ("Helsingborg", "Goteborg"))
    start = timezone.now() - timedelta(minutes=30)
    return make_match(season=season, home_team=home, away_team=away, start_time_utc=start)


@contextmanager
def serving():
    """A provider that stands for all of them."""
    with provider.running() as server:
        sources = {
            "fonbet": {"url": server.url + "/line/{version}"},
            "the-odds-api": {"url": server.url, "token": "s3cret"},
            "football-data": {"url": server.url},
            "football-data-org": {"url": server.url, "token": "s3cret"},
        }
        with override_settings(SOURCES=sources, FETCH_PAGE_SECONDS=20):
            yield server


def packet(match, version, since, *prices, **changes):
    document = {
        "packetVersion": version,
        "fromVersion": since,
        "customFactors": [{"e": 7, "f": 921 + i, "v": price} for i, price in enumerate(prices)],
        **changes,
    }
    if since == 0:
        event = {"id": 7, "sportId": 11, "level": 1, "team1": "Хельсингборг", "team2": "Гетеборг"}
        start = int(match.start_time_utc.timestamp())
        document["sports"] = SPORTS
        document["events"] = [{**event, "startTime": start, "place": "live"}]
        clock = {"timerDirection": 1, "timerSeconds": 1700}
        document["eventMiscs"] = [{"id": 7, "score1": 1, "score2": 0, **clock}]
    return content(json.dumps(document))


def prices_of(match, *, home="Helsingborg"):
    said = (match.start_time_utc - timedelta(hours=1)).isoformat()
    outcomes = [{"name": home, "price": 1.9}, {"name": "Goteborg", "price": 4.1}]
    market = {"key": "h2h", "outcomes": [*outcomes, {"name": "Draw", "price": 3.5}]}
    event = {
        "id": "abc",
        "sport_key": "soccer_sweden_allsvenskan",
        "commence_time": match.start_time_utc.isoformat(),
        "home_team": home,
        "away_team": "Goteborg",
        "bookmakers": [{"key": "pinnacle", "last_update": said, "markets": [market]}],
    }
    return json.dumps([event])
