"""Settings: the only module that reads the environment (through `env`).

The servers' addresses and the secrets have no default. On a machine without servers
`soccerpredict.embedded.attach()` starts some and fills them in before Django loads.
"""

import logging
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from soccerpredict import threads
from soccerpredict.back_office.theme import UNFOLD  # noqa: F401 - read by django-unfold
from soccerpredict.env import env, env_bool, env_int, env_list, web_threads, web_workers
from soccerpredict.observability import logs
from soccerpredict.timetable import TIMETABLE  # noqa: F401 - read by jobs.timetable

VERSION = "0.1.0"
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env("SOCCERPREDICT_VAR", str(BASE_DIR / "var")))

# --- Web -----------------------------------------------------------------------------------------

DEBUG = env_bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")
ROOT_URLCONF = "soccerpredict.urls"
WSGI_APPLICATION = "soccerpredict.wsgi.application"
APPEND_SLASH = False  # every route answers with and without its slash, without a redirect

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_celery_results",
    "django_celery_beat",
    "django_prometheus",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "soccerpredict",
    "soccerpredict.access",
    "soccerpredict.jobs",
    "livescores",
    "predictions",
    "monitoring",
]

MIDDLEWARE = [
    "soccerpredict.http.request_id.RequestIdMiddleware",
    "soccerpredict.http.protocol.ProtocolMiddleware",
    "soccerpredict.http.security.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "soccerpredict.http.stale_answers.StaleAnswersMiddleware",
    "soccerpredict.http.pages.middleware.PageStaticFiles",
    "soccerpredict.http.pages.middleware.PageSessions",
    "soccerpredict.http.pages.middleware.NoNul",
    "soccerpredict.http.pages.middleware.OperatorLimitsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "soccerpredict.http.pages.middleware.PageUsers",
    "soccerpredict.access.known_browsers.KnownBrowsers",
    "soccerpredict.http.pages.middleware.PageMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "livescores.pages.frame",
            ],
        },
    },
]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "templates" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

CSRF_FAILURE_VIEW = "soccerpredict.http.problems.csrf_failure"
LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "soccerpredict.formats"
TIME_ZONE = "UTC"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# HTTPS is what a deployment sets behind its proxy; `make run` serves plain loopback HTTP.
HTTPS = env_bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez/?$", r"^readyz/?$", r"^healthcheck/?$", r"^metrics/?$"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# Of our own, one behind the other: each adds to X-Forwarded-For whom it was asked by.
PROXIES = env_int("PROXIES", default=1 if HTTPS else 0)
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Servers -------------------------------------------------------------------------------------


def postgres(url: str) -> dict[str, Any]:
    """Django's connection settings for a `postgresql://user:password@host:port/name` URL.

    What follows a `?` goes to the driver: `?sslmode=require`.
    """
    wrong = ImproperlyConfigured("DATABASE_URL: write postgresql://user:password@host:port/name.")
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError:  # its text would show a part of the password
        raise wrong from None
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise wrong
    return {
        "ENGINE": "soccerpredict.database",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "OPTIONS": {"connect_timeout": 2, "prepare_threshold": 5, **dict(parse_qsl(parts.query))},
    }


def beside(url: str, suffix: str) -> str:
    """SQLAlchemy's URL of a database on the same server, named after ours."""
    parts = urlsplit(url)
    return parts._replace(
        scheme="postgresql+psycopg", path=parts.path.rstrip("/") + suffix
    ).geturl()


DATABASE_URL = env("DATABASE_URL")
DATABASES = {"default": postgres(DATABASE_URL)}
# In web processes. Whole lists of a quarter of a million matches and what operators do take longer.
WEB_STATEMENT_SECONDS = env_int("WEB_STATEMENT_SECONDS", default=2)
WEB_LOCK_SECONDS = 1
WEB_LIST_SECONDS = 60
OPERATOR_SECONDS = 300
# With the database away, what a process holds is served for so long, to keys that were good.
STALE_SECONDS = env_int("STALE_SECONDS", default=900)

REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "soccerpredict",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

# --- REST ----------------------------------------------------------------------------------------

API_KEY_PEPPER = env("API_KEY_PEPPER")
API_DEFAULT_LIMIT_PER_MINUTE = env_int("API_DEFAULT_LIMIT_PER_MINUTE", default=600)
WEB_WORKERS = web_workers()
MAX_BODY_BYTES = 64 * 1024
# Open by the contract; a deployment may close /metrics and /monitoring/* to API keys.
MONITORING_NEEDS_KEY = env_bool("MONITORING_NEEDS_KEY", default=False)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["soccerpredict.access.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["soccerpredict.access.permissions.CanRead"],
    "DEFAULT_THROTTLE_CLASSES": ["soccerpredict.access.throttling.KeyThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["soccerpredict.http.output.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["soccerpredict.http.input.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "soccerpredict.http.problems.exception_handler",
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "soccerpredict.http.output.negotiation.StrictNegotiation",
    "DEFAULT_METADATA_CLASS": "soccerpredict.http.routing.AllowedMethods",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "SoccerPredict",
    "VERSION": VERSION,
    "DESCRIPTION": (
        "Home, draw and away probabilities of football matches, beside the bookmakers' odds and "
        "with their track record. Every `/predict` route needs the header `X-API-Key`. Errors are "
        "RFC 9457 problem documents that carry the request's id. While the database is away, what "
        "was read lately is answered again, with `X-Stale: true` and its `Age` in seconds."
    ),
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": True},
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "soccerpredict.http.openapi.require_bodies",
    ],
    "TAGS": [
        {"name": "predictions", "description": "Published predictions, cards, odds and ROI."},
        {"name": "live", "description": "Live predictions through the worker queue."},
        {"name": "livescores", "description": "Matches and scores."},
        {"name": "monitoring", "description": "Health, drift, quality and workers."},
    ],
}

# --- Celery --------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
# The caller is answered by Redis pub/sub; the same result then goes to the admin's TaskResult.
CELERY_RESULT_BACKEND = f"monitoring.results:RedisAndDatabaseBackend+{REDIS_URL}"
CELERY_RESULT_EXPIRES = 600
CELERY_RESULT_EXTENDED = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TRACK_STARTED = True
CELERY_WORKER_CONCURRENCY = threads.usable_cores()  # by default all of the machine
CELERY_WORKER_POOL = "soccerpredict.worker_pool:TaskPool"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_500_000  # KiB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 1
# No socket timeout by default means that a frozen broker hangs its caller for 45 s.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "health_check_interval": 10,
    "visibility_timeout": env_int("CELERY_VISIBILITY_SECONDS", default=35),
    "unacked_restore_limit": 100,
    # Tasks of a machine that was lost come back at the next sweep, by default within 100 s.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A sweep that a frozen broker cut off leaves its lock behind, by default for five minutes.
    "unacked_mutex_expire": 10,
}
# By default a web thread would try for a minute to hear of results from a frozen broker.
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"retry_policy": {"timeout": 3.0}}
CELERY_REDIS_SOCKET_TIMEOUT = 2
CELERY_REDIS_SOCKET_CONNECT_TIMEOUT = 1
CELERY_REDIS_BACKEND_HEALTH_CHECK_INTERVAL = 10
CELERY_TASK_DEFAULT_QUEUE = "batch"
CELERY_TASK_ROUTES = {
    "predictions.tasks.predict_job": {"queue": "jobs", "priority": 3},  # 0, the first: live ones
    "predictions.tasks.predict_*": {"queue": "ml"},
    "predictions.tasks.decide_*": {"queue": "ml"},
    "predictions.tasks.run_*": {"queue": "batch"},
    "monitoring.tasks.run_*": {"queue": "batch"},
    "predictions.tasks.fetch_*": {"queue": "io"},
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
LIVE_WAIT_SECONDS = 30
LIVE_SOFT_LIMIT_SECONDS = 25
LIVE_HARD_LIMIT_SECONDS = 28
# Jobs of `/predict/async` that wait or run: of one key, and of all.
JOBS_WAITING_PER_KEY = env_int("JOBS_WAITING_PER_KEY", default=1_000)
JOBS_WAITING = env_int("JOBS_WAITING", default=10_000)
# At most half of the web threads may wait for a worker, so that reads and probes never queue.
LIVE_WAITING_THREADS = web_threads() // 2

# --- Sources -------------------------------------------------------------------------------------

# Where each provider is asked, and with which token: what a source module knows beyond this is its
# own. Without an address or token that it needs, a source says so. Where the first address fails,
# the second is asked.
GITHUB = "https://raw.githubusercontent.com"
SOURCES = {
    "football-data": {
        "url": env("FOOTBALL_DATA_URL", "https://www.football-data.co.uk"),
        "second_url": env("FOOTBALL_DATA_SECOND_URL", ""),
    },
    "openfootball": {
        "url": env("OPENFOOTBALL_URL", GITHUB + "/openfootball/football.json/master"),
        "second_url": env("OPENFOOTBALL_SECOND_URL", ""),
    },
    "whoscored": {
        "url": env("WHOSCORED_URL", ""),
        "second_url": env("WHOSCORED_SECOND_URL", ""),
    },
    "football-data-org": {
        "url": env("FOOTBALL_DATA_ORG_URL", "https://api.football-data.org"),
        "second_url": env("FOOTBALL_DATA_ORG_SECOND_URL", ""),
        "token": env("FOOTBALL_DATA_ORG_TOKEN", ""),
    },
    "api-football": {
        "url": env("API_FOOTBALL_URL", "https://v3.football.api-sports.io"),
        "second_url": env("API_FOOTBALL_SECOND_URL", ""),
        "token": env("API_FOOTBALL_TOKEN", ""),
    },
    "openligadb": {
        "url": env("OPENLIGADB_URL", "https://api.openligadb.de"),
        "second_url": env("OPENLIGADB_SECOND_URL", ""),
    },
    "the-odds-api": {
        "url": env("THE_ODDS_API_URL", "https://api.the-odds-api.com"),
        "second_url": env("THE_ODDS_API_SECOND_URL", ""),
        "token": env("THE_ODDS_API_TOKEN", ""),
    },
    "fonbet": {
        "url": env("FONBET_URL", ""),
        "second_url": env("FONBET_SECOND_URL", ""),
    },
}
# Sources that are fetched on schedule; the jobs of the others start switched off.
FETCH_SOURCES = env_list("FETCH_SOURCES")
if _unknown := set(FETCH_SOURCES) - SOURCES.keys():
    raise ImproperlyConfigured(
        f"FETCH_SOURCES: unknown {', '.join(sorted(_unknown))}; choose of {', '.join(SOURCES)}."
    )
# One page with all its tries, and all pages of one run together.
FETCH_PAGE_SECONDS = env_int("FETCH_PAGE_SECONDS", default=30)
FETCH_SECONDS = env_int("FETCH_SECONDS", default=240)
# Between two pages of the past, of which there are many: nobody waits for them.
FETCH_PAUSE_MILLISECONDS = env_int("FETCH_PAUSE_MILLISECONDS", default=250)
# After its kick-off, until a fixture of which no source tells the end is called unknown.
FIXTURE_SILENT_DAYS = env_int("FIXTURE_SILENT_DAYS", default=3)

# --- Models and data -----------------------------------------------------------------------------

MLFLOW_TRACKING_URI = env("MLFLOW_TRACKING_URI", beside(DATABASE_URL, "_mlflow"))
MLFLOW_ARTIFACT_ROOT = env("MLFLOW_ARTIFACT_ROOT", str(VAR_DIR / "mlflow"))
MODEL_NAME = "soccerpredict-1x2"
MODEL_CACHE_DIR = VAR_DIR / "models"
FEATURES_DIR = VAR_DIR / "features"
REPORTS_DIR = VAR_DIR / "reports"
HOLDOUT_DAYS = 365
# Matches that break a rule of the data are left out; above this share of them the run stops.
DATA_GATE_MOST_BROKEN = 0.01
# By how much a candidate's mean log-loss may exceed the champion's, on matches new to both.
GATE_LOG_LOSS_MARGIN = 0.002
INSIGHT_SECONDS = 10  # of a batch run, for what moved its predictions
MODEL_POLL_SECONDS = 3
PUBLICATION_POLL_SECONDS = 1

# --- Logs ----------------------------------------------------------------------------------------

LOG_FORMAT = env("LOG_FORMAT", "json")
if LOG_FORMAT not in logs.FORMATS:
    raise ImproperlyConfigured(f"LOG_FORMAT={LOG_FORMAT!r}: write json, or console for people.")
LOGGING = logs.configuration(LOG_FORMAT, env("LOG_LEVEL", "INFO"))
logging.captureWarnings(True)
# Where traces go, as http://collector:4318/v1/traces; empty: there are none, and no cost.
TRACES_URL = env("TRACES_URL", "")

# --- Admin ---------------------------------------------------------------------------------------

LOGIN_REDIRECT_URL = "admin:index"
