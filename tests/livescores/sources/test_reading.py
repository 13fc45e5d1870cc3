"""Files read ahead in another process come as they would have here, in their order."""

import psutil
import pytest

from livescores.sources import reading
from livescores.sources.records import FileRejected

HEADER = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A"
N = reading.FEW + reading.AHEAD
BROKEN = 3
ZOMBIE = psutil.STATUS_ZOMBIE  # killed, and not yet waited for


@pytest.fixture
def paths(tmp_path):
    """A match each, but for one that is no table and one that is not there."""
    paths = [tmp_path / f"{number}.csv" for number in range(N)]
    for number, path in enumerate(paths):
        path.write_text(f"{HEADER}\nE0,14/08/21,Brentford,Arsenal,{number + 1},0,H,4.0,3.4,1.95")
    paths[BROKEN].write_text("<html>")
    paths[-1].unlink()
    return paths


def contents(paths):
    """What each file gives: its records, or why there are none."""
    with reading.reading("football-data", paths) as readings:
        return [outcome(content) for content in readings]


def readers():
    """The processes that read for this one."""
    living = [each for each in psutil.Process().children() if each.status() != ZOMBIE]
    return [each for each in living if reading.__name__ in each.cmdline()]


def outcome(content):
    try:
        return content().matches
    except FileRejected as exc:
        return str(exc), exc.line


def test_they_are_the_same_as_read_here(paths):
    few = [outcome(lambda path=path: reading.read("football-data", path)) for path in paths]

    assert contents(paths) == few
    assert [found[0].counts[0] for found in few[:BROKEN]] == [1, 2, 3]
    assert few[BROKEN] == ("The file is a web page, not a table.", 1)
    assert few[-1] == ("The file cannot be read: No such file or directory.", None)


def test_a_few_need_no_other_process(paths, monkeypatch):
    monkeypatch.setattr(reading, "Reader", None)

    assert len(contents(paths[: reading.FEW - 1])) == reading.FEW - 1


def test_what_another_process_did_not_live_to_read_is_read_here(paths):
    with reading.reading("football-data", paths) as readings:
        found = []
        for content in readings:
            found.append(outcome(content))
            for reader in readers():
                reader.kill()

    assert len(found) == N
    assert found[-2][0].counts[0] == N - 1


def test_the_other_process_ends_with_its_reader(paths):
    with reading.reading("football-data", paths) as readings:
        next(iter(readings))()
        [reader] = readers()

    assert not reader.is_running()


def test_the_rest_is_left_when_the_caller_stops(paths):
    with reading.reading("football-data", paths) as readings:
        assert len(next(iter(readings))().matches) == 1
