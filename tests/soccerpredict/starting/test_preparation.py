"""What is prepared in a child: how we hear of its end."""

import pytest
from django.core.management.base import CommandError

from soccerpredict.starting.preparation import Preparation

ENDS_BY_PIPE = """
import os, signal
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
os.kill(os.getpid(), signal.SIGPIPE)
"""


@pytest.fixture
def begin(tmp_path):
    """Starts one that does this in place of `quickstart`."""

    def start(program):
        (tmp_path / "manage.py").write_text(program)
        preparation = Preparation(tmp_path, tmp_path / "notes.json")
        preparation.start()
        return preparation

    return start


def test_one_that_ends_well_says_nothing(begin):
    preparation = begin("")

    preparation.wait()

    assert preparation.ended() is None


def test_one_that_fails_is_told_of_with_its_status(begin):
    with pytest.raises(CommandError, match="The preparation ended with status 3"):
        begin("raise SystemExit(3)").wait()


def test_one_whose_reader_has_left_ends_us_as_it_ended(begin):
    """As `make run | head` leaves both."""
    with pytest.raises(BrokenPipeError):
        begin(ENDS_BY_PIPE).wait()
