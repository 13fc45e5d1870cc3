"""The only module that knows MLflow: experiments, runs, versions and aliases.

MLflow takes two seconds and 200 MB to import, so it is imported when first used, and never by a
process that answers requests.
"""

import logging
import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from psycopg import errors, sql

from soccerpredict.errors import ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow import MlflowClient

EXPERIMENT = "soccerpredict"
ARTIFACT_PATH = "model"
CONNECT_SECONDS = 5
# MLflow's own would keep a caller waiting for four minutes before saying that it is away.
HTTP_PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_HTTP_REQUEST_TIMEOUT": "30"}


class RegistryAway(ServiceUnavailable):
    code = "registry_away"
    title = "The model registry does not answer"


@dataclass(frozen=True)
class Registered:
    """A version as MLflow holds it."""

    name: str
    version: int
    run_id: str
    uri: str


def register(
    directory: Path,
    *,
    recipe: str,
    parameters: Mapping[str, Any],
    metrics: Mapping[str, float],
    tags: Mapping[str, str],
    columns: Sequence[str],
    classes: Sequence[str],
) -> Registered:
    """Log a fitted model's directory, its numbers and its signature as a run, and register it.

    Raises:
        RegistryAway: MLflow's database or artifact store does not answer.
    """
    with _answering():
        client = _client()
        run = client.create_run(_experiment_id(client), run_name=recipe, tags=dict(tags))
        run_id = run.info.run_id
        for name, value in parameters.items():
            client.log_param(run_id, name, value)
        for name, number in metrics.items():
            client.log_metric(run_id, name, number)
        _write_signature(directory, run_id, columns, classes)
        client.log_artifacts(run_id, str(directory), ARTIFACT_PATH)
        client.set_terminated(run_id)
        return _registered(client, run_id, dict(tags))


def set_alias(stage: str, version: int) -> None:
    """Let MLflow's alias name a version. Raises RegistryAway."""
    with _answering():
        _client().set_registered_model_alias(settings.MODEL_NAME, stage, str(version))


def download(run_id: str, into: Path) -> None:
    """Copy a run's model directory to `into`, which appears whole or not at all.

    Raises RegistryAway.
    """
    into.parent.mkdir(parents=True, exist_ok=True)
    with _answering(), tempfile.TemporaryDirectory(dir=into.parent) as folder:
        path = _client().download_artifacts(run_id, ARTIFACT_PATH, folder)
        if not into.exists():
            Path(path).rename(into)


@contextmanager
def _answering() -> "Iterator[None]":
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (MlflowException, SQLAlchemyError, psycopg.Error, OSError) as exc:
        raise RegistryAway(f"MLflow failed ({type(exc).__name__}): {_first_line(exc)}") from exc


def _first_line(exc: Exception) -> str:
    return str(exc).splitlines()[0][:200] if str(exc) else ""


def _client() -> "MlflowClient":
    return _client_of(settings.MLFLOW_TRACKING_URI)


@lru_cache(maxsize=2)
def _client_of(uri: str) -> "MlflowClient":
    from mlflow import MlflowClient

    logging.getLogger("mlflow").setLevel(logging.WARNING)  # the import has made it chatty
    for name, value in HTTP_PATIENCE.items():
        os.environ.setdefault(name, value)
    if uri.startswith("postgresql"):
        _make_database(uri)
    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def _make_database(uri: str) -> None:
    """MLflow makes its tables but not its database; on another server than ours it is given."""
    ours, theirs = urlsplit(settings.DATABASE_URL), urlsplit(uri)
    if (ours.netloc, ours.query) == (theirs.netloc, theirs.query):
        _create_if_missing(theirs.path.strip("/"))
    else:
        # MLflow would try for minutes to reach a server that is not there.
        address = theirs._replace(scheme="postgresql").geturl()
        psycopg.connect(address, connect_timeout=CONNECT_SECONDS).close()


def _create_if_missing(name: str) -> None:
    url, timeout = settings.DATABASE_URL, CONNECT_SECONDS
    with psycopg.connect(url, autocommit=True, connect_timeout=timeout) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if found.fetchone() is None:
            with suppress(errors.DuplicateDatabase, errors.UniqueViolation):  # another was quicker
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _experiment_id(client: "MlflowClient") -> str:
    found = client.get_experiment_by_name(EXPERIMENT)
    if found:
        return str(found.experiment_id)
    root = Path(settings.MLFLOW_ARTIFACT_ROOT)
    location = str(root) if "://" in settings.MLFLOW_ARTIFACT_ROOT else root.resolve().as_uri()
    return str(client.create_experiment(EXPERIMENT, artifact_location=location))


def _write_signature(
    directory: Path, run_id: str, columns: Sequence[str], classes: Sequence[str]
) -> None:
    """MLflow's own description of what goes in and comes out."""
    from mlflow.models import Model, ModelSignature
    from mlflow.types import ColSpec, Schema

    signature = ModelSignature(
        inputs=Schema([ColSpec("double", name) for name in columns]),
        outputs=Schema([ColSpec("double", name) for name in classes]),
    )
    Model(artifact_path=ARTIFACT_PATH, run_id=run_id, signature=signature).save(
        str(directory / "MLmodel")
    )


def _registered(client: "MlflowClient", run_id: str, tags: dict[str, str]) -> Registered:
    from mlflow.exceptions import RestException

    name: str = settings.MODEL_NAME
    if not client.search_registered_models(f"name = '{name}'"):
        try:
            client.create_registered_model(name)
        except RestException:  # another training was quicker
            client.get_registered_model(name)
    source = f"{client.get_run(run_id).info.artifact_uri}/{ARTIFACT_PATH}"
    made = client.create_model_version(name, source, run_id, tags=tags)
    return Registered(name, int(made.version), run_id, f"models:/{name}/{made.version}")
