"""The pages of predictions; the REST routes are in `api.urls`."""

from predictions import views
from soccerpredict.http.routing import route

urlpatterns = [
    route("", views.front, name="front"),
    route("matches/<str:match_id>", views.match_page, name="match"),
    route("matches/<str:match_id>/insight", views.match_insight, name="match insight"),
    route("leagues/<str:league_id>", views.league_page, name="league"),
    route("teams/<str:team_id>", views.team_page, name="team"),
    route("explorer", views.explorer_page, name="explorer"),
    route("explorer/download", views.explorer_download, name="explorer download"),
    route("search", views.search_page, name="search"),
]
