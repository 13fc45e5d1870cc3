from datetime import UTC, datetime

import pytest

from predictions.pages import charts
from predictions.pages.charts import LEFT, RIGHT, TOP, WIDTH, Series


def at(year, month=1, day=1, hour=0):
    return datetime(year, month, day, hour, tzinfo=UTC).timestamp()


def drawn(*points, **fields):
    chart = charts.over_time(
        "key", "Title", [Series("Elo", "model", points, **fields)], y_format=lambda y: f"{y:g}"
    )
    return chart, chart.drawn[0]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 100, [0, 25, 50, 75, 100]),
        (1510, 1690, [1500, 1550, 1600, 1650, 1700]),
        (0.96, 1.07, [0.95, 1.0, 1.05, 1.1]),
        (-2, 5, [-2, 0, 2, 4, 6]),
    ],
)
def test_ticks_are_round_numbers_around_the_values(low, high, expected):
    assert charts.ticks(low, high) == pytest.approx(expected)


def test_a_line_runs_from_edge_to_edge():
    chart, one = drawn((at(2026), 0.0), (at(2027), 100.0))

    assert one.line == f"{LEFT},{chart.floor} {WIDTH - RIGHT},{TOP}"


def test_steps_keep_a_value_until_the_next():
    chart, one = drawn((0.0, 0.0), (50.0, 100.0), (100.0, 100.0), steps=True)

    middle = (LEFT + WIDTH - RIGHT) / 2
    assert one.line.split()[:3] == [
        f"{LEFT},{chart.floor}",
        f"{middle:g},{chart.floor}",
        f"{middle:g},{TOP}",
    ]


def test_a_band_goes_along_the_top_and_back_along_the_bottom():
    chart, one = drawn((0.0, 50.0), (1.0, 50.0), band=[(0.0, 0.0, 100.0), (1.0, 0.0, 100.0)])

    right = WIDTH - RIGHT
    corners = [(LEFT, TOP), (right, TOP), (right, chart.floor), (LEFT, chart.floor)]
    assert one.band == " ".join(f"{x},{y}" for x, y in corners)


def test_a_single_point_is_a_dot():
    _, one = drawn((at(2026), 3.0))

    assert len(one.dots) == 1


@pytest.mark.parametrize(
    ("first", "last", "labels"),
    [
        (at(2024, 2, 10), at(2026, 3), ["Jul 2024", "Jan 2025", "Jul 2025", "Jan 2026"]),
        (at(2000, 5), at(2023, 5), ["2005", "2010", "2015", "2020"]),
        (at(2026, 3, 1), at(2026, 3, 31), ["1 Mar", "11 Mar", "21 Mar", "31 Mar"]),
        (
            at(2026, 3, 1),
            at(2026, 3, 2, 12),
            ["1 Mar 00:00", "1 Mar 12:00", "2 Mar 00:00", "2 Mar 12:00"],
        ),
    ],
)
def test_an_axis_of_time_is_labelled_by_its_length(first, last, labels):
    assert [label for _, label in charts.moments(first, last)] == labels


def test_the_table_has_a_row_for_every_moment_of_any_series():
    series = [
        Series("Ajax", "home", [(at(2026, 1), 1500.0), (at(2026, 2), 1510.0)]),
        Series("PSV", "away", [(at(2026, 2), 1490.0)]),
    ]

    chart = charts.over_time("key", "Ratings", series, y_format=lambda y: f"{y:.0f}")

    assert chart.head == ["Date", "Ajax", "PSV"]
    assert chart.rows == [["1 Jan 2026", "1500", ""], ["1 Feb 2026", "1510", "1490"]]
    assert chart.about == "Ajax: from 1500 to 1510; PSV: from 1490 to 1490."


def test_values_against_values_share_one_scale():
    line = Series("As it should be", "floor", [(0.0, 0.0), (1.0, 1.0)])

    chart = charts.over_values(
        "key",
        "Title",
        [line],
        x_name="Stated",
        value_format=lambda p: f"{100 * p:.0f} %",
        span=(0, 1),
    )

    assert [tick.label for tick in chart.x_ticks] == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    assert chart.drawn[0].line == f"{LEFT},{chart.floor} {WIDTH - RIGHT},{TOP}"
