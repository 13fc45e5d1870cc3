"""The pages of scores; the REST route is in `api.urls`."""

from livescores import views
from soccerpredict.http.routing import route

urlpatterns = [
    route("scores", views.scores_page, name="scores"),
    route("scores/board", views.scores_board, name="scores board"),
]
