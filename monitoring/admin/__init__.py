"""Reports, heartbeats, and Celery's results and timetable, in the admin."""

from monitoring.admin import heartbeats, reports, tasks, timetable

__all__ = ["heartbeats", "reports", "tasks", "timetable"]
