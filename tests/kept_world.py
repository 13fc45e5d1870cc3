"""A world that was made once: its rows and files, to be put back as often as a module asks."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql

APPS = ("livescores", "predictions", "monitoring", "jobs", "django_celery_results")


@dataclass(frozen=True)
class KeptWorld:
    """`rows` is what each table held, as COPY writes it; `copies` what each folder held."""

    rows: dict[type[Model], bytes]
    copies: dict[Path, Path]

    def put_back(self) -> None:
        """Into a database whose tables are empty; each folder is as it was."""
        for folder, copy in self.copies.items():
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(copy, folder)
        with transaction.atomic(), connection.cursor() as cursor:
            for model, rows in self.rows.items():
                with cursor.copy(_statement("COPY {} ({}) FROM STDIN", model)) as into:
                    into.write(rows)
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.rows)):
                cursor.execute(statement)


def keep(folders: Sequence[Path], beside: Path) -> KeptWorld:
    """What the database holds now, and copies of these folders."""
    copies = {folder: beside / str(number) for number, folder in enumerate(folders)}
    for folder, copy in copies.items():
        shutil.copytree(folder, copy)
    models = [model for model in apps.get_models() if model._meta.app_label in APPS]
    tables = [one for one in models if one._meta.managed and not one._meta.proxy]
    rows = {model: _rows_of(model) for model in tables}
    return KeptWorld({model: found for model, found in rows.items() if found}, copies)


def _rows_of(model: type[Model]) -> bytes:
    with (
        connection.cursor() as cursor,
        cursor.copy(_statement("COPY (SELECT {1} FROM {0}) TO STDOUT", model)) as out,
    ):
        return b"".join(out)


def _statement(text: str, model: type[Model]) -> sql.Composed:
    columns = [field.column for field in model._meta.local_concrete_fields if not field.generated]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL(text).format(sql.Identifier(model._meta.db_table), names)
