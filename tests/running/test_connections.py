"""Connections that are kept: each request on them is answered, whenever it comes."""

import socket

import pytest

pytestmark = pytest.mark.stack
LIVE = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
REFUSED = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\n"


@pytest.fixture
def connection(stack):
    with socket.create_connection(("127.0.0.1", stack.port), timeout=10) as connection:
        yield connection


def read_until(connection, end, times=1):
    """What comes until this has come so often."""
    text = b""
    while text.count(end) < times:
        received = connection.recv(65536)
        assert received, text
        text += received
    return text


def test_requests_that_come_together_are_all_answered(connection):
    connection.sendall(3 * LIVE)

    text = read_until(connection, b'{"status":"alive"}', times=3)
    assert text.count(b"HTTP/1.1 200 OK") == 3


def test_a_request_behind_a_refused_body_is_answered(connection):
    connection.sendall(REFUSED)
    refused = read_until(connection, b"request_id")

    connection.sendall(b"body" + LIVE)

    assert refused.startswith(b"HTTP/1.1 401 ")
    assert b"HTTP/1.1 200 OK" in read_until(connection, b'{"status":"alive"}')


CHUNKED = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.fault
@pytest.mark.parametrize(
    "chunks",
    [
        b"ZZ\r\n{}\r\n0\r\n\r\n",
        b"-2\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}xx0\r\n\r\n",
        b"2 ;\n{}\r\n0\r\n\r\n",
        b"\r\n",
    ],
)
def test_a_body_of_broken_chunks_is_refused_and_its_connection_closed(connection, chunks):
    connection.sendall(CHUNKED + chunks + LIVE)

    text = everything(connection)
    assert text.startswith(b"HTTP/1.1 400 ")
    assert b'"code":"malformed_request"' in text
    assert text.count(b"HTTP/1.1") == 1, "what follows a broken body is no request"


@pytest.mark.fault
def test_a_body_that_breaks_off_is_refused(connection):
    connection.sendall(CHUNKED + b"5\r\n{")
    connection.shutdown(socket.SHUT_WR)

    assert everything(connection).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("name", [b"SCRIPT_NAME", b"Script-Name", b"PATH_INFO", b"Path-Info"])
def test_no_header_says_under_which_path_we_are(connection, name):
    connection.sendall(LIVE.replace(b"Host:", name + b": /elsewhere\r\nHost:"))

    assert b"HTTP/1.1 200 OK" in read_until(connection, b'{"status":"alive"}')


def everything(connection):
    text = b""
    while received := connection.recv(65536):
        text += received
    return text
