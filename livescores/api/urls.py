"""The livescores route, as the contract spells it."""

from livescores.api.scores import ScoreViewSet
from soccerpredict.http.routing import route

urlpatterns = [route("livescores/", ScoreViewSet.as_view({"get": "list"}))]
