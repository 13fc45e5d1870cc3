"""What the timetable's feeds brought is taken back like any import, by the tasks as registered."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from livescores.models import ImportReport, Match, SourcePage
from predictions import tasks
from predictions.models import Odds
from predictions.services.importing import files
from predictions.services.undoing import service
from predictions.services.undoing.refusals import BuiltUpon
from tests.predictions.commands import run
from tests.predictions.feed_answers import followed_match, packet, prices_of, serving
from tests.predictions.services.undoing.stored import stored
from tests.provider import content

pytestmark = pytest.mark.django_db

LEAGUE = "soccer_sweden_allsvenskan"
ASIDE = ("id", "recorded_at", "first_seen_at")
ODDS = f"/v4/sports/{LEAGUE}/odds"


@pytest.fixture
def match():
    return followed_match()


@pytest.fixture
def web():
    with serving() as server:
        yield server


def fetched(task=tasks.fetch_odds, source="fonbet", **kwargs):
    task.apply(kwargs={"source": source, **kwargs}, throw=True)
    return ImportReport.objects.filter(source=source).latest("pk")


def undo(report, **how):
    return service.undo(report.pk, by="ann", **how)


def test_prices_and_scores_of_a_run_go(web, match):
    web.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5))
    before = stored()

    report = fetched()

    assert (report.is_routine, report.status, report.odds_inserted) == (True, "done", 1)
    assert stored() != before
    undo(report)
    assert stored() == before
    assert SourcePage.objects.get().state is None  # the next run asks for all of it


def test_scores_alone_go(web, match):
    web.on("/line/0", packet(match, 50, 0))
    before = stored()

    report = fetched(tasks.fetch_scores)

    match.refresh_from_db()
    assert match.home_score == 1
    undo(report)
    assert stored() == before


def test_what_was_taken_back_is_fetched_again(web, match):
    web.on(ODDS, content(prices_of(match), ETag='"1"'))
    asked = {"source": "the-odds-api", "leagues": [LEAGUE]}
    report = fetched(**asked)
    before = stored(aside=ASIDE)

    undo(report)
    fetched(**asked)

    assert stored(aside=ASIDE) == before
    assert not any("If-None-Match" in headers for _, headers in web.seen)


def test_a_run_without_news_leaves_no_report(web, match):
    web.on(ODDS, content(prices_of(match)))
    asked = {"source": "the-odds-api", "leagues": [LEAGUE]}
    report = fetched(**asked)

    assert fetched(**asked) == report
    undo(report)
    assert not Odds.objects.exists()


def test_a_later_run_builds_on_an_earlier_one_and_goes_with_it(web, match):
    web.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5))
    web.on("/line/50", packet(match, 51, 50, 1.4))
    web.on("/line/51", packet(match, 52, 51, 1.3))
    before = stored()
    runs = [fetched() for _ in range(3)]

    with pytest.raises(BuiltUpon, match=f"import {runs[1].pk} "):
        undo(runs[0])
    undone = undo(runs[0], with_later=True)

    assert [one.pk for one in undone] == [one.pk for one in reversed(runs)]
    assert stored() == before


def test_a_feed_does_not_hold_up_the_import_of_its_match(web, tmp_path):
    """The match stays for the feed's sake, cancelled, as it does for one that a person asked."""
    start = timezone.now() + timedelta(days=1)
    path = tmp_path / "E0.csv"
    path.write_text(f"Div,Date,Time,HomeTeam,AwayTeam\nE0,{start:%d/%m/%Y,%H:%M},Leeds,Everton\n")
    report = files.import_files("football-data", [path])
    match = Match.objects.get()
    prices = prices_of(match, home="Leeds").replace("Goteborg", "Everton")
    web.on(ODDS, content(prices.replace("soccer_sweden_allsvenskan", "soccer_epl")))
    fetched(source="the-odds-api", leagues=[LEAGUE])
    assert Odds.objects.filter(match=match).exists()

    [undone] = undo(report)

    assert "1 matches stay, cancelled" in undone.undone_what
    assert Odds.objects.filter(match=match).exists()


def test_runs_do_not_bury_what_people_imported(web, match, admin_client):
    web.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5))
    report = fetched()
    page = reverse("admin:livescores_importreport_changelist")
    link = reverse("admin:livescores_importreport_change", args=[report.pk])

    assert run("undo_import") == ""
    assert run("undo_import", "--routine").startswith(f"{report.pk}  fonbet, ")
    assert link not in admin_client.get(page).content.decode()
    for chosen in ("yes", "all"):
        assert link in admin_client.get(page, {"routine": chosen}).content.decode()


def test_after_a_week_runs_are_forgotten(web, match):
    web.on("/line/0", packet(match, 50, 0, 1.5, 4.0, 6.5))
    report = fetched()
    other = ImportReport.objects.create(source="fonbet")
    ImportReport.objects.update(started_at=timezone.now() - timedelta(days=8))

    result = tasks.run_forget_waiting_events.apply(throw=True).get()

    assert result.endswith("and the way back of 1 runs of feeds.")
    assert [one.pk for one in ImportReport.objects.all()] == [other.pk]
    assert Odds.objects.exists()
    assert report.pk != other.pk
