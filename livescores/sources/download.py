"""Fetch a provider's page, bounded in time, size and tries; what fails is one sentence.

`asyncio.timeout` bounds the whole, since a server that sends a byte now and then keeps every time
limit of a socket. Redirects are followed within the host only, which has one name with and without
`www.`. Nothing of the query or headers that carry a token reaches a sentence or a log.
"""

import asyncio
import logging
import ssl
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_random_exponential

from livescores.sources import refusals
from livescores.sources.queries import Page
from livescores.sources.refusals import FetchFailed, PlanUsedUp

MEGABYTE = 2**20
REASON = 2**16  # bytes of an answer that says why it is none
MOST_REDIRECTS = 3
ENOUGH = 2  # pages in a row, after which a host that owes them is left alone
MOVED = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
MISSING = frozenset({404, 410})
AGENT = "SoccerPredict"
# They log each address whole, with its query, and each header.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class HostAway(FetchFailed):
    """The server did not answer, or not in time."""


class PageMissing(FetchFailed):
    """The server has no such page."""


@dataclass(frozen=True)
class Limits:
    """How long and how much: `seconds` for one page with all its tries, `total` for all pages."""

    seconds: float = 30.0
    total: float = 240.0
    connect: float = 5.0
    silence: float = 10.0
    tries: int = 4
    first_wait: float = 0.5
    sent: int = 16 * MEGABYTE
    unpacked: int = 64 * MEGABYTE


class Version(NamedTuple):
    """What a server calls the version of a page it sent; empty where it doesn't."""

    etag: str = ""
    last_modified: str = ""


class Answer(NamedTuple):
    content: bytes
    version: Version


@dataclass
class Downloader:
    """Fetches the pages of one run; each must come within `limits`, and so must all together."""

    limits: Limits = field(default_factory=Limits)
    began: float = field(default_factory=time.monotonic)
    away: Counter[str] = field(default_factory=Counter)  # answers that hosts owe us, in a row
    used_up: set[str] = field(default_factory=set)  # hosts whose plan gives no more answers

    def get(self, page: Page, known: Version | None = None) -> Answer | None:
        """The page; None if the version that we know is still the current one.

        Raises:
            FetchFailed: it could not be had.
        """
        host, provider = _host(page.url), _provider(page.url)
        if provider in self.used_up:
            raise PlanUsedUp(f"{host} was not asked again: its quota is used up.")
        if self.has_left(page):
            raise FetchFailed(f"{host} was not asked again: it had not answered {ENOUGH} times.")
        try:
            answer = self._get(page, known or Version(), host)
        except HostAway:
            self.away[provider] += 1
            raise
        except PlanUsedUp:
            self.stop_asking(page)
            raise
        self.away[provider] = 0
        return answer

    def stop_asking(self, page: Page) -> None:
        """The provider of this page answers no more in this run."""
        self.used_up.add(_provider(page.url))

    def has_left(self, page: Page) -> bool:
        """Whether the page's provider is not asked any more in this run."""
        provider = _provider(page.url)
        return provider in self.used_up or self.away[provider] >= ENOUGH

    def _get(self, page: Page, known: Version, host: str) -> Answer | None:
        left = self.limits.total - (time.monotonic() - self.began)
        if left <= 0:
            raise FetchFailed(f"No time was left to ask {host}.")
        seconds = min(self.limits.seconds, left)
        limit = round(seconds, 1)
        try:
            return asyncio.run(_within(seconds, page, known, self.limits))
        except TimeoutError as exc:
            raise HostAway(f"{host} did not answer in full within {limit:g} s.") from exc


class _Passing(Exception):
    """Something that may be gone at the next try; `after` seconds, if the server says.

    The reason has no full stop: it becomes a part of the sentence.
    """

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.after = after


async def _within(seconds: float, page: Page, known: Version, limits: Limits) -> Answer | None:
    async with asyncio.timeout(seconds) as time_limit:
        timeout = httpx.Timeout(limits.silence, connect=limits.connect)
        async with httpx.AsyncClient(timeout=timeout, verify=_certificates()) as client:
            try:
                return await _with_retries(client, page, known, limits, time_limit.when() or 0.0)
            except _Passing as exc:
                raise HostAway(f"{exc}; it was asked {_times(limits.tries)}.") from exc


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """Those that the system trusts, beside the ones that httpx brings."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context


async def _with_retries(
    client: httpx.AsyncClient, page: Page, known: Version, limits: Limits, deadline: float
) -> Answer | None:
    waits = wait_random_exponential(limits.first_wait, max=limits.seconds)

    def wait(state: RetryCallState) -> float:
        why = state.outcome and state.outcome.exception()
        after = getattr(why, "after", 0.0)
        left = deadline - asyncio.get_running_loop().time()
        if after > left:
            raise FetchFailed(f"{_host(page.url)} asks to wait {after:.0f} s before the next try.")
        seconds = max(after, waits(state))
        if seconds > left:  # it would end as a time-out, which says less
            raise HostAway(f"{why}; no time was left to ask again.")
        return seconds

    retrying = AsyncRetrying(
        retry=retry_if_exception_type(_Passing),
        stop=stop_after_attempt(limits.tries),
        wait=wait,
        reraise=True,
    )
    return await retrying(_once, client, page, known, limits)


async def _once(
    client: httpx.AsyncClient, page: Page, known: Version, limits: Limits
) -> Answer | None:
    url = page.url
    for _ in range(MOST_REDIRECTS + 1):
        request = client.build_request(
            "GET", _with_secret(url, page), headers=_headers(page, known)
        )
        try:
            response = await client.send(request, stream=True)
            try:
                if response.status_code not in MOVED:
                    return await _read(response, page, known, limits)
                url = _next(url, response.headers.get("location", ""))
            finally:
                await response.aclose()
        except httpx.TimeoutException as exc:
            raise _Passing(f"{_host(url)} did not answer in time") from exc
        except httpx.TransportError as exc:
            raise _Passing(f"{_host(url)} {_trouble(exc)}") from exc
    raise FetchFailed(f"{_host(url)} redirects again and again.")


def _with_secret(url: str, page: Page) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as exc:
        raise FetchFailed("The address is not a URL.") from exc
    return address.copy_merge_params(page.secret) if page.secret else address


def _headers(page: Page, known: Version) -> dict[str, str]:
    headers = {"User-Agent": AGENT, "Accept-Encoding": "gzip", **page.headers}
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _trouble(exc: httpx.TransportError) -> str:
    if isinstance(exc, httpx.ConnectError):
        return "cannot be reached"
    if isinstance(exc, httpx.RemoteProtocolError):
        return "broke off its answer or sent something that is not HTTP"
    if isinstance(exc, httpx.UnsupportedProtocol):
        return "has an address that does not begin with https://"
    return "closed the connection"


def _next(url: str, location: str) -> str:
    """Where a redirect leads, if it stays with the provider; http may become https."""
    refused = FetchFailed(f"{_host(url)} redirects to another place, which is refused.")
    try:
        target = urljoin(url, location)
        schemes = urlsplit(url).scheme, urlsplit(target).scheme
    except ValueError as exc:  # it is no URL
        raise refused from exc
    safe = schemes[0] == schemes[1] or schemes == ("http", "https")
    if not location or not safe or _provider(target) != _provider(url):
        raise refused
    return target


async def _read(
    response: httpx.Response, page: Page, known: Version, limits: Limits
) -> Answer | None:
    status, host = response.status_code, _host(page.url)
    if status == 304 and known != Version():
        return None
    path = urlsplit(page.url).path
    if status in MISSING:
        raise PageMissing(f"{host} has no page {path}.")
    if 400 <= status < 500 and (why := refusals.of(host, status, await _reason(response), path)):
        raise why
    if status in PASSING:
        raise _Passing(f"{host} answered {status}", _asked_to_wait(response.headers))
    if status != 200:
        raise FetchFailed(f"{host} answered {status} for {path}.")
    content = await _content(response, host, limits)
    headers = response.headers
    version = Version(headers.get("etag", "")[:200], headers.get("last-modified", "")[:80])
    return Answer(content, version)


async def _reason(response: httpx.Response) -> bytes:
    """What an answer says that is none, as far as it can be read."""
    try:
        return await _content(response, "", Limits(sent=REASON, unpacked=REASON))
    except (FetchFailed, _Passing, httpx.TransportError):
        return b""


def _asked_to_wait(headers: httpx.Headers) -> float:
    """Seconds, from Retry-After or football-data.org's own header; dates are not understood."""
    for name in ("retry-after", "x-requestcounter-reset"):
        text = headers.get(name, "")
        if text.isascii() and text.isdigit():
            return float(text[:9])
    return 0.0


async def _content(response: httpx.Response, host: str, limits: Limits) -> bytes:
    too_large = FetchFailed(f"{host} sends more than {limits.sent // MEGABYTE} MB.")
    length = response.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length[:18]) > limits.sent:
        raise too_large
    unpack = _unpacker(response, host)
    sent, parts, size = 0, [], 0
    async for chunk in response.aiter_raw():
        sent += len(chunk)
        if sent > limits.sent:
            raise too_large
        part = unpack.more(chunk, limits.unpacked + 1 - size)
        size += len(part)
        if size > limits.unpacked:
            raise FetchFailed(f"{host} unpacks to more than {limits.unpacked // MEGABYTE} MB.")
        parts.append(part)
    unpack.end()
    return b"".join(parts)


class _Plain:
    def more(self, chunk: bytes, most: int) -> bytes:
        return chunk

    def end(self) -> None:
        pass


class _Gzip:
    def __init__(self, host: str) -> None:
        self.host = host
        self.stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    def more(self, chunk: bytes, most: int) -> bytes:
        """At most so many bytes: the rest of a bomb is never unpacked."""
        try:
            return self.stream.decompress(chunk, most)
        except zlib.error as exc:
            raise FetchFailed(f"{self.host} sent damaged gzip.") from exc

    def end(self) -> None:
        if not self.stream.eof:
            raise _Passing(f"{self.host} broke off its answer inside the gzip")


def _unpacker(response: httpx.Response, host: str) -> _Plain | _Gzip:
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding in ("gzip", "x-gzip"):
        return _Gzip(host)
    if encoding not in ("", "identity"):
        raise FetchFailed(f"{host} sent an encoding that was not asked for: {encoding[:20]!r}.")
    return _Plain()


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _provider(url: str) -> str:
    """The host under one name: `www.` says nothing, and neither does a scheme's own port."""
    parts = urlsplit(url)
    try:
        port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    except ValueError:  # it is none, and httpx will say so
        port = ""
    return (parts.hostname or "").removeprefix("www.") + port


def _times(tries: int) -> str:
    return "once" if tries == 1 else f"{tries} times"
