"""Where a request ends, whatever the pieces in which it comes."""

import pytest

from soccerpredict.server.incoming import MOST_BODY, MOST_HEAD, Incoming

GET = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n\r\n"
CHUNKED = b"POST /predict HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
WHOLE = [
    GET,
    POST + b'{"a":1}',
    POST.replace(b"Content-Length:", b"content-length:\t") + b'{"a":1}',
    POST.replace(b"Content-Length: 7", b"Content-Length: 0"),
    CHUNKED + b"7\r\n" + b'{"a":1}' + b"\r\n0\r\n\r\n",
    CHUNKED + b"3;name=x\r\n" + b'{"a' + b"\r\n4\r\n" + b'":1}' + b"\r\n0\r\nTrailer: x\r\n\r\n",
    CHUNKED + b"6\r\n\r\n0\r\n\r\r\n0\r\n\r\n",  # what looks like an end is a chunk's content
]


@pytest.mark.parametrize("request_", WHOLE)
def test_it_is_whole_with_its_last_byte_and_never_before(request_):
    for size in (1, 3, len(request_)):
        incoming = Incoming()
        for at in range(0, len(request_), size):
            assert not incoming.is_whole, request_[:at]
            incoming.take(request_[at : at + size])
        assert incoming.is_whole
        assert not incoming.is_for_a_thread
        assert bytes(incoming.content) == request_


@pytest.mark.parametrize("request_", WHOLE)
def test_what_comes_behind_it_changes_nothing(request_):
    assert Incoming(request_ + GET[:10]).is_whole


@pytest.mark.parametrize(
    "chunks",
    [b"ZZ\r\n", b"-2\r\n", b"2\r\n{}xx", b"\r\n", b"2 ;\n{}\r\n", b"x" * 1024],
)
def test_chunks_that_are_none_are_not_waited_for(chunks):
    assert Incoming(CHUNKED + chunks).is_whole


def test_a_head_without_end_is_for_the_parser_to_refuse():
    incoming = Incoming(b"GET / HTTP/1.1\r\n")
    incoming.take(b"X: " + b"a" * MOST_HEAD)

    assert incoming.is_for_a_thread
    assert not incoming.is_whole


@pytest.mark.parametrize(
    "request_",
    [
        POST.replace(b"7", b"%d" % (MOST_BODY + 1)),
        POST.replace(b"Host", b"Expect: 100-continue\r\nHost"),
        CHUNKED + b"fffff\r\n" + b"a" * (MOST_BODY + 1),
    ],
)
def test_what_a_thread_has_to_wait_for_is_told_from_what_the_loop_does(request_):
    incoming = Incoming(request_)

    assert incoming.is_for_a_thread
    assert not incoming.is_whole
