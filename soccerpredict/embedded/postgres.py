"""The embedded Postgres: loopback only, with a password of its own."""

import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from soccerpredict.embedded import binaries, secret_files
from soccerpredict.embedded.errors import ServersUnavailable

USER = "soccerpredict"
DATABASE = "soccerpredict"
# For two cores and a few GB: bulk loads write a lot of log, and short queries gain nothing of JIT.
TUNING = {
    "shared_buffers": "256MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "max_connections": "150",
}


class Postgres:
    name = "Postgres"
    url_name = "DATABASE_URL"
    stop_signal = signal.SIGINT  # 'fast': ends sessions and checkpoints

    def __init__(self, var: Path) -> None:
        self.folder = var / "servers" / "postgres"
        self.password = secret_files.read_or_make(var, "postgres_password")

    def prepare(self) -> None:
        """Make the data folder on first use; a half-made one is never left behind."""
        if (self.folder / "PG_VERSION").exists():
            return
        fresh = self.folder.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        # In a file: a process's arguments are there for all to read.
        with tempfile.NamedTemporaryFile("w", dir=fresh.parent) as password:
            password.write(self.password)
            password.flush()
            binaries.give_to_ordinary_user(fresh, Path(password.name))
            self._initdb(fresh, password.name)
        fresh.rename(self.folder)

    def _initdb(self, folder: Path, password_file: str) -> None:
        command = [
            *binaries.as_ordinary_user(),
            str(binaries.postgres_folder() / "initdb"),
            *("--pgdata", str(folder), "--username", USER, "--pwfile", password_file),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServersUnavailable(f"initdb failed: {done.stderr.strip()[-500:]}")

    def command(self, port: int) -> list[str]:
        options = {**TUNING, "port": str(port), "listen_addresses": "127.0.0.1"}
        options["unix_socket_directories"] = ""  # a socket's path may be 100 characters at most
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        program = binaries.postgres_folder() / "postgres"
        return [*binaries.as_ordinary_user(), str(program), "-D", str(self.folder), *words]

    def is_ours(self, port: int) -> bool:
        try:
            with psycopg.connect(self._address(port, "postgres"), connect_timeout=2) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.Error:
            return False
        return row is not None and Path(row[0]) == self.folder

    def url(self, port: int) -> str:
        """The URL of our database, which is made here on first use."""
        with psycopg.connect(self._address(port, "postgres"), autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
            ).fetchone()
            if not found:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        return self._address(port, DATABASE)

    def pid_file(self) -> Path:
        return self.folder / "postmaster.pid"

    def _address(self, port: int, database: str) -> str:
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{port}/{database}"
