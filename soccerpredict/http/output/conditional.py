"""Cacheable answers: a strong ETag per representation, 304, gzip or plain bytes (RFC 9110)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.request import Request

from soccerpredict.http.output import encoding
from soccerpredict.http.output.encoding import Coding

ResponseT = TypeVar("ResponseT", bound=HttpResponseBase)
SMALL = 512  # gzip gains nothing on fewer bytes
REVALIDATE = "private, no-cache"  # answers belong to a key; caches ask before they reuse one


@dataclass(frozen=True, slots=True)
class Body:
    """The bytes of one representation, in whichever codings there are."""

    plain: bytes | None = None
    gzipped: bytes | None = None

    def chosen(self, accept_encoding: str) -> Coding:
        if self.gzipped is None and len(self.plain or b"") < SMALL:
            return "identity"
        return encoding.preferred(accept_encoding)


def etag_of(*parts: bytes | str) -> str:
    """An opaque tag of content, or of whatever determines it."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode() if isinstance(part, str) else part
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return digest.hexdigest()


def respond(
    request: Request | HttpRequest,
    body: Body,
    *,
    etag: str,
    media_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
    vary: str = "Accept, Accept-Encoding",
) -> HttpResponseBase:
    """The body, or 304 where the client has it already.

    `etag` names the content in this media type, unquoted; the coding is added to it here. Bodies
    that exist compressed are sent as they are, or decompressed chunk by chunk.
    """
    coding = body.chosen(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    tag = quoted(etag, coding)
    if matches(request.META.get("HTTP_IF_NONE_MATCH"), tag):
        return _labelled(HttpResponseNotModified(), tag, vary, None)
    response = _filled(body, coding, media_type)
    return _labelled(response, tag, vary, headers)


def quoted(etag: str, coding: Coding) -> str:
    """The header's spelling; each coding is a representation of its own and needs its own tag."""
    return f'"{etag}"' if coding == "identity" else f'"{etag}-{coding}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Weak comparison with any member of the list; `*` matches whatever there is."""
    if not if_none_match:
        return False
    if if_none_match == tag:  # what nearly every poll sends: no need to parse it
        return True
    tags = [one.removeprefix("W/") for one in parse_etags(if_none_match)]
    return tags == ["*"] or tag in tags


def _filled(body: Body, coding: Coding, media_type: str) -> HttpResponseBase:
    if coding == "identity" and body.plain is None and body.gzipped is not None:
        return _streamed(body.gzipped, media_type)
    content = body.plain if coding == "identity" else body.gzipped
    if content is None:
        content = encoding.compress(body.plain or b"")
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Length"] = str(len(content))
    if coding == "gzip":
        response.headers["Content-Encoding"] = "gzip"
    return response


def _streamed(gzipped: bytes, media_type: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(encoding.decompressed(gzipped), content_type=media_type)
    response.headers["Content-Length"] = str(encoding.plain_size(gzipped))
    return response


def _labelled(
    response: ResponseT, tag: str, vary: str, headers: Mapping[str, str] | None
) -> ResponseT:
    response.headers["ETag"] = tag
    response.headers["Vary"] = vary
    response.headers["Cache-Control"] = REVALIDATE
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response
