"""Commands on an empty database, and all of them at once by quickstart."""

import getpass
import re
from argparse import ArgumentTypeError
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError
from django.test import Client
from django_celery_beat.models import PeriodicTask

from livescores.models import Match
from livescores.sources.football_data import pages
from livescores.sources.football_data.names import DIVISIONS
from livescores.sources.openfootball import parser as openfootball
from livescores.sources.openfootball.names import TOURNAMENTS
from predictions.management.arguments import operator, utc_moment
from predictions.models import (
    AliasChange,
    BatchRun,
    BettingRun,
    EdgeReturn,
    ModelVersion,
    Publication,
    PublicationPointer,
)
from predictions.services.importing import seasons
from soccerpredict.access.models import ApiKey
from soccerpredict.management.commands import quickstart
from soccerpredict.management.installation import has_simulated
from soccerpredict.starting import steps
from tests import provider, season_files
from tests.factories import make_region
from tests.predictions.commands import failed, run
from tests.predictions.pipeline import SEED, shrink_leagues, shrink_world

MIXED = "holds a simulated world: real data must not mix with it. Start anew in a folder"
NEWEST = season_files.newest_year()
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir", "own_registry")]


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("build_features", "There are no matches: run import_matches or simulate_world first."),
        ("train_model", "There are no features yet: run manage.py build_features."),
        ("promote_model", "There is no version fit to be champion: run manage.py train_model."),
        ("rollback_model", "No version served the stage champion before the current one."),
        ("batch_inference", "There are no features yet: run manage.py build_features."),
        (
            "simulate_betting",
            "Nothing is published for the stage champion: run batch_inference first.",
        ),
    ],
)
def test_a_command_names_the_one_to_run_first(command, sentence):
    assert failed(command) == sentence


def test_a_simulation_beside_real_data_is_refused():
    make_region(is_simulated=False)

    assert failed("simulate_world").startswith("There is real data here")


def test_quickstart_names_a_folder_that_is_not_there():
    assert failed("quickstart", "--data", "/nowhere") == "There is no /nowhere."


def test_a_world_is_made_and_gone_on_with(monkeypatch):
    shrink_leagues(monkeypatch)

    first, second = run("simulate_world"), run("simulate_world")

    n = Match.objects.count()
    assert f"Simulated world 1: {n} matches inserted, 0 updated" in first
    assert f"0 matches inserted, 0 updated, {n} unchanged; 0 prices inserted." in second


@pytest.mark.parametrize(
    "words",
    [
        ("train_model", "--as-of", "yesterday"),
        ("batch_inference", "--as-of", "2026-02-30"),
        ("batch_inference", "--as-of", "0001-01-01T00:00+05:00"),
        ("batch_inference", "--stage", "best"),
        ("promote_model", "--stage", "CHAMPION"),
        ("promote_model", "--version-number", "one"),
        ("rollback_model", "--stage", ""),
        ("simulate_betting", "--stage", "../"),
        ("simulate_world", "--seed", "x"),
        ("train_model", "--seed", "1.5"),
        ("run", "--port", "0"),
        ("run", "--port", "65536"),
        ("run", "--port", "99999999999"),
    ],
    ids=" ".join,
)
def test_a_wrong_argument_is_named(words):
    with pytest.raises(CommandError, match=rf"argument (\S+/)?{words[1]}: ") as raised:
        run(*words)

    assert "\n" not in str(raised.value)


def quickstart_rows():
    models = (Match, ModelVersion, AliasChange, BatchRun, Publication, BettingRun, ApiKey)
    counts = {model.__name__: model.objects.count() for model in (*models, get_user_model())}
    return counts, dict(PublicationPointer.objects.values_list("stage", "publication_id"))


@pytest.fixture
def small_quickstart(monkeypatch, settings, tmp_path):
    shrink_world(monkeypatch, first_year=datetime.now(UTC).year - 3)
    settings.VAR_DIR = tmp_path / "var"
    settings.STATIC_ROOT = tmp_path / "static"
    return settings.VAR_DIR


def test_quickstart_does_everything_once(small_quickstart):
    first = run("quickstart")
    rows = quickstart_rows()
    second = run("quickstart")

    assert quickstart_rows() == rows
    assert rows[0]["ModelVersion"] == rows[0]["Publication"] == rows[0]["AliasChange"] == 2
    assert rows[0]["User"] == rows[0]["ApiKey"] == 1
    assert "Made an API key." in first
    for route in ("quality", "drift"):
        assert Client().get(f"/monitoring/{route}").status_code == 200
    for word in ("Registered", "Published", "Made"):
        assert word not in second


def test_quickstart_makes_a_report_that_is_missing(small_quickstart):
    run("quickstart")
    (settings.REPORTS_DIR / "drift" / "latest.json").unlink()

    told = run("quickstart")

    assert "features drifted on" in told
    assert "Champion on" not in told


def test_quickstart_simulates_anew_what_does_not_tell_edges_apart(small_quickstart):
    run("quickstart")
    EdgeReturn.objects.filter(run__stage="champion").delete()

    told = run("quickstart")

    assert told.count("Simulated on") == 1
    newest = BettingRun.objects.filter(stage="champion").first()
    assert EdgeReturn.objects.filter(run=newest).exists()


def test_quickstart_replaces_models_of_another_version(small_quickstart, monkeypatch):
    run("quickstart")
    for module in ("modelling.fitting.artifacts", "services.features.feature_store"):
        monkeypatch.setattr(f"predictions.{module}.FEATURE_VERSION", 10**6)

    told = run("quickstart")

    assert told.count("against the gate") == 2
    assert told.count("Registered") == told.count("Published") == 2
    assert all(change.forced for change in AliasChange.objects.order_by("-id")[:2])


def test_quickstart_keeps_its_secrets_to_the_owner(small_quickstart, monkeypatch):
    monkeypatch.setattr("soccerpredict.management.commands.quickstart.STAGES", ())
    get_user_model().objects.create_superuser("root", password="x")

    run("quickstart")

    key = small_quickstart / "secrets" / "api_key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert not (small_quickstart / "secrets" / "admin_password").exists()


@pytest.mark.parametrize("words", [("--web",), ("--data", ".")], ids=" ".join)
def test_quickstart_refuses_real_data_on_top_of_a_simulation(small_quickstart, words):
    make_region(is_simulated=True)

    with pytest.raises(CommandError, match=MIXED) as raised:
        run("quickstart", *words)

    state = steps.read(steps.file_in(small_quickstart))
    assert state is not None
    assert state.failed == str(raised.value)


@pytest.fixture
def learned(small_quickstart, monkeypatch):
    """How many matches there were each time that a quick start had something to learn from.

    What it then does is tested on the sample.
    """
    counts: list[int] = []
    monkeypatch.setattr(
        quickstart.Command,
        "learn_and_predict",
        lambda command: counts.append(Match.objects.count()),
    )
    return counts


def test_a_folder_with_more_than_last_time_adds_to_it(learned, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "E0.csv").write_text(season_files.season("E0", 2020))
    words = ("quickstart", "--data", str(folder))
    first = run(*words)
    again = run(*words)
    (folder / "D1.csv").write_text(season_files.season("D1", 2020))
    more = run(*words)

    assert "1 files, 380 rows read: 380 inserted" in first
    assert f"All 1 files of {folder} are here already." in again
    assert f"1 of 2 files of {folder} are new or changed." in more
    assert learned == [380, 380, 2 * 380]


@pytest.fixture
def web(settings, monkeypatch):
    """A provider of seven seasons of one league."""
    monkeypatch.setattr(seasons, "FREE", {"football-data": NEWEST - 6, "openfootball": NEWEST})
    monkeypatch.setattr(seasons, "FEW_RESULTS", 300)
    monkeypatch.setattr(pages, "DIVISIONS", {"E0": DIVISIONS["E0"]})
    monkeypatch.setattr(openfootball, "TOURNAMENTS", {"en.1": TOURNAMENTS["en.1"]})
    settings.FETCH_PAUSE_MILLISECONDS = 0
    with provider.running() as server:
        settings.SOURCES = {
            "football-data": {"url": server.url},
            "openfootball": {"url": server.url + "/of"},
        }
        years = range(NEWEST - 6, NEWEST + 1)
        season_files.offer(server, years)
        yield server


@pytest.mark.usefixtures("web")
def test_real_data_from_the_web_are_served_first_and_the_past_fills_up_behind(learned, monkeypatch):
    called: list[tuple[str, ...]] = []
    monkeypatch.setattr(quickstart, "has_grown", lambda: True)
    monkeypatch.setattr(quickstart.Command, "call", lambda command, *words: called.append(words))

    run("quickstart", "--web", "--newest")
    first = list(learned)
    run("quickstart", "--web")

    assert [Match.objects.count()] == learned[2:]
    assert learned == [*first, first[0], first[0] + 4 * 380]
    assert [words[0] for words in called] == [
        "build_features",
        "train_model",
        *["promote_model"] * 2,
    ]
    assert not has_simulated()
    jobs = PeriodicTask.objects.filter(name__startswith="Fetch matches of", enabled=True)
    assert {job.name for job in jobs} == {
        "Fetch matches of football-data",
        "Fetch matches of openfootball",
    }


@pytest.mark.usefixtures("learned")
def test_without_a_network_there_is_a_sentence_and_the_sample(settings):
    settings.SOURCES = {name: {"url": "http://127.0.0.1:9"} for name in seasons.FREE}

    told = run("quickstart", "--web", "--newest")

    assert "football-data was left before its end: 127.0.0.1:9 cannot be reached" in told
    assert "So here is an invented world instead, labelled as simulated." in told
    assert has_simulated()
    assert not PeriodicTask.objects.filter(name__startswith="Fetch matches of", enabled=True)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-14", datetime(2026, 3, 14, tzinfo=UTC)),
        ("2026-03-14T12:30", datetime(2026, 3, 14, 12, 30, tzinfo=UTC)),
        ("2026-03-14T12:30:00Z", datetime(2026, 3, 14, 12, 30, tzinfo=UTC)),
        ("2026-03-14T12:30+02:00", datetime(2026, 3, 14, 10, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_without_an_offset_is_utc(text, moment):
    assert utc_moment(text) == moment


@pytest.mark.parametrize("text", ["", "now", "2026-13-01", "14/03/2026", "9999-12-31T23:00-05:00"])
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(ArgumentTypeError, match="write YYYY-MM-DD"):
        utc_moment(text)


def test_an_account_without_a_name_has_its_number(monkeypatch):
    def no_name():
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", no_name)

    assert re.fullmatch(r"user \d+", operator())


def test_the_seed_names_the_world(monkeypatch):
    shrink_leagues(monkeypatch)

    assert f"Simulated world {SEED + 1}: " in run("simulate_world", "--seed", str(SEED + 1))
