"""The limit of each key, counted in a real Redis."""

import socket
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client
from django.utils import timezone

from soccerpredict.access import cache, counter, leases


@pytest.fixture
def patient(monkeypatch):
    """On a busy machine a tenth of a second may be too short for sixty connections at once."""
    monkeypatch.setattr(counter, "WAIT_SECONDS", 10)
    counter._thread.__dict__.clear()


def remaining(response):
    return int(response["RateLimit-Remaining"])


def name_of(issued):
    return f"{counter.PREFIX}{issued.key.pk}"


@pytest.mark.usefixtures("patient", "api")
def test_sixty_calls_at_once_at_ten_a_minute_admit_exactly_ten(issue):
    issued = issue(rate_limit_per_minute=10)
    issued.key.last_used_at = timezone.now()
    issued.key.save()
    cache.credential_for(issued.text)  # so that the threads need no database
    together = threading.Barrier(60, timeout=20)

    def call(_):
        together.wait()
        response = Client().get("/predict/read", headers={"X-API-Key": issued.text})
        counter._hang_up()
        return response.status_code

    with ThreadPoolExecutor(60) as threads:
        statuses = Counter(threads.map(call, range(60)))

    assert statuses == {200: 10, 429: 50}


def test_headers_count_down(ask, issue):
    text = issue(rate_limit_per_minute=2).text

    answers = [ask(text) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [remaining(answer) for answer in answers] == [1, 0, 0]
    assert {answer["RateLimit-Limit"] for answer in answers} == {"2"}


def test_over_the_limit_it_says_when_to_come_back(ask, issue, redis_client):
    issued = issue(rate_limit_per_minute=1)
    ask(issued.text)
    redis_client.pexpire(name_of(issued), 29_900)

    response = ask(issued.text)

    assert response.status_code == 429
    assert (response["Retry-After"], response["RateLimit-Reset"]) == ("30", "30")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "too_many_requests"
    assert response.json()["detail"] == "At most 1 requests a minute with this key."


def test_a_window_is_a_minute_from_the_first_call(ask, issue, redis_client):
    issued = issue()

    first = ask(issued.text)
    redis_client.expire(name_of(issued), 20)
    second = ask(issued.text)

    assert (first["RateLimit-Reset"], second["RateLimit-Reset"]) == ("60", "20")


def test_after_the_window_the_count_starts_again(ask, issue, redis_client):
    issued = issue(rate_limit_per_minute=1)
    ask(issued.text)
    assert ask(issued.text).status_code == 429

    redis_client.pexpire(name_of(issued), 0)
    leases._meters[issued.key.pk].ends = 0.0

    assert ask(issued.text).status_code == 200


def test_each_key_has_a_count_of_its_own(ask, issue):
    first, second = (issue(rate_limit_per_minute=1).text for _ in range(2))
    ask(first)

    assert ask(first).status_code == 429
    assert ask(second).status_code == 200


def test_both_scopes_of_a_key_share_its_count(ask, issue):
    text = issue(rate_limit_per_minute=1).text

    assert ask(text, "/predict/read").status_code == 200
    assert ask(text, "/predict/live").status_code == 429


def test_who_has_no_key_is_not_counted(api, redis_client):
    api.get("/predict/read")

    assert redis_client.keys(f"{counter.PREFIX}*") == []


def test_while_redis_is_away_each_process_counts(ask, issue, settings, caplog):
    settings.REDIS_URL = f"redis://127.0.0.1:{closed_port()}/0"
    settings.WEB_WORKERS = 2
    text = issue(rate_limit_per_minute=6).text

    answers = [ask(text) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [remaining(answer) for answer in answers] == [5, 2, 0, 0]
    assert caplog.messages == ["Redis is away, each process counts by itself: ConnectionError"]


def test_a_frozen_redis_is_waited_for_once(issue, settings, ask):
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        settings.REDIS_URL = f"redis://127.0.0.1:{frozen.getsockname()[1]}/0"
        text = issue().text

        statuses = [ask(text).status_code for _ in range(3)]

        assert statuses == [200, 200, 200]
        assert connections_waiting(frozen) == 1


def test_no_answer_of_redis_is_waited_for_longer_than_a_moment(redis_client):
    connection = counter._connection()

    assert connection.socket_timeout == counter.WAIT_SECONDS
    assert connection.socket_connect_timeout == counter.WAIT_SECONDS


def test_it_counts_again_when_redis_is_back(ask, issue, settings, clock):
    ours = settings.REDIS_URL
    text = issue(rate_limit_per_minute=1).text
    settings.REDIS_URL = f"redis://127.0.0.1:{closed_port()}/0"
    assert ask(text).status_code == 200

    settings.REDIS_URL = ours
    clock.pass_seconds(counter.PAUSE_SECONDS)

    assert ask(text).status_code == 429, "what passed while Redis was away counts"


def test_a_connection_that_redis_has_closed_is_renewed(issue, redis_client):
    key_id = issue().key.pk
    leases.take(key_id, 10)
    connection = counter._connection()
    connection.send_command("CLIENT", "ID")
    redis_client.client_kill_filter(_id=connection.read_response())

    assert leases.take(key_id, 10)[0] == 2


def test_a_script_that_redis_has_forgotten_is_sent_again(issue, redis_client):
    key_id = issue().key.pk
    leases.take(key_id, 10)
    redis_client.script_flush()

    assert leases.take(key_id, 10)[0] == 2


def test_after_a_failure_one_in_a_pause_tries_again(clock):
    breaker = counter.Breaker()
    breaker.failed()
    assert not breaker.allows()

    clock.pass_seconds(counter.PAUSE_SECONDS)

    assert [breaker.allows() for _ in range(3)] == [True, False, False]


def test_after_a_success_all_are_let_through(clock):
    breaker = counter.Breaker()
    breaker.failed()
    breaker.succeeded()

    assert breaker.allows()


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def connections_waiting(server):
    server.setblocking(False)
    count = 0
    try:
        while True:
            server.accept()[0].close()
            count += 1
    except BlockingIOError:
        return count
