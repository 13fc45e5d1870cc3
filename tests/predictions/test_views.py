"""`GET /`: a browser sees today's and the next matches as cards, a program where to go."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from livescores.models import Season
from predictions.models import Prediction
from predictions.services.publishing import published
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_betting_run,
    make_bookmaker,
    make_edge_returns,
    make_match,
    make_model_version,
    make_odds,
    make_publication,
    make_region,
    make_season,
    make_team,
    make_tournament,
)
from tests.reading import content_of, text_of

pytestmark = pytest.mark.django_db
PROBA = (0.5, 0.3, 0.2)


@pytest.fixture(autouse=True)
def _noon(monkeypatch, settings):
    settings.PUBLICATION_POLL_SECONDS = 3600
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    published.forget()
    yield
    published.forget()


def coming(home="Ajax", away="PSV", start=NOON + HOUR, proba=PROBA, **fields):
    teams = {"home_team": make_team(name=home), "away_team": make_team(name=away)}
    return make_match(start_time_utc=start, **teams, **fields), proba


def priced(prices, code, **fields):
    match, proba = coming()
    make_odds(match, prices, bookmaker=make_bookmaker(code), **fields)
    return match, proba


def titles(response):
    """The pairs of teams on the cards, in their order."""
    page = content_of(response).decode()
    found = re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", title).split()) for title in found]


@pytest.mark.parametrize(
    "accept",
    ["application/json", "*/*", "", "application/json, text/html;q=0.5", "text/csv", "nonsense"],
)
def test_a_program_is_told_where_to_go(client, settings, accept):
    response = client.get("/", headers={"Accept": accept})

    assert response["Content-Type"] == "application/json"
    assert response.json() == {
        "service": "SoccerPredict",
        "version": settings.VERSION,
        "docs": "http://testserver/docs",
        "health": "http://testserver/healthcheck/",
    }
    assert response["Vary"] == "Accept"


def test_it_is_told_what_answers(client):
    signpost = client.get("/").json()

    assert client.get(signpost["docs"]).status_code == 200
    assert client.get(signpost["health"]).status_code == 200


def test_a_card_tells_kick_off_chances_and_fair_odds(visitor):
    version = make_model_version(version=7)
    make_publication(coming(), model_version=version, computed_at=NOON - DAY)

    text = text_of(visitor.get("/"))

    assert "Today, Saturday 14 March 1 13:00" in text
    assert "Ajax v PSV" in text
    assert "Chance 50 % 30 % 20 % Fair odds 2.00 3.33 5.00 Best odds – – – Edge – – –" in text
    assert "1 match predicted by model 7, 13 Mar 2026, 12:00." in text


def test_best_odds_are_the_highest_of_the_bookmakers(visitor):
    match, proba = priced((2.2, 3.1, 4.5), "B365")
    make_odds(match, (2.1, 3.4, 4.6), bookmaker=make_bookmaker("WH"))
    make_odds(match, (9.0, 9.0, 9.0), bookmaker=make_bookmaker("Max", kind="best"))
    make_publication((match, proba))

    text = text_of(visitor.get("/"))

    assert "Best odds 2.20 B365 3.40 WH 4.60 WH" in text
    # 0.5 x 2.2 - 1, 0.3 x 3.4 - 1, 0.2 x 4.6 - 1
    assert "Edge +10.0 % +2.0 % −8.0 %" in text


LOST, OPEN, WON = (-20.0, -1.0), (-5.0, 5.0), (1.0, 9.0)


def values(response):
    return re.findall(r'<td class="value">([^<]*)</td>', content_of(response).decode())


@pytest.mark.parametrize(
    ("ends", "shown"),
    [
        (LOST, "(90 %: −20.0 to −1.0): a loss is proven."),
        (OPEN, "(90 %: −5.0 to +5.0): not proven either way."),
        (WON, "(90 %: +1.0 to +9.0): a gain is proven."),
        ((None, None), "(4 bets, too few to tell): not proven either way."),
    ],
)
def test_a_card_says_what_bets_like_it_have_returned(visitor, ends, shown):
    make_publication(priced((2.2, 3.1, 4.5), "B365"))  # an edge of 10 % on home
    make_edge_returns(make_betting_run(), OPEN, OPEN, ends, OPEN, OPEN)

    response = visitor.get("/")

    said = f"Bets like this one, an edge of 10 to 15 % at B365, returned +25.0 % {shown}"
    assert said in text_of(response)
    assert values(response) == (["+10.0\u00a0%"] if ends == WON else [])


def test_without_a_simulation_no_edge_is_called_value(visitor):
    make_publication(priced((2.2, 3.1, 4.5), "B365"))

    response = visitor.get("/")

    assert "Edge +10.0 %" in text_of(response)
    assert "Bets like this one" not in text_of(response)
    assert values(response) == []


def test_without_an_edge_no_bet_is_like_it(visitor):
    make_publication(priced((1.9, 3.1, 4.5), "B365"))
    make_edge_returns(make_betting_run(), *[WON] * 5)

    assert "Bets like" not in text_of(visitor.get("/"))


def test_the_bookmaker_of_the_best_price_is_asked_else_the_first(visitor):
    match, proba = priced((2.2, 3.1, 4.5), "WH")
    make_publication((match, proba))
    run = make_betting_run()
    make_edge_returns(run, *[LOST] * 5, bookmaker=make_bookmaker("PS", priority=1))
    before = text_of(visitor.get("/"))
    make_edge_returns(run, *[OPEN] * 5, bookmaker=make_bookmaker("WH", priority=9))

    assert "an edge of 10 to 15 % at PS, returned" in before
    assert "an edge of 10 to 15 % at WH, returned" in text_of(visitor.get("/"))


def test_the_newest_simulation_counts(visitor):
    make_publication(priced((2.2, 3.1, 4.5), "B365"))
    make_edge_returns(make_betting_run(computed_at=NOON - DAY), *[WON] * 5)
    make_edge_returns(make_betting_run(computed_at=NOON - HOUR), *[LOST] * 5)

    response = visitor.get("/")

    assert "a loss is proven" in text_of(response)
    assert values(response) == []


@pytest.mark.parametrize(
    ("start", "fields"),
    [
        (NOON - 3 * HOUR, {"score": (2, 1)}),
        (NOON - HOUR, {"status": "live"}),
        (NOON, {}),
        (NOON + HOUR, {"status": "postponed"}),
        (NOON + HOUR, {"status": "cancelled"}),
    ],
    ids=["finished", "live", "kick-off", "postponed", "cancelled"],
)
def test_no_edge_is_shown_of_what_cannot_be_bet_on(visitor, start, fields):
    match, proba = coming(start=start, **fields)
    make_odds(match, (2.2, 3.1, 4.5), captured_at=start - DAY)
    make_publication((match, proba))
    make_edge_returns(make_betting_run(), *[WON] * 5)

    response = visitor.get("/")

    assert "Best odds 2.20" in text_of(response)
    assert "Edge" not in text_of(response)
    assert "Bets like" not in text_of(response)
    assert values(response) == []


def test_no_edge_is_shown_of_what_the_model_learned_from(visitor):
    make_publication(priced((2.2, 3.1, 4.5), "B365"))
    Prediction.objects.update(in_sample=True)

    text = text_of(visitor.get("/"))

    assert "Edge" not in text
    assert "The model learned from this match: no forecast." in text


def test_old_prices_and_prices_in_play_are_not_offered(visitor):
    match, proba = priced((2.0, 3.0, 4.0), "B365")
    make_odds(match, (3.0, 4.0, 5.0), captured_at=NOON - 3 * DAY)
    make_odds(match, (8.0, 8.0, 8.0), kind="live", captured_at=NOON)
    make_odds(match, (9.0, 9.0, 9.0), captured_at=match.start_time_utc + HOUR)
    make_publication((match, proba))

    assert "Best odds 2.00 B365 3.00 B365 4.00 B365" in text_of(visitor.get("/"))


@pytest.mark.parametrize(
    ("proba", "word"),
    [((0.44, 0.3, 0.26), "low"), ((0.45, 0.3, 0.25), "medium"), ((0.2, 0.2, 0.6), "high")],
)
def test_confidence_is_that_of_the_likeliest_outcome(visitor, proba, word):
    make_publication(coming(proba=proba))

    assert f"Confidence {word}" in text_of(visitor.get("/"))


def test_the_bar_fills_its_width(visitor):
    make_publication(coming(proba=(1 / 3, 1 / 3, 1 - 2 / 3)))

    page = content_of(visitor.get("/")).decode()

    bar = re.search(r'<svg class="bar".*?</svg>', page)[0]
    assert re.findall(r' x="([\d.]+)"', bar) == ["33.33", "66.67"]
    assert sum(map(float, re.findall(r'width="([\d.]+)"', bar))) == pytest.approx(100)


def test_todays_matches_stay_with_their_score(visitor):
    make_publication(
        coming("Over", "Done", start=NOON - 3 * HOUR, score=(2, 1)), coming("Soon", "Next")
    )

    assert titles(visitor.get("/")) == ["Over 2–1 Done", "Soon v Next"]


def test_yesterdays_matches_are_not_shown(visitor):
    make_publication(coming("Old", start=NOON - DAY), coming("Soon"))

    assert titles(visitor.get("/")) == ["Soon v PSV"]


def test_the_next_matches_come_first_a_page_at_a_time(visitor):
    predicted = [coming(f"Team {n:03}", start=NOON + n * HOUR) for n in range(1, 60)]
    make_publication(*predicted)

    first = visitor.get("/")
    link = re.search(r'rel="next" href="([^"]+)"', content_of(first).decode())[1]
    second = visitor.get("/" + link)

    assert titles(first) == [f"Team {n:03} v PSV" for n in range(1, 31)]
    assert titles(second) == [f"Team {n:03} v PSV" for n in range(31, 60)]


def test_a_day_that_two_pages_share_is_not_counted_on_either(visitor):
    """As in the tabs, or not at all: 11 matches from noon, 24 of the next day, 24 of the third."""
    make_publication(*(coming(f"Team {n:03}", start=NOON + n * HOUR) for n in range(1, 60)))

    first, second = visitor.get("/"), visitor.get("/?offset=30")

    counts = [
        re.findall(r'class="count">(\d+)<', content_of(page).decode()) for page in (first, second)
    ]
    assert counts == [["11"], ["24"]]


def test_days_to_choose_from_count_their_matches(visitor):
    make_publication(coming(), coming(), coming(start=NOON + 2 * DAY))

    assert "Today 2 Mon 16 1" in text_of(visitor.get("/"))


def test_it_shows_the_days_that_were_asked_for(visitor):
    make_publication(
        coming("One", start=NOON - DAY), coming("Two"), coming("Three", start=NOON + DAY)
    )

    response = visitor.get("/?date_from=2026-03-13&date_to=2026-03-14")

    assert titles(response) == ["One v PSV", "Two v PSV"]


def test_what_the_model_learned_from_is_called_no_forecast(visitor):
    make_publication(
        coming("Known", start=NOON - DAY), coming("Unseen", start=NOON - DAY), coming("Next")
    )
    Prediction.objects.filter(match__home_team__name="Known").update(in_sample=True)

    shown = text_of(visitor.get("/?date_from=2026-03-13&date_to=2026-03-13"))

    assert shown.count("The model learned from this match: no forecast.") == 1
    assert shown.count("Confidence medium") == 1


def test_it_shows_a_region_a_league_or_a_team(visitor):
    season = make_season(tournament=make_tournament(region=make_region(name="Utopia")))
    match, proba = coming("Here", season=season)
    make_publication((match, proba), coming("There"))

    league = season.tournament
    shown = [
        titles(visitor.get(f"/?{query}"))
        for query in (
            f"region_id={league.region_id}",
            f"tournament_id={league.pk}",
            f"team_id={match.away_team_id}",
        )
    ]

    assert shown == [["Here v PSV"]] * 3


def test_the_form_keeps_what_was_chosen(visitor):
    match, proba = coming("Here")
    make_publication((match, proba))
    season = Season.objects.get()

    page = content_of(
        visitor.get(f"/?region_id=&tournament_id={season.tournament_id}&date_to=2026-03-20")
    ).decode()

    assert f'<option value="{season.tournament_id}" selected>' in page
    assert 'name="date_to" value="2026-03-20"' in page
    assert f'<option value="{match.home_team_id}">Here</option>' in page


def test_names_are_text_and_never_markup(visitor):
    make_publication(coming("<script>alert(1)</script>", "\" onload='x'"))

    page = content_of(visitor.get("/")).decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "&quot; onload=&#x27;x&#x27;" in page


def test_before_anything_is_published_it_says_what_to_do(visitor):
    response = visitor.get("/")

    assert response.status_code == 200
    assert "Nothing is published yet" in text_of(response)


def test_where_nothing_is_to_come_it_shows_the_last_days(visitor):
    make_publication(coming("Last", start=NOON - 40 * DAY), coming("Old", start=NOON - 90 * DAY))

    response = visitor.get("/")

    assert titles(response) == ["Last v PSV"]
    assert "No upcoming matches: these are the most recent ones." in text_of(response)


def test_without_a_match_that_fits_it_says_so(visitor):
    make_publication(coming())

    assert "No matches found" in text_of(visitor.get("/?date_from=2030-01-01"))


@pytest.mark.parametrize("is_simulated", [True, False])
def test_simulated_data_are_called_so(visitor, is_simulated):
    make_region(is_simulated=is_simulated)

    assert ("Simulated data" in text_of(visitor.get("/"))) is is_simulated


def test_it_says_that_it_is_no_advice(visitor):
    assert "For information only, not betting advice." in text_of(visitor.get("/"))


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("team_id=abc", "team_id", "Write a whole number in digits."),
        ("region_id=0", "region_id", "greater than or equal to 1"),
        ("nonsense=1", "nonsense", "There is no such name here."),
        ("team_id=1&team_id=2", "team_id", "Write it once."),
        ("offset=-1", "offset", "greater than or equal to 0"),
    ],
)
def test_a_wrong_field_is_named(visitor, query, field, message):
    response = visitor.get(f"/?{query}")

    assert response.status_code == 422
    assert f"<code>{field}</code> " in content_of(response).decode()
    assert message in text_of(response)


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("date_from=2026-03-15&date_to=2026-03-14", "to", "The last day is before the first."),
        ("date_from=2026-02-30", "from", "Write a day of the calendar as YYYY-MM-DD."),
        ("date_to=0002-03-14", "to", "Write a year from"),
    ],
)
def test_a_wrong_day_is_told_beside_its_field_and_the_list_stays(visitor, query, field, message):
    make_publication(coming(start=NOON + DAY))

    response = visitor.get(f"/?{query}", headers={"HX-Request": "true"})

    page = content_of(response).decode()
    assert (response.status_code, titles(response)) == (422, ["Ajax v PSV"])
    assert f'aria-describedby="{field}-fault"' in page
    assert re.search(rf'<p class="wrong" id="{field}-fault" role="alert">{message}', page)
    assert all(f'value="{one.partition("=")[2]}"' in page for one in query.split("&"))
    assert 'id="matches"' in page
    assert response["Cache-Control"] == "no-store"


def test_the_list_beside_a_wrong_day_goes_on_without_it(visitor):
    make_publication(*(coming(f"Team {n:03}", start=NOON + n * HOUR) for n in range(1, 60)))

    first = visitor.get("/?date_from=2026-03-14&date_to=2026-03-13")
    link = re.search(r'rel="next" href="([^"]+)"', content_of(first).decode())[1]

    assert visitor.get("/" + link.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("narrowed", ["region_id", "tournament_id", "team_id"])
def test_the_last_days_are_those_of_what_was_asked_for(visitor, narrowed):
    long_over, _ = coming("Long over", start=NOON - 90 * DAY)
    make_publication(
        (long_over, PROBA), coming("Over", start=NOON - 40 * DAY), coming("Soon", start=NOON + DAY)
    )
    league = long_over.season.tournament
    numbers = {
        "region_id": league.region_id,
        "tournament_id": league.pk,
        "team_id": long_over.home_team_id,
    }

    response = visitor.get(f"/?{narrowed}={numbers[narrowed]}")

    assert titles(response) == ["Long over v PSV"]
    assert "No upcoming matches here: these are the most recent ones." in text_of(response)


def test_it_evaluates_nothing_and_loads_nothing_from_elsewhere(visitor):
    make_publication(coming())

    response = visitor.get("/")

    page = content_of(response).decode()
    addresses = re.findall(r'(?:src|href|action)="([^"]+)"', page)
    assert all(address[0] in "/?#" and "//" not in address for address in addresses)
    assert not re.search(r"<script>|<style|\sstyle=|\son[a-z]+=", page)
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


def test_an_unchanged_page_is_not_sent_again(visitor):
    make_publication(coming())
    etag = visitor.get("/")["ETag"]

    response = visitor.get("/", headers={"If-None-Match": etag})

    assert (response.status_code, response.content) == (304, b"")


def test_it_is_compressed_for_those_who_take_it(visitor):
    make_publication(coming())

    response = visitor.get("/", headers={"Accept-Encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert "Ajax v PSV" in text_of(response)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_it_is_read_only(client, method, accept):
    response = getattr(client, method)("/", headers={"Accept": accept})

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_head_has_no_body(visitor):
    response = visitor.head("/")

    assert (response.status_code, response.content) == (200, b"")


def test_it_takes_few_queries_however_many_matches(visitor, django_assert_num_queries):
    make_publication(*(coming(f"Team {n}", start=NOON + timedelta(hours=n)) for n in range(1, 20)))
    visitor.get("/")

    with django_assert_num_queries(5):
        visitor.get("/")
