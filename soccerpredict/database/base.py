"""Django's backend for Postgres, as `ENGINE` of the settings names it."""

from typing import Any

import psycopg
from django_prometheus.db.backends.postgresql import base

from soccerpredict.database import limits
from soccerpredict.database.connection import Connection


class Driver:
    """psycopg, but for the connections that it makes."""

    connect = Connection.connect

    def __getattr__(self, name: str) -> Any:
        return getattr(psycopg, name)


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    Database = Driver()

    def close_if_unusable_or_obsolete(self) -> None:
        """Between requests. After an outage each thread would fail once on its old connection."""
        kept = self.connection
        if kept is not None and not self.in_atomic_block and kept.is_of_before:
            self.close()
        super().close_if_unusable_or_obsolete()

    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        if held := limits.current():
            params["options"] = f"{params.get('options', '')} {held.options}".strip()
        return limits.TCP | params
