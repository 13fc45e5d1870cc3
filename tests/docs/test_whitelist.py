"""What vulture is told to pass over is still there, and still needs it."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from docs.diagram import ROOT

WHITELIST = ".ci/used_elsewhere.py"
WAIT_SECONDS = 120


def groups():
    """The names of each group, by the comment above it."""
    source = (ROOT / WHITELIST).read_text()
    reasons = [line.strip("# ") for line in source.splitlines() if line.startswith("# ")]
    tuples = [node.value for node in ast.parse(source).body if isinstance(node, ast.Expr)][1:]
    return [
        (reason, [name.id for name in names.elts])
        for reason, names in zip(reasons, tuples, strict=True)
    ]


def names():
    return [name for _, group in groups() for name in group]


def complaints():
    """What vulture says of the product where nothing is whitelisted."""
    paths = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["vulture"]["paths"]
    said = subprocess.run(
        [sys.executable, "-m", "vulture", *(path for path in paths if path != WHITELIST)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,  # it ends with 3 where it finds something
    )
    return {line.split("'")[1] for line in said.stdout.splitlines() if "'" in line}


def test_no_name_is_passed_over_that_is_used_or_gone():
    assert sorted(set(names()) - complaints()) == []


def test_no_name_stands_twice():
    assert sorted(names()) == sorted(set(names()))


@pytest.mark.parametrize("name", dict(groups())[next(r for r, _ in groups() if "Templates" in r)])
def test_templates_read_what_they_are_said_to(name):
    pages = (path.read_text() for path in Path(ROOT, "templates").rglob("*.html"))

    assert any(name in page for page in pages)
