"""The monitoring routes, whole paths as the contract spells them."""

from monitoring.api.celery_state import QueuesView, TaskStatusView, WorkersView
from monitoring.api.health import HealthView, LivenessView, ReadinessView
from monitoring.api.metrics import MetricsView
from monitoring.api.reports import DriftView, QualityView
from soccerpredict.http.routing import route

urlpatterns = [
    route("healthcheck/", HealthView.as_view(), name="healthcheck"),
    route("livez", LivenessView.as_view(), name="livez"),
    route("readyz", ReadinessView.as_view(), name="readyz"),
    route("metrics", MetricsView.as_view(), name="metrics"),
    route("monitoring/drift", DriftView.as_view(), name="drift"),
    route("monitoring/quality", QualityView.as_view(), name="quality"),
    route("monitoring/task_status/<str:task_id>", TaskStatusView.as_view(), name="task_status"),
    route("monitoring/celery/queues", QueuesView.as_view(), name="celery_queues"),
    route("monitoring/celery/workers", WorkersView.as_view(), name="celery_workers"),
]
