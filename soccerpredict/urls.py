"""Every route of the project."""

from django.contrib import admin
from django.urls import path

from livescores import urls as livescores_pages
from livescores.api import urls as livescores_urls
from monitoring import urls as monitoring_pages
from monitoring.api import urls as monitoring_urls
from predictions import urls as predictions_pages
from predictions.api import urls as predictions_urls
from soccerpredict.documentation import RedocView, SchemaView, SwaggerView
from soccerpredict.http.routing import route

urlpatterns = [
    *predictions_urls.urlpatterns,
    *livescores_urls.urlpatterns,
    *monitoring_urls.urlpatterns,
    route("schema/", SchemaView.as_view(), name="schema"),
    route("docs", SwaggerView.as_view(url_name="schema"), name="docs"),
    route("redoc", RedocView.as_view(url_name="schema"), name="redoc"),
    *livescores_pages.urlpatterns,
    *predictions_pages.urlpatterns,
    *monitoring_pages.urlpatterns,
    path("admin/", admin.site.urls),
]
handler400 = "soccerpredict.http.problems.bad_request"
handler403 = "soccerpredict.http.problems.permission_denied"
handler404 = "soccerpredict.http.problems.page_not_found"
handler500 = "soccerpredict.http.problems.server_error"
