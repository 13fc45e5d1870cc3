"""The project's settings on the test run's own servers, database number and folder.

Real Postgres and Redis: the embedded ones, or those that DATABASE_URL and REDIS_URL name.
"""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from soccerpredict import embedded

os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("API_KEY_PEPPER", "tests-only, for keys")
embedded.attach()
# A Redis database for each process: one that empties its own touches nobody's data.
REDIS_NUMBER = 15 - int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
os.environ["REDIS_URL"] = (
    urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{REDIS_NUMBER}").geturl()
)

from soccerpredict.settings import *  # noqa: E402, F403
from soccerpredict.settings import DATABASE_URL, LOGGING, beside  # noqa: E402

# Models and feature sets of the tests never mix with those of a running platform.
VAR_DIR = Path(tempfile.mkdtemp(prefix="soccerpredict-tests-"))
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir()
MLFLOW_ARTIFACT_ROOT = str(VAR_DIR / "mlflow")
MLFLOW_TRACKING_URI = beside(DATABASE_URL, "_test_mlflow")
MODEL_CACHE_DIR = VAR_DIR / "models"
FEATURES_DIR = VAR_DIR / "features"
REPORTS_DIR = VAR_DIR / "reports"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING["root"]["level"] = "WARNING"
