import json
import logging
import subprocess
import sys
import threading

import pytest

from soccerpredict.observability import log_context, logs
from soccerpredict.observability.masking import holds_key, masked

KEY = f"sp_0123abcd_{'S3cr-t_' * 7}"[:55]


@pytest.fixture
def record():
    """A record as a handler of ours gets it."""

    def make(message, *args, **more):
        made = logging.getLogger("toy").makeRecord(
            "toy", logging.WARNING, __file__, 1, message, args, None, extra=more
        )
        log_context.ContextFilter().filter(made)
        return made

    log_context.begin()
    yield make
    log_context.begin()


def as_json(record):
    return json.loads(logs.JsonFormatter().format(record))


def test_a_line_is_a_json_object_with_what_is_known_of_the_request(record):
    log_context.begin(request_id="abc", task_id="t-1")
    log_context.note(model_run_id="r-1")

    line = as_json(record("%d of them", 3, duration_ms=1.5, route="/predict"))

    assert line.pop("time")
    assert line.pop("process")
    assert line == {
        "level": "WARNING",
        "logger": "toy",
        "message": "3 of them",
        "request_id": "abc",
        "task_id": "t-1",
        "model_run_id": "r-1",
        "duration_ms": 1.5,
        "route": "/predict",
    }


def test_a_line_tells_only_of_fields_that_it_knows(record):
    assert "password" not in as_json(record("hello", password="secret"))


def test_the_fault_of_a_thread_is_a_line_without_the_key(caplog):
    fault = ValueError(f"a key: {KEY}")

    logs.log_fault_of_thread(threading.ExceptHookArgs((type(fault), fault, None, None)))

    line = logs.JsonFormatter().format(caplog.records[0])
    assert "ValueError: a key: " in json.loads(line)["exception"]
    assert KEY not in line


def test_threads_of_the_platform_end_so():
    hook = "import threading, django; django.setup(); print(threading.excepthook.__name__)"
    told = subprocess.run(
        [sys.executable, "-c", hook], capture_output=True, text=True, check=True, timeout=60
    )

    assert told.stdout == "log_fault_of_thread\n"


def test_line_breaks_stay_inside_a_line(record):
    assert "\n" not in logs.JsonFormatter().format(record("a\nb"))


def test_what_is_no_unicode_is_escaped(record):
    assert as_json(record("a\udcffb"))["message"] == "a\\udcffb"


def test_an_exception_goes_along_without_its_keys(record):
    made = record("failed")
    made.exc_info = (ValueError, ValueError(KEY), None)

    text = logs.JsonFormatter().format(made)

    assert "ValueError: sp_0123abcd_***" in json.loads(text)["exception"]
    assert KEY not in text


def test_facts_of_one_request_do_not_reach_the_next(record):
    log_context.begin(request_id="first")
    log_context.note(model_run_id="r-1")
    log_context.begin(request_id="second")

    assert log_context.facts() == {"request_id": "second"}


def test_a_line_for_people_names_the_request(record):
    log_context.begin(request_id="abc")

    line = logs.ConsoleFormatter().format(record("with %s", KEY))

    assert line.endswith("WARNING toy [abc] with sp_0123abcd_***")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (KEY, "sp_0123abcd_***"),
        (f"/predict/{KEY}?a=1", "/predict/sp_0123abcd_***?a=1"),
        (KEY[:30], "sp_0123abcd_***"),
        (f"{KEY} and {KEY}", "sp_0123abcd_*** and sp_0123abcd_***"),
        ("sp_ort and sp_0123abcd", "sp_ort and sp_0123abcd"),
    ],
)
def test_a_key_is_masked_wherever_it_stands(text, shown):
    assert masked(text) == shown


def test_it_knows_a_key():
    assert holds_key(f"x{KEY}")
    assert not holds_key("a-request-id")
