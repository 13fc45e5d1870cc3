"""Real Postgres and Redis for a machine that has none.

`attach()` is called before Django loads. Every process that uses the servers holds a shared lock
on one file; a keeper process owns the servers and stops them once nobody holds it any more, even
if the last user was killed.
"""

import os
from pathlib import Path

from soccerpredict.embedded import secret_files
from soccerpredict.embedded.errors import ServersUnavailable
from soccerpredict.embedded.servers import Servers

__all__ = ["ServersUnavailable", "attach", "var_dir"]

# What the platform writes is for its user and group. Its servers may run as another user, who
# has to come through.
FOLDERS = ("features", "logs", "mlflow", "models", "prometheus", "reports")
PRIVATE, PASSAGE = 0o750, 0o711
SERVERS = ("DATABASE_URL", "REDIS_URL")
SECRETS = ("SECRET_KEY", "API_KEY_PEPPER")
_joined: list[Servers] = []


def var_dir() -> Path:
    default = Path(__file__).resolve().parent.parent.parent / "var"
    return Path(os.environ.get("SOCCERPREDICT_VAR") or default).resolve()


def attach() -> None:
    """Fill in the addresses and secrets that the environment lacks; start servers where needed.

    Raises:
        SystemExit: no server can be had; its text says what to install or to set.
    """
    lacking = _lacking(SERVERS)
    try:
        is_local = bool(lacking) or os.environ.get("SOCCERPREDICT_LOCAL") == "True"
        if is_local:
            _close_to_others(var_dir())
        if lacking:
            _join(lacking)
        if is_local:
            for name in _lacking(SECRETS):
                os.environ[name] = secret_files.read_or_make(var_dir(), name.lower())
    except ServersUnavailable as exc:
        raise SystemExit(str(exc)) from exc
    except OSError as exc:
        raise SystemExit(f"{exc}: let SOCCERPREDICT_VAR name a folder of yours.") from exc


def _close_to_others(var: Path) -> None:
    var.mkdir(parents=True, exist_ok=True)
    for folder, mode in [(var, PASSAGE), *((var / name, PRIVATE) for name in FOLDERS)]:
        folder.mkdir(exist_ok=True)
        found = folder.stat()
        if found.st_uid == os.geteuid() and found.st_mode & 0o777 & ~mode:
            folder.chmod(mode)


def _lacking(names: tuple[str, ...]) -> list[str]:
    """Those that the environment has not, or has left empty as the example file does."""
    return [name for name in names if not os.environ.get(name)]


def _join(names: list[str]) -> None:
    servers = Servers(var_dir())
    _joined.append(servers)  # the shared lock lives as long as this process
    os.environ |= {name: servers.url(name) for name in names}
