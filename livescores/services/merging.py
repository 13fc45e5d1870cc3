"""One row becomes another: all that points to it points there from then on, and can be put back."""

import json
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db.models import ManyToOneRel, Model, QuerySet, UniqueConstraint

Change = dict[str, Any]


def absorb(row: Model, into: Model, *, leaving: Iterable[str] = ()) -> Change:
    """Delete `row` after all that points to it points to `into`; what has its like there is kept.

    `leaving` names relations that are left to their own way of losing a row.
    """
    moved, lost = [], []
    for relation in _relations(type(row)):
        if relation.get_accessor_name() in leaving:
            continue
        rows, doubles = _pointing(relation, row, into)
        lost += _written(doubles)
        ids = list(rows.values_list("pk", flat=True))
        moved.append([relation.related_model._meta.label, relation.field.name, ids])
        doubles.delete()
        _manager(relation.related_model).filter(pk__in=ids).update(**{relation.field.name: into})
    change = {"row": _written([row]), "moved": moved, "lost": lost}
    row.delete()
    return change


def carry(row: Model, into: Model, only: Iterable[str]) -> Change:
    """Rows of these relations point to `into` instead; what has its like there is left."""
    moved = []
    for relation in _relations(type(row)):
        if relation.get_accessor_name() in only:
            rows, _ = _pointing(relation, row, into)
            ids = list(rows.values_list("pk", flat=True))
            manager = _manager(relation.related_model)
            manager.filter(pk__in=ids).update(**{relation.field.name: into})
            moved.append([relation.related_model._meta.label, relation.field.name, ids, row.pk])
    return {"pointed": moved}


def made(row: Model) -> Change:
    """A row that is deleted when the change is undone."""
    return {"made": [row._meta.label, row.pk]}


def restore(change: Change) -> None:
    """Put back what `absorb`, `point` or `lose` did, and take away what was `made`."""
    _write(change.get("row", []))
    for label, field, ids in change.get("moved", []):
        old = change["row"][0]["pk"]
        _manager(apps.get_model(label)).filter(pk__in=ids).update(**{field: old})
    for label, field, ids, before in change.get("pointed", []):
        _manager(apps.get_model(label)).filter(pk__in=ids).update(**{field: before})
    _write(change.get("lost", []))
    if "made" in change:
        label, pk = change["made"]
        _manager(apps.get_model(label)).filter(pk=pk).delete()


def point(rows: QuerySet[Any], field: str, to: Any, before: Any) -> Change:
    """Give these rows, all of which have `before` in a column, another value."""
    ids = list(rows.values_list("pk", flat=True))
    _manager(rows.model).filter(pk__in=ids).update(**{field: to})
    return {"pointed": [[rows.model._meta.label, field, ids, before]]}


def lose(rows: QuerySet[Any]) -> Change:
    """Delete rows that can be put back."""
    change = {"lost": _written(rows)}
    rows.delete()
    return change


def _relations(model: type[Model]) -> list[ManyToOneRel]:
    """Hidden ones, too."""
    fields = model._meta.get_fields(include_hidden=True)
    return [one for one in fields if isinstance(one, ManyToOneRel)]


def _pointing(
    relation: ManyToOneRel, row: Model, into: Model
) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """The rows that point to `row`, and those of them whose like points to `into` already."""
    field = relation.field
    manager = _manager(relation.related_model)
    pointing = manager.filter(**{field.name: row})
    doubles: set[int] = set()
    for names in _unique_with(relation.related_model, field.name):
        there = set(manager.filter(**{field.name: into}).values_list(*names))
        here = pointing.values_list("pk", *names)
        doubles |= {pk for pk, *values in here if tuple(values) in there}
    return pointing.exclude(pk__in=doubles), pointing.filter(pk__in=doubles)


def _unique_with(model: type[Model], field: str) -> list[list[str]]:
    """The other columns of each rule that makes rows unique together with `field`."""
    rules = [one for one in model._meta.constraints if isinstance(one, UniqueConstraint)]
    return [
        [name for name in one.fields if name != field]
        for one in rules
        if field in one.fields and one.condition is None  # rows that are joined need be no double
    ]


def _manager(model: type[Model]) -> Any:
    return model._base_manager


def _written(rows: Iterable[Model]) -> list[Any]:
    written: list[Any] = json.loads(serializers.serialize("json", rows))
    return written


def _write(written: list[Any]) -> None:
    for one in serializers.deserialize("json", json.dumps(written)):
        one.save()
