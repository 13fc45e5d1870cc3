"""Routes of `make serve`: the platform's own and the debug toolbar's."""

from debug_toolbar.toolbar import debug_toolbar_urls

from soccerpredict.urls import *  # noqa: F403
from soccerpredict.urls import urlpatterns

urlpatterns = [*debug_toolbar_urls(), *urlpatterns]
