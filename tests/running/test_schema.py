"""Schemathesis: whatever the OpenAPI document allows or forbids, the server does."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.stack
N_EXAMPLES = 15
OPTIONS = ["--checks", "all", "--seed", "1", "--workers", "2", "--max-examples", str(N_EXAMPLES)]


def test_the_server_keeps_to_its_document(stack, key, tmp_path):
    program = [sys.executable, "-m", "schemathesis.cli", "run"]
    where = [f"{stack.url}/schema/?format=json", "--header", f"X-API-Key: {key}"]
    run = [*program, *where, *OPTIONS, "--request-timeout", "20"]

    done = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
