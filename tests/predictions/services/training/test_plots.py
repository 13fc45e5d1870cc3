"""The pictures of a backtest's folder, read as a browser would."""

from xml.etree import ElementTree

import numpy as np
import pytest

from predictions.services.training import plots

AXES = ("stated", "came true")
TEXT = "{http://www.w3.org/2000/svg}text"
POINTS = np.array([0.1, 0.4, 0.9])


def words(path):
    return [one.text for one in ElementTree.fromstring(path.read_bytes()).iter(TEXT)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "plot.svg"


def test_curves_name_their_series_and_axes(path):
    series = {"blend & co <A>": (POINTS, POINTS**2), "closing": (POINTS, POINTS)}

    plots.curves(path, series, "Reliability", AXES)

    assert {"Reliability", *AXES, *series} < set(words(path))


def test_dots_stand_over_their_names_in_order(path):
    series = {"ours": {"2021-22": 1.01, "2022-23": 0.99}, "theirs": {"2022-23": 0.98}}

    plots.dots(path, series, "Log-loss by season", ("season", "log-loss"))

    shown = words(path)
    assert shown.index("2021-22") < shown.index("2022-23")
    assert {"season", "log-loss", "ours", "theirs"} < set(shown)


def test_nothing_is_drawn_of_nothing(path):
    plots.dots(path, {"ours": {}}, "Log-loss by season", ("season", "log-loss"))

    assert not path.exists()


def test_a_plot_drawn_again_is_the_same_file(path):
    def drawn():
        plots.curves(path, {"ours": (POINTS, POINTS)}, "Reliability", AXES)
        return path.read_bytes()

    assert drawn() == drawn()


def test_no_figure_stays_in_the_process(path):
    from matplotlib import pyplot

    plots.curves(path, {"ours": (POINTS, POINTS)}, "Reliability", AXES)

    assert pyplot.get_fignums() == []
