"""Celery's prefork pool, which notices soon that a process has ended.

Celery looks once, when an ending process lets go of its end of a pipe. It may not quite have ended
by then, and is next looked after by a timer of five seconds: a task that was handed to it last
waits until then, and a process is replaced only then. With a process replaced every thousand
tasks that happens all the time.
"""

from collections.abc import Callable

from celery.concurrency import asynpool, prefork

LOOK_EVERY_SECONDS = 0.1  # asks the kernel for the state of each process, no more


class Pool(asynpool.AsynPool):
    @property
    def timers(self) -> dict[Callable[[], None], float]:
        return {self.maintain_pool: LOOK_EVERY_SECONDS}


class TaskPool(prefork.TaskPool):
    Pool = Pool
