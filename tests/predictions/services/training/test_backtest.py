"""Backtests of a small world: tables, plots, and no leak."""

import csv
from datetime import timedelta

import pytest
from django.core.management.base import CommandError

from predictions.services.training import backtest
from soccerpredict.errors import InvalidInput
from tests.predictions.commands import run
from tests.predictions.pipeline import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trained")]

SINCE = NOW - timedelta(days=300)


@pytest.fixture
def folder(tmp_path, settings):
    settings.REPORTS_DIR = tmp_path
    return tmp_path / "backtest"


@pytest.fixture
def report(folder):
    return backtest.run(recipe_names=["logistic"], since=SINCE)


def test_a_backtest_writes_tables_and_plots(report, folder):
    assert {path.name for path in folder.iterdir()} == {
        "scores.csv",
        "scores.md",
        "reliability.svg",
        "log_loss_by_season.svg",
        "log_loss_by_league.svg",
        "log_loss_by_elo_gap.svg",
    }
    assert report.n_checked > 0
    with (folder / "scores.csv").open() as file:
        rows = list(csv.DictReader(file))
    ours = [row for row in rows if row["forecast"] == "logistic"]
    assert {row["recipe_class"] for row in ours} == {"A odds-free"}
    assert {"all", "2025-26"} < {row["scope"] for row in ours}
    assert "A odds-free" in (folder / "scores.md").read_text()


def test_the_recipe_stands_beside_frequencies_books_and_the_closing_average(report):
    found = {one.forecast: one for one in report.of()}

    assert {"logistic", "class frequencies", backtest.YARDSTICK} < found.keys()
    assert any(name.endswith("last price") for name in found)
    assert found[backtest.YARDSTICK].behind == 0.0
    assert len({one.n for one in found.values() if one.recipe_class[:1] in "nA"}) == 1


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"recipe_names": ["magic"]}, "No recipe 'magic'"),
        ({"since": NOW + timedelta(days=900)}, "No match with a result lies between"),
        ({"leagues": ["Nowhere, League"]}, "No match is of Nowhere, League"),
    ],
)
def test_what_cannot_be_tested_is_refused(folder, asked, reason):
    with pytest.raises(InvalidInput, match=reason):
        backtest.run(**{"recipe_names": ["logistic"], "since": SINCE, **asked})


def test_only_the_days_asked_for_are_scored(folder):
    whole = backtest.run(recipe_names=["logistic"], since=SINCE)
    part = backtest.run(recipe_names=["logistic"], since=SINCE, until=SINCE + timedelta(days=60))

    assert 0 < part.of()[0].n < whole.of()[0].n


def test_an_unseen_league_is_scored_and_not_learned_from(folder):
    league = ["Northmark (simulated), First League"]
    one, other = (
        backtest.run(recipe_names=["logistic"], since=SINCE, leagues=league, unseen=unseen).of()[0]
        for unseen in (False, True)
    )

    assert one.n == other.n
    assert one.log_loss != other.log_loss


def test_a_leak_in_the_features_stops_it(folder, monkeypatch):
    read = backtest.BacktestMatches.of

    def leaky(features):
        field = read(features)
        field.played.features[:, 5] += field.played.outcome
        return field

    monkeypatch.setattr(backtest.BacktestMatches, "of", leaky)

    with pytest.raises(InvalidInput, match="Feature 5 of row"):
        backtest.run(recipe_names=["logistic"], since=SINCE)


def test_the_command_prints_the_table(folder):
    said = run("backtest", "--recipe", "logistic", "--from-season", "2025-26")

    assert "| logistic | A odds-free |" in said
    assert "are those of their own kick-off" in said


def test_the_command_wants_to_know_which_league_is_unseen(folder):
    with pytest.raises(CommandError, match="--unseen needs a --league"):
        run("backtest", "--from", "2025-09-01", "--unseen")
