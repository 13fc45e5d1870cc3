"""What workers answer over Celery's remote control, beside its own commands."""

from typing import Any

from celery.worker.control import active, inspect_command, reserved, scheduled  # type: ignore[attr-defined]


@inspect_command()
def workload(state: Any, **_: Any) -> dict[str, int]:
    """Counts of active, scheduled and reserved tasks.

    In one answer, so that a frozen worker is waited for once, and without the tasks' arguments.
    """
    return {
        "active": len(active(state)),
        "scheduled": len(scheduled(state)),
        "reserved": len(reserved(state)),
    }
