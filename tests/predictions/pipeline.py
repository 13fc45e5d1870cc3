"""A small invented world, and the files and databases that a run of the pipeline writes."""

import json
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.db import connection

from predictions.modelling import world
from predictions.modelling.fitting import boosted
from predictions.services.features import feature_store

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
SEED = 1
LEAGUES = world.LEAGUES
PATIENCE = 20  # seconds for other transactions on the server to end


def shrink_world(patch, first_year=2023):
    """Two regions, a few seasons and small trees: enough to learn from, made in two seconds."""
    patch.setattr(world, "FIRST_YEAR", first_year)
    patch.setattr(world, "LEAGUES", (LEAGUES[0], LEAGUES[3]))
    shrink_trees(patch)


def shrink_trees(patch):
    patch.setattr(boosted, "ROUNDS", 40)
    patch.setitem(boosted.PARAMETERS, "learning_rate", 0.15)  # so few rounds must get there, too


def shrink_leagues(patch):
    """One region of two tiers of six clubs, for tests that learn nothing."""
    patch.setattr(world, "FIRST_YEAR", 2025)
    patch.setattr(world, "LEAGUES", LEAGUES[:1])
    patch.setattr(world, "N_TEAMS", 6)


def files_in(folder):
    """Settings that keep all files under a folder."""
    return {
        "FEATURES_DIR": folder / "features",
        "MODEL_CACHE_DIR": folder / "models",
        "REPORTS_DIR": folder / "reports",
    }


def forget_later_results(moment):
    """Make every match that was known after `moment` end in another way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE livescores_match SET home_score = 9 - home_score, away_score = home_score"
            " WHERE status = 'finished' AND start_time_utc + interval '135 minutes' > %s",
            [moment],
        )
        return cursor.rowcount


def wait_for_other_transactions():
    """Until every row written so far is older than all transactions that are still open."""
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (written,) = cursor.fetchone()
        while time.monotonic() < deadline:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > written:
                return
            time.sleep(0.02)


def current_folder():
    return settings.FEATURES_DIR / feature_store.current_version()


def change_manifest(**facts):
    path = current_folder() / feature_store.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **facts}))


def flip_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def forget_cached(version):
    shutil.rmtree(settings.MODEL_CACHE_DIR / version.artifact_digest, ignore_errors=True)


def registered_folder(version):
    """Where MLflow keeps a version's artifact."""
    return Path(settings.MLFLOW_ARTIFACT_ROOT) / version.run_id / "artifacts" / "model"


def database_beside(name):
    """The address of another database on the tests' server, as SQLAlchemy writes it."""
    parts = urlsplit(settings.DATABASE_URL)
    return parts._replace(scheme="postgresql+psycopg", path=f"/{name}").geturl()


def drop_database(name):
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def has_database(name):
    with psycopg.connect(settings.DATABASE_URL) as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None
