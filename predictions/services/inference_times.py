"""How long workers take to predict, counted in Redis.

Workers run on any number of machines and their processes are replaced now and then; a counter in
Redis neither misses one of them nor goes back.
"""

import logging
import time
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from redis.exceptions import RedisError

from predictions.services import heartbeats

logger = logging.getLogger(__name__)

KEY = "soccerpredict:inference_times"
SUM = "sum"
SECONDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
LABELS = [*(str(bound) for bound in SECONDS), "+Inf"]

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Times:
    """Number of predictions by upper bound in seconds, each bound including those below."""

    cumulated: list[tuple[str, float]]
    total_seconds: float


def timed(predict: Callable[P, R]) -> Callable[P, R]:
    """Times each prediction that succeeds."""

    @wraps(predict)
    def predict_in_time(*args: P.args, **kwargs: P.kwargs) -> R:
        started = time.perf_counter()
        answer = predict(*args, **kwargs)
        observe(time.perf_counter() - started)
        return answer

    return predict_in_time


def observe(seconds: float) -> None:
    try:
        with heartbeats.client().pipeline(transaction=False) as pipeline:
            pipeline.hincrby(KEY, LABELS[bisect_left(SECONDS, seconds)], 1)
            pipeline.hincrbyfloat(KEY, SUM, seconds)
            pipeline.execute()
    except RedisError as exc:
        logger.warning("A prediction was not counted: %s", type(exc).__name__)


def read() -> Times:
    stored: dict[bytes, bytes] = heartbeats.client().hgetall(KEY)  # type: ignore[assignment]
    cumulated, below = [], 0
    for label in LABELS:
        below += int(stored.get(label.encode(), 0))
        cumulated.append((label, float(below)))
    return Times(cumulated, float(stored.get(SUM.encode(), 0)))
