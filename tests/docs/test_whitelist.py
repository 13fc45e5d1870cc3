"""What vulture is told to pass over is still there."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from docs.diagram import ROOT

WHITELIST = ".ci/used_elsewhere.py"


def groups():
    """The names of each group, by the comment above it."""
    source = (ROOT / WHITELIST).read_text()
    reasons = [line.strip("# ") for line in source.splitlines() if line.startswith("# ")]
    told = [node.value for node in ast.parse(source).body if isinstance(node, ast.Expr)]
    tuples = [each for each in told if isinstance(each, ast.Tuple)]
    return [
        (reason, [ast.unparse(name) for name in names.elts])
        for reason, names in zip(reasons, tuples, strict=True)
    ]


def names():
    return [name for _, group in groups() for name in group]


def product():
    """All code of the product."""
    paths = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["vulture"]["paths"]
    folders = [ROOT / path for path in paths if path != WHITELIST]
    files = [file for folder in folders for file in folder.rglob("*.py")]
    return "".join(file.read_text() for file in files if "migrations" not in file.parts)


def test_every_name_is_still_there():
    there = set(re.findall(r"\w+", product()))

    assert sorted(set(names()) - there) == []


def test_no_name_stands_twice():
    assert sorted(names()) == sorted(set(names()))


@pytest.mark.parametrize("name", dict(groups())[next(r for r, _ in groups() if "Templates" in r)])
def test_templates_read_what_they_are_said_to(name):
    pages = (path.read_text() for path in Path(ROOT, "templates").rglob("*.html"))

    assert any(name in page for page in pages)
