"""The prediction routes, whole paths as the contract spells them."""

from typing import Any

from predictions.api.lists import (
    CardViewSet,
    OddsViewSet,
    PrecomputedViewSet,
    PredictionViewSet,
    RegionRoiViewSet,
)
from predictions.api.live import JobViewSet, LiveViewSet, ModelViewSet
from soccerpredict.http.routing import route

LIST: dict[str, Any] = {"get": "list"}
RETRIEVE: dict[str, Any] = {"get": "retrieve"}
CREATE: dict[str, Any] = {"post": "create"}

urlpatterns = [
    route("predict/predictions/", PredictionViewSet.as_view(LIST)),
    route("predict/precomputed/<str:match_id>", PrecomputedViewSet.as_view(RETRIEVE)),
    route("predict/cards/", CardViewSet.as_view(LIST)),
    route("predict/region-roi/", RegionRoiViewSet.as_view(LIST)),
    route("predict/odds/", OddsViewSet.as_view(LIST)),
    route("predict/model/info", ModelViewSet.as_view({"get": "info"})),
    route("predict/async/<str:job_id>", JobViewSet.as_view(RETRIEVE)),
    route("predict/async", JobViewSet.as_view(CREATE)),
    route("predict/<str:match_id>", LiveViewSet.as_view(RETRIEVE)),
    route("predict", LiveViewSet.as_view(CREATE)),
]
