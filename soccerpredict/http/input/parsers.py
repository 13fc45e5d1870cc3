"""Request bodies: JSON as RFC 8259 and RFC 7493 mean it, of bounded size and depth."""

import json
import math
from collections.abc import Iterator, Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.http import HttpRequest
from rest_framework.parsers import BaseParser

from soccerpredict.errors import InvalidInput, TooLarge, UnsupportedMedia
from soccerpredict.http.input.fields import is_unicode

MAX_DEPTH = 16
MAX_DIGITS = 19  # as many as 2 ** 63 has; Python takes quadratic time for thousands
UTF8 = ("utf-8", "utf8")


class StrictJSONParser(BaseParser):
    """JSON in UTF-8, without duplicate names, NaN, NUL, lone surrogates or monstrous numbers."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request: HttpRequest = (parser_context or {})["request"]
        refuse_codings(request)
        return parse_json(read_bounded(request, stream))


def refuse_codings(request: HttpRequest) -> None:
    """A compressed body may be a bomb; ours are small."""
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").lower() not in ("identity", ""):
        raise UnsupportedMedia("Send the body without a content coding.")
    charset = (request.content_params or {}).get("charset", "utf-8")
    if charset.lower() not in UTF8:
        raise UnsupportedMedia("Send the body in UTF-8.")


def read_bounded(request: HttpRequest, stream: IO[Any]) -> bytes:
    """The body; one byte over the limit is enough to refuse it, whatever its headers claim."""
    limit: int = settings.MAX_BODY_BYTES
    if _content_length(request) > limit:
        raise TooLarge(f"Send at most {limit} bytes.")
    body: bytes = stream.read(limit + 1)
    if len(body) > limit:
        raise TooLarge(f"Send at most {limit} bytes.")
    return body


def _content_length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def parse_json(body: bytes) -> Any:
    """The document of a body.

    Raises:
        InvalidInput: it is not strict JSON.
    """
    try:
        document = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_refused_constant,
        )
    except UnicodeDecodeError as exc:
        raise malformed("This is not UTF-8.") from exc
    except json.JSONDecodeError as exc:
        raise malformed(f"{exc.msg}, at character {exc.pos}.") from exc
    except (
        RecursionError
    ) as exc:  # json recurses, so 100,000 brackets get here before our own count
        raise malformed(f"Nest at most {MAX_DEPTH} levels.") from exc
    _check_strings(document)
    return document


def malformed(message: str) -> InvalidInput:
    return InvalidInput.at("body", msg=message, type="json")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise malformed("A name stands twice in an object.")
    return members


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise malformed(f"Write integers of at most {MAX_DIGITS} digits.")
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise malformed("A number is too large.")
    return number


def _refused_constant(text: str) -> NoReturn:
    raise malformed(f"{text} is not JSON.")


def _check_strings(document: Any) -> None:
    for text in _strings(document, MAX_DEPTH):
        if "\x00" in text or not is_unicode(text):
            raise malformed("NUL and lone surrogates are not allowed.")


def _strings(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        if depth == 0:
            raise malformed(f"Nest at most {MAX_DEPTH} levels.")
        if isinstance(value, dict):
            yield from value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner, depth - 1)
