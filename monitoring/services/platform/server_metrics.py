"""How the servers themselves do: Postgres's size, connections and migrations, Redis's memory."""

from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from monitoring.services.tasks import broker

POSTGRES = """
    SELECT pg_database_size(current_database()),
           (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
           current_setting('max_connections')::int
"""


def of_postgres() -> list[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(POSTGRES)
        size, used, most = cursor.fetchone()
    applied = set(MigrationRecorder(connection).applied_migrations())
    n_unapplied = len(_known_migrations() - applied)
    return [
        GaugeMetricFamily("database_size_bytes", "Of our database.", size),
        GaugeMetricFamily("database_connections", "Open to our database.", used),
        GaugeMetricFamily("database_connections_max", "What the server allows in all.", most),
        GaugeMetricFamily("migrations_unapplied", "Of the code that runs here.", n_unapplied),
    ]


@lru_cache(maxsize=1)
def _known_migrations() -> set[tuple[str, str]]:
    """App and name of each; the code does not change while it runs."""
    return set(MigrationLoader(None).disk_migrations)


def of_redis() -> list[Metric]:
    found: dict[str, Any] = broker.client().info()
    return [
        GaugeMetricFamily("redis_memory_bytes", "In use.", found["used_memory"]),
        GaugeMetricFamily("redis_connections", "Open clients.", found["connected_clients"]),
        CounterMetricFamily("redis_evicted_keys", "For lack of memory.", found["evicted_keys"]),
    ]
