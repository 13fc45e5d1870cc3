"""The same request again: the same answer from memory, counted and told of as the first."""

import gzip
import re
import socket
import time

import pytest
from django.utils import timezone

from soccerpredict.access.models import ApiKey
from tests import stack_world
from tests.running.conftest import Api
from tests.stack import eventually

pytestmark = pytest.mark.stack
LIST = "/predict/predictions/?limit=5"
POLLS = 30
WITHIN = 5  # seconds until a key's rights have changed everywhere


def counted(api, series):
    [value] = re.findall(rf"^{re.escape(series)} (.+)$", api.get("/metrics").text, re.MULTILINE)
    return float(value)


def polls(api, path=LIST, n=POLLS, **headers):
    return [api.get(path, headers=headers) for _ in range(n)]


def in_time(holds):
    started = time.monotonic()
    eventually(holds)
    return time.monotonic() - started < WITHIN


@pytest.fixture
def own(in_stack):
    """A client with a key of its own."""
    with Api(in_stack.url, stack_world.issue_key("poller")) as api:
        yield api


def row_of(api):
    return ApiKey.objects.filter(prefix=api.headers["X-API-Key"].split("_")[1])


@pytest.mark.parametrize("path", [LIST, "/predict/predictions/", "/predict/precomputed/{id}"])
def test_polls_get_the_same_body_from_memory(own, coming, path):
    path = path.format(id=coming["match_id"])
    before = counted(own, "http_answers_remembered_total")

    answers = polls(own, path)

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["ETag"] for answer in answers}) == 1
    assert len({frozenset(answer.headers) for answer in answers}) == 1
    assert counted(own, "http_answers_remembered_total") >= before + POLLS / 2


def test_a_poll_of_what_has_not_changed_gets_304_from_memory(own):
    tag = own.get(LIST).headers["ETag"]
    before = counted(own, "http_answers_remembered_total")

    answers = polls(own, **{"If-None-Match": tag})

    assert {(answer.status_code, answer.content) for answer in answers} == {(304, b"")}
    assert counted(own, "http_answers_remembered_total") >= before + POLLS / 2


def test_each_poll_has_its_id_its_line_and_its_count(own, stack):
    series = (
        'http_requests_total{method="GET",route="predict/predictions/",status="200"}',
        'prediction_requests_total{source="list"}',
        'prediction_duration_seconds_count{source="list"}',
    )
    polls(own, n=1)
    before = [counted(own, one) for one in series]

    answers = polls(own)

    ids = {answer.headers["X-Request-ID"] for answer in answers}
    assert len(ids) == POLLS
    assert [counted(own, one) for one in series] == [value + POLLS for value in before]
    lines = eventually(lambda: stack.web.lines("GET /predict/predictions/ 200"))
    assert ids <= {request_id for line in lines for request_id in re.findall(r"[0-9a-f]{32}", line)}


def test_an_id_of_the_clients_own_comes_back(own):
    ids = [f"poll-{number}" for number in range(5)]

    answers = [own.get(LIST, headers={"X-Request-ID": each}) for each in ids]

    assert [answer.headers["X-Request-ID"] for answer in answers] == ids


def test_each_poll_counts_against_the_limit(in_stack):
    with Api(in_stack.url, stack_world.limited_key("slow poller", 6)) as api:
        answers = polls(api, n=9)

    assert [answer.status_code for answer in answers] == 6 * [200] + 3 * [429]
    left = [answer.headers["RateLimit-Remaining"] for answer in answers]
    assert left == ["5", "4", "3", "2", "1", "0", "0", "0", "0"]


def test_a_revoked_key_is_refused_in_time(own):
    polls(own)

    row_of(own).update(revoked_at=timezone.now())

    assert in_time(lambda: own.get(LIST).status_code == 401)


def test_a_key_that_may_no_longer_read_is_refused_in_time(own):
    polls(own)

    row_of(own).update(scopes=["live"])

    assert in_time(lambda: own.get(LIST).status_code == 403)


def test_another_key_is_not_taken_for_this_one(own):
    polls(own)

    answer = own.get(LIST, headers={"X-API-Key": own.headers["X-API-Key"][:-1] + "."})

    assert answer.status_code == 401


def answered(link, n_bytes=65536):
    """The head and body that come next."""
    text = b""
    while b"\r\n\r\n" not in text:
        text += received(link, n_bytes)
    head, _, body = text.partition(b"\r\n\r\n")
    length = int(re.search(rb"Content-Length: (\d+)", head)[1])
    while len(body) < length:
        body += received(link, n_bytes)
    return head, body


def received(link, n_bytes):
    part = link.recv(n_bytes)
    assert part, "the server hung up"
    return part


def request_for(path, api, *lines):
    key = f"X-API-Key: {api.headers['X-API-Key']}"
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", key, *lines, "", ""]).encode()


def test_a_request_with_a_body_is_read_to_its_end(stack, own):
    with_body = request_for(LIST, own, "Content-Length: 4") + b"body"
    with socket.create_connection(("127.0.0.1", stack.port), timeout=10) as link:
        for request in [*6 * [with_body], request_for(LIST, own)]:
            link.sendall(request)
            assert answered(link)[0].startswith(b"HTTP/1.1 200 OK")


def test_a_client_that_reads_slowly_gets_all_of_it(own, stack):
    path = "/predict/predictions/"
    whole = own.get(path).content
    with socket.socket() as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        link.settimeout(10)
        link.connect(("127.0.0.1", stack.port))
        for _ in range(5):
            link.sendall(request_for(path, own, "Accept-Encoding: gzip"))
            head, body = answered(link, n_bytes=1000)
            assert head.startswith(b"HTTP/1.1 200 OK")
            assert gzip.decompress(body) == whole


def test_a_client_that_goes_away_harms_nobody(stack, own):
    polls(own)
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", stack.port), timeout=10) as link:
            link.sendall(4 * request_for(LIST, own))

    assert {answer.status_code for answer in polls(own)} == {200}
