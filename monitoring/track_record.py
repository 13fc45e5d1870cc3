"""The track record as its page shows it: every score beside its floor and its ceiling.

And beside how many of its forecasts were issued before kick-off, and how many worked out after it.

The floor is what the past's class frequencies would have scored, the ceiling the closing line. A
difference whose interval holds 0 is called not proven.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.utils.text import capfirst

from predictions.models import BettingReturn, RegionReturn, Verdict
from predictions.pages import charts
from predictions.pages.charts import Chart, Series
from predictions.pages.numbers import NBSP, NONE, percent, signed
from predictions.services.publishing.issuing import Origin

Facts = Mapping[str, Any]

WINDOWS = {
    "7d": "7 days",
    "30d": "30 days",
    "90d": "90 days",
    "season": "Season",
    "holdout": "Hold-out",
    "unseen": "All unseen",
}
SCORES = {"log_loss": "Log-loss", "rps": "RPS", "ece": "Calibration error"}
MEASURES = {**SCORES, "brier": "Brier score", "hit_rate": "Hit rate"}
NOT_PROVEN = "Not proven"
FEWEST_MONTHS = 2
KINDS = {Verdict.LOSS: "bad", Verdict.OPEN: "open", Verdict.GAIN: "good"}
FULL = 100.0  # a whisker's width in its own units
PADDING = 0.06  # of the widest whisker, on either side


@dataclass(frozen=True)
class Whisker:
    """A value with its interval on a scale of FULL; `zero` is where nothing is gained.

    `kind` is good, bad or open, where nothing is proven.
    """

    low: float
    value: float
    high: float
    zero: float
    text: str
    interval: str
    verdict: str
    kind: str


@dataclass(frozen=True)
class Mark:
    """A forecast on the scale from ceiling to floor."""

    name: str
    kind: str
    place: float
    text: str


class Value(NamedTuple):
    """A number and its interval, as text."""

    text: str
    interval: str


@dataclass(frozen=True)
class Row:
    """A score of the model, of class frequencies, of the closing line and of the model there."""

    name: str
    values: list[Value]


@dataclass(frozen=True)
class League:
    pk: int
    name: str
    region: str
    n_matches: int
    origin: Origin
    log_loss: str
    beside_floor: Whisker | None
    beside_line: Whisker | None


@dataclass(frozen=True)
class Span:
    """A window at a glance; `first` and `last` are kick-offs of what is scored in it."""

    key: str
    name: str
    n_matches: int
    origin: Origin
    log_loss: str
    first: datetime | None
    last: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True)
class RegionStakes:
    """What stakes in a region returned."""

    name: str
    n_bets: int
    hit_rate: str
    profit: str
    roi: Whisker | None


def group_of(report: Facts, stage: str, window: str) -> Facts | None:
    """All leagues together; None where no match is settled."""
    for group in report["groups"]:
        if (group["stage"], group["window"], group["league"]) == (stage, window, None):
            found: Facts = group
            return found if found["model"] else None
    return None


def origin_of(*groups: Facts) -> Origin:
    """Said or worked out, all groups together."""
    n_matches = sum(group["n_matches"] for group in groups)
    # Reports of older versions call it otherwise.
    n_issued = sum(
        group.get("n_issued", group.get("n_published_before_kickoff", 0)) for group in groups
    )
    return Origin(n_issued, n_matches - n_issued)


def spans(report: Facts, stage: str) -> list[Span]:
    """Every window of a stage in which something is scored."""
    found = {key: group_of(report, stage, key) for key in WINDOWS}
    return [_span(key, group) for key, group in found.items() if group]


def _span(key: str, group: Facts) -> Span:
    return Span(
        key,
        WINDOWS[key],
        group["n_matches"],
        origin_of(group),
        f"{group['model']['log_loss']['value']:.4f}",
        _moment(group.get("first_kickoff")),
        _moment(group.get("last_kickoff")),
        newest_result(group),
    )


def newest_result(group: Facts) -> datetime | None:
    """Where the window ends, if it ends there because nothing was scored since."""
    return _moment(group["ends_at"]) if group.get("ends_at_newest_result") else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def of_months(report: Facts, stage: str) -> Origin:
    """Behind the charts."""
    return origin_of(*(month for month in report.get("months", ()) if month["stage"] == stage))


def rows(group: Facts) -> list[Row]:
    line = group["closing_line"] or {}
    forecasts = (
        group["model"],
        group["class_frequencies"],
        line.get("scores"),
        line.get("model_on_the_same"),
    )
    return [
        Row(name, [_value(scores, key) for scores in forecasts]) for key, name in MEASURES.items()
    ]


def _value(scores: Facts | None, key: str) -> Value:
    if not scores:
        return Value(NONE, "")
    texts = [percent(n) if key == "hit_rate" else f"{n:.4f}" for n in _ends(scores[key])]
    return Value(texts[1], f"{texts[0]} to {texts[2]}")


def _ends(interval: Facts) -> list[float]:
    return [float(interval[name]) for name in ("low", "value", "high")]


def marks(group: Facts) -> list[Mark]:
    """Closing line, model and class frequencies by their log-loss, the best on the left.

    Where there is a closing line, all three are of the matches that have one.
    """
    line = group["closing_line"]
    known = [("Class frequencies", "floor", group["class_frequencies"]["log_loss"]["value"])]
    if line:
        known.append(("Closing line", "ceiling", line["scores"]["log_loss"]["value"]))
        known.append(("Model", "model", line["model_on_the_same"]["log_loss"]["value"]))
    else:
        known.append(("Model", "model", group["model"]["log_loss"]["value"]))
    values = [value for *_, value in known]
    place = Scale(min(values), max(values))
    placed = [Mark(name, kind, place(value), f"{value:.4f}") for name, kind, value in known]
    return sorted(placed, key=lambda mark: mark.place)


def beside_floor(group: Facts, place: "Scale | None" = None) -> Whisker | None:
    """Log-loss minus that of class frequencies."""
    return _whisker(group.get("log_loss_minus_class_frequencies"), place, "Better", "Worse")


def beside_line(group: Facts, place: "Scale | None" = None) -> Whisker | None:
    """Log-loss minus that of the closing line."""
    line = group["closing_line"] or {}
    return _whisker(line.get("log_loss_minus_closing_line"), place, "Ahead", "Behind")


class Scale:
    """Places of values between the least and the largest, with padding."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.span = low, max(high - low, 1e-9)

    def __call__(self, value: float) -> float:
        share = (value - self.low) / self.span
        return round(FULL * (PADDING + (1 - 2 * PADDING) * share), 1)


def scale_of(intervals: Iterable[Facts | None]) -> Scale:
    """One that holds all intervals and 0."""
    known = [interval for interval in intervals if interval]
    lows = [float(interval["low"]) for interval in known]
    highs = [float(interval["high"]) for interval in known]
    return Scale(min([0.0, *lows]), max([0.0, *highs]))


def _whisker(interval: Facts | None, place: Scale | None, below: str, above: str) -> Whisker | None:
    if not interval:
        return None
    low, value, high = _ends(interval)
    at = place or scale_of([interval])
    interval_text = f"{signed(low, 4)} to {signed(high, 4)}"
    if high < 0:
        verdict, kind = below, "good"
    else:
        verdict, kind = (above, "bad") if low > 0 else (NOT_PROVEN, "open")
    places = (at(low), at(value), at(high), at(0.0))
    return Whisker(*places, signed(value, 4), interval_text, verdict, kind)


def leagues(report: Facts, stage: str, window: str) -> list[League]:
    """Each league with settled matches, by region and name, on common scales."""
    groups = [
        group
        for group in report["groups"]
        if group["stage"] == stage and group["window"] == window and group["league"]
        if group["model"]
    ]
    floors = scale_of(group["log_loss_minus_class_frequencies"] for group in groups)
    lines = scale_of(
        (group["closing_line"] or {}).get("log_loss_minus_closing_line") for group in groups
    )
    found = [_league(group, floors, lines) for group in groups]
    return sorted(found, key=lambda league: (league.region, league.name))


def _league(group: Facts, floors: Scale, lines: Scale) -> League:
    league = group["league"]
    return League(
        league["tournament_id"],
        league["name"],
        league["region"],
        group["n_matches"],
        origin_of(group),
        f"{group['model']['log_loss']['value']:.4f}",
        beside_floor(group, floors),
        beside_line(group, lines),
    )


def over_time(report: Facts, stage: str, score: str) -> Chart | None:
    """A score by month, between its floor and its ceiling."""
    months = [month for month in report.get("months", ()) if month["stage"] == stage]
    if len(months) < FEWEST_MONTHS:
        return None
    closing = [month for month in months if month["closing_line"]]
    series = [
        Series(
            "Class frequencies",
            "floor",
            [(_start(month), month["class_frequencies"][score]["value"]) for month in months],
        ),
        Series(
            "Model",
            "model",
            [(_start(month), month["model"][score]["value"]) for month in months],
            band=[
                (_start(month), month["model"][score]["low"], month["model"][score]["high"])
                for month in months
            ],
            has_dots=True,
        ),
        Series(
            "Closing line",
            "ceiling",
            [(_start(month), month["closing_line"]["scores"][score]["value"]) for month in closing],
        ),
    ]
    return charts.over_time(
        "over-time",
        f"{SCORES[score]} by month",
        [one for one in series if one.points],
        y_format=lambda value: f"{value:.3f}",
        x_name="Month",
        x_format=lambda moment: f"{datetime.fromtimestamp(moment, UTC):%b %Y}",
    )


def _start(month: Facts) -> float:
    return datetime.strptime(month["month"], "%Y-%m").replace(tzinfo=UTC).timestamp()


def reliability(report: Facts, stage: str) -> Chart | None:
    """What was said beside how often it came true; true probabilities lie on the diagonal."""
    diagrams = {
        diagram["forecast"]: diagram["bins"]
        for diagram in report.get("reliability", ())
        if diagram["stage"] == stage
    }
    if "model" not in diagrams:
        return None
    series = [Series("As it should be", "floor", [(0.0, 0.0), (1.0, 1.0)])]
    if "closing_line" in diagrams:
        series.append(Series("Closing line", "ceiling", _points(diagrams["closing_line"])))
    band = [(one["stated"], one["low"], one["high"]) for one in diagrams["model"]]
    model = _points(diagrams["model"])
    series.append(Series("Model", "model", model, band=band, has_dots=True))
    return charts.over_values(
        "reliability",
        "Calibration",
        series,
        x_name="Said",
        value_format=percent,
        span=(0.0, 1.0),
    )


def _points(bins: Sequence[Facts]) -> list[tuple[float, float]]:
    return [(one["stated"], one["value"]) for one in bins]


def edge_name(edge: float) -> str:
    return f"{percent(edge)} or more" if edge else "any"


def regions(returns: Sequence[RegionReturn]) -> Iterator[RegionStakes]:
    """Returns by region on one scale; a region without a bet has none."""
    place = scale_of_returns(returns)
    for one in returns:
        yield RegionStakes(
            one.region.name,
            one.n_bets,
            NONE if one.hit_rate is None else percent(one.hit_rate),
            signed(one.profit),
            roi(one, place),
        )


def scale_of_returns(returns: Iterable[BettingReturn]) -> Scale:
    return scale_of(
        {"low": one.roi_ci_low, "high": one.roi_ci_high}
        for one in returns
        if one.roi_ci_low is not None and one.roi_ci_high is not None
    )


def roi(one: BettingReturn, place: Scale) -> Whisker | None:
    """A return on a scale; None where too few bets tell."""
    low, value, high = one.roi_ci_low, one.roi_pct, one.roi_ci_high
    if low is None or value is None or high is None:
        return None
    places = (place(low), place(value), place(high), place(0.0))
    verdict, kind = capfirst(one.verdict.label), KINDS[one.verdict]
    interval = f"{signed(low)} to {signed(high)}{NBSP}%"
    return Whisker(*places, f"{signed(value)}{NBSP}%", interval, verdict, kind)
