"""Backtests of recipes on the matches in the database, as tables and plots in a folder."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from predictions.modelling.arrays import Bools, Floats
from predictions.modelling.evaluation import backtest, scoring
from predictions.modelling.evaluation.backtest import Fold, LeakFound, PlayedMatches
from predictions.modelling.evaluation.scoreboard import (
    COLUMNS,
    Forecast,
    Market,
    ScoreboardRow,
    lines,
    markdown,
)
from predictions.modelling.features.feature_names import FEATURE_NAMES, OWN_PRICES
from predictions.modelling.features.prices import PRICE_COLUMNS
from predictions.modelling.fitting import recipes
from predictions.modelling.fitting.recipes import CannotFit, UnknownRecipe
from predictions.modelling.pricing import overround
from predictions.outcomes import SIDES
from predictions.services.features import feature_store
from predictions.services.features.feature_store import NO_OUTCOME, FeatureSet
from predictions.services.odds import market_prices
from predictions.services.odds.closing_line import BEFORE, NEWEST
from predictions.services.training import plots
from soccerpredict.errors import InvalidInput
from soccerpredict.http.output.formats import to_csv

Rows = Bools

ALL = "all"
CLOSING = list(PRICE_COLUMNS[3:])
MARKET = "E closing odds"
FREQUENCIES = "class frequencies"
YARDSTICK = "closing average, proportional"
LOG_LOSS = "log-loss (nats a match)"
N_ELO_BINS = 8
BOOKS = f"""
    SELECT DISTINCT ON (o.match_id, b.code)
           o.match_id, b.name, o.odd_home, o.odd_draw, o.odd_away
    FROM predictions_odds o
    JOIN livescores_match m ON m.id = o.match_id
    JOIN predictions_bookmaker b ON b.id = o.bookmaker_id
    WHERE b.kind = 'book' AND m.start_time_utc >= %s AND {BEFORE}
    ORDER BY o.match_id, b.code, {NEWEST}
"""
LEAGUES = """
    SELECT t.id, r.name || ', ' || t.name
    FROM livescores_tournament t JOIN livescores_region r ON r.id = t.region_id
"""


@dataclass(frozen=True)
class Report:
    """Where the tables lie, their lines, and how many matches' features were read again."""

    folder: Path
    lines: list[ScoreboardRow]
    n_checked: int

    def of(self, scope: str = ALL) -> list[ScoreboardRow]:
        return [one for one in self.lines if one.scope == scope]


@dataclass(frozen=True)
class BacktestMatches:
    """The matches with a result, what they are called, and the market's closing prices (n, 3)."""

    played: PlayedMatches
    index: pd.DataFrame
    closing: Floats

    @classmethod
    def of(cls, features: FeatureSet) -> "BacktestMatches":
        rows = np.flatnonzero(features.index["outcome"].to_numpy() != NO_OUTCOME)
        index = features.index.iloc[rows].reset_index(drop=True)
        prices = market_prices.prices().reindex(index["match_id"])
        played = PlayedMatches(
            np.asarray(features.features[rows]),
            index["outcome"].to_numpy(np.int64),
            index["kickoff"].to_numpy(np.int64),
            index["known_at"].to_numpy(np.int64),
        )
        return cls(played, index, prices[CLOSING].to_numpy(np.float64))

    @cached_property
    def league_names(self) -> "NDArray[np.str_]":
        """Region and league of each match."""
        with connection.cursor() as cursor:
            cursor.execute(LEAGUES)
            known = dict(cursor.fetchall())
        return np.asarray(self.index["tournament_id"].map(known).to_numpy(np.str_))

    def of_leagues(self, names: Sequence[str]) -> Rows:
        """Which matches are of these leagues. Raises InvalidInput where there is no such league."""
        strangers = sorted(set(names) - set(self.league_names.tolist()))
        if strangers:
            raise InvalidInput(f"No match is of {'; '.join(strangers)}.")
        return np.isin(self.league_names, np.array(list(names), dtype=np.str_))


def run(
    *,
    recipe_names: Sequence[str],
    since: datetime,
    until: datetime | None = None,
    by: str = "season",
    leagues: Sequence[str] = (),
    unseen: bool = False,
    seed: int = 0,
) -> Report:
    """Walk forward from `since` to before `until` and write scores.csv, scores.md and plots.

    With `leagues` (region, league), only those are scored; all are learned from, or if they are to
    be `unseen`, all others.

    Raises:
        InvalidInput: an unknown recipe or league, no match in that time, too little to learn from,
            or a leak.
        FeaturesMissing, FeaturesCorrupt: run build_features first.
    """
    features = feature_store.current()
    field = BacktestMatches.of(features)
    end = int(until.timestamp()) if until else None
    spans = backtest.folds(field.played, since=int(since.timestamp()), until=end, by=by)
    if not spans:
        raise InvalidInput(f"No match with a result lies between {_span_text(since, until)}.")
    scopes = _scopes(field, spans, by, leagues)
    apart = field.of_leagues(leagues) if unseen else None
    try:
        n_checked = backtest.check_features(field.played, spans, _reader(features, field))
        forecasts = [_forecast(name, field, spans, apart, seed) for name in recipe_names]
    except (UnknownRecipe, CannotFit, LeakFound) as exc:
        raise InvalidInput(str(exc)) from exc
    forecasts += _others(field, spans, since)
    market = Market(_proportional(field.closing), _of_prices(field.closing, "shin"))
    table = list(lines(forecasts, market, field.played.outcome, scopes))
    folder = _written(table, forecasts, field, scopes)
    return Report(folder, table, n_checked)


def _span_text(since: datetime, until: datetime | None) -> str:
    return f"{since:%Y-%m-%d} and {until:%Y-%m-%d}" if until else f"{since:%Y-%m-%d} and now"


def _forecast(
    name: str, field: BacktestMatches, spans: Sequence[Fold], apart: Rows | None, seed: int
) -> Forecast:
    label = recipes.recipe_of(name).class_label
    proba = backtest.walk_forward(name, field.played, spans, apart=apart, seed=seed)
    return Forecast(name, label, proba)


def _reader(features: FeatureSet, field: BacktestMatches) -> backtest.Reader:
    """Features of rows as the state of their own kick-off makes them."""
    history = features.history()

    def read(rows: Sequence[int]) -> Floats:
        index = field.index.iloc[list(rows)]
        again = np.full((len(rows), len(FEATURE_NAMES)), np.nan)
        columns = ("home_team_id", "away_team_id", "tournament_id", "kickoff", "neutral")
        fixtures = list(zip(*(index[name].tolist() for name in columns), strict=True))
        order = np.argsort(index["kickoff"].to_numpy(), kind="stable")
        moments = [fixtures[place][3] for place in order]
        for place, state in zip(order, history.states_at(moments), strict=True):
            again[place] = state.features_of(*fixtures[place])
        # A match's own prices are no part of the state: they are compared with themselves.
        again[:, OWN_PRICES] = field.played.features[list(rows)][:, OWN_PRICES]
        return np.asarray(np.nan_to_num(again), dtype=np.float64)

    return read


def _others(field: BacktestMatches, spans: Sequence[Fold], since: datetime) -> list[Forecast]:
    """Those to stand beside: frequencies, the closing average, and each bookmaker's last price."""
    frequencies = backtest.frequencies(field.played, spans)
    return [
        Forecast(FREQUENCIES, "none", frequencies),
        Forecast(YARDSTICK, MARKET, _proportional(field.closing)),
        Forecast("closing average, Shin", MARKET, _of_prices(field.closing, "shin")),
        *_books(field, since),
    ]


def _books(field: BacktestMatches, since: datetime) -> list[Forecast]:
    with connection.cursor() as cursor:
        cursor.execute(BOOKS, [since])
        frame = pd.DataFrame(cursor.fetchall(), columns=["match_id", "name", *SIDES])
    return [
        Forecast(
            f"{name}, last price",
            MARKET,
            _proportional(
                of_book.set_index("match_id")[list(SIDES)]
                .reindex(field.index["match_id"])
                .to_numpy(np.float64)
            ),
        )
        for name, of_book in frame.groupby("name")
    ]


def _proportional(decimal: Floats) -> Floats:
    return _of_prices(decimal, "proportional")


def _of_prices(decimal: Floats, method: str) -> Floats:
    proba = np.full(decimal.shape, np.nan)
    known = np.isfinite(decimal).all(axis=1)
    if known.any():
        proba[known] = overround.implied(decimal[known], method)
    return proba


def _scopes(
    field: BacktestMatches, spans: Sequence[Fold], by: str, leagues: Sequence[str]
) -> dict[str, Bools]:
    """All matches of the folds, then each league, then each season or month."""
    names = field.league_names
    tested = np.zeros(len(field.played), dtype=np.bool_)
    for span in spans:
        tested[span.rows] = True
    if leagues:
        tested &= field.of_leagues(leagues)
    if not tested.any():
        raise InvalidInput(f"No match of {', '.join(leagues)} lies in the time asked for.")
    seasons = backtest.span_names(field.played.kickoff, by)
    scopes = {ALL: tested}
    for column in (names, seasons):
        scopes |= {name: tested & rows for name, rows in backtest.groups(column)}
    return scopes


def _written(
    table: list[ScoreboardRow],
    forecasts: list[Forecast],
    field: BacktestMatches,
    scopes: dict[str, Bools],
) -> Path:
    folder: Path = settings.REPORTS_DIR / "backtest"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scores.csv").write_bytes(to_csv((asdict(one) for one in table), COLUMNS))
    parts = [
        f"## {scope}\n\n{markdown([one for one in table if one.scope == scope])}\n"
        for scope in dict.fromkeys(one.scope for one in table)
    ]
    (folder / "scores.md").write_text("# Backtest\n\n" + "\n".join(parts))
    _plot(folder, table, forecasts, field, scopes)
    return folder


def _plot(
    folder: Path,
    table: list[ScoreboardRow],
    forecasts: list[Forecast],
    field: BacktestMatches,
    scopes: dict[str, Bools],
) -> None:
    # Dozens of bookmakers would hide the curves that the plots are for; the table has them.
    shown = [one for one in forecasts if not one.name.endswith("last price")]
    seasons = {name for name in scopes if name[:4].isdigit()}
    _reliability(folder / "reliability.svg", shown, field, scopes[ALL])
    for name, chosen in (("season", seasons), ("league", scopes.keys() - seasons - {ALL})):
        values = {
            one.name: {
                row.scope: row.log_loss
                for row in table
                if row.forecast == one.name and row.scope in chosen
            }
            for one in shown
        }
        title = f"Log-loss by {name}"
        plots.dots(folder / f"log_loss_by_{name}.svg", values, title, (name, LOG_LOSS))
    _by_elo_gap(folder / "log_loss_by_elo_gap.svg", shown, field, scopes[ALL])


def _reliability(path: Path, shown: list[Forecast], field: BacktestMatches, tested: Bools) -> None:
    curves = {}
    for one in shown:
        rows = tested & np.isfinite(one.proba).all(axis=1)
        found = scoring.calibration(one.proba[rows], field.played.outcome[rows])
        filled = found.count > 0
        curves[one.name] = (found.stated[filled], found.observed[filled])
    axes = ("stated probability", "share that came true")
    plots.curves(path, curves, "Stated and observed frequency", axes)


def _by_elo_gap(path: Path, shown: list[Forecast], field: BacktestMatches, tested: Bools) -> None:
    gap = field.played.features[:, FEATURE_NAMES.index("elo_difference")]
    # As many matches in each bin: equal widths would leave the ends to a handful.
    edges = np.quantile(gap[tested], np.linspace(0, 1, N_ELO_BINS + 1)[1:-1])
    bins = np.searchsorted(edges, gap)
    values: dict[str, dict[str, float]] = {}
    for one in shown:
        known = tested & np.isfinite(one.proba).all(axis=1)
        values[one.name] = {
            f"{gap[rows].mean():+.0f}": float(
                scoring.log_loss(one.proba[rows], field.played.outcome[rows]).mean()
            )
            for rows in (known & (bins == place) for place in range(N_ELO_BINS))
            if rows.any()
        }
    axes = ("Elo difference, home ground included", LOG_LOSS)
    plots.dots(path, values, "Log-loss by Elo difference", axes)
