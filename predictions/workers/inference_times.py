"""How long workers take to predict."""

import time
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from itertools import accumulate
from typing import ParamSpec, TypeVar

from predictions.workers import counters

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
    counters.pending.add(KEY, {LABELS[bisect_left(SECONDS, seconds)]: 1, SUM: seconds})


def read() -> Times:
    """Raises RedisError."""
    stored = counters.stored(KEY)
    below = accumulate(stored.get(label, 0.0) for label in LABELS)
    return Times(list(zip(LABELS, below, strict=True)), stored.get(SUM, 0.0))
