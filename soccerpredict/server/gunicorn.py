"""How gunicorn serves.

`gunicorn -c soccerpredict/server/gunicorn.py soccerpredict.wsgi:application`
"""

from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from soccerpredict import threads as computing
from soccerpredict.env import env, web_threads, web_workers
from soccerpredict.observability import logs, metrics_folder

bind = env("BIND", "127.0.0.1:8000")
workers = web_workers()
computing.settle(computing.share(workers))
worker_class = "soccerpredict.server.worker.Worker"
threads = web_threads()
reuse_port = True  # without it one worker may get all the keep-alive clients
timeout = 60
graceful_timeout = 35  # a live prediction may be waited for until then
keepalive = 15
worker_connections = 4_096  # beyond, idle ones make room
max_requests = 200_000
max_requests_jitter = 20_000  # or all workers would be gone at once
forwarder_headers = ""  # no proxy of ours says under which path we are, so nobody else may
limit_request_line = 6_000
limit_request_field_size = 8_190
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeats in memory
control_socket_disable = True
# Its lines about malformed requests show what came: they go through the same mask as ours.
logconfig_dict = logs.configuration(env("LOG_FORMAT", "json"), env("LOG_LEVEL", "INFO"))
logconfig_dict["loggers"]["gunicorn.error"] = {"handlers": [], "level": "INFO", "propagate": True}


class WithoutAccess(Logger):  # type: ignore[misc]
    """`http.request_id` tells of requests, by route: gunicorn would show the whole path."""

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        return


logger_class = WithoutAccess


def on_starting(server: Any) -> None:
    metrics_folder.empty()


def worker_exit(server: Any, worker: Any) -> None:
    from soccerpredict.access import usage  # known to Django's processes, not to their parent

    usage.flush_counts()


def child_exit(server: Any, worker: Any) -> None:
    metrics_folder.absorb(worker.pid)
