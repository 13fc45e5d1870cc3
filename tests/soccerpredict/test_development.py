"""`make serve`: the platform's pages with a debug toolbar, which no other settings know."""

import os
import subprocess
import sys

import pytest

WAIT_SECONDS = 60
SHOWN = """
import django
django.setup()
from django.db import connection
from django.test import Client
connection.settings_dict["NAME"] = {database!r}
html = {{"Accept": "text/html", "Accept-Encoding": "gzip, br", "Host": "localhost"}}
visitor = Client(headers=html)
page = visitor.get("/", REMOTE_ADDR="127.0.0.1")
print(page.status_code, b"djDebug" in page.content)
known = {{"If-None-Match": page.headers["ETag"]}}
print(visitor.get("/", headers=known, REMOTE_ADDR="127.0.0.1").status_code)
"""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("settings", "shown"),
    [("development", "200 True\n200\n"), ("settings", "200 False\n304\n")],
)
def test_the_toolbar_is_on_pages_of_development_alone(settings, shown):
    """As a browser asks: for a compressed page, and whether the one that it has is still right."""
    from django.db import connection

    code = SHOWN.format(database=connection.settings_dict["NAME"])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": f"soccerpredict.{settings}"}

    told = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=True,
    ).stdout

    assert told.startswith(shown)
