"""How far the preparation is, from the one who prepares to the one who shows it."""

import pytest

from soccerpredict import progress
from soccerpredict.starting import steps
from soccerpredict.starting.steps import Notebook, State


@pytest.fixture
def notebook(tmp_path):
    return Notebook(tmp_path / "var" / "preparation.json")


def test_a_step_is_written_down_as_it_begins(notebook):
    with notebook.step(steps.MODELS):
        found = steps.read(notebook.path)

    assert found is not None
    assert (found.step, found.name) == (4, "Models")


def test_what_is_told_is_written_down_and_printed(notebook, capsys):
    with notebook.followed(), notebook.step(steps.MODELS):
        progress.tell("Training blend", 2, 2)

    found = steps.read(notebook.path)
    assert found is not None
    assert found.sentence == "Being prepared: 4 of 7, models: Training blend (2 of 2)."
    assert capsys.readouterr().err == "  Training blend (2 of 2)\n"


def test_a_failure_stays_at_its_step(notebook):
    with notebook.step(steps.FEATURES):
        pass
    notebook.fail("There is no room.")

    found = steps.read(notebook.path)
    assert found is not None
    assert (found.step, found.sentence) == (3, "There is no room.")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"step": 1, "more": 2}'])
def test_notes_of_another_version_are_none(tmp_path, text):
    path = tmp_path / "preparation.json"
    path.write_text(text)

    assert steps.read(path) is None


def test_without_notes_there_is_no_state(tmp_path):
    assert steps.read(tmp_path / "none") is None
    assert State().sentence == "Being prepared: 1 of 7, database and tables."
