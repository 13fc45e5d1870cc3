"""Reports, and Celery's results and timetable, in the admin."""

from monitoring.admin import reports, tasks, timetable

__all__ = ["reports", "tasks", "timetable"]
