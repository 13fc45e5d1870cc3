"""A provider that misbehaves in every way costs its time limit and one sentence."""

import gzip
import logging
import time
from dataclasses import replace
from typing import Any

import pytest

from livescores.sources.download import (
    Downloader,
    Limits,
    PageMissing,
    Version,
)
from livescores.sources.queries import Page
from livescores.sources.refusals import FetchFailed
from tests import provider
from tests.provider import content

BODY = b"Div,Date\n" * 100
BOMB = gzip.compress(b"0" * 2**22)
LIMITS = Limits(
    seconds=20.0, total=60.0, silence=10.0, tries=3, first_wait=0.01, sent=2**20, unpacked=2**21
)


def get(url: str, known: Version | None = None, **page: Any):
    return Downloader(LIMITS).get(Page(url, "page.csv", **page), known)


@pytest.fixture
def serve(web):
    """The address of a page with these reactions."""
    return lambda *reactions: web.on("/page", *reactions)


def test_it_brings_a_page_with_its_version(serve):
    answer = get(serve(content(BODY, ETag='"7"', Last_Modified="Mon, 01 Sep 2025 10:00:00 GMT")))

    assert answer.content == BODY
    assert answer.version == Version('"7"', "Mon, 01 Sep 2025 10:00:00 GMT")


def test_it_unpacks_gzip(serve):
    assert get(serve(provider.zipped(BODY))).content == BODY


def test_an_unchanged_page_is_none(web, serve):
    url = serve(content(b"", 304))

    assert get(url, Version('"7"', "yesterday")) is None
    assert web.seen[0][1]["If-None-Match"] == '"7"'
    assert web.seen[0][1]["If-Modified-Since"] == "yesterday"


def test_a_passing_fault_is_tried_again(web, serve):
    url = serve(content(b"", 500), provider.reset, content(BODY))

    assert get(url).content == BODY
    assert len(web.seen) == 3


def test_it_waits_as_long_as_it_is_asked_to(serve):
    began = time.monotonic()

    Downloader(LIMITS).get(
        Page(serve(content(b"", 429, Retry_After="1"), content(BODY)), "page.csv")
    )

    assert time.monotonic() - began >= 1


def test_a_redirect_within_the_host_is_followed(web):
    web.on("/new", content(BODY))

    assert get(web.on("/old", provider.moved("/new"))).content == BODY


@pytest.mark.parametrize(("old", "new"), [("", "www."), ("www.", "")])
def test_a_provider_is_one_host_with_and_without_www(web, monkeypatch, old, new):
    monkeypatch.setenv("HTTP_PROXY", web.url)  # so that its names lead here
    web.on(f"http://{old}scores.test/page", provider.moved(f"http://{new}scores.test/there"))
    web.on(f"http://{new}scores.test/there", content(BODY))

    assert get(f"http://{old}scores.test/page").content == BODY


def test_it_is_left_alone_under_both_its_names(web, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", web.url)
    web.otherwise = content(b"", 500)
    downloader = Downloader(LIMITS)

    for host in ("scores.test", "www.scores.test", "scores.test"):
        with pytest.raises(FetchFailed) as failed:
            downloader.get(Page(f"http://{host}/page", "page.csv"))

    assert str(failed.value).startswith("scores.test was not asked again")


@pytest.mark.parametrize(
    "place", ["http://data.scores.test/page", "http://www2.scores.test/page", "http://[/page"]
)
def test_another_name_is_another_place(web, monkeypatch, place):
    monkeypatch.setenv("HTTP_PROXY", web.url)
    web.on("http://scores.test/page", provider.moved(place))
    web.otherwise = content(BODY)

    with pytest.raises(FetchFailed, match=r"scores\.test redirects to another place"):
        get("http://scores.test/page")


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (401, b'{"error_code": "OUT_OF_USAGE_CREDITS"}', "the quota is used up"),
        (429, b'{"message": "DAILY quota exceeded"}', "the quota is used up"),
        (403, b'{"message": "Restricted. Check your subscription."}', "plan does not include /pa"),
        (403, b'{"message": "Invalid API key"}', "does not accept our credentials"),
    ],
)
def test_a_refusal_is_read_and_not_asked_for_again(web, serve, status, body, why):
    with pytest.raises(FetchFailed, match=why):
        get(serve(content(body, status)))

    assert len(web.seen) == 1


def test_a_used_up_plan_is_asked_for_nothing_more(web):
    downloader = Downloader(LIMITS)
    pages = [Page(web.on(f"/{n}", content(b'"no credits"', 402)), "page.csv") for n in range(2)]

    with pytest.raises(FetchFailed, match="answered 402: the quota is used up"):
        downloader.get(pages[0])
    with pytest.raises(FetchFailed, match="was not asked again: its quota is used up"):
        downloader.get(pages[1])

    assert [path for path, _ in web.seen] == ["/0"]


def test_a_league_outside_the_plan_leaves_the_others(web):
    downloader = Downloader(LIMITS)
    refused = Page(web.on("/0", content(b'"check your subscription"', 403)), "page.csv")

    with pytest.raises(FetchFailed, match="our plan does not include /0"):
        downloader.get(refused)

    assert downloader.get(Page(web.on("/1", content(BODY)), "page.csv")).content == BODY


@pytest.mark.parametrize("reaction", [provider.cut_off(b"x" * 999), content(b"x" * 2**20, 403)])
def test_a_refusal_that_cannot_be_read_is_one_all_the_same(serve, reaction):
    def refuse(handler):
        handler.send_response = lambda status: type(handler).send_response(handler, 403)
        reaction(handler)

    with pytest.raises(FetchFailed, match="answered 403: it does not accept our credentials"):
        get(serve(refuse))


@pytest.mark.parametrize(
    ("reaction", "why"),
    [
        (provider.flood(50), "sends more than 1 MB"),
        (content(b"0" * 2**21), "sends more than 1 MB"),
        (content(BOMB, Content_Encoding="gzip"), "unpacks to more than 2"),
        (content(gzip.compress(BODY)[:-20], Content_Encoding="gzip"), "broke off .* inside the gz"),
        (content(BODY, Content_Encoding="gzip"), "sent damaged gzip"),
        (content(BODY, Content_Encoding="br"), "encoding that was not asked for: 'br'"),
        (provider.cut_off(BODY), "broke off its answer"),
        (provider.reset, "(closed the connection|broke off).* asked 3 times"),
        (content(b"", 500), r"answered 500; it was asked 3 times"),
        (content(b"", 401), "answered 401: it does not accept our credentials"),
        (content(b"", 400), "answered 400 for /page"),
        (content(b"", 304), "answered 304"),
        (content(b"", 429, Retry_After="3600"), "asks to wait 3600 s"),
        (provider.moved("http://127.0.0.1:9/page"), "redirects to another place"),
        (provider.moved("file:///etc/passwd"), "redirects to another place"),
        (provider.moved("//example.org/page"), "redirects to another place"),
        (provider.moved("/page"), "redirects again and again"),
        (content(b"", 302), "redirects to another place"),
    ],
    ids=[
        *("flood", "2-MB", "gzip-bomb", "truncated-gzip"),
        *("no-gzip", "other-encoding", "cut-off", "reset", "500", "401", "400", "304"),
        *("retry-later", "other-host", "file", "other-authority", "loop", "nowhere"),
    ],
)
def test_what_fails_is_one_sentence(serve, reaction, why):
    with pytest.raises(FetchFailed, match=why) as failed:
        get(serve(reaction))

    assert str(failed.value).startswith("127.0.0.1:")


@pytest.mark.parametrize("reaction", [provider.hang, provider.drip, provider.drip_headers])
def test_a_server_that_takes_its_time_is_left_in_time(serve, reaction):
    began = time.monotonic()
    page = Page(serve(reaction), "page.csv")

    with pytest.raises(FetchFailed, match=r"did not answer in full within 0\.6 s"):
        Downloader(replace(LIMITS, seconds=0.6)).get(page)

    assert time.monotonic() - began < 5


def test_silence_is_tried_again(web, serve):
    page = Page(serve(provider.hang), "page.csv")

    with pytest.raises(FetchFailed, match=r"did not answer in time; it was asked 2 times"):
        Downloader(replace(LIMITS, silence=0.1, tries=2)).get(page)

    assert len(web.seen) == 2


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(FetchFailed, match=r"127\.0\.0\.1:9 cannot be reached"):
        get("http://127.0.0.1:9/page")


def test_a_page_that_is_not_there_can_be_told_apart(serve):
    with pytest.raises(PageMissing, match="has no page /page"):
        get(serve(provider.not_found))


def test_all_pages_together_have_a_time_limit(serve):
    downloader = Downloader(LIMITS, began=time.monotonic() - LIMITS.total)

    with pytest.raises(FetchFailed, match="No time was left to ask 127"):
        downloader.get(Page(serve(content(BODY)), "page.csv"))


def test_a_host_that_owes_two_answers_is_not_asked_again(web):
    downloader = Downloader(LIMITS)
    pages = [Page(web.on(f"/{n}", content(b"", 500)), "page.csv") for n in range(3)]

    for page in pages:
        with pytest.raises(FetchFailed) as failed:
            downloader.get(page)

    assert "was not asked again: it had not answered 2 times" in str(failed.value)
    assert not any(path == "/2" for path, _ in web.seen)


def test_an_answer_makes_up_for_one_that_was_owed(web):
    downloader = Downloader(LIMITS)
    owed, given = (web.on(f"/{n}", content(BODY, status)) for n, status in ((0, 500), (1, 200)))

    for url in (owed, given, owed, given):
        if url == owed:
            with pytest.raises(FetchFailed):
                downloader.get(Page(url, "page.csv"))
        else:
            assert downloader.get(Page(url, "page.csv")).content == BODY


def test_a_token_is_sent_and_never_told(web, serve, caplog):
    caplog.set_level(logging.DEBUG)
    url = serve(content(b"", 503))
    page = Page(url, "page.csv", headers={"X-Auth-Token": "s3cret"}, secret={"apiKey": "s3cret"})

    with pytest.raises(FetchFailed) as failed:
        Downloader(LIMITS).get(page)

    assert web.seen[0][0] == "/page?apiKey=s3cret"
    assert web.seen[0][1]["X-Auth-Token"] == "s3cret"
    assert "s3cret" not in f"{failed.value} {page} {caplog.text}"
