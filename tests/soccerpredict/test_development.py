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
html = {{"Accept": "text/html", "Host": "localhost"}}
page = Client(headers=html).get("/", REMOTE_ADDR="127.0.0.1")
print(page.status_code, "djDebug" in page.content.decode())
"""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("settings", "shown"),
    [("development", "200 True\n"), ("settings", "200 False\n")],
)
def test_the_toolbar_is_on_pages_of_development_alone(settings, shown):
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
