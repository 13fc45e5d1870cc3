"""Strict input: nothing is coerced, nothing unknown is ignored, every violation is named.

Query parameters are text and read by the `Query...` fields; JSON members already have a type and
are checked by the `Body...` fields. `validated` runs a serializer of either kind.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from soccerpredict.errors import FieldError, InvalidInput
from soccerpredict.http.input.fields import INTEGER, MAX_ID

NON_FIELD = "non_field_errors"
MAX_CACHED = 200  # characters of a query worth keeping


class StrictSerializer(serializers.Serializer[Any]):
    """Base of the two kinds of input; `location` is the first member of every `loc`."""

    location: ClassVar[str]
    default_error_messages = {
        "invalid": "Write an object.",
        "unknown": "There is no such name here.",
    }

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        self.refuse_unknown(data)
        return values

    def refuse_unknown(self, data: Mapping[str, Any]) -> None:
        unknown = [str(name) for name in data if name not in self.fields]
        if unknown:
            message = str(self.error_messages["unknown"])
            raise ValidationError(
                {name[:100]: [ErrorDetail(message, code="unknown")] for name in unknown}
            )


class QuerySerializer(StrictSerializer):
    """Query parameters: declare `Query...` fields; all but the required ones may be left out.

    Where the values depend on nothing but the text (no clock, no database), set `is_cached`:
    a query that came before is then not read again.
    """

    location = "query"
    is_cached: ClassVar[bool] = False


class BodySerializer(StrictSerializer):
    """A JSON object: declare `Body...` fields."""

    location = "body"


def validated(serializer_class: type[StrictSerializer], data: Any) -> dict[str, Any]:
    """The values of `request.query_params` or `request.data`, each of its declared type.

    Raises:
        InvalidInput: with one entry in `errors` per violation.
    """
    if issubclass(serializer_class, QuerySerializer):
        return _validated_query(serializer_class, data)
    return _run(serializer_class(), data, [serializer_class.location])


def validated_many(
    serializer_class: type[BodySerializer], data: Any, *, max_items: int
) -> list[dict[str, Any]]:
    """The values of a JSON array of objects; `loc` names the index of the one at fault."""
    if not isinstance(data, list):
        raise InvalidInput.at("body", msg="Write an array of objects.")
    if not 1 <= len(data) <= max_items:
        raise InvalidInput.at("body", msg=f"Write 1 to {max_items} objects.", type="length")
    return [
        _run(serializer_class(), item, [serializer_class.location, index])
        for index, item in enumerate(data)
    ]


def path_integer(name: str, text: str, *, min_value: int = 1, max_value: int = MAX_ID) -> int:
    """A whole number from the path: ASCII digits only, within its range."""
    if not INTEGER.fullmatch(text) or not min_value <= int(text) <= max_value:
        message = f"Write a whole number from {min_value} to {max_value}."
        raise InvalidInput.at("path", name, msg=message)
    return int(text)


def _validated_query(serializer_class: type[QuerySerializer], params: QueryDict) -> dict[str, Any]:
    pairs = tuple((name, tuple(values)) for name, values in params.lists())
    size = sum(len(name) + sum(map(len, values)) for name, values in pairs)
    if serializer_class.is_cached and size <= MAX_CACHED:
        return dict(_cached(serializer_class, pairs))
    return _read_query(serializer_class, dict(pairs))


@lru_cache(maxsize=1024)
def _cached(
    serializer_class: type[QuerySerializer], pairs: tuple[tuple[str, tuple[str, ...]], ...]
) -> dict[str, Any]:
    return _read_query(serializer_class, dict(pairs))


def _read_query(
    serializer_class: type[QuerySerializer], params: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    return _run(_prototype(serializer_class), _once_each(params), [serializer_class.location])


@lru_cache(maxsize=256)
def _prototype(serializer_class: type[QuerySerializer]) -> QuerySerializer:
    # Building a serializer costs ten times a run; the run leaves no trace in it.
    return serializer_class()


def _once_each(params: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Each parameter's only value.

    Raises:
        InvalidInput: one is repeated or empty.
    """
    found: list[FieldError] = []
    for name, values in params.items():
        if len(values) != 1:
            found.append(_error(["query", name[:100]], "Write it once.", "repeated"))
        elif values[0] == "":
            found.append(_error(["query", name[:100]], "Give a value or leave it out.", "empty"))
    if found:
        raise InvalidInput(_summary(found), errors=found)
    return {name: values[0] for name, values in params.items()}


def _run(serializer: StrictSerializer, data: Any, loc: list[str | int]) -> dict[str, Any]:
    try:
        values: dict[str, Any] = serializer.run_validation(data)
    except ValidationError as exc:
        errors = list(flattened(exc.detail, loc))
        raise InvalidInput(_summary(errors), errors=errors) from exc
    return values


def flattened(detail: Any, loc: list[str | int]) -> Iterator[FieldError]:
    """DRF's nested error detail as the contract's flat list."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from flattened(inner, loc if name == NON_FIELD else [*loc, name])
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            deeper = [*loc, index] if isinstance(inner, dict) and inner else loc
            yield from flattened(inner, deeper)
    else:
        yield _error(loc, str(detail), getattr(detail, "code", None) or "invalid")


def _error(loc: list[str | int], message: str, kind: str) -> FieldError:
    return {"loc": loc, "msg": message, "type": kind}


def _summary(errors: Iterable[FieldError]) -> str:
    """A sentence for `detail`: what is wrong, first things first."""
    parts = [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in errors]
    return " ".join(parts[:3]) + (f" And {len(parts) - 3} more." if len(parts) > 3 else "")
