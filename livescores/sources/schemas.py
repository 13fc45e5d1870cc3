"""Checks of JSON against the form that its provider publishes; errors name the field."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from livescores.sources.content import plain, refuse_other_forms
from livescores.sources.records import (
    FileRejected,
    MatchRecord,
    ParsedFile,
    RecordRejected,
    Rejection,
)

T = TypeVar("T")
MOST_TEXT = 120
MOST_JSON = 500


class Form(BaseModel):
    """Fields that we read; the provider may send more. Values are never turned into other types."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


def read(content: bytes, name: str, form: TypeAdapter[T]) -> T:
    """The JSON of a file in its provider's form.

    Raises:
        FileRejected: it is no JSON, or a field is missing or of another type; the text names it.
    """
    content = plain(content, name)
    refuse_other_forms(content, "JSON")
    try:
        return form.validate_json(content)
    except ValidationError as exc:
        raise FileRejected(_sentence(exc)) from exc


Node = TypeVar("Node", bound=Form)


def matches_of(
    nodes: Sequence[Node], match: Callable[[int, Node], MatchRecord | None]
) -> ParsedFile:
    """What `match` makes of each node and its number, from 1 on; None is no match of ours."""
    parsed = ParsedFile(rows=len(nodes))
    for number, node in enumerate(nodes, start=1):
        try:
            record = match(number, node)
        except RecordRejected as exc:
            text = node.model_dump_json()[:MOST_JSON]
            parsed.rejections.append(Rejection("row", number, str(exc), text))
        else:
            parsed.matches.extend([record] if record else [])
    return parsed


def _sentence(exc: ValidationError) -> str:
    errors = exc.errors(include_url=False, include_input=False, include_context=False)
    first: dict[str, Any] = dict(errors[0])
    reason = str(first["msg"]).rstrip(".")[:MOST_TEXT]
    if first["type"] == "json_invalid":
        return f"This is not JSON: {reason}."
    others = len(errors) - 1
    more = f" ({others} more {'fault' if others == 1 else 'faults'})" if others else ""
    return f"Field {_place(first['loc'])}: {reason}{more}."


def _place(loc: tuple[int | str, ...]) -> str:
    """`matches.3.homeTeam.name`, as the provider writes it; the document itself is `(all)`."""
    return ".".join(str(part) for part in loc)[:MOST_TEXT] or "(all)"
