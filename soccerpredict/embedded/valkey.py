"""The embedded Valkey, which speaks Redis: loopback only, with a password, kept on disk."""

import signal
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from soccerpredict.embedded import binaries, secret_files


def quoted(value: str) -> str:
    """As the configuration file wants it: a folder's name may hold spaces."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class Valkey:
    name = "Valkey"
    url_name = "REDIS_URL"
    stop_signal = signal.SIGTERM  # writes what it holds, then ends

    def __init__(self, var: Path) -> None:
        self.folder = var / "servers" / "valkey"
        self.password = secret_files.read_or_make(var, "valkey_password")

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)

    def command(self, port: int) -> list[str]:
        """The password goes into a file: a process's arguments are there for all to read."""
        options = {
            "port": str(port),
            "bind": "127.0.0.1",
            "dir": str(self.folder),
            "pidfile": str(self.pid_file()),
            "requirepass": self.password,
            "appendonly": "yes",
            "save": "",  # no snapshots: the append-only file has it all
        }
        config = self.folder / "valkey.conf"
        lines = [f"{name} {quoted(value)}\n" for name, value in options.items()]
        secret_files.write_private(config, "".join(lines))
        return [str(binaries.redis_program()), str(config)]

    def is_ours(self, port: int) -> bool:
        try:
            # The client's own retries would wait for seconds; the caller asks again at once.
            once = Retry(NoBackoff(), 0)
            with redis.Redis.from_url(self.url(port), socket_timeout=2, retry=once) as client:
                return Path(client.config_get("dir")["dir"]) == self.folder
        except redis.RedisError:
            return False

    def url(self, port: int) -> str:
        return f"redis://:{self.password}@127.0.0.1:{port}/0"

    def pid_file(self) -> Path:
        return self.folder / "valkey.pid"
