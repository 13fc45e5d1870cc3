"""The project's settings on the test run's own servers, database number and folder.

Real Postgres and Redis: the embedded ones, or those that DATABASE_URL and REDIS_URL name.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from soccerpredict import embedded

RUN = "SOCCERPREDICT_TEST_RUN"  # the folder of a run, which its processes and children share


def run_folder() -> Path:
    """Made by the first process, which removes it at its end; forks leave it alone."""
    if RUN not in os.environ:
        owner, folder = os.getpid(), tempfile.mkdtemp(prefix="soccerpredict-tests-")
        atexit.register(lambda: os.getpid() == owner and shutil.rmtree(folder, ignore_errors=True))
        os.environ[RUN] = folder
    return Path(os.environ[RUN])


os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("API_KEY_PEPPER", "tests-only, for keys")
embedded.attach()
# A Redis database for each process: one that empties its own touches nobody's data.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
REDIS_NUMBER = 15 - int(WORKER.removeprefix("gw"))
os.environ["REDIS_URL"] = (
    urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{REDIS_NUMBER}").geturl()
)

from soccerpredict.settings import *  # noqa: E402, F403
from soccerpredict.settings import DATABASE_URL, LOGGING, beside  # noqa: E402

# Models and feature sets of the tests never mix with those of a running platform.
VAR_DIR = run_folder() / WORKER
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
MLFLOW_ARTIFACT_ROOT = str(VAR_DIR / "mlflow")
MLFLOW_TRACKING_URI = beside(DATABASE_URL, "_test_mlflow")
MODEL_CACHE_DIR = VAR_DIR / "models"
FEATURES_DIR = VAR_DIR / "features"
REPORTS_DIR = VAR_DIR / "reports"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING["root"]["level"] = "WARNING"

# What tests tell of happened years ago: their fixtures are overdue where a test is about that.
FIXTURE_SILENT_DAYS = 36_500
