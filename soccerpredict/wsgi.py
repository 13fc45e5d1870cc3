"""The WSGI callable that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

from soccerpredict import embedded, threads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soccerpredict.settings")
threads.settle()
embedded.attach()
application = get_wsgi_application()
