"""What is counted of predictions in web processes; workers count in `workers.inference_times`."""

import time
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Literal, TypeVar

from prometheus_client import Counter, Histogram

from predictions.outcomes import LABELS
from soccerpredict.observability import log_context

ViewT = TypeVar("ViewT", bound=Callable[..., Any])
Source = Literal["list", "precomputed", "cards", "live", "fixture", "async"]

SECONDS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
SHARES = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9)
requests = Counter(
    "prediction_requests_total", "Requests for predictions, by where they come from.", ["source"]
)
duration = Histogram(
    "prediction_duration_seconds",
    "From a view's first line to its last.",
    ["source"],
    buckets=SECONDS,
)
confidence = Histogram(
    "prediction_confidence",
    "Probability of the likeliest outcome in live predictions.",
    ["outcome"],
    buckets=SHARES,
)
_confidence = [confidence.labels(label) for label in LABELS]


def counted(source: Source) -> Callable[[ViewT], ViewT]:
    """Counts a view's calls and times them; those that fail too."""
    count = counting(source)

    def decorate(view: ViewT) -> ViewT:
        @wraps(view)
        def counted_view(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                return view(*args, **kwargs)
            finally:
                count(time.perf_counter() - started)

        return counted_view  # type: ignore[return-value]

    return decorate


@lru_cache(maxsize=16)
def counting(source: Source) -> Callable[[float], None]:
    """Counts one call that took so many seconds."""
    calls, seconds = requests.labels(source), duration.labels(source)

    def count(taken: float) -> None:
        calls.inc()
        seconds.observe(taken)

    return count


def observe_confidence(*answers: dict[str, Any]) -> None:
    """Of what a worker answered; the log, too, hears which model it was."""
    for answer in answers:
        log_context.note(model_run_id=answer["model_run_id"])
        outcome: int = answer["predicted_class"]
        _confidence[outcome].observe(answer["probabilities"][LABELS[outcome]])
