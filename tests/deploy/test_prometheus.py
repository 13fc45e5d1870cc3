"""Dashboards and alerts ask for what the platform really tells: a real Prometheus says so."""

import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import requests

from monitoring.models import DriftReport
from monitoring.services.reports import quality
from predictions.models import ModelVersion
from soccerpredict.embedded import server
from soccerpredict.jobs.models import JobRun
from tests import stack_world
from tests.running.conftest import Api
from tests.stack import eventually

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
RULES = DEPLOY / "prometheus"
DASHBOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
VARIABLES = {"$__rate_interval": "10s", "$stage": "champion", "$window": "90d"}
SCRAPE = """
global: {{scrape_interval: 500ms, evaluation_interval: 500ms}}
rule_files: [{rules}]
scrape_configs:
  - job_name: soccerpredict
    static_configs: [targets: ["{target}"]]
"""
NAMES = {  # the nine that never change
    *("http_requests_total", "http_request_duration_seconds_count", "prediction_requests_total"),
    *("prediction_duration_seconds_count", "inference_duration_seconds_count"),
    *("prediction_confidence_count", "model_info", "model_registered_at_seconds"),
    "model_feature_drift_score",
}


def tool(name):
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"install Debian's package prometheus: there is no {name}")
    return found


def panels(dashboard):
    return json.loads(dashboard.read_text())["panels"]


def queries(dashboard):
    """Each query of a dashboard as Grafana would send it, and the panel that it is of."""
    for panel in panels(dashboard):
        for target in panel.get("targets", ()):
            query = target["expr"]
            for name, value in VARIABLES.items():
                query = query.replace(name, value)
            yield panel["title"], query


def alerts():
    """Expression of each alert, without its threshold."""
    checked = subprocess.run(
        [tool("promtool"), "check", "rules", str(RULES / "alerts.yml")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "SUCCESS" in checked.stdout
    text = (RULES / "alerts.yml").read_text()
    return dict(re.findall(r"- alert: (\w+)\n +expr: (?:>-\n)?((?:.+\n)+?) +(?:for|labels):", text))


def test_the_rules_hold():
    subprocess.run(
        [tool("promtool"), "test", "rules", "alerts.test.yml"], cwd=RULES, check=True, timeout=60
    )


def test_the_configuration_is_one():
    subprocess.run(
        [tool("promtool"), "check", "config", "prometheus.yml"], cwd=RULES, check=True, timeout=60
    )


def test_every_alert_is_tested_to_fire_and_to_keep_still():
    names = re.findall(r"- alert: (\w+)", (RULES / "alerts.yml").read_text())
    tested = (RULES / "alerts.test.yml").read_text()

    for name in names:
        assert re.search(rf"alertname: {name}}}", tested), name
        assert re.search(rf"alertname: {name}\n +exp_alerts:", tested), name


def test_every_alert_is_explained():
    names = re.findall(r"- alert: (\w+)", (RULES / "alerts.yml").read_text())
    explained = (DEPLOY.parent / "docs" / "monitoring.md").read_text()

    assert not [name for name in names if f"`{name}`" not in explained]


def test_panels_have_ids_titles_and_places_of_their_own():
    for dashboard in DASHBOARDS:
        found = panels(dashboard)
        places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in found]
        assert len({panel["id"] for panel in found}) == len(found) == len(set(places))
        assert all(panel["title"] for panel in found)


@pytest.fixture(scope="module")
def busy(stack, django_db_blocker, tmp_path_factory):
    """The stack with a report of each kind, some traffic, a failure."""
    with django_db_blocker.unblock(), stack_world.inside(stack):
        api = Api(stack.url, stack_world.issue_key("prometheus"))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("django.conf.settings.REPORTS_DIR", tmp_path_factory.mktemp("reports"))
            quality.report()
        JobRun.objects.create(name="Report quality", key="tests")
        DriftReport.objects.create(
            as_of="2026-01-01T00:00Z",
            model_version=ModelVersion.objects.first(),
            n_matches=100,
            n_features=72,
            n_drifted=1,
            drift_score=1 / 72,
            prediction_drift_score=0.0,
            drifted=False,
            content={},
        )
    yield api
    api.close()


@pytest.fixture(scope="module")
def prometheus(stack, busy, tmp_path_factory):
    """Prometheus's query API, once it has scraped the stack several times."""
    folder, port = tmp_path_factory.mktemp("prometheus"), server.free_port()
    config = folder / "prometheus.yml"
    target = stack.url.removeprefix("http://")
    config.write_text(SCRAPE.format(target=target, rules=RULES / "alerts.yml"))
    options = [f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}"]
    address = f"--web.listen-address=127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([tool("prometheus"), *options, address], stdout=log, stderr=log)
    try:
        asked = Asked(f"http://127.0.0.1:{port}")
        eventually(asked.is_up, 60)
        until = time.monotonic() + 8  # the snapshots behind /metrics are 5 s old at most
        while time.monotonic() < until:
            visit(busy)
            time.sleep(0.3)
        yield asked
    finally:
        process.terminate()
        process.wait(30)


def visit(api):
    coming = api.get("/predict/predictions/?future_only=true&limit=1").json()[0]
    for path in (f"/predict/{coming['match_id']}", "/predict/cards/?limit=1", "/nowhere", "/livez"):
        api.get(path)


class Asked:
    def __init__(self, url):
        self.url = url

    def is_up(self):
        try:
            return bool(self.values('up{job="soccerpredict"} == 1'))
        except requests.RequestException:
            return False

    def values(self, query):
        """Each series that answers the query, with its value."""
        answer = requests.post(f"{self.url}/api/v1/query", data={"query": query}, timeout=20)
        found = answer.json()
        assert found["status"] == "success", (query, found)
        return found["data"]["result"]

    def names(self):
        found = requests.get(f"{self.url}/api/v1/label/__name__/values", timeout=20).json()
        return set(found["data"])

    def firing(self):
        found = requests.get(f"{self.url}/api/v1/alerts", timeout=20).json()["data"]["alerts"]
        return {alert["labels"]["alertname"]: alert["labels"] for alert in found}


@pytest.mark.stack
@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda path: path.stem)
def test_every_panel_has_something_to_show(prometheus, busy, dashboard):
    for title, query in queries(dashboard):
        assert eventually(lambda query=query: shown(prometheus, busy, query), 60), title


def shown(prometheus, api, query):
    """What answers the query while requests come in."""
    found = prometheus.values(query)
    if not found:
        visit(api)
    return found


@pytest.mark.stack
def test_every_alert_looks_at_series_that_exist(prometheus):
    names = prometheus.names()
    functions = {"sum", "max", "min", "rate", "increase", "absent", "by", "le", "on", "and", "time"}

    for alert, expression in alerts().items():
        bare = re.sub(r"{[^}]*}|\[[^]]*]|\([a-z_, ]+\)(?= \()", "", expression)
        asked = set(re.findall(r"\b[a-z]+_[a-z_]+\b", bare)) - functions
        assert not asked - names - {"histogram_quantile", "job_name"}, alert


@pytest.mark.stack
def test_the_nine_names_are_there(prometheus):
    assert prometheus.names() >= NAMES


@pytest.mark.stack
def test_a_platform_without_batch_worker_is_told_of_within_a_minute(prometheus):
    """The stack's only worker serves live predictions."""
    found = eventually(lambda: "NoWorker" in prometheus.firing() and prometheus.firing(), 60)

    assert found["NoWorker"]["queue"] in ("batch", "io")
    assert not found.keys() & {"ServiceDown", "DatabaseAway", "BrokerAway", "NoChampion"}
