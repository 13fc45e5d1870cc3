"""What can be configured wrongly is told by `manage.py check`, with an id and what to do."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from soccerpredict import checks
from soccerpredict.settings import FETCH_SOURCES, SOURCES

NOT_NEEDED = {"second_url"}  # a source is fetched without one
BROKER = {"visibility_timeout": 28}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "one secret for two": ({"SECRET_KEY": "same", "API_KEY_PEPPER": "same"}, "W003"),
    "no request a minute": ({"API_DEFAULT_LIMIT_PER_MINUTE": 0}, "E001"),
    "no second for a page": ({"FETCH_PAGE_SECONDS": 0}, "E001"),
    "a negative time": ({"FETCH_SECONDS": -1}, "E001"),
    "one thread": ({"LIVE_WAITING_THREADS": 0}, "E002"),
    "a task handed out while it runs": ({"CELERY_BROKER_TRANSPORT_OPTIONS": BROKER}, "E003"),
    "killed before it is told to stop": ({"LIVE_HARD_LIMIT_SECONDS": 25}, "E003"),
    "on after its caller was answered": ({"LIVE_WAIT_SECONDS": 28}, "E003"),
    "a source without its token": ({"FETCH_SOURCES": ["football-data-org"]}, "W001"),
    "a source without its address": ({"FETCH_SOURCES": ["fonbet"]}, "W001"),
    "no time for a page": ({"FETCH_SECONDS": 10}, "W002"),
}


def ours():
    return [one for one in run_checks() if (one.id or "").startswith("soccerpredict.")]


@pytest.fixture(autouse=True)
def _as_a_deployment(settings):
    """The tests' secrets are alike, and no test depends on what this machine's environment says."""
    settings.SECRET_KEY, settings.API_KEY_PEPPER = "one", "another"
    settings.FETCH_SOURCES = []


def test_nothing_is_wrong_with_the_defaults():
    assert ours() == []


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_what_to_do(settings, name):
    values, number = WRONG[name]
    for setting, value in values.items():
        setattr(settings, setting, value)

    found = [one for one in ours() if one.id == f"soccerpredict.{number}"]

    assert found
    assert all(one.msg and one.hint for one in found)


def test_an_error_stops_a_command(settings):
    settings.FETCH_PAGE_SECONDS = 0

    with pytest.raises(SystemCheckError, match=r"soccerpredict\.E001\) FETCH_PAGE_SECONDS is 0"):
        call_command("check")


def test_a_warning_names_the_variable_to_set(settings):
    settings.FETCH_SOURCES = ["the-odds-api"]

    (warning,) = ours()

    assert warning.msg == "FETCH_SOURCES names the-odds-api, but THE_ODDS_API_TOKEN is empty."


def test_every_source_with_something_to_set_is_known_to_the_check():
    """A source whose address or token is empty by default cannot be fetched as it comes."""
    assert FETCH_SOURCES == [] or set(FETCH_SOURCES) <= SOURCES.keys()
    lacking = {
        (source, part)
        for source, parts in SOURCES.items()
        for part, value in parts.items()
        if not value and part not in NOT_NEEDED
    }
    told = {(source, part) for source, parts in checks.NEEDED.items() for part in parts}
    assert lacking <= told
