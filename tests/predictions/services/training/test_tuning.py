"""A study of trees: it looks at the seasons it is given, is kept, and goes on."""

from datetime import timedelta

import pytest

from predictions.services.training import tuning
from soccerpredict.errors import InvalidInput
from tests.predictions.commands import run
from tests.predictions.pipeline import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trained")]

SINCE, UNTIL = NOW - timedelta(days=300), NOW


@pytest.fixture(autouse=True)
def folder(tmp_path, settings, monkeypatch):
    settings.VAR_DIR = tmp_path
    suggested = tuning._suggested
    monkeypatch.setattr(tuning, "_suggested", lambda trial: suggested(trial) | {"rounds": 5})
    return tmp_path / "optuna"


def test_a_study_is_kept_and_goes_on(folder):
    first = tuning.tune(letter="A", since=SINCE, until=UNTIL, n_trials=2)
    second = tuning.tune(letter="A", since=SINCE, until=UNTIL, n_trials=1)

    assert (first.n_trials, second.n_trials) == (2, 3)
    assert second.log_loss <= first.log_loss
    assert second.path == folder / "A.journal"
    assert second.path.exists()
    assert 0.9 < second.log_loss < 1.2
    assert set(second.parameters) >= {"num_leaves", "lambda_l2"}


def test_later_seasons_are_not_looked_at():
    with pytest.raises(InvalidInput, match="No match lies between"):
        tuning.tune(letter="A", since=SINCE, until=SINCE - timedelta(days=1), n_trials=1)


def test_the_command_tells_the_best_trial():
    years = ("--from-season", "2025-26", "--until-season", "2026-27")

    said = run("tune_model", "--class", "C", *years, "--trials", "1")

    assert said.startswith("Best of 1 trials: log-loss ")
    assert "The study is kept in " in said
