"""`GET /leagues/{id}` and `GET /teams/{id}`: tables, ratings, what comes and what came."""

import re

import pytest
from django.utils import timezone

from predictions.services.publishing import published
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_batch,
    make_match,
    make_prediction,
    make_publication,
    make_rating,
    make_season,
    make_team,
    make_tournament,
)
from tests.reading import content_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(monkeypatch, settings):
    settings.PUBLICATION_POLL_SECONDS = 3600
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    published.forget()
    yield
    published.forget()


@pytest.fixture
def league():
    return make_tournament(name="Eredivisie")


@pytest.fixture
def ajax():
    return make_team(name="Ajax")


def text(visitor, path):
    return text_of(visitor.get(path))


def test_the_table_is_that_of_the_newest_season(visitor, league, ajax):
    psv = make_team(name="PSV")
    for name, score in (("2024-25", (0, 3)), ("2025-26", (2, 0))):
        season = make_season(tournament=league, name=name)
        start = NOON - (5 if name == "2025-26" else 300) * DAY
        make_match(season=season, home_team=ajax, away_team=psv, score=score, start_time_utc=start)

    shown = text(visitor, f"/leagues/{league.pk}")

    assert "1 Ajax 1 1 0 0 2–0 +2 3 W" in shown
    assert "2 PSV 1 0 0 1 0–2 −2 0 L" in shown


def test_a_cup_says_that_it_has_no_table(visitor, ajax):
    cup = make_tournament(name="Golden Cup", is_cup=True)
    make_match(season=make_season(tournament=cup), home_team=ajax, score=(2, 0))

    shown = text(visitor, f"/leagues/{cup.pk}")

    assert "Golden Cup is a cup: it has no table." in shown
    assert "Ajax 2" in shown  # its last results


def test_a_team_s_league_is_no_cup(visitor, league, ajax):
    make_match(season=make_season(tournament=league), home_team=ajax, start_time_utc=NOON - 9 * DAY)
    cup = make_tournament(name="Golden Cup", is_cup=True)
    make_match(season=make_season(tournament=cup), away_team=ajax, start_time_utc=NOON - DAY)

    assert f'href="/leagues/{league.pk}"' in content_of(visitor.get(f"/teams/{ajax.pk}")).decode()


def test_an_older_season_can_be_chosen(visitor, league, ajax):
    old = make_season(tournament=league, name="2024-25")
    make_season(tournament=league, name="2025-26")
    make_match(season=old, home_team=ajax, score=(0, 0), start_time_utc=NOON - 300 * DAY)

    shown = visitor.get(f"/leagues/{league.pk}?season_id={old.pk}")

    assert f'<option value="{old.pk}" selected>2024-25' in content_of(shown).decode()
    assert "Ajax 1 0 1 0 0–0 0 1 D" in text_of(shown)


def test_a_season_of_another_league_is_not_there(visitor, league):
    other = make_season()

    response = visitor.get(f"/leagues/{league.pk}?season_id={other.pk}")

    assert response.status_code == 404
    assert f"Eredivisie has no season {other.pk}." in text_of(response)


def test_ratings_are_of_the_seasons_end(visitor, league, ajax):
    season = make_season(tournament=league)
    end = NOON - 200 * DAY
    make_match(season=season, home_team=ajax, score=(1, 0), start_time_utc=end)
    make_rating(ajax, elo=1612.4, at=end + 10 * DAY)
    make_rating(ajax, elo=1777.0, at=end + 150 * DAY)

    shown = text(visitor, f"/leagues/{league.pk}")

    assert "1612" in shown
    assert "1777" not in shown


def test_next_matches_come_with_their_prediction(visitor, league, ajax):
    season = make_season(tournament=league)
    match = make_match(season=season, home_team=ajax, start_time_utc=NOON + 2 * DAY)
    make_publication((match, (0.5, 0.3, 0.2)), (make_match(), (0.4, 0.3, 0.3)))

    page = content_of(visitor.get(f"/leagues/{league.pk}")).decode()

    assert page.count('<article class="card">') == 1
    assert "Mon 16 Mar, 12:00" in page


def test_last_results_come_the_newest_first(visitor, league):
    season = make_season(tournament=league)
    for days in (3, 1, 2):
        make_match(season=season, score=(days, 0), start_time_utc=NOON - days * DAY)

    shown = text(visitor, f"/leagues/{league.pk}")

    assert re.findall(r"FT Team \d+ (\d)", shown) == ["1", "2", "3"]


def test_a_league_without_matches_says_so(visitor, league):
    shown = text(visitor, f"/leagues/{league.pk}")

    assert "No result yet." in shown
    assert "No upcoming matches." in shown


def judge(team, outcomes):
    """A published past of the team's home matches: (score, probabilities, in sample)."""
    batch = make_batch()
    for days, (score, proba, in_sample) in enumerate(outcomes, start=1):
        match = make_match(home_team=team, score=score, start_time_utc=NOON - days * DAY)
        make_prediction(match, proba, batch=batch, in_sample=in_sample)
    make_publication(batch=batch)


def test_a_teams_points_stand_beside_those_expected(visitor, ajax):
    judge(
        ajax,
        [
            ((1, 0), (0.5, 0.3, 0.2), False),  # 1.8 expected, 3 won
            ((0, 2), (0.6, 0.2, 0.2), False),  # 2.0 expected, 0 won
            ((1, 1), (0.4, 0.3, 0.3), False),  # 1.5 expected, 1 won
        ],
    )

    shown = text(visitor, f"/teams/{ajax.pk}")

    assert (
        "4 points from the last 3 matches that the model had not seen; 5.3 were expected (−1.3)"
        in shown
    )
    assert "Of these forecasts: 0 issued before kick-off, 3 worked out afterwards." in shown
    assert "1–0 3 1.8" in shown
    assert "Points above expectation" in shown


def test_a_forecast_made_in_time_is_told_from_the_others(visitor, ajax):
    batch = make_batch(computed_at=NOON)
    for hours in (-1, 1):
        match = make_match(home_team=ajax, score=(1, 0), start_time_utc=NOON + hours * HOUR)
        make_prediction(match, batch=batch)
    make_publication(batch=batch)

    shown = text(visitor, f"/teams/{ajax.pk}")

    assert "Of these forecasts: 1 issued before kick-off, 1 worked out afterwards." in shown


def test_what_the_model_was_trained_on_is_not_judged(visitor, ajax):
    judge(ajax, [((1, 0), (0.5, 0.3, 0.2), True)])

    assert "No result yet that the model had not seen" in text(visitor, f"/teams/{ajax.pk}")


def test_away_matches_are_judged_by_the_chance_of_away(visitor, ajax):
    match = make_match(away_team=ajax, score=(0, 1), start_time_utc=NOON - HOUR)
    make_publication((match, (0.5, 0.3, 0.2)))

    assert "3 points from the last 1 match that" in text(visitor, f"/teams/{ajax.pk}")
    assert "0–1 3 0.9" in text(visitor, f"/teams/{ajax.pk}")


def test_a_team_shows_its_rating_and_how_it_came_about(visitor, ajax):
    for days, elo in ((90, 1500.0), (60, 1520.0), (30, 1541.6)):
        make_rating(ajax, elo=elo, scored=1.7, conceded=1.1, at=NOON - days * DAY)

    shown = text(visitor, f"/teams/{ajax.pk}")

    assert "Elo 1542 Scores a match 1.70 Concedes a match 1.10 Rated 12 Feb 2026" in shown
    assert "Elo: from 1500 to 1542." in shown


def test_a_team_links_to_the_league_that_it_last_played_in(visitor, league, ajax):
    make_match(home_team=ajax, score=(1, 0), start_time_utc=NOON - 400 * DAY)
    make_match(season=make_season(tournament=league), away_team=ajax)

    assert (
        f'<a href="/leagues/{league.pk}">Eredivisie</a>'
        in content_of(visitor.get(f"/teams/{ajax.pk}")).decode()
    )


@pytest.mark.parametrize("path", ["/leagues/{}?limit=1", "/teams/{}?at=1"])
def test_a_wrong_field_is_named(visitor, league, ajax, path):
    number = league.pk if "leagues" in path else ajax.pk

    assert visitor.get(path.format(number)).status_code == 422


def test_both_take_few_queries(visitor, league, ajax, django_assert_max_num_queries):
    season = make_season(tournament=league)
    matches = [
        make_match(season=season, home_team=ajax, score=(1, 0), start_time_utc=NOON - n * DAY)
        for n in range(1, 8)
    ] + [make_match(season=season, home_team=ajax, start_time_utc=NOON + DAY)]
    make_publication(*((match, (0.5, 0.3, 0.2)) for match in matches))

    with django_assert_max_num_queries(12):
        visitor.get(f"/leagues/{league.pk}")
    with django_assert_max_num_queries(11):
        visitor.get(f"/teams/{ajax.pk}")


def test_a_search_finds_teams_and_leagues(visitor, league, ajax):
    shown = visitor.get("/search?q=a")

    assert f'<a href="/teams/{ajax.pk}">Ajax</a>' in content_of(shown).decode()
    assert "“a”" in text_of(shown)


@pytest.mark.parametrize(
    ("query", "told"),
    [("", "Search for a team or a league"), ("?q=xyz", "No team or league found")],
)
def test_a_search_that_finds_nobody_says_so(visitor, query, told):
    assert told in text(visitor, f"/search{query}")


def test_what_was_sought_is_text(visitor):
    page = content_of(visitor.get("/search?q=<b>x</b>")).decode()

    assert "<b>x</b>" not in page
