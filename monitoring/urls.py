"""The page of the track record; the REST routes are in `api.urls`."""

from monitoring import views
from soccerpredict.http.routing import route

urlpatterns = [route("record", views.record_page, name="record")]
