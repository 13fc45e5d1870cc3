"""Plots as SVG files, for reports that are read without a server.

Only batch commands import this: matplotlib alone takes longer to load than a web process may.
"""

from collections.abc import Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from predictions.modelling.arrays import Floats

# Told apart without colours, too. No names but our own: a salt keeps ids, and so files, the same.
MARKERS = "osD^vPX*"
STYLE: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "soccerpredict", "font.size": 9}
WIDTH, HEIGHT = 10.0, 6.0  # inches
UNDATED = {"Date": None}  # the same report is the same file


def curves(
    path: Path, series: Mapping[str, tuple[Floats, Floats]], title: str, axes: tuple[str, str]
) -> None:
    """Curves over the unit square, beside its diagonal; `axes` are the titles of x and y."""
    with rc_context(STYLE):
        figure, plot = _empty(title, axes)
        plot.axline((0, 0), slope=1, color="0.75")
        plot.set(xlim=(0, 1), ylim=(0, 1))
        for marker, (name, (x, y)) in zip(cycle(MARKERS), series.items(), strict=False):
            plot.plot(x, y, marker=marker, label=name)
        _save(figure, plot, path)


def dots(
    path: Path, series: Mapping[str, Mapping[str, float]], title: str, axes: tuple[str, str]
) -> None:
    """A dot for each name along the bottom, joined in the order of the names."""
    names = list(dict.fromkeys(name for values in series.values() for name in values))
    if not names:
        return
    with rc_context(STYLE):
        figure, plot = _empty(title, axes)
        plot.set_xticks(range(len(names)), names, rotation=40, ha="right")
        for marker, (label, values) in zip(cycle(MARKERS), series.items(), strict=False):
            places = [names.index(name) for name in values]
            plot.plot(places, list(values.values()), marker=marker, label=label)
        _save(figure, plot, path)


def _empty(title: str, axes: tuple[str, str]) -> tuple[Figure, Axes]:
    """A figure of its own: pyplot would keep every one of them in the process."""
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    plot = figure.add_subplot(title=title, xlabel=axes[0], ylabel=axes[1])
    plot.grid(visible=True, color="0.92")
    return figure, plot


def _save(figure: Figure, plot: Axes, path: Path) -> None:
    if plot.get_legend_handles_labels()[0]:
        figure.legend(loc="outside lower left", ncols=2, frameon=False)
    figure.savefig(path, metadata=UNDATED)
