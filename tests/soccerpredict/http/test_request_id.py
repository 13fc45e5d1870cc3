import logging
import re
import time
from types import SimpleNamespace
from typing import Any

import pytest

from soccerpredict.http import request_id
from soccerpredict.observability import log_context


@pytest.mark.parametrize("given", ["a", "A.b_c-9", "x" * 128])
def test_it_keeps_the_callers_id(client, given):
    response = client.get("/predict/5", headers={"X-Request-ID": given})

    assert response["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a\nb", "a;b", "ä", "<script>", "a,b"])
def test_it_replaces_an_id_that_is_not_well_formed(client, given):
    response = client.get("/predict/5", headers={"X-Request-ID": given})

    assert re.fullmatch("[0-9a-f]{32}", response["X-Request-ID"])


def test_an_api_key_is_no_id_to_repeat(client):
    response = client.get("/predict/5", headers={"X-Request-ID": f"sp_0123abcd_{'x' * 43}"})

    assert "sp_" not in response["X-Request-ID"]


@pytest.mark.parametrize("path", ["/predict/5", "/predict/abc", "/nowhere", "/crash/", "/"])
def test_every_answer_carries_an_id(client, path):
    assert client.get(path)["X-Request-ID"]


def test_two_requests_have_two_ids(client):
    first, second = client.get("/predict/5"), client.get("/predict/5")

    assert first["X-Request-ID"] != second["X-Request-ID"]


@pytest.fixture
def log(caplog):
    caplog.handler.addFilter(log_context.ContextFilter())
    caplog.set_level(logging.INFO)
    return caplog


def test_every_log_line_of_a_request_carries_its_id(client, log):
    client.get("/predict/log", headers={"X-Request-ID": "abc"})

    ours = [record for record in log.records if record.name in ("toy", "soccerpredict.requests")]
    assert [record.facts["request_id"] for record in ours] == ["abc", "abc"]


def test_djangos_own_lines_carry_the_id_too(client, log):
    client.get("/crash/", headers={"X-Request-ID": "abc"})

    assert {record.facts["request_id"] for record in log.records} == {"abc"}


def test_the_access_log_names_route_status_and_key_but_not_the_path(client, log):
    client.get("/predict/4711?secret=1")

    (line,) = [record.getMessage() for record in log.records]
    assert re.fullmatch(r"GET /predict/<str:match_id> 200 \d+\.\d ms key=-", line)


def test_the_access_log_has_no_line_breaks_of_the_client(client, log):
    client.get("/nowhere%0AGET%20/admin")

    assert (
        next(r for r in log.records if r.name == "soccerpredict.requests")
        .getMessage()
        .startswith("GET /(no route) 404")
    )


def test_the_id_travels_with_a_task():
    log_context.begin(request_id="abc")
    headers: dict[str, Any] = {}

    request_id.send_with_task(headers=headers)

    assert headers["request_id"] == "abc"
    assert headers["sent_at"] <= time.time()


def test_a_worker_takes_up_the_id_of_a_task():
    task = SimpleNamespace(request=SimpleNamespace(request_id="abc"))

    request_id.restore_from_task(task=task, task_id="t-1")

    assert log_context.facts() == {"request_id": "abc", "task_id": "t-1"}


def test_a_task_without_an_id_has_none():
    request_id.restore_from_task(task=object())

    assert request_id.current() == "-"
