"""What a task makes, said at the task: `@shared_task(base=Job, makes=(Output(BatchRun, …),))`.

Celery keeps the option on the registered task, where the back office finds it. Every task says
it; `makes=NOTHING` is for one that changes what is there, or makes files.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from django.db.models import Model


class Output(NamedTuple):
    """Rows of a model, and how those of one run are told from all others.

    `moment` is the field that says when a row was made; `bears` names fields that hold an argument
    of the task, and which: `{"stage": "stage"}`.
    """

    model: type[Model]
    moment: str = ""
    bears: Mapping[str, str] = MappingProxyType({})


NOTHING: tuple[Output, ...] = ()
