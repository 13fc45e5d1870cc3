import os
import subprocess
import sys

import pytest

COUNT = """
from prometheus_client import Counter
Counter("tests_visits", "Of the tests.").inc({})
"""
SHOW = """
import django
django.setup()
from django.conf import settings
from django.test import Client
settings.ROOT_URLCONF = "monitoring.api.urls"
print(Client().get("/metrics", headers={"Host": "localhost"}).content.decode())
"""


def run(code, **environment):
    command = [sys.executable, "-c", code]
    environment = {**os.environ, **environment}
    finished = subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True, timeout=60
    )
    return finished.stdout


def test_it_speaks_prometheus_text(client):
    client.get("/livez")

    response = client.get("/metrics")

    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert b'route="livez"' in response.content


@pytest.mark.parametrize(
    "accept", ["*/*", "text/plain", "text/html", "application/json", "nonsense"]
)
def test_it_never_argues_about_the_representation(client, accept):
    response = client.get("/metrics", headers={"Accept": accept})

    assert (response.status_code, response["Content-Type"][:10]) == (200, "text/plain")


def test_it_speaks_openmetrics(client):
    accept = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2"

    response = client.get("/metrics", headers={"Accept": accept})

    assert response["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    assert response.content.endswith(b"# EOF\n")


def test_its_errors_are_problem_documents(client):
    response = client.get("/metrics?x=1", headers={"Accept": "text/plain"})

    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")


def test_it_sums_over_all_processes(tmp_path):
    folder = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    run(COUNT.format(2), **folder)
    run(COUNT.format(3), **folder)

    shown = run(SHOW, DJANGO_SETTINGS_MODULE="soccerpredict.settings", **folder)

    assert "tests_visits_total 5.0" in shown
