"""A key sent through every way to fail leaves no trace of its secret anywhere."""

import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
import redis
from django.db import connection

from tests import stack_world
from tests.running.conftest import Api
from tests.stack import eventually

pytestmark = pytest.mark.stack


@pytest.fixture
def canary(in_stack):
    return stack_world.issue_key("canary")


@pytest.fixture
def secret(canary):
    """The part that nobody else may know; the prefix is public."""
    return canary.split("_", 2)[2]


@pytest.fixture
def bird(stack, canary):
    """A client that shows the canary's key in every request."""
    with closing(Api(stack.url, canary)) as api:
        yield api


def no_trace(stack, secret):
    """Of the secret, in logs, the broker, the database, metrics."""
    assert secret not in stack.web.log.read_text(errors="replace")
    assert secret not in stack.worker.log.read_text(errors="replace")
    assert not [table for table in tables() if holds(table, secret)]
    assert secret.encode() not in broker_content(stack)
    assert secret not in Api(stack.url, "").get("/metrics").text


def tables():
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def holds(table, secret):
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT count(*) FROM "{table}" row WHERE row::text LIKE %s', [f"%{secret}%"]
        )
        return cursor.fetchone()[0]


def broker_content(stack):
    with closing(redis.Redis.from_url(stack.redis_url)) as client:
        return b"".join(client.dump(key) or b"" for key in client.scan_iter())


def spoken(response):
    return response.text + "".join(response.headers.values())


def raw(stack, *lines):
    with socket.create_connection(("127.0.0.1", stack.port), timeout=10) as link:
        link.sendall(
            "\r\n".join(["GET /livez HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()
        )
        return link.recv(65536).decode(errors="replace")


def test_a_refused_request_repeats_no_key(stack, bird, canary, secret, in_stack):
    other = canary[:-1] + ("a" if canary[-1] != "a" else "b")
    get, post = bird.get, bird.post
    answers = [
        get("/predict/predictions/?limit=1", headers={"X-API-Key": other}),
        get("/predict/1", headers={"X-API-Key": canary * 2}),
        get(f"/nowhere/{canary}"),
        get(f"/nowhere/{canary}", headers={"Accept": "text/html"}),
        get(f"/predict/{canary}"),
        get(f"/predict/precomputed/{canary}"),
        get(f"/monitoring/task_status/{canary}"),
        get(f"/predict/predictions/?api_key={canary}"),
        get(f"/predict/predictions/?{canary}=1"),
        get(f"/predict/predictions/?stage={canary}"),
        get(f"/predict/predictions/?team_id={canary}"),
        get("/predict/predictions/", headers={"Accept": canary}),
        post("/predict", json={canary: 1}),
        post("/predict", json={"home_team_id": canary, "away_team_id": 1}),
        post("/predict", json={"stage": canary}),
        post("/predict", data=canary, headers={"Content-Type": "application/json"}),
        post("/predict", data="{}", headers={"Content-Type": canary}),
        post("/predict/async", json={}, headers={"Idempotency-Key": canary}),
        post("/admin/login/", data={"username": canary, "password": canary}),
        get("/livez", headers={"Host": canary}),
        bird.request(canary.upper()[:20], "/livez"),
    ]

    assert {answer.status_code // 100 for answer in answers} == {4}
    assert not [answer.url for answer in answers if secret in spoken(answer)]
    no_trace(stack, secret)


def test_a_malformed_request_repeats_no_key(stack, canary, secret, in_stack):
    answers = [
        raw(stack, f"X-API-Key {canary}"),
        raw(stack, f"{canary}: 1", f"X-API-Key : {canary}"),
        raw(stack, f"X-API-Key: {canary}\x00"),
        raw(stack, f"Content-Length: {canary}"),
        raw(stack, f"Transfer-Encoding: {canary}"),
        raw(stack, f"X-Long: {canary}{'x' * 9000}"),
        raw(stack, f"X-API-Key: {canary}", f"X-Request-ID: {canary}"),
    ]

    assert [answer.split()[1] for answer in answers] == [
        *("400", "400", "400", "400", "501", "431", "200")
    ]
    assert all("problem+json" in answer for answer in answers[:-1])
    assert not [answer for answer in answers if secret in answer]
    no_trace(stack, secret)


def test_a_key_over_its_limit_or_without_the_scope_is_not_repeated(stack, in_stack):
    poor = stack_world.issue_key("poor", scopes=["read"])
    with closing(Api(stack.url, poor)) as api:
        refused = api.get("/predict/1")
    slow = stack_world.limited_key("slow", 1)
    with closing(Api(stack.url, slow)) as api:
        api.get("/predict/predictions/?limit=1")
        over = api.get(f"/predict/predictions/?limit=1&x={quote(slow)}")

    assert (refused.status_code, over.status_code) == (403, 429)
    for key, answer in ((poor, refused), (slow, over)):
        assert key.split("_", 2)[2] not in spoken(answer)
        no_trace(stack, key.split("_", 2)[2])


def test_a_server_that_fails_repeats_no_key(stack, bird, secret, coming, in_stack):
    report = Path(stack.folder, "reports", "quality", "latest.json")
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text("no report")
    live = f"/predict/{coming['match_id']}"

    broken = bird.get("/monitoring/quality")
    report.unlink()
    with stack.frozen_broker():
        away = bird.get(live)
    eventually(lambda: bird.get(live).status_code == 200)
    with stack.worker.frozen(), ThreadPoolExecutor(1) as threads:
        late = threads.submit(bird.get, live).result()
    stack.await_worker()

    answers = [broken, away, late]
    assert [answer.status_code for answer in answers] == [500, 503, 504]
    assert not [answer.url for answer in answers if secret in spoken(answer)]
    no_trace(stack, secret)


def test_the_log_tells_a_request_once_and_by_its_route(stack, bird):
    answer = bird.get("/predict/precomputed/987654321?nonsense=yes")

    request_id = answer.headers["X-Request-ID"]
    [line] = eventually(lambda: stack.web.lines(request_id))
    assert "/predict/precomputed/<str:match_id>" in line
    assert not stack.web.lines("987654321")
