"""Strict serializer fields: `Query...` read text, `Body...` check the type JSON gave."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, NoReturn

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from soccerpredict.errors import UnknownStage

MAX_ID = 2**31 - 1
MIN_YEAR, MAX_YEAR = 1850, 2150
MAX_CODE = 20
# No more digits than a bigint has: int() takes long over thousands, and knows every script's.
INTEGER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?", re.ASCII)
CODE = re.compile(r"[!-~]([ -~]*[!-~])?", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)
# The same for the OpenAPI document.
YEAR_PATTERN = "^(18[5-9][0-9]|19[0-9]{2}|20[0-9]{2}|21[0-4][0-9]|2150)-"
MOMENT_PATTERN = (
    YEAR_PATTERN + "[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?"
    "(Z|[+-][0-9]{2}:[0-9]{2})$"
)


class QueryInteger(serializers.IntegerField):
    """ASCII digits with an optional minus; give `min_value` and `max_value`."""

    default_error_messages = {"invalid": "Write a whole number in digits."}

    def to_internal_value(self, data: Any) -> int:
        if not INTEGER.fullmatch(data):
            self.fail("invalid")
        return int(data)


class QueryId(QueryInteger):
    """A row's number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MAX_ID, **kwargs)


class QueryNumber(serializers.FloatField):
    """A plain decimal number: no exponent, no infinity, no NaN."""

    default_error_messages = {"invalid": "Write a decimal number such as 0.05."}

    def to_internal_value(self, data: Any) -> float:
        if not DECIMAL.fullmatch(data):
            self.fail("invalid")
        return float(data)


class QueryBoolean(serializers.BooleanField):
    """Exactly `true` or `false`."""

    default_error_messages = {"invalid": "Write true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if data not in ("true", "false"):
            self.fail("invalid", input=None)
        return bool(data == "true")


@extend_schema_field({"type": "string", "format": "date", "pattern": YEAR_PATTERN})
class QueryDate(serializers.DateField):
    """A calendar day as `2026-02-28`."""

    default_error_messages = {
        "invalid": "Write a day of the calendar as YYYY-MM-DD.",
        "range": f"Write a year from {MIN_YEAR} to {MAX_YEAR}.",
    }

    def to_internal_value(self, value: Any) -> date:
        day = _parsed_day(value)
        if day is None:
            self.fail("invalid", format="YYYY-MM-DD")
        if not MIN_YEAR <= day.year <= MAX_YEAR:
            self.fail("range")
        return day


class QueryText(serializers.CharField):
    """Text of bounded length, without control characters."""

    default_error_messages = {"invalid": "Write printable text."}

    def __init__(self, *, max_length: int = 100, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        # Django puts the mark of replacement where a query's bytes are no UTF-8.
        if type(data) is not str or not data.isprintable() or "\ufffd" in data:
            self.fail("invalid")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "maxLength": MAX_CODE, "pattern": f"^{CODE.pattern}$"})
class QueryCode(QueryText):
    """A short name in visible ASCII, as bookmakers' codes are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MAX_CODE, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str or not CODE.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class QueryChoice(serializers.ChoiceField):
    """One word of a closed list, spelt exactly so."""

    default_error_messages = {"invalid_choice": "Write one of {known}."}

    def to_internal_value(self, data: Any) -> str:
        if type(data) is not str or data not in self.choices:
            self.refuse()
        return data

    def refuse(self) -> NoReturn:
        self.fail("invalid_choice", known=_listed(self.choices))


class StageField(QueryChoice):
    """A model stage, in query or body; one that we don't have is a 400, not a 422."""

    def refuse(self) -> NoReturn:
        raise UnknownStage(f"Write one of {_listed(self.choices)}.")


class BodyInteger(serializers.IntegerField):
    """A JSON integer: `true`, `1.0` and `"1"` are none."""

    default_error_messages = {"invalid": "Write a whole number."}

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class BodyId(BodyInteger):
    """A row's number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MAX_ID, **kwargs)


class BodyBoolean(serializers.BooleanField):
    """A JSON `true` or `false`."""

    default_error_messages = {"invalid": "Write true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.fail("invalid", input=None)
        return data


@extend_schema_field({"type": "string", "format": "date-time", "pattern": MOMENT_PATTERN})
class BodyMoment(serializers.DateTimeField):
    """A moment with its offset, as `2026-03-14T15:00:00Z`; the value is UTC."""

    default_error_messages = {
        "invalid": "Write a moment as YYYY-MM-DDThh:mm:ssZ.",
        "naive": "Write the offset from UTC, such as Z or +01:00.",
        "range": f"Write a year from {MIN_YEAR} to {MAX_YEAR}.",
    }

    def to_internal_value(self, value: Any) -> datetime:
        moment = _parsed_moment(value)
        if moment is None:
            self.fail("invalid", format="YYYY-MM-DDThh:mm:ssZ")
        if moment.tzinfo is None:
            self.fail("naive")
        if not MIN_YEAR <= moment.year <= MAX_YEAR:
            self.fail("range")
        return moment.astimezone(UTC)


class QueryMoment(BodyMoment):
    """A moment with its offset (a `+` in a query is written `%2B`); the value is UTC."""


def _parsed_day(value: Any) -> date | None:
    if type(value) is not str or not DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _parsed_moment(value: Any) -> datetime | None:
    if type(value) is not str or not MOMENT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def is_unicode(text: str) -> bool:
    """False for a lone surrogate, which UTF-8 and so Postgres cannot hold."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _listed(words: Iterable[Any]) -> str:
    return ", ".join(map(str, words))
