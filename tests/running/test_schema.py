"""Schemathesis: whatever the OpenAPI document allows or forbids, the server does."""

import json
import os
import subprocess
import sys

import pytest

from livescores.models import Team, Tournament
from tests.stack import ROOT

pytestmark = pytest.mark.stack
N_EXAMPLES = 15
RUN_SECONDS = 500
OPTIONS = ["--checks", "all", "--seed", "1", "--workers", "2", "--max-examples", str(N_EXAMPLES)]
# Moments have a form and a pattern, which costs its generator many attempts.
OPTIONS += ["--suppress-health-check", "filter_too_much"]


def ids_of(model):
    return json.dumps(list(model.objects.order_by("pk").values_list("pk", flat=True)))


def test_the_server_keeps_to_its_document(in_stack, key, tmp_path):
    program = [sys.executable, "-m", "schemathesis.cli", "run", *OPTIONS]
    where = [f"{in_stack.url}/schema/?format=json", "--header", f"X-API-Key: {key}"]
    hooks = {
        "SCHEMATHESIS_HOOKS": "tests.running.schema_hooks",
        "PYTHONPATH": str(ROOT),
        "STACK_TEAMS": ids_of(Team),
        "STACK_TOURNAMENTS": ids_of(Tournament),
    }

    done = subprocess.run(
        [*program, *where],
        cwd=tmp_path,
        env={**os.environ, **hooks},
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_SECONDS,
    )

    assert done.returncode == 0, done.stdout + done.stderr
