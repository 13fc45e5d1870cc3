"""The drift report on a small trained world."""

from datetime import timedelta
from io import StringIO

import numpy as np
import orjson
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from livescores.models import Match
from monitoring import tasks
from monitoring.models import DriftReference, DriftReport
from monitoring.services.reports import drift, evidently_page, references, report_files
from monitoring.services.reports.references import ReferenceMatches
from predictions.modelling.fitting.recipes import CHAMPION, recipe_of
from predictions.models import AliasChange
from predictions.services.features import feature_store
from predictions.services.versions.loading import ModelNotReady
from soccerpredict.errors import NotFound
from soccerpredict.jobs.runs import NothingToDo
from tests.predictions.pipeline import NOW

N_FEATURES = len(recipe_of(CHAMPION).columns)
DAY = 86_400
YEAR = 365.25 * DAY
MOST_BYTES = 256 * 1024
pytestmark = pytest.mark.django_db


@pytest.fixture
def no_page(monkeypatch):
    """Without Evidently, which takes seconds."""
    monkeypatch.setattr(evidently_page, "compare", lambda *_: (b"<html>", {}))


def matches_at(kickoff):
    kickoff = np.asarray(kickoff, dtype=np.int64)
    return ReferenceMatches(kickoff, np.zeros((len(kickoff), 1)), np.zeros((len(kickoff), 3)))


@pytest.mark.usefixtures("own_files", "no_page")
class TestReport:
    def test_it_compares_what_the_champion_learned_with_what_it_sees(self, trained):
        content = drift.report(as_of=NOW).content

        until = trained.champion.trained_until.isoformat()
        assert content["model_run_id"] == trained.champion.run_id
        assert content["reference"]["to"] <= until < content["current"]["from"]
        assert (content["n_features"], len(content["features"])) == (N_FEATURES, N_FEATURES)
        assert [column["name"] for column in content["predictions"]] == list(drift.PREDICTIONS)

    def test_its_numbers_agree(self):
        content = drift.report(as_of=NOW).content

        drifted = [column for column in content["features"] if column["drifted"]]
        assert content["n_drifted"] == len(drifted)
        assert content["drift_score"] == pytest.approx(len(drifted) / N_FEATURES, abs=1e-6)
        assert content["drifted"] is (content["drift_score"] >= content["threshold"])

    def test_the_route_serves_it_and_history_keeps_it(self, client):
        drift.report(as_of=NOW - timedelta(days=1))
        kept = drift.report(as_of=NOW)

        response = client.get("/monitoring/drift")

        assert orjson.loads(response.content) == kept.content
        assert len(response.content) < MOST_BYTES
        assert DriftReport.objects.count() == 2

    def test_a_feature_that_moves_is_named(self, monkeypatch):
        place = recipe_of(CHAMPION).columns.index("elo_difference")
        seen = drift.window

        def moved(*arguments):
            found = seen(*arguments)
            found.features[:, place] += 10 * found.features[:, place].std()
            return found

        monkeypatch.setattr(drift, "window", moved)

        column = drift.report(as_of=NOW).content["features"][place]

        assert (column["name"], column["drifted"]) == ("elo_difference", True)

    def test_the_reference_is_drawn_once(self, trained):
        features = feature_store.current()

        first = references.of(trained.champion, features)
        again = references.of(trained.champion, features)

        kept = DriftReference.objects.get()
        assert (first.features == again.features).all()
        assert (kept.n_matches, kept.last_kickoff) == (len(first), first.last)

    def test_the_same_reference_is_drawn_anywhere(self, trained):
        features = feature_store.current()

        one, other = (references.drawn(trained.champion, features) for _ in range(2))

        assert (one.kickoff == other.kickoff).all()

    def test_data_that_end_in_the_past_are_judged_at_their_newest_result(self, monkeypatch):
        years_later = NOW + timedelta(days=1200)
        monkeypatch.setattr(timezone, "now", lambda: years_later)

        kept = drift.report()

        newest = Match.objects.settled().latest("start_time_utc").start_time_utc
        assert (kept.as_of, kept.at_newest_result) == (newest, True)
        assert kept.content["at_newest_result"] is True
        assert kept.content["current"]["n"] >= drift.FEWEST
        assert kept.content["generated_at"] == years_later.isoformat()

    def test_data_that_run_to_today_are_judged_now(self, monkeypatch):
        monkeypatch.setattr(timezone, "now", lambda: NOW)

        kept = drift.report()

        assert (kept.as_of, kept.at_newest_result) == (NOW, False)

    def test_the_job_finds_nothing_to_do_where_too_little_is_new(self, monkeypatch):
        monkeypatch.setattr(drift, "FEWEST", 10**6)

        with pytest.raises(NothingToDo, match="a verdict needs 1000000"):
            tasks.run_drift_report.run()

    def test_too_few_matches_are_refused(self):
        with pytest.raises(NotFound, match="Only 0 matches"):
            drift.report(as_of=NOW + timedelta(days=400))

    def test_what_the_champion_learned_is_no_news(self, trained):
        with pytest.raises(NotFound, match="did not learn from"):
            drift.report(as_of=trained.champion.trained_until - timedelta(days=10))

    def test_without_evidently_the_report_is_still_right(self, monkeypatch):
        def broken(*_):
            raise RuntimeError("no plots today")

        monkeypatch.setattr(evidently_page, "compare", broken)

        content = drift.report(as_of=NOW).content

        assert content["features"][0]["evidently"] is None
        assert not report_files.drift_page().exists()

    def test_the_command_tells_the_verdict(self):
        out = StringIO()

        call_command("drift_report", "--as-of", NOW.isoformat(), stdout=out)

        assert f" of {N_FEATURES} features drifted on " in out.getvalue()

    def test_the_command_fails_with_a_reason(self):
        with pytest.raises(CommandError, match="Give another moment"):
            call_command("drift_report", "--as-of", "2035-01-01")


def test_it_needs_a_champion():
    AliasChange.objects.all().delete()

    with pytest.raises(ModelNotReady, match="No champion"):
        drift.report(as_of=NOW)


def test_evidently_makes_a_page_and_measures_each_column():
    rng = np.random.default_rng(1)
    reference, current = rng.standard_normal((300, 2)), rng.standard_normal((200, 2))
    current[:, 1] = 3

    page, distances = evidently_page.compare(
        reference, current, ["steady", "moved"], np.array([True, False]), 0.5
    )

    assert page.lstrip().startswith(b"<")
    assert b"Drift is detected for 50.0% of columns (1 out of 2)" in page  # our verdicts
    assert distances["steady"]["value"] != distances["moved"]["value"]
    assert set(distances) == {"steady", "moved"}


def test_seasons_are_compared_with_the_same_part_of_other_seasons():
    reference = matches_at([5 * YEAR + day * DAY for day in range(365)] * 10)
    window = matches_at([7 * YEAR + 100 * DAY, 7 * YEAR + 110 * DAY])

    found = reference.of_the_same_part_of_the_year(window)

    days = (found.kickoff - 5 * YEAR) / DAY
    assert (days.min(), days.max()) == (96, 114)


def test_the_turn_of_the_year_is_no_border():
    reference = matches_at([5 * YEAR + day * DAY for day in range(365)] * 20)
    window = matches_at([7 * YEAR + 1 * DAY, 7 * YEAR + 2 * DAY])

    days = set((reference.of_the_same_part_of_the_year(window).kickoff - 5 * YEAR) // DAY)

    assert days == {*range(7), 363, 364}


def test_a_match_belongs_to_the_year_of_the_nearest_window():
    reference = matches_at([5 * YEAR + 98 * DAY, 5 * YEAR + 112 * DAY, 6 * YEAR + 105 * DAY])
    window = matches_at([7 * YEAR + 100 * DAY, 7 * YEAR + 110 * DAY])

    assert reference.years_before(window).tolist() == [2, 2, 1]


def test_all_of_a_small_reference_count():
    reference = matches_at([5 * YEAR, 5.5 * YEAR])

    assert len(reference.of_the_same_part_of_the_year(matches_at([6 * YEAR]))) == 2
