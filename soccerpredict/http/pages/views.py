"""What every page for visitors does with its request: methods, errors, caching, its form."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from soccerpredict.errors import InvalidInput
from soccerpredict.http import problems
from soccerpredict.http.input.validation import QuerySerializer, validated
from soccerpredict.http.output.conditional import Body, etag_of, respond

HTML = "text/html; charset=utf-8"
VARY = "Accept, Accept-Encoding, HX-Request"

View = Callable[..., HttpResponseBase]


def page(view: View) -> View:
    """A view that answers GET and HEAD, an error of ours by a page that says it, and 304."""

    @wraps(view)
    def answered(request: HttpRequest, **names: Any) -> HttpResponseBase:
        try:
            return cacheable(request, view(request, **names))
        except problems.EXPECTED as exc:
            response = problems.answer(request, problems.as_error(exc))
            response.headers["Vary"] = VARY
            return response

    return require_safe(answered)


def cacheable(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A page compressed, with the ETag that it brings or one of its content."""
    if not isinstance(response, HttpResponse) or response.headers.get("Content-Type") != HTML:
        return response
    if response.status_code != HTTPStatus.OK:
        response.headers["Cache-Control"], response.headers["Vary"] = "no-store", VARY
        return response
    etag = response.headers.get("ETag", "").strip('"') or etag_of(response.content)
    return respond(request, Body(plain=response.content), etag=etag, media_type=HTML, vary=VARY)


def asked(serializer_class: type[QuerySerializer], given: QueryDict) -> dict[str, Any]:
    """A form's values; a browser sends its empty fields too, and they count as left out.

    Raises:
        InvalidInput: an unknown, repeated or wrongly filled field.
    """
    known = serializer_class().fields
    filled = QueryDict(mutable=True)
    for name, values in given.lists():
        if name not in known or values != [""]:
            filled.setlist(name, values)
    return validated(serializer_class, filled)


@dataclass(frozen=True)
class Form:
    """What a form asked: its values, its text as it was typed, and what is wrong with which."""

    values: dict[str, Any]
    typed: QueryDict
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> HTTPStatus:
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.faults else HTTPStatus.OK

    @property
    def context(self) -> dict[str, Any]:
        return {"asked": self.values, "typed": self.typed, "faults": self.faults}


def form_of(
    request: HttpRequest, serializer_class: type[QuerySerializer], *, told: Collection[str]
) -> Form:
    """As `asked`, but the page itself tells what is wrong with the fields `told`.

    It shows what the other fields ask for, and its links go on without the wrong ones.

    Raises:
        InvalidInput: something else is wrong.
    """
    typed = request.GET
    try:
        return Form(asked(serializer_class, typed), typed)
    except InvalidInput as exc:
        faults = {str(error["loc"][-1]): error["msg"] for error in exc.errors}
        if not faults or not faults.keys() <= set(told):
            raise
    rest = typed.copy()
    for name in faults:
        del rest[name]
    request.GET = QueryDict(rest.urlencode())
    return Form(asked(serializer_class, rest), typed, faults)


def link_with(request: HttpRequest, **changes: object) -> str:
    """This page's query with some fields changed; None takes one away, and empty ones go."""
    query = QueryDict(mutable=True)
    for name, value in {**request.GET.dict(), **changes}.items():
        if value not in (None, ""):
            query[name] = str(value)
    return "?" + query.urlencode()
