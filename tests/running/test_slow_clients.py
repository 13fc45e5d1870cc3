"""Clients that send half a request and no more keep nobody else waiting."""

import resource
import socket
import time
from contextlib import ExitStack, closing, contextmanager
from statistics import quantiles

import pytest

from tests.running.conftest import Api
from tests.running.test_connections import LIVE, everything, read_until
from tests.stack import N_THREADS, N_WEB, Program, eventually

pytestmark = [pytest.mark.stack, pytest.mark.fault]
HALF_A_HEAD = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
HALF_A_BODY = (
    b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: 60000\r\n\r\n{"
)
LONG_BODY = HALF_A_BODY.replace(b"60000", b"60000000")
CHUNKS = HALF_A_BODY.replace(b"Content-Length: 60000", b"Transfer-Encoding: chunked")
MORE_THAN_THREADS = 4 * N_WEB * N_THREADS
N_HONEST = 100


@pytest.fixture(autouse=True)
def _many_files():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@contextmanager
def slow(port, n_clients, text, address="127.0.0.2"):
    """So many connections of another address, each of which has said this and says no more."""
    with ExitStack() as held:
        links = []
        for _ in range(n_clients):
            link = socket.create_connection(("127.0.0.1", port), 10, source_address=(address, 0))
            links.append(held.enter_context(closing(link)))
            link.sendall(text)
        yield links


def answered(url, key, n_requests=N_HONEST):
    """Seconds that each of an honest client's requests took, every tenth on a new connection."""
    took = []
    for _ in range(n_requests // 10):
        with Api(url, key) as api:
            for _ in range(10):
                began = time.perf_counter()
                assert api.get("/livez").status_code == 200
                took.append(time.perf_counter() - began)
    return took


@pytest.mark.parametrize("text", [b"", HALF_A_HEAD, HALF_A_BODY, CHUNKS, LONG_BODY])
def test_more_of_them_than_threads_keep_nobody_waiting(stack, key, text):
    with slow(stack.port, MORE_THAN_THREADS, text):
        took = answered(stack.url, key)

    assert max(took) < 3, "a thread would have been waited for until the slow ones are given up"


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2"])
def test_with_thousands_of_them_answers_stay_quick(stack, key, address, figure):
    for n_clients in (500, 2_000):
        with slow(stack.port, n_clients, HALF_A_HEAD, address):
            p99 = quantiles(answered(stack.url, key), n=100)[98]
        figure(f"p99 of an answer beside {n_clients} half heads of {address}", p99)
        assert p99 < 2


def test_half_a_head_is_given_up_in_time(stack):
    with slow(stack.port, 1, HALF_A_HEAD) as [link]:
        began = time.monotonic()
        link.settimeout(20)
        for _ in range(5):
            time.sleep(1)
            link.sendall(b"a")  # a byte now and then makes it no longer

        said = everything(link)

    assert said.startswith(b"HTTP/1.1 408 ")
    assert 8 < time.monotonic() - began < 16


def test_a_connection_that_says_nothing_is_closed(stack):
    with slow(stack.port, 1, b"") as [link]:
        link.settimeout(20)

        assert everything(link) == b""


def test_half_a_request_behind_a_whole_one_holds_no_thread(stack, key):
    with slow(stack.port, MORE_THAN_THREADS, LIVE + HALF_A_HEAD) as links:
        for link in links:
            read_until(link, b'{"status":"alive"}')
        assert max(answered(stack.url, key)) < 3
        links[0].sendall(b"ends\r\n\r\n")
        assert b"HTTP/1.1 200 OK" in read_until(links[0], b'{"status":"alive"}')


def test_a_request_in_pieces_is_answered(stack, api, fixture_body):
    wanted = api.post("/predict/async", json=fixture_body).request
    lines = [f"{name}: {value}" for name, value in wanted.headers.items()]
    head = "\r\n".join(["POST /predict/async HTTP/1.1", "Host: localhost", *lines, "", ""])
    text = head.encode() + wanted.body
    with slow(stack.port, 1, text[:20]) as [link]:
        for at in range(20, len(text), 97):
            time.sleep(0.02)
            link.sendall(text[at : at + 97])

        assert read_until(link, b"}").startswith(b"HTTP/1.1 202 ")


def test_an_address_has_so_many_connections_and_its_oldest_make_room(in_stack, tmp_path):
    """Another web server, whose bound is low."""
    (tmp_path / "prometheus").mkdir()
    port = in_stack.port + 1
    environment = {
        **in_stack.web.environment,
        "BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": "1",
        "WEB_CONNECTIONS_PER_ADDRESS": "20",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "prometheus"),
    }
    web = Program("small web", in_stack.web.command[2:], environment=environment, folder=tmp_path)
    web.start()
    try:
        eventually(lambda: web.lines("Listening at"), 60)
        eventually(lambda: is_alive(port), 60)
        with (
            slow(port, 5, LIVE, "127.0.0.2") as idle,
            slow(port, 15, HALF_A_HEAD, "127.0.0.2") as half,
            slow(port, 3, HALF_A_HEAD, "127.0.0.3") as others,
            slow(port, 4, LIVE, "127.0.0.2") as newest,
        ):
            for link in newest:
                assert b"alive" in read_until(link, b"}")
            assert [is_open(link) for link in half] == [False] * 4 + [True] * 11
            assert all(map(is_open, [*idle, *others]))
    finally:
        web.stop()


def is_alive(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as link:
            link.sendall(LIVE)
            return b"alive" in link.recv(65536)
    except OSError:
        return False


def is_open(link):
    link.setblocking(False)
    try:
        return link.recv(65536) != b""
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False
