"""Read an answer's body, whether it came whole, in pieces or compressed."""

import gzip
import json
import re
from typing import Any

from django.http.response import HttpResponseBase


def content_of(response: HttpResponseBase) -> bytes:
    """The representation, without its content coding."""
    sent = response.getvalue()
    return gzip.decompress(sent) if response.get("Content-Encoding") == "gzip" else sent


def json_of(response: HttpResponseBase) -> Any:
    return json.loads(content_of(response))


def text_of(response: HttpResponseBase) -> str:
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", content_of(response).decode()).split())
