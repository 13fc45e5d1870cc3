"""Pages for developers keep to what there is."""

import os
import re
import subprocess

import pytest

from docs import diagram

ROOT = diagram.ROOT
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
WAIT_SECONDS = 30
MADE_BY = ("MAKELEVEL", "MAKEFLAGS", "MFLAGS")  # a make inside another says where it enters


def test_the_picture_of_the_architecture_is_of_today():
    page = diagram.PAGE.read_text()

    assert diagram.redrawn(page) == page, "run make diagram"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text())
    ours = [each.partition("#")[0] for each in targets if not each.startswith(("http", "#"))]

    assert not [each for each in ours if each and not (page.parent / each).exists()]


def test_every_page_is_in_the_index():
    index = (ROOT / "docs" / "README.md").read_text()
    pages = {page.name for page in ROOT.glob("docs/*.md")} - {"README.md"}

    assert not [name for name in sorted(pages) if f"({name})" not in index]


def test_make_help_tells_of_every_target():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()

    told = subprocess.run(
        ["make", "help"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in MADE_BY},
        capture_output=True,
        text=True,
        check=True,
        timeout=WAIT_SECONDS,
    ).stdout

    assert [line.split()[1] for line in told.splitlines()] == targets
