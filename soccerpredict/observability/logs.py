"""Log lines: one JSON object each for machines, plain for people. Free of Django, for gunicorn."""

import logging
import threading
from datetime import UTC, datetime
from typing import Any

import orjson

from soccerpredict.observability.masking import masked

FORMATS = ("json", "console")
FIELDS = ("method", "route", "status", "duration_ms", "key_prefix", "task", "state", "alert")
PLAIN = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
NONE = "-"


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, the facts of the request or task, FIELDS, the exception."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        line |= {name: value for name in FIELDS if (value := getattr(record, name, None))}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return masked(encoded(line))


class ConsoleFormatter(logging.Formatter):
    """A line that a person reads, and the traceback below it."""

    def __init__(self) -> None:
        super().__init__(PLAIN)

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = getattr(record, "facts", {}).get("request_id", NONE)
        return masked(super().format(record))


def encoded(line: dict[str, Any]) -> str:
    """As JSON; what is no Unicode (clients send such bytes) is written as escapes."""
    try:
        return orjson.dumps(line, default=str).decode()
    except TypeError:
        return orjson.dumps({name: _escaped(value) for name, value in line.items()}).decode()


def _escaped(value: Any) -> str:
    return str(value).encode("utf-8", "backslashreplace").decode()


def log_fault_of_thread(fault: threading.ExceptHookArgs) -> None:
    """In place of Python's own hook, which writes the traceback as it is, keys and all."""
    if fault.exc_value is not None:
        logging.getLogger(__name__).error(
            "The thread %s ended.", fault.thread and fault.thread.name, exc_info=fault.exc_value
        )


def configuration(format: str, level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`: everything to stderr, in one form."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"context": {"()": "soccerpredict.observability.log_context.ContextFilter"}},
        "formatters": {
            "json": {"()": "soccerpredict.observability.logs.JsonFormatter"},
            "console": {"()": "soccerpredict.observability.logs.ConsoleFormatter"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": format,
                "filters": ["context"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": QUIETER,
    }


QUIETER: dict[str, Any] = {
    # Django's own handlers write in another form.
    "django": {"handlers": [], "level": "INFO", "propagate": True},
    # Refused requests are in the access log, by route; these lines would show the path.
    "django.request": {"level": "ERROR"},
    "django.security": {"level": "ERROR"},
    "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    # A task's line is ours, with its state and duration; its result stays out of the log.
    "celery.app.trace": {"level": "WARNING"},
    "celery.worker.strategy": {"level": "WARNING"},
    # Of children that were killed; it hands nothing up, so it writes by itself.
    "multiprocessing": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    "mlflow": {"level": "WARNING"},
    "alembic": {"level": "WARNING"},
}
