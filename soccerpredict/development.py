"""Settings of `make serve`: the platform's own, with a debug toolbar on every page.

For a developer's own machine only: the toolbar shows settings and queries.
"""

from soccerpredict.settings import *  # noqa: F403
from soccerpredict.settings import INSTALLED_APPS, MIDDLEWARE

DEBUG = True
ROOT_URLCONF = "soccerpredict.development_urls"
INSTALLED_APPS = [*INSTALLED_APPS, "debug_toolbar"]
MIDDLEWARE = [
    "soccerpredict.development_middleware.WholePagesMiddleware",
    "debug_toolbar.middleware.DebugToolbarMiddleware",
    *MIDDLEWARE,
]
# A handle at the edge: open, it covers a fifth of the page that one came for.
DEBUG_TOOLBAR_CONFIG = {"SHOW_COLLAPSED": True}
INTERNAL_IPS = ["127.0.0.1", "::1"]  # who gets to see the toolbar
