"""`GET /matches/{id}`: all about one match, now or as it stood at an earlier moment."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from predictions.models import Prediction, Publication
from predictions.services.live import live_requests
from predictions.services.publishing import published
from predictions.services.reading import insight
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    make_betting_run,
    make_bookmaker,
    make_edge_returns,
    make_insight_block,
    make_match,
    make_model_version,
    make_odds,
    make_publication,
    make_rating,
    make_team,
    make_two_way_odds,
)
from tests.predictions.pages.worker_answers import EXPLANATION, MARKETS
from tests.reading import content_of, text_of

pytestmark = pytest.mark.django_db
KICK_OFF = NOON + DAY


@pytest.fixture(autouse=True)
def _noon(monkeypatch, settings):
    settings.PUBLICATION_POLL_SECONDS = 3600
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    published.forget()
    yield
    published.forget()


@pytest.fixture
def match():
    return make_match(
        home_team=make_team(name="Ajax"), away_team=make_team(name="PSV"), start_time_utc=KICK_OFF
    )


def publish(match, proba, at=NOON - HOUR, **fields):
    publication = make_publication((match, proba), **fields)
    Publication.objects.filter(pk=publication.pk).update(published_at=at)


def text(visitor, match, query=""):
    return text_of(visitor.get(f"/matches/{match.pk}{query}"))


def moment(at):
    return at.strftime("?at=%Y-%m-%dT%H:%M:%SZ")


def test_it_shows_champion_challenger_and_market(visitor, match):
    said = {"computed_at": NOON - HOUR}
    publish(match, (0.5, 0.3, 0.2), model_version=make_model_version(version=3), **said)
    challenger = {"stage": "challenger", "model_version": make_model_version(version=4)}
    publish(match, (0.6, 0.2, 0.2), **challenger, **said)
    make_odds(match, (1.8, 3.6, 4.5), captured_at=NOON - DAY)

    shown = text(visitor, match)

    issued = "11:00 · Issued before kick-off"
    assert f"Champion model 3, 14 Mar 2026, {issued} 50 % 30 % 20 %" in shown
    assert f"Challenger model 4, 14 Mar 2026, {issued} 60 % 20 % 20 %" in shown
    # 1/1.8, 1/3.6 and 1/4.5 over their sum of 1.0556
    assert "Market B365, 13 Mar 2026, 12:00 53 % 26 % 21 %" in shown


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (-timedelta(seconds=1), "Issued before kick-off"),
        (timedelta(0), "Worked out after kick-off"),
        (timedelta(hours=2), "Worked out after kick-off"),
        (timedelta(hours=3), "Worked out after the match"),
        (timedelta(days=900), "Worked out after the match"),
    ],
)
def test_a_prediction_says_whether_it_was_made_in_time(visitor, match, late, said):
    publish(match, (0.5, 0.3, 0.2), computed_at=KICK_OFF + late)

    shown = text(visitor, match)

    assert f"· {said} 50 %" in shown


def test_the_kick_off_known_then_decides(visitor, match):
    publish(match, (0.5, 0.3, 0.2), computed_at=KICK_OFF + HOUR)
    Prediction.objects.update(start_time_utc=KICK_OFF + 2 * HOUR)

    assert "· Issued before kick-off 50 %" in text(visitor, match)


def test_who_has_learned_from_the_result_is_named(visitor, match):
    publish(match, (0.5, 0.3, 0.2), model_version=make_model_version(version=3))
    Prediction.objects.update(in_sample=True)

    assert "model 3, which learned from this match" in text(visitor, match)


def test_it_shows_fair_and_best_odds_and_every_bookmaker(visitor, match):
    publish(match, (0.5, 0.3, 0.2))
    make_odds(match, (2.2, 3.1, 4.5), bookmaker=make_bookmaker("B365"))
    make_odds(match, (2.1, 3.4, 4.6), bookmaker=make_bookmaker("WH", priority=30))
    make_odds(match, (9.0, 9.0, 9.0), bookmaker=make_bookmaker("Max", kind="best", priority=99))

    shown = text(visitor, match)

    assert "Fair odds 2.00 3.33 5.00 Best odds 2.20 B365 3.40 WH 4.60 WH" in shown
    assert "3 bookmakers" in shown
    assert "WH 2.10 3.40 4.60" in shown


def test_it_says_what_bets_like_it_have_returned(visitor, match):
    publish(match, (0.5, 0.3, 0.2))
    make_odds(match, (2.2, 3.1, 4.5))
    make_edge_returns(make_betting_run(), *[(-20.0, -1.0)] * 5)

    response = visitor.get(f"/matches/{match.pk}")

    assert "Edge +10.0 % −7.0 % −10.0 % Bets like this one, an edge of 10 to 15 %" in text_of(
        response
    )
    assert "(90 %: −20.0 to −1.0): a loss is proven." in text_of(response)
    assert 'class="value"' not in content_of(response).decode()


def test_an_edge_is_value_once_such_bets_are_proven_to_gain(visitor, match):
    publish(match, (0.5, 0.3, 0.2))
    make_odds(match, (2.2, 3.1, 4.5))
    make_edge_returns(make_betting_run(), *[(1.0, 9.0)] * 5)

    page = content_of(visitor.get(f"/matches/{match.pk}")).decode()

    assert re.findall(r'<td class="value">([^<]*)</td>', page) == ["+10.0\u00a0%"]


def test_an_edge_beyond_belief_is_doubtful_and_never_value(visitor, match):
    publish(match, (0.5, 0.3, 0.2))
    make_odds(match, (2.2, 3.1, 9.0))
    make_edge_returns(make_betting_run(), *[(1.0, 9.0)] * 5)

    response = visitor.get(f"/matches/{match.pk}")

    assert "Edge +10.0 % −7.0 % +80.0 % doubtful An edge above 50 % is doubtful" in text_of(
        response
    )
    assert "Bets like" not in text_of(response)
    assert 'class="value"' not in content_of(response).decode()


@pytest.mark.parametrize("query", ["", moment(NOON - 2 * HOUR)])
def test_a_finished_match_shows_no_edge(visitor, query):
    match = make_match(start_time_utc=NOON - HOUR, score=(2, 1))
    publish(match, (0.5, 0.3, 0.2), at=NOON - DAY)
    make_odds(match, (2.2, 3.1, 4.5), captured_at=NOON - DAY)
    make_edge_returns(make_betting_run(), *[(1.0, 9.0)] * 5)

    shown = text(visitor, match, query)

    assert "Best odds 2.20 B365" in shown
    assert "Edge" not in shown
    assert "Bets like" not in shown


def test_a_match_that_the_model_learned_from_shows_no_edge(visitor, match):
    publish(match, (0.5, 0.3, 0.2))
    make_odds(match, (2.2, 3.1, 4.5))
    Prediction.objects.update(in_sample=True)

    assert "Edge" not in text(visitor, match)


def test_odds_over_time_are_drawn_once_they_have_moved(visitor, match):
    make_odds(match, (2.0, 3.5, 4.0), captured_at=NOON - 2 * DAY)
    before = text(visitor, match)
    make_odds(match, (1.9, 3.5, 4.4), captured_at=NOON - DAY)

    after = text(visitor, match)

    assert "Market over time" not in before
    assert "Market over time" in after
    assert "13 Mar 2026, 12:00 51 % 27 % 22 %" in after


def test_the_champions_opinion_is_drawn_over_time(visitor, match):
    publish(match, (0.5, 0.3, 0.2), at=NOON - 2 * DAY)
    publish(match, (0.55, 0.25, 0.2), at=NOON - DAY)

    assert "Champion over time" in text(visitor, match)


def test_ratings_of_both_clubs_are_drawn(visitor, match):
    for days, elo in ((60, 1550), (30, 1560)):
        make_rating(match.home_team, elo=elo, at=NOON - days * DAY)
        make_rating(match.away_team, elo=elo - 100, at=NOON - days * DAY)

    assert "Ajax: from 1550 to 1560; PSV: from 1450 to 1460." in text(visitor, match)


def test_form_and_meetings_are_of_the_time_before(visitor, match):
    ajax, psv = match.home_team, match.away_team
    make_match(home_team=ajax, away_team=psv, start_time_utc=NOON - 9 * DAY, score=(4, 1))
    make_match(
        home_team=psv,
        away_team=make_team(name="Twente"),
        score=(0, 0),
        start_time_utc=KICK_OFF + DAY,
    )

    shown = text(visitor, match)

    assert "Last meetings W 5 Mar 26 Ajax 4–1 PSV" in shown
    assert "Twente" not in shown


def test_a_finished_match_shows_its_score(visitor, match):
    match.status, match.home_score, match.away_score = "finished", 2, 1
    match.home_half_time_score, match.away_half_time_score = 1, 0
    match.save()

    shown = text(visitor, match)

    assert "Ajax 2–1 PSV" in shown
    assert "Finished · Half-time 1–0" in shown


def test_it_shows_what_was_known_at_an_earlier_moment(visitor, match):
    publish(match, (0.5, 0.3, 0.2), at=NOON - 3 * DAY)
    publish(match, (0.7, 0.2, 0.1), at=NOON - DAY)
    make_odds(match, (2.0, 3.0, 4.0), captured_at=NOON - 3 * DAY)
    make_odds(match, (1.5, 4.0, 7.0), captured_at=NOON - DAY)
    make_match(home_team=match.home_team, score=(5, 0), start_time_utc=NOON - 1.5 * DAY)

    shown = text(visitor, match, moment(NOON - 2 * DAY))

    assert "As it stood on 12 March 2026, 12:00 ." in shown
    assert "50 % 30 % 20 %" in shown
    assert "70 %" not in shown
    assert "Best odds 2.00 B365" in shown
    assert "5–0" not in shown


def test_the_score_is_not_known_before_the_final_whistle(visitor):
    match = make_match(start_time_utc=NOON - DAY, score=(2, 1), finished_at=NOON - DAY + 2 * HOUR)

    before = text(visitor, match, moment(NOON - DAY + HOUR))
    after = text(visitor, match, moment(NOON - DAY + 2 * HOUR))

    assert ("2–1" in before, "2–1" in after) == (False, True)


def test_the_moments_to_choose_from_are_those_of_a_change(visitor, match):
    publish(match, (0.5, 0.3, 0.2), at=NOON - HOUR)
    make_odds(match, (2.0, 3.0, 4.0), captured_at=NOON - DAY)

    page = content_of(visitor.get(f"/matches/{match.pk}")).decode()

    assert re.findall(r'<option value="([^"]+)"', page) == [
        "2026-03-14T11:00:00.000000Z",
        "2026-03-13T12:00:00.000000Z",
    ]


def test_of_a_match_that_nobody_spoke_of_it_says_so(visitor, match):
    shown = text(visitor, match)

    assert "No prediction was published for this match." in shown
    assert "No bookmaker had a price." in shown


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/matches/999999999", 404),
        ("/matches/abc", 422),
        ("/matches/0", 422),
        ("/matches/99999999999999999999", 422),
        ("/matches/999999999/insight", 404),
        ("/teams/999999999", 404),
        ("/teams/1.0", 422),
        ("/leagues/999999999", 404),
        ("/leagues/-1", 422),
    ],
)
def test_an_unknown_number_has_a_page_that_says_so(visitor, path, status):
    response = visitor.get(path)

    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")
    assert "To the matches" in text_of(response)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("at=yesterday", "at"),
        ("at=2026-03-01T12:00:00", "at"),
        ("at=2026-03-15T12:00:00Z", "at"),
        ("then=1", "then"),
    ],
)
def test_a_wrong_field_is_named(visitor, match, query, field):
    response = visitor.get(f"/matches/{match.pk}?{query}")

    assert response.status_code == 422
    assert f"<code>{field}</code>" in content_of(response).decode()


@pytest.fixture
def worker(monkeypatch, redis_client):
    """A worker's answer without the worker; counts how often it is asked."""
    asked = []

    def answer(match_id, stage, include):
        asked.append(match_id)
        return {"markets": MARKETS, "explanation": EXPLANATION}

    monkeypatch.setattr(live_requests, "match", answer)
    return asked


def test_scores_markets_and_reasons_come_from_a_worker(visitor, match, worker):
    publish(match, (0.5, 0.3, 0.2))

    part = visitor.get(f"/matches/{match.pk}/insight", headers={"HX-Request": "true"})

    assert "<html" not in content_of(part).decode()
    assert "Expected 1.50–0.75." in text_of(part)
    assert "Elo difference +6.0 0.0 −6.0" in text_of(part)


def test_what_the_batch_kept_needs_no_worker(visitor, match, worker):
    version = make_model_version()
    publish(match, (0.5, 0.3, 0.2), model_version=version)
    make_insight_block(match, model_version=version)

    for path in ("", "/insight"):
        said = text_of(visitor.get(f"/matches/{match.pk}{path}"))
        assert "Elo difference +10.0 −10.0 0.0" in said
        assert "Asking the model" not in said

    assert worker == []


def test_what_it_did_not_keep_the_page_asks_for(visitor, match, worker):
    publish(match, (0.5, 0.3, 0.2))

    assert "Asking the model" in text_of(visitor.get(f"/matches/{match.pk}"))
    assert worker == []


def test_they_are_a_page_of_their_own_without_script(visitor, match, worker):
    publish(match, (0.5, 0.3, 0.2))

    response = visitor.get(f"/matches/{match.pk}/insight")

    assert "<html" in content_of(response).decode()
    assert "Elo difference" in text_of(response)


def test_a_worker_is_asked_once_for_all_visitors(visitor, match, worker):
    publish(match, (0.5, 0.3, 0.2))

    for _ in range(3):
        visitor.get(f"/matches/{match.pk}/insight")

    assert worker == [match.pk]


def test_without_a_worker_the_part_says_so(visitor, match, redis_client):
    publish(match, (0.5, 0.3, 0.2))

    response = visitor.get(f"/matches/{match.pk}/insight", headers={"HX-Request": "true"})

    assert response.status_code == 503
    assert text_of(response).startswith("No worker is alive.")


def test_a_visitor_does_not_wait_behind_many_others(visitor, match, worker, monkeypatch):
    publish(match, (0.5, 0.3, 0.2))
    monkeypatch.setattr(insight, "WAIT_SECONDS", 0.01)

    with insight._waiting:
        response = visitor.get(f"/matches/{match.pk}/insight")

    assert (response.status_code, response["Retry-After"]) == (503, "2")
    assert worker == []


def test_it_takes_few_queries(visitor, match, django_assert_max_num_queries):
    publish(match, (0.5, 0.3, 0.2))
    make_odds(match, (2.0, 3.0, 4.0), captured_at=NOON - DAY)
    for days in range(2, 9):
        make_match(
            home_team=match.home_team,
            away_team=match.away_team,
            start_time_utc=NOON - days * DAY,
            score=(1, 0),
        )

    with django_assert_max_num_queries(16):
        visitor.get(f"/matches/{match.pk}")


def test_prices_on_goals_and_handicaps_stand_below_line_by_line(visitor, match):
    other = make_bookmaker("WH", priority=30)
    make_two_way_odds(match, (1.9, 2.0), captured_at=NOON - 3 * HOUR)
    make_two_way_odds(match, (1.85, 2.05), captured_at=NOON - 2 * HOUR)
    make_two_way_odds(match, (1.88, 1.98), bookmaker=other)
    make_two_way_odds(match, (1.95, 1.95), market="asian_handicap", line=-0.75)
    make_two_way_odds(match, (2.1, 1.8), market="asian_handicap", line=0.0)
    make_two_way_odds(match, (1.01, 99.0), line=0.5, is_quarantined=True)

    shown = text(visitor, match)

    assert "Goals and handicaps 2.5 goals Over Under Since B365 1.85 2.05" in shown
    assert "WH 1.88 1.98" in shown
    assert "Home −0.75 Home Away Since B365 1.95 1.95" in shown
    assert "Home ±0 Home Away Since B365 2.10 1.80" in shown
    assert "99.00" not in shown


def test_at_an_earlier_time_the_lines_are_those_of_then(visitor, match):
    make_two_way_odds(match, (1.9, 2.0), captured_at=NOON - 3 * HOUR)
    make_two_way_odds(match, (1.85, 2.05), captured_at=NOON - 2 * HOUR)

    assert "B365 1.90 2.00" in text(visitor, match, moment(NOON - 2.5 * HOUR))
    assert "Goals and handicaps" not in text(visitor, match, moment(NOON - 4 * HOUR))


def test_without_such_prices_nothing_is_said_of_them(visitor, match):
    assert "Goals and handicaps" not in text(visitor, match)


def test_a_row_that_was_joined_leads_to_the_one_that_stands(visitor, match):
    other = make_match(same_as=match)

    answer = visitor.get(f"/matches/{other.pk}")

    assert (answer.status_code, answer["Location"]) == (302, f"/matches/{match.pk}")
