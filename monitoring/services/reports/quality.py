"""How good the published predictions were: scores with intervals, never without comparison.

Each group of matches (stage, window, league) is scored beside the class frequencies of the past,
and beside the closing line on those matches that have one, and says how many of its forecasts were
issued before kick-off. Before results come in, the probabilities themselves say what log-loss to
expect.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from django.utils import timezone

from monitoring.models import QualityReport
from monitoring.services.reports import forecasts, intervals, report_files, windows
from monitoring.services.reports.forecasts import CLOSING, PROBABILITIES, SETTLED
from monitoring.services.reports.intervals import Interval
from monitoring.services.reports.windows import Window
from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.evaluation import scoring
from predictions.models import Stage
from soccerpredict.errors import NotFound

DECIMALS = 6
MOMENT = timedelta(microseconds=1)
N_BINS = 10

Facts = dict[str, Any]


def report(*, as_of: datetime | None = None) -> QualityReport:
    """Score what was published, write the report for `/monitoring/quality`, keep it in history.

    Raises:
        NotFound: no match up to a week after `as_of` has a published prediction.
    """
    moment = as_of or timezone.now()
    frame = forecasts.published(moment)
    if frame.empty:
        raise NotFound("No match of the seasons up to then has a published prediction.")
    content = document(frame, forecasts.held_out(moment), moment)
    report_files.write("quality", content)
    return _kept(content, moment)


def document(frame: pd.DataFrame, held_out: pd.DataFrame, as_of: datetime) -> Facts:
    frequencies = forecasts.frequencies_before(_before_all(frame, as_of))
    stages = [
        _of_stage(frame[frame["stage"] == stage], held_out, stage, frequencies, as_of)
        for stage in Stage.values
    ]
    parts = {name: [one for part in stages for one in part[name]] for name in stages[0]}
    return {
        "generated_at": timezone.now().isoformat(),
        "as_of": as_of.isoformat(),
        "interval": "95 %",
        "class_frequencies": _rounded(dict(zip(PROBABILITIES, frequencies, strict=True))),
        **parts,
    }


def _before_all(frame: pd.DataFrame, as_of: datetime) -> datetime:
    """A moment before all windows: what is scored must not be in the class frequencies."""
    settled = frame.loc[frame["state"] == SETTLED, "kickoff"]
    season_ago = as_of - forecasts.LONGEST_SEASON
    if settled.empty:
        return season_ago
    first: datetime = settled.min().to_pydatetime()
    return min(season_ago, first - MOMENT)


def _of_stage(
    frame: pd.DataFrame, held_out: pd.DataFrame, stage: str, frequencies: Floats, as_of: datetime
) -> dict[str, list[Facts]]:
    """The parts of the report that are lists over stages."""
    played = frame[frame["state"] != "coming"]
    kept_back = held_out[held_out["stage"] == stage]
    found = windows.recent(played, forecasts.LONGEST_SEASON, as_of).rows
    settled = found[found["state"] == SETTLED]
    return {
        "groups": [
            group
            for window in windows.of(played, kept_back, as_of)
            for group in _groups(window, stage, frequencies)
        ],
        "months": list(_months(settled, stage, frequencies)),
        "reliability": list(_reliability(settled, stage)),
        "coming": [_coming(frame[frame["state"] == "coming"], stage)],
    }


def _groups(window: Window, stage: str, frequencies: Floats) -> Iterator[Facts]:
    """Of one stage and window: all leagues together and each of them."""
    about = {
        "stage": stage,
        "window": window.name,
        "ends_at": window.ends_at.isoformat(),
        "ends_at_newest_result": window.ends_at_newest_result,
    }
    yield {**about, "league": None, **score(window.rows, frequencies)}
    for tournament_id, part in window.rows.groupby("tournament_id"):
        name, region = part[["league", "region"]].iloc[0]
        league = {"tournament_id": int(str(tournament_id)), "name": name, "region": region}
        yield {**about, "league": league, **score(part, frequencies)}


def _months(settled: pd.DataFrame, stage: str, frequencies: Floats) -> Iterator[Facts]:
    """All leagues together: each calendar month with settled matches."""
    month = settled["kickoff"].dt.strftime("%Y-%m")
    for name, part in settled.groupby(month):
        yield {"stage": stage, "month": str(name), **score(part, frequencies)}


def _reliability(settled: pd.DataFrame, stage: str) -> Iterator[Facts]:
    """Of one stage and of the closing line on its matches: how often what was said came true."""
    for forecast, columns in (("model", PROBABILITIES), ("closing_line", CLOSING)):
        known = settled.dropna(subset=columns)
        if not known.empty:
            proba, outcome = (
                known[columns].to_numpy(np.float64),
                known["outcome"].to_numpy(np.int64),
            )
            yield {
                "stage": stage,
                "forecast": forecast,
                "n_matches": len(outcome),
                **_origin(known),
                "bins": list(_bins(proba, outcome)),
            }


def _bins(proba: Floats, outcome: Ints) -> Iterator[Facts]:
    """Stated probabilities by tenths: their mean, the share that came true, and how many."""
    found = scoring.calibration(proba, outcome, n_bins=N_BINS)
    for stated, observed, n in zip(found.stated, found.observed, found.count, strict=True):
        if n:
            # Back from a share to a count: an interval of a share needs whole successes.
            happened = intervals.of_count(round(float(observed * n)), int(n))
            yield {"stated": round(float(stated), DECIMALS), "n": int(n), **_numbers(happened)}


def score(group: pd.DataFrame, frequencies: Floats) -> Facts:
    """The facts of a group of matches; scores are null where none of them is settled."""
    settled = group[group["state"] == SETTLED]
    unsettled = group.loc[group["state"] != SETTLED, "state"].value_counts().sort_index()
    counts: Facts = {
        "n_matches": len(settled),
        "n_published_before_kickoff": int(settled["published_before"].sum()),
        **_origin(settled),
        "first_kickoff": None if settled.empty else settled["kickoff"].min().isoformat(),
        "last_kickoff": None if settled.empty else settled["kickoff"].max().isoformat(),
        "without_result": {str(reason): int(n) for reason, n in unsettled.items()},
    }
    if settled.empty:
        return {**counts, "model": None, "class_frequencies": None, "closing_line": None}
    return {**counts, **_compared(settled, frequencies)}


def _origin(settled: pd.DataFrame) -> Facts:
    """How many of the forecasts were said, and how many worked out."""
    n_issued = int(settled["issued"].sum())
    return {"n_issued": n_issued, "n_retrospective": len(settled) - n_issued}


def _compared(settled: pd.DataFrame, frequencies: Floats) -> Facts:
    proba = settled[PROBABILITIES].to_numpy(np.float64)
    outcome = settled["outcome"].to_numpy(np.int64)
    floor = np.tile(frequencies, (len(proba), 1))
    return {
        "model": _scores(proba, outcome),
        "expected_log_loss": _numbers(intervals.of_expected_log_loss(proba)),
        "class_frequencies": _scores(floor, outcome),
        "log_loss_minus_class_frequencies": _apart(proba, floor, outcome),
        "closing_line": _beside_closing(settled, proba, outcome),
    }


def _beside_closing(settled: pd.DataFrame, proba: Floats, outcome: Ints) -> Facts | None:
    """The closing line and the model on the very same matches: those that have one."""
    line = settled[CLOSING].to_numpy(np.float64)
    has_line = np.isfinite(line).all(axis=1)
    if not has_line.any():
        return None
    line, proba, outcome = line[has_line], proba[has_line], outcome[has_line]
    return {
        "n_matches": len(outcome),
        **_origin(settled[has_line]),
        "scores": _scores(line, outcome),
        "model_on_the_same": _scores(proba, outcome),
        "log_loss_minus_closing_line": _apart(proba, line, outcome),
    }


def _scores(proba: Floats, outcome: Ints) -> Facts:
    found = {
        "log_loss": intervals.of_mean(scoring.log_loss(proba, outcome)),
        "brier": intervals.of_mean(scoring.brier(proba, outcome)),
        "rps": intervals.of_mean(scoring.ranked_probability_score(proba, outcome)),
        "ece": intervals.of_calibration_error(proba, outcome),
        "hit_rate": intervals.of_share(scoring.hits(proba, outcome)),
    }
    return {name: _numbers(interval) for name, interval in found.items()}


def _apart(ours: Floats, theirs: Floats, outcome: Ints) -> Facts:
    """Difference of the log-losses match by match: below 0, ours is better."""
    return _numbers(
        intervals.of_mean(scoring.log_loss(ours, outcome) - scoring.log_loss(theirs, outcome))
    )


def _coming(coming: pd.DataFrame, stage: str) -> Facts:
    """What to expect of the matches of the next days, from our own probabilities."""
    proba = coming[PROBABILITIES].to_numpy(np.float64)
    expected = _numbers(intervals.of_expected_log_loss(proba)) if len(proba) else None
    return {
        "stage": stage,
        "days": forecasts.AHEAD.days,
        "n_matches": len(proba),
        "expected_log_loss": expected,
    }


def _numbers(interval: Interval) -> Facts:
    return _rounded(asdict(interval))


def _rounded(values: Facts) -> Facts:
    return {name: round(float(value), DECIMALS) for name, value in values.items()}


def _kept(content: Facts, as_of: datetime) -> QualityReport:
    group = report_files.headline(content)
    model, floor, line = (
        group.get(name) or {} for name in ("model", "class_frequencies", "closing_line")
    )
    return QualityReport.objects.create(
        generated_at=datetime.fromisoformat(content["generated_at"]),
        as_of=as_of,
        ends_at=datetime.fromisoformat(group["ends_at"]),
        n_matches=group["n_matches"],
        n_issued=group["n_issued"],
        log_loss=model.get("log_loss", {}).get("value"),
        frequencies_log_loss=floor.get("log_loss", {}).get("value"),
        closing_log_loss=line.get("scores", {}).get("log_loss", {}).get("value"),
        content=content,
    )
