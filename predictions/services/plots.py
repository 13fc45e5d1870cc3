"""Plain plots as SVG files, for reports that are read without a server."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

import numpy as np

from predictions.modelling.arrays import Floats

COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf", "#8c564b", "#7f7f7f")
WIDTH, HEIGHT, LEFT, TOP, BELOW = 900, 480, 60, 40, 150
ROW = 16  # of the legend


def curves(path: Path, series: Mapping[str, tuple[Floats, Floats]], title: str) -> None:
    """Curves over the unit square, beside its diagonal."""
    parts = [_line([(0.0, 0.0), (1.0, 1.0)], "#bbbbbb")]
    for colour, (x, y) in zip(_colours(len(series)), series.values(), strict=True):
        places = list(zip(x.tolist(), y.tolist(), strict=True))
        parts.append(_line(places, colour))
        parts += [_dot(place, colour) for place in places]
    marks = [f"{mark:.1f}" for mark in np.linspace(0, 1, 6)]
    _write(path, title, parts, marks, marks, list(series))


def dots(path: Path, series: Mapping[str, Mapping[str, float]], title: str) -> None:
    """A dot for each name along the bottom, joined in the order of the names."""
    names = list(dict.fromkeys(name for values in series.values() for name in values))
    if not names:
        return
    heights = [value for values in series.values() for value in values.values()]
    low, high = min(heights), max(heights)
    span = (high - low) or 1.0
    parts = []
    for colour, values in zip(_colours(len(series)), series.values(), strict=True):
        places = [
            ((names.index(name) + 0.5) / len(names), (value - low) / span)
            for name, value in values.items()
        ]
        parts.append(_line(places, colour))
        parts += [_dot(place, colour) for place in places]
    marks = [f"{low + part * span:.3f}" for part in np.linspace(0, 1, 6)]
    _write(path, title, parts, names, marks, list(series), centred=True)


def _colours(n: int) -> list[str]:
    return [COLOURS[place % len(COLOURS)] for place in range(n)]


def _at(place: tuple[float, float]) -> tuple[float, float]:
    width, height = WIDTH - 2 * LEFT, HEIGHT - TOP - BELOW
    return LEFT + place[0] * width, TOP + (1 - place[1]) * height


def _line(places: list[tuple[float, float]], colour: str) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(_at, places))
    return f'<polyline points="{points}" fill="none" stroke="{colour}"/>'


def _dot(place: tuple[float, float], colour: str) -> str:
    x, y = _at(place)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'


def _write(
    path: Path,
    title: str,
    parts: list[str],
    below: list[str],
    beside: list[str],
    legend: list[str],
    *,
    centred: bool = False,
) -> None:
    body = [f'<text x="{LEFT}" y="20" font-size="15">{escape(title)}</text>', *parts]
    for place, name in enumerate(below):
        share = (place + 0.5) / len(below) if centred else place / (len(below) - 1)
        x, y = _at((share, 0.0))
        turned = f'transform="rotate(40 {x:.0f} {y + 14:.0f})"'
        body.append(f'<text x="{x:.0f}" y="{y + 14:.0f}" {turned}>{escape(name)}</text>')
    for place, name in enumerate(beside):
        x, y = _at((0.0, place / (len(beside) - 1)))
        body.append(f'<text x="4" y="{y:.0f}">{escape(name)}</text>')
    for place, (colour, name) in enumerate(zip(_colours(len(legend)), legend, strict=True)):
        y = HEIGHT + (place + 1) * ROW
        body.append(f'<text x="{LEFT}" y="{y}" fill="{colour}">{escape(name)}</text>')
    height = HEIGHT + (len(legend) + 1) * ROW
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="sans-serif" font-size="11">\n' + "\n".join(body) + "\n</svg>\n"
    )
