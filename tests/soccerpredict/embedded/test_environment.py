"""What the environment gives is used; only what it lacks is made."""

import json

from soccerpredict import embedded

GIVEN = {
    "DATABASE_URL": "postgresql://someone:secret@db.example/soccer",
    "REDIS_URL": "redis://redis.example/0",
}


def test_given_addresses_are_used_and_nothing_is_started(start_user, tmp_path):
    user = start_user(**GIVEN)

    assert {name: user[name] for name in GIVEN} == GIVEN
    assert not (tmp_path / "var").exists()


def test_beside_given_addresses_no_secret_is_made_up(start_user):
    user = start_user(**GIVEN).wait_for_start()

    assert not {"SECRET_KEY", "API_KEY_PEPPER"} & set(user._got)


def test_secrets_of_a_local_platform_are_made_beside_given_addresses(start_user, tmp_path):
    user = start_user(**GIVEN, SOCCERPREDICT_LOCAL="True", API_KEY_PEPPER="given")

    assert user["SECRET_KEY"] == (tmp_path / "var" / "secrets" / "secret_key").read_text().strip()
    assert len(user["SECRET_KEY"]) == 50
    assert user["API_KEY_PEPPER"] == "given"
    assert not (tmp_path / "var" / "servers").exists()


def test_of_two_addresses_only_the_lacking_one_is_filled_in(shared, start_user):
    user = start_user(shared.var, REDIS_URL=GIVEN["REDIS_URL"])

    assert user["REDIS_URL"] == GIVEN["REDIS_URL"]
    assert user["DATABASE_URL"] == shared["DATABASE_URL"]


def test_a_given_secret_stays_and_an_empty_one_is_made(shared, start_user):
    user = start_user(shared.var, SECRET_KEY="given", API_KEY_PEPPER="", REDIS_URL="")

    assert user["SECRET_KEY"] == "given"
    assert user["API_KEY_PEPPER"] == shared["API_KEY_PEPPER"]
    assert user["REDIS_URL"] == shared["REDIS_URL"]


def test_a_folder_that_cannot_be_written_is_named(start_user, tmp_path):
    (tmp_path / "file").write_text("not a folder")

    complaint = start_user(tmp_path / "file" / "var").complaint()

    assert str(tmp_path / "file") in complaint
    assert "let SOCCERPREDICT_VAR name a folder of yours" in complaint
    assert "Traceback" not in complaint


def test_a_keeper_that_fails_is_not_waited_for(start_user, tmp_path):
    folder = tmp_path / "var" / "servers"
    folder.mkdir(parents=True)
    (folder / "valkey").write_text("in the way")

    complaint = start_user().complaint()

    assert complaint.endswith(f"failed; see {folder}/keeper.log.")
    assert "FileExistsError" in (folder / "keeper.log").read_text()


def test_the_folder_is_var_in_the_project_unless_one_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("SOCCERPREDICT_VAR", "")
    assert embedded.var_dir().name == "var"

    monkeypatch.setenv("SOCCERPREDICT_VAR", str(tmp_path / "a" / ".." / "b"))
    assert embedded.var_dir() == tmp_path / "b"


def test_state_names_both_addresses(shared):
    state = json.loads((shared.var / "servers" / "state.json").read_text())

    assert state == {
        "urls": {name: shared[name] for name in ("DATABASE_URL", "REDIS_URL")},
        "errors": {},
    }


def test_what_the_platform_writes_is_not_for_others_to_read(shared):
    var = shared.var
    closed = [var / name for name in (*embedded.FOLDERS, "secrets", "servers/postgres")]

    assert [folder for folder in closed if folder.stat().st_mode & 0o007] == []
    assert var.stat().st_mode & 0o007 == 0o001  # the servers' own user comes through


def test_a_folder_of_before_is_closed_by_the_next_start(start_user, tmp_path):
    logs = tmp_path / "var" / "logs"
    logs.mkdir(parents=True)
    logs.chmod(0o755)

    start_user(**GIVEN, SOCCERPREDICT_LOCAL="True").wait_for_start()

    assert logs.stat().st_mode & 0o777 == 0o750
