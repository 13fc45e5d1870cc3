"""Line charts as numbers for an SVG template: no script, no style, and a table beside it."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 62, 18, 14, 38
MOST_TICKS = 5
DAY = 86_400.0
MONTH = 30.4 * DAY
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
ROUND_STEPS = (1, 2, 2.5, 5, 10)

Point = tuple[float, float]
Format = Callable[[float], str]


@dataclass(frozen=True)
class Series:
    """Points in the order of x; `kind` is the CSS class that gives the colour.

    `band` says where the points may lie: (x, low, high). A series of `steps` keeps each value
    until the next.
    """

    name: str
    kind: str
    points: Sequence[Point]
    band: Sequence[tuple[float, float, float]] = ()
    has_dots: bool = False
    steps: bool = False


@dataclass(frozen=True)
class Tick:
    place: float
    label: str


@dataclass(frozen=True)
class Drawn:
    """A series in the chart's own units."""

    name: str
    kind: str
    line: str
    band: str
    dots: list[Point]


@dataclass(frozen=True)
class Chart:
    """What the template prints; `key` makes its ids unique on the page."""

    key: str
    title: str
    about: str
    drawn: list[Drawn]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    head: list[str]
    rows: list[list[str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    floor: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Scale:
    """From values to places."""

    low: float
    high: float
    start: float
    end: float

    def place(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def over_time(
    key: str,
    title: str,
    series: Sequence[Series],
    *,
    y_format: Format,
    x_name: str = "Date",
    x_format: Format | None = None,
    y_range: tuple[float, float] | None = None,
) -> Chart:
    """Series over moments in seconds since 1970 UTC."""
    first, last = _range([x for one in series for x, _ in one.points])
    named = x_format or (lambda moment: f"{datetime.fromtimestamp(moment, UTC):%-d %b %Y}")
    return _chart(
        key,
        title,
        series,
        x=Scale(first, last, LEFT, WIDTH - RIGHT),
        x_ticks=list(moments(first, last)),
        y_format=y_format,
        y_range=y_range,
        head=x_name,
        row_name=named,
    )


def over_values(
    key: str,
    title: str,
    series: Sequence[Series],
    *,
    x_name: str,
    value_format: Format,
    span: tuple[float, float],
) -> Chart:
    """Series whose x and y are on the same scale, as in a reliability diagram."""
    steps = [(value, value_format(value)) for value in ticks(*span)]
    return _chart(
        key,
        title,
        series,
        x=Scale(*span, LEFT, WIDTH - RIGHT),
        x_ticks=[(value, label) for value, label in steps if span[0] <= value <= span[1]],
        y_format=value_format,
        y_range=span,
        head=x_name,
        row_name=value_format,
    )


def _chart(
    key: str,
    title: str,
    series: Sequence[Series],
    *,
    x: Scale,
    x_ticks: Sequence[tuple[float, str]],
    y_format: Format,
    y_range: tuple[float, float] | None,
    head: str,
    row_name: Format,
) -> Chart:
    steps = ticks(*(y_range or _range(_heights(series))))
    y = Scale(steps[0], steps[-1], HEIGHT - BOTTOM, TOP)
    return Chart(
        key,
        title,
        about(series, y_format),
        [_drawn(one, x, y) for one in series],
        [Tick(x.place(value), label) for value, label in x_ticks],
        [Tick(y.place(value), y_format(value)) for value in steps],
        [head, *(one.name for one in series)],
        table(series, row_name, y_format),
    )


def about(series: Sequence[Series], y_format: Format) -> str:
    """A sentence for those who do not see the chart."""
    told = [
        f"{one.name}: from {y_format(one.points[0][1])} to {y_format(one.points[-1][1])}"
        for one in series
        if one.points
    ]
    return "; ".join(told) + "."


def table(series: Sequence[Series], row_name: Format, y_format: Format) -> list[list[str]]:
    """A row for each x that any of the series has."""
    columns = [dict(one.points) for one in series]
    places = sorted({x for column in columns for x in column})
    return [
        [row_name(x), *(y_format(column[x]) if x in column else "" for column in columns)]
        for x in places
    ]


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from `low` or below to `high` or above, MOST_TICKS or a few more."""
    rough = (high - low) / (MOST_TICKS - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in ROUND_STEPS if power * m >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def moments(first: float, last: float) -> Iterator[tuple[float, str]]:
    """Where to label an axis of time, and how: by month where it is long, else evenly."""
    if last - first > MOST_TICKS * MONTH:
        yield from _months(first, last)
        return
    form = "%-d %b %H:%M" if last - first < 4 * DAY else "%-d %b"
    seen = set()
    for part in range(4):
        moment = first + (last - first) * part / 3
        label = f"{datetime.fromtimestamp(moment, UTC):{form}}"
        if label not in seen:
            yield moment, label
        seen.add(label)


def _months(first: float, last: float) -> Iterator[tuple[float, str]]:
    wanted = (last - first) / MONTH / MOST_TICKS
    step = next((step for step in MONTH_STEPS if step >= wanted), MONTH_STEPS[-1])
    start = datetime.fromtimestamp(first, UTC)
    number = math.ceil((start.year * 12 + start.month) / step) * step
    while (moment := datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)).timestamp() <= last:
        yield moment.timestamp(), f"{moment:%Y}" if step >= 12 else f"{moment:%b %Y}"
        number += step


def _heights(series: Sequence[Series]) -> list[float]:
    shown = [y for one in series for _, y in one.points]
    return shown + [edge for one in series for _, *edges in one.band for edge in edges]


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _drawn(series: Series, x: Scale, y: Scale) -> Drawn:
    places = [(x.place(at), y.place(value)) for at, value in series.points]
    upper = [(x.place(at), y.place(high)) for at, _, high in series.band]
    lower = [(x.place(at), y.place(low)) for at, low, _ in reversed(series.band)]
    line = list(_stepped(places, x.end)) if series.steps else places
    dots = places if series.has_dots or len(places) == 1 else []
    return Drawn(series.name, series.kind, _joined(line), _joined(upper + lower), dots)


def _stepped(places: Sequence[Point], end: float) -> Iterator[Point]:
    """Level from each place to the next, and from the last to the end."""
    for place, following in zip(places, [*places[1:], (end, places[-1][1])], strict=True):
        yield place
        yield following[0], place[1]


def _joined(places: Sequence[Point]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in places)
