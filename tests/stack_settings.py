"""Settings of the stack's web server and worker: the platform's own, with a shorter wait."""

from soccerpredict.env import env_int
from soccerpredict.settings import *  # noqa: F403

LIVE_WAIT_SECONDS = env_int("LIVE_WAIT_SECONDS", default=30)
# Static files straight from where they lie, without collecting them first.
WHITENOISE_USE_FINDERS = True
# Whoever signs in waits for no hash of a password.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# So that processes are replaced while tests run.
CELERY_WORKER_MAX_TASKS_PER_CHILD = 40
