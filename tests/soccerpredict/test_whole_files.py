import stat

import pytest

from soccerpredict import whole_files


def test_a_reader_sees_the_old_file_until_the_new_one_is_whole(tmp_path):
    path = whole_files.write(tmp_path / "latest.json", b"old")

    with whole_files.replacing(path) as file:
        file.write(b"ne")
        file.flush()
        assert path.read_bytes() == b"old"
        file.write(b"w")

    assert path.read_bytes() == b"new"


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = whole_files.write(tmp_path / "latest.json", b"old")

    def broken():
        with whole_files.replacing(path) as file:
            file.write(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_two_writers_never_mix(tmp_path):
    path = tmp_path / "latest.json"

    with whole_files.replacing(path) as one, whole_files.replacing(path) as other:
        one.write(b"one" * 1000)
        other.write(b"other")

    assert path.read_bytes() == b"one" * 1000
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_file_is_for_whom_it_is_meant_whoever_wrote_it_before(tmp_path, mode):
    path = tmp_path / "secret"
    path.write_bytes(b"")
    path.chmod(0o640)

    whole_files.write(path, b"text", mode=mode)

    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_the_folder_is_made_on_need(tmp_path):
    path = whole_files.write(tmp_path / "reports" / "drift" / "latest.html", b"<p>")

    assert path.read_bytes() == b"<p>"
