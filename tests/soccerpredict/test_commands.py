"""How every command of ours fails: its exit status and its sentence, of all that are registered."""

import re
import socket
from typing import NamedTuple

import pytest
from django.core.management import execute_from_command_line, get_commands
from django.core.management import load_command_class as load
from django.db import connections

from livescores.models import Region
from soccerpredict.management.strict import StrictCommand
from tests.factories import make_region

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("redis_client", "var_dir")]
ROOMS = ("soccerpredict", "livescores", "predictions", "monitoring")
OURS = sorted(
    name
    for name, app in get_commands().items()
    if isinstance(app, str) and app.split(".")[0] in ROOMS
)
USAGE = 2  # of argparse: the words themselves are wrong


class Failure(NamedTuple):
    """What to type, and what comes of it where nothing has been imported or trained."""

    words: str
    sentence: str
    status: int = 1


def usage(words, sentence):
    return Failure(words, sentence, USAGE)


NO_SOURCE = r"Unknown source 'nobody': choose football-data, .*\."
NO_FEATURES = r"There are no features yet: run manage\.py build_features\."
FAILURES = {
    "allow_sign_in": [
        Failure("nobody", r"There is no account nobody\."),
        usage("", "the following arguments are required: username"),
    ],
    "backtest": [
        Failure("--from-season 2021", NO_FEATURES),
        Failure("--from-season 2021 --unseen", r"--unseen needs a --league that is scored\."),
        usage("", "one of the arguments --from-season --from is required"),
        usage("--from-season soon", "argument --from-season: invalid season value: 'soon'"),
        usage("--from 2021-99-01", "argument --from: '2021-99-01': write YYYY-MM-DD or .*"),
        usage("--from 2021-01-01 --recipe magic", "argument --recipe: invalid choice: 'magic' .*"),
    ],
    "batch_inference": [
        Failure("", NO_FEATURES),
        usage("--stage best", "argument --stage: invalid choice: 'best' .*"),
    ],
    "build_features": [
        Failure("", r"There are no matches: run import_matches or simulate_world first\.")
    ],
    "create_api_key": [
        Failure("--client feed --limit 0", r"--limit 0: write a number from 1 to 1000000\."),
        Failure("--client feed --expires-in-days 9999", r"--expires-in-days 9999: write .*\."),
        Failure("--client {long}", r"Names of clients and keys have 1 to 80 characters\."),
        usage("", "the following arguments are required: --client"),
        usage("--client feed --scope all", "argument --scope: invalid choice: 'all' .*"),
    ],
    "drift_report": [
        Failure("", r"No champion was promoted yet: run manage\.py train_model, .*\.")
    ],
    "import_matches": [
        Failure("nobody", NO_SOURCE),
        Failure("football-data {missing}", r"There is no {missing}\."),
        Failure("football-data {empty}", r"There is no file to import under the given paths\."),
        Failure("football-data {broken}", r"1 of 1 files were not imported\."),
        Failure("football-data {broken} --season 2024", r"--season, .* choose pages .*\."),
        Failure("openfootball {broken} --date-order dmy", r"Only files of .* take --date-order\."),
        Failure("table {broken}", r"Write: import_matches table FILE --mapping FILE.toml"),
        Failure(
            "table {broken} --mapping nothing",
            r"There is no mapping 'nothing': name a TOML file or one of .*\.",
        ),
        usage("football-data --date-order ydm", "argument --date-order: invalid choice: .*"),
    ],
    "import_odds": [
        Failure("fonbet {missing}", r"There is no {missing}\."),
        Failure(
            "fonbet {broken}",
            r"Reading fonbet failed for 1 of 1 files: {broken}: This is not JSON: .*\.",
        ),
        Failure("fonbet {broken} --league E0", r"--league chooses pages of the web, not files\."),
        usage("nobody", "argument source: invalid choice: 'nobody' .*"),
    ],
    "link_report": [Failure("{missing}", r"There is no file of football-data in {missing}.*\.")],
    "load_common_names": [usage("now", "unrecognized arguments: now")],
    "predict_fixtures": [
        Failure(
            "{missing} --as-of 2024-01-01 --out {out}",
            r"{missing} cannot be read: No such file or directory\.",
        ),
        Failure("{broken} --as-of 2024-01-01 --out {out}", r"{broken}: a row needs .*\."),
        usage("{broken} --out {out}", "the following arguments are required: --as-of"),
    ],
    "promote_model": [
        Failure("", r"There is no version fit to be champion: run manage\.py train_model\."),
        Failure("--version 2", r"There is no version 2: run manage\.py train_model\."),
        Failure("--version-number 2", r"There is no version 2: run manage\.py train_model\."),
        Failure("--version 2 --force", r"To go against the gate takes a reason: give one\."),
        usage("--version two", "argument --version/--version-number: invalid int value: 'two'"),
        usage("--version", "argument --version/--version-number: expected one argument"),
    ],
    "quality_report": [
        Failure("", r"No match of the seasons up to then has a published prediction\.")
    ],
    "quickstart": [
        Failure("--data {missing}", r"There is no {missing}\."),
        usage("--data {empty} --web", "argument --web: not allowed with argument --data"),
    ],
    "rate_teams": [Failure("", NO_FEATURES)],
    "rollback_model": [
        Failure("", r"No version served the stage champion before the current one\.")
    ],
    "run": [
        Failure("--port {busy}", r"Port {busy} is taken: stop what runs there, .*\."),
        usage("--port 99999", "argument --port: '99999': write a number from 1 to 65535."),
        usage("--data {empty} --web", "argument --web: not allowed with argument --data"),
    ],
    "schedule_jobs": [usage("now", "unrecognized arguments: now")],
    "simulate_betting": [
        Failure("", r"Nothing is published for the stage champion: run batch_inference first\."),
        usage("--margin none", "argument --margin: invalid choice: 'none' .*"),
    ],
    "simulate_world": [
        Failure("", r"There is real data here: a simulated world would mix with it\."),
        usage("--seed one", "argument --seed: invalid int value: 'one'"),
    ],
    "train_model": [
        Failure("", NO_FEATURES),
        Failure("--recipe magic", r"No recipe 'magic'; there .*\."),
    ],
    "tune_model": [
        Failure("--from-season 2018 --until-season 2020", NO_FEATURES),
        usage("--from-season 2018", "the following arguments are required: --until-season"),
    ],
    "undo_import": [
        Failure("99", r"There is no import 99\."),
        usage("first", "argument id: invalid int value: 'first'"),
    ],
}
ALL = [(name, failure) for name, failures in FAILURES.items() for failure in failures]


@pytest.fixture(autouse=True)
def _stays_connected(monkeypatch):
    """A command hangs up at its end, and would take the test's transaction along."""
    monkeypatch.setattr(connections, "close_all", lambda: None)


@pytest.fixture
def ended(capsys):
    """Types a command; its status and the last line that it said on stderr."""

    def ended(name, *words):
        with pytest.raises(SystemExit) as left:
            execute_from_command_line(["manage.py", name, *words])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return left.value.code, said.err.strip().splitlines()[-1]

    return ended


@pytest.fixture
def places(tmp_path):
    """What stands for the names in braces."""
    (tmp_path / "empty").mkdir()
    broken = tmp_path / "broken.csv"
    broken.write_text("nothing,of,ours\n1,2,3\n")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        yield {
            "missing": str(tmp_path / "missing"),
            "empty": str(tmp_path / "empty"),
            "broken": str(broken),
            "out": str(tmp_path / "out.csv"),
            "busy": str(busy.getsockname()[1]),
            "long": "x" * 81,
        }


def filled(text, places, change=str):
    for name, place in places.items():
        text = text.replace(f"{{{name}}}", change(place))
    return text


def test_every_command_has_its_rows():
    assert sorted(FAILURES) == OURS


@pytest.mark.parametrize(("name", "failure"), ALL, ids=[f"{n} {f.words}" for n, f in ALL])
def test_a_failure_has_its_status_and_a_sentence(name, failure, ended, places):
    if name == "simulate_world":
        make_region(name="England")

    status, said = ended(name, *filled(failure.words, places).split())

    said = said.removeprefix("CommandError: ").removeprefix(f"manage.py {name}: error: ")
    assert status == failure.status
    assert re.fullmatch(filled(failure.sentence, places, re.escape), said), said


@pytest.mark.parametrize("name", OURS)
def test_what_a_command_does_not_know_it_refuses(name, ended):
    for words in (["--no-such-option"], ["--verb", "1"]):
        status, said = ended(name, *words)
        assert status == USAGE
        assert said.startswith(f"manage.py {name}: error: ")


@pytest.mark.parametrize("name", sorted(set(OURS) - {"promote_model"}))
def test_no_command_prints_a_version_and_does_nothing(name, ended):
    status, said = ended(name, "--version")

    assert status == USAGE
    assert said.startswith(f"manage.py {name}: error: ")


@pytest.mark.parametrize("name", OURS)
def test_no_option_stands_for_two_things(name):
    command = load(get_commands()[name], name)
    assert isinstance(command, StrictCommand)

    parser = command.create_parser("manage.py", name)

    taken = [option for action in parser._actions for option in action.option_strings]
    assert len(taken) == len(set(taken))


def test_a_refused_import_leaves_nothing(ended, places):
    ended("import_matches", "football-data", places["broken"])

    assert not Region.objects.exists()
