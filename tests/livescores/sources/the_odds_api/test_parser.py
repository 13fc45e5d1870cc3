"""The Odds API version 4, in the form that it publishes."""

import json
from datetime import UTC, date, datetime
from math import isnan

import pytest

from livescores.sources.queries import Asked, CannotAsk, NotConfigured
from livescores.sources.records import FileRejected
from livescores.sources.the_odds_api import parser as the_odds_api

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
OUTCOMES = [
    {"name": "Arsenal", "price": 1.8},
    {"name": "Everton", "price": 4.5},
    {"name": "Draw", "price": 3.6},
]


def book(key="pinnacle", outcomes=OUTCOMES, said="2026-03-14T10:00:00Z", market="h2h"):
    markets = [{"key": market, "last_update": said, "outcomes": outcomes}]
    return {"key": key, "title": key.title(), "last_update": said, "markets": markets}


def event(**changes):
    return {
        "id": "bda33adca828c09dc3cac3a856aef176",
        "sport_key": "soccer_epl",
        "sport_title": "EPL",
        "commence_time": "2026-03-14T15:00:00Z",
        "home_team": "Arsenal",
        "away_team": "Everton",
        **changes,
    }


def only(**changes):
    content = json.dumps([event(**changes)]).encode()
    (found,) = the_odds_api.parse(content, "soccer_epl.json", NOW).events
    return found


def test_it_reads_a_book():
    found = only(bookmakers=[book()])

    assert (found.home, found.away, found.region) == ("Arsenal", "Everton", "England")
    (quote,) = found.quotes
    assert quote[:6] == (
        "PS",
        "pre_match",
        datetime(2026, 3, 14, 10, tzinfo=UTC),
        1.8,
        3.6,
        4.5,
    )


def test_a_price_at_kick_off_is_a_live_one():
    found = only(bookmakers=[book(said="2026-03-14T15:00:00Z")])

    assert found.quotes[0].kind == "live"


def test_other_markets_are_no_1x2_prices():
    assert only(bookmakers=[book(market="h2h_lay"), book(market="totals")]).quotes == []


@pytest.mark.parametrize(
    "outcomes",
    [
        OUTCOMES[:2],
        [*OUTCOMES, {"name": "Draw", "price": 3.0}],
        [*OUTCOMES[:2], {"name": "X", "price": 3}],
    ],
)
def test_a_book_that_is_not_whole_is_kept_as_it_was_read(outcomes):
    (quote,) = only(bookmakers=[book(outcomes=outcomes)]).quotes

    assert isnan(quote.home)
    assert "'Arsenal': 1.8" in quote.text


@pytest.mark.parametrize(("completed", "status"), [(False, "live"), (True, "finished")])
def test_it_reads_scores(completed, status):
    scores = [{"name": "Everton", "score": "1"}, {"name": "Arsenal", "score": "2"}]

    found = only(completed=completed, scores=scores, last_update="2026-03-14T16:51:00Z")

    assert (found.status, found.score) == (status, (2, 1))
    assert found.told_at == datetime(2026, 3, 14, 16, 51, tzinfo=UTC)


@pytest.mark.parametrize("scores", [None, [], [{"name": "Arsenal", "score": "2"}]])
def test_without_both_scores_it_has_not_begun(scores):
    found = only(scores=scores)

    assert (found.status, found.score) == ("scheduled", None)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"message": "Unknown sport"}', r"Field \(all\): Input should be a valid"),
        (json.dumps([event(commence_time=5)]).encode(), r"Field 0\.commence_time"),
        (
            json.dumps([event(bookmakers=[book(outcomes=[{"name": "Draw", "price": "3"}])])]),
            r"Field 0\.bookmakers\.0\.markets\.0\.outcomes\.0\.price",
        ),
    ],
)
def test_another_form_is_refused_with_the_field(content, why):
    content = content.encode() if isinstance(content, str) else content

    with pytest.raises(FileRejected, match=why):
        the_odds_api.parse(content, "soccer_epl.json", NOW)


def asked(**changes):
    return Asked(url="https://api.example", today=date(2026, 3, 14), **changes)


def test_the_token_is_no_part_of_the_address_that_is_kept():
    (page,) = the_odds_api.pages(asked(token="s3cret", leagues=("soccer_epl",)))

    assert page.url.startswith("https://api.example/v4/sports/soccer_epl/odds?regions=eu,uk&")
    assert "s3cret" not in f"{page}"
    assert page.secret == {"apiKey": "s3cret"}


def test_what_it_cannot_be_asked_is_said():
    with pytest.raises(NotConfigured, match="set THE_ODDS_API_TOKEN"):
        the_odds_api.pages(asked())
    with pytest.raises(CannotAsk, match="Unknown league 'tennis'"):
        the_odds_api.score_pages(asked(token="s3cret", leagues=("tennis",)))
