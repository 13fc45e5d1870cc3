"""Decimal marks: a table that writes 1,60 is read as if it wrote 1.60."""

import re
from collections.abc import Iterable

COMMA = re.compile(r"-?\d{1,3}(?:\.\d{3})*,\d+|-?\d+,\d+", re.ASCII)
POINT = re.compile(r"-?\d+\.\d+", re.ASCII)


def mark_of(rows: Iterable[list[str]]) -> str:
    """The mark of most numbers with decimals; thousands such as 41,203 are few beside prices."""
    commas = points = 0
    for row in rows:
        for cell in row:
            if "," in cell:
                commas += bool(COMMA.fullmatch(cell.strip()))
            elif "." in cell:
                points += bool(POINT.fullmatch(cell.strip()))
    return "," if commas > points else "."


def with_points(row: list[str]) -> list[str]:
    return [_with_point(cell) if "," in cell else cell for cell in row]


def _with_point(cell: str) -> str:
    plain = cell.strip()
    return plain.replace(".", "").replace(",", ".") if COMMA.fullmatch(plain) else cell
