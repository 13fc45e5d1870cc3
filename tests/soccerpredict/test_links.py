"""Addresses of our own pages are told once, in the URL configuration."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WRITTEN_OUT = re.compile(r'(?:href|action|src|hx-get)="/[^"]*"')


def test_no_template_writes_an_address_out():
    written = {
        str(path.relative_to(ROOT)): WRITTEN_OUT.findall(path.read_text())
        for path in (ROOT / "templates").rglob("*.html")
    }

    assert {path: found for path, found in written.items() if found} == {}
