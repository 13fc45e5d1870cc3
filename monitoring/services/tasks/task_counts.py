"""How many tasks workers have done, in what state and how long."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, Metric

from predictions.workers import counters

KEY = "soccerpredict:task_counts"
SEP = " "
RUN, WAIT, FAILED = "run", "wait", "FAILURE"


def observe(task: str, state: str, *, seconds: float, waited: float) -> None:
    """Count one run of a task; `waited` is the time from its sending to its start, in seconds."""
    fields = {state: 1, RUN: seconds, WAIT: waited}
    counters.pending.add(KEY, {SEP.join((task, what)): n for what, n in fields.items()})


def metrics() -> list[Metric]:
    runs = CounterMetricFamily("task_runs", "Runs of tasks in workers.", labels=["task", "state"])
    run = CounterMetricFamily("task_run_seconds", "Time that tasks ran.", labels=["task"])
    wait = CounterMetricFamily(
        "task_wait_seconds", "Time from tasks' sending to their start.", labels=["task"]
    )
    stored = sorted(_stored())
    for task in {task for task, *_ in stored} - {
        task for task, what, _ in stored if what == FAILED
    }:
        runs.add_metric([task, FAILED], 0)  # Prometheus sees no rise in what was not there before
    for task, what, value in stored:
        if what == RUN:
            run.add_metric([task], value)
        elif what == WAIT:
            wait.add_metric([task], value)
        else:
            runs.add_metric([task, what], value)
    return [runs, run, wait]


def _stored() -> Iterator[tuple[str, str, float]]:
    for name, value in counters.stored(KEY).items():
        task, what = name.split(SEP)
        yield task, what, value
