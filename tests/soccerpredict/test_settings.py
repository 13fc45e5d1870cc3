"""The settings as another environment would make them."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path
from traceback import format_exception

import pytest
from django.core.exceptions import ImproperlyConfigured

from soccerpredict.settings import beside, postgres

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = {
    "SECRET_KEY": "secret-for-sessions",
    "API_KEY_PEPPER": "secret-for-keys",
    "DATABASE_URL": "postgresql://me:secret@db.example:5433/soccer",
    "REDIS_URL": "redis://:secret@redis.example:6379/0",
}
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "soccerpredict.settings",
    "HTTPS": "True",
    "ALLOWED_HOSTS": "predict.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://predict.example.org",
    "SECRET_KEY": "kW9-q7Zr_T2uB5nX8mC1vL4pY6sD3fG0hJaEoQiRtUwMzNxKcV",
}
DOCUMENTED = re.compile(r"^([A-Z_]+)=", re.MULTILINE)
READ = re.compile(r'\benv(?:_bool|_int|_list)?\(\s*"([A-Z_]+)"')
READ_DIRECTLY = re.compile(r'\bos\.environ\.get\("([A-Z_]+)"')


@pytest.fixture
def settings_with(monkeypatch):
    """The settings' names under an environment of the required variables and these."""
    for name in DOCUMENTED.findall((ROOT / ".env.example").read_text()):
        monkeypatch.delenv(name, raising=False)

    def settings_with(**environment):
        for name, value in (REQUIRED | environment).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "soccerpredict" / "settings.py"))

    return settings_with


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_secret_or_address_is_named(settings_with, name):
    with pytest.raises(ImproperlyConfigured, match=f"Set {name}; see .env.example."):
        settings_with(**{name: ""})


@pytest.mark.parametrize("name", ["DEBUG", "HTTPS", "MONITORING_NEEDS_KEY"])
def test_a_misspelt_switch_stops_the_start(settings_with, name):
    with pytest.raises(ImproperlyConfigured, match=f"{name}='true': write True or False."):
        settings_with(**{name: "true"})


def test_a_misspelt_source_stops_the_start(settings_with):
    with pytest.raises(ImproperlyConfigured, match="FETCH_SOURCES: unknown footbal; choose of foo"):
        settings_with(FETCH_SOURCES="footbal,openfootball")


def test_what_nobody_asked_for_is_off(settings_with):
    settings = settings_with()

    assert not settings["DEBUG"]
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert not settings["SECURE_SSL_REDIRECT"]


def test_https_is_one_switch(settings_with):
    settings = settings_with(HTTPS="True")

    assert settings["SECURE_SSL_REDIRECT"]
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["CSRF_COOKIE_SECURE"]
    assert settings["SECURE_HSTS_SECONDS"] == 365 * 24 * 60 * 60


@pytest.mark.parametrize("path", ["livez", "readyz/", "healthcheck/", "metrics"])
def test_probes_are_not_redirected_to_https(settings_with, path):
    exempt = settings_with(HTTPS="True")["SECURE_REDIRECT_EXEMPT"]

    assert any(re.search(pattern, path) for pattern in exempt)


def test_a_forwarded_scheme_counts_only_behind_a_proxy(settings_with):
    assert "SECURE_PROXY_SSL_HEADER" not in settings_with()
    assert "SECURE_PROXY_SSL_HEADER" in settings_with(HTTPS="True")


def test_the_servers_are_those_of_the_environment(settings_with):
    settings = settings_with()

    assert settings["DATABASES"]["default"]["HOST"] == "db.example"
    assert settings["CACHES"]["default"]["LOCATION"] == REQUIRED["REDIS_URL"]
    assert settings["CELERY_BROKER_URL"] == REQUIRED["REDIS_URL"]


def variables_read():
    """By `env`, or from `os.environ` by a name that is written there."""
    for room in ("soccerpredict", "livescores", "predictions", "monitoring"):
        for path in (ROOT / room).rglob("*.py"):
            text = path.read_text()
            yield from READ.findall(text)
            yield from READ_DIRECTLY.findall(text)


def test_the_example_file_names_every_variable_that_is_read():
    documented = DOCUMENTED.findall((ROOT / ".env.example").read_text())
    assert len(documented) == len(set(documented))
    assert set(variables_read()) == set(documented) - {"PROMETHEUS_MULTIPROC_DIR"}


def test_a_database_address_is_taken_apart():
    settings = postgres("postgresql://me%40home:p%2Fss@db.example:5433/soccer?sslmode=require")

    assert (settings["USER"], settings["PASSWORD"]) == ("me@home", "p/ss")
    assert (settings["HOST"], settings["PORT"]) == ("db.example", "5433")
    assert settings["NAME"] == "soccer"
    assert settings["OPTIONS"]["sslmode"] == "require"


def test_a_database_address_may_leave_out_what_is_usual():
    settings = postgres("postgres://db.example/soccer")

    assert (settings["USER"], settings["PASSWORD"], settings["PORT"]) == ("", "", "")


@pytest.mark.parametrize(
    "url",
    [
        *("mysql://me:secret@db/soccer", "sqlite:///soccer.db", "soccer", "postgresql://db/"),
        *("postgresql://me:sec/ret@db/soccer", "postgresql://me:secret@db:99999/soccer"),
        *("postgresql://me:secret@[db/soccer", "postgresql://me:secret@db:many/soccer"),
    ],
)
def test_a_wrong_database_address_is_refused_without_showing_it(url):
    with pytest.raises(ImproperlyConfigured) as raised:
        postgres(url)

    said = "".join(format_exception(raised.value, limit=0))
    assert "DATABASE_URL: write postgresql://user:password@host:port/name." in said
    assert "sec" not in said


def test_the_registry_has_a_database_beside_ours():
    assert beside("postgresql://me:p%2Fss@db:5433/soccer?sslmode=require", "_mlflow") == (
        "postgresql+psycopg://me:p%2Fss@db:5433/soccer_mlflow?sslmode=require"
    )


def test_a_deployment_passes_djangos_checks():
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=os.environ | PRODUCTION,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
