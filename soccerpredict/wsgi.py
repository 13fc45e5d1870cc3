"""The WSGI callable that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from soccerpredict import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soccerpredict.settings")
embedded.attach()
application = get_wsgi_application()
