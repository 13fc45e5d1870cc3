import os
import subprocess
import sys

import pytest

from monitoring.api import metrics
from soccerpredict.observability import metrics_folder

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


class TestAnEndedProcess:
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))

    def ended(self, n):
        """A process that counts up to n and ends; its number."""
        return int(run(COUNT.format(n) + "\nimport os; print(os.getpid())"))

    def counted(self):
        [counter] = metrics.AllProcesses().collect()
        return counter.samples[0].value

    def test_is_absorbed_without_loss(self, tmp_path):
        for n in (2, 3, 4):
            metrics_folder.absorb(self.ended(n))

        assert self.counted() == 9
        assert sorted(file.name for file in tmp_path.iterdir()) == ["counter_0.db", "lock"]

    def test_is_counted_before_it_is_absorbed(self):
        metrics_folder.absorb(self.ended(2))
        self.ended(3)

        assert self.counted() == 5

    def test_waits_where_a_scrape_does_not_end(self, monkeypatch):
        monkeypatch.setattr(metrics_folder, "TRIES", 1)
        pid = self.ended(2)

        with metrics_folder.reading():
            metrics_folder.absorb(pid)

        assert self.counted() == 2

    def test_leaves_nothing_to_the_next_server(self, tmp_path):
        self.ended(2)

        metrics_folder.empty()

        assert not list(tmp_path.iterdir())
