"""The frames that go in, turned into arrays once."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from predictions.modelling.arrays import Bools, Floats, Ints
from predictions.modelling.features import prices
from predictions.modelling.features.kernel.records import DAY

# Columns of `Matches.statistics`, home before away, by the names that a match has for them.
STATISTICS = (
    "home_score",
    "away_score",
    "home_shots",
    "away_shots",
    "home_shots_on_target",
    "away_shots_on_target",
    "home_corners",
    "away_corners",
    "home_half_time_score",
    "away_half_time_score",
    "home_yellow_cards",
    "away_yellow_cards",
    "home_red_cards",
    "away_red_cards",
)
# Points deducted: when that was decided, in seconds UTC, by which league and season, from whom.
DEDUCTION_COLUMNS = ("decided", "tournament_id", "season_id", "team_id", "points")
NO_DEDUCTIONS: Ints = np.zeros((0, len(DEDUCTION_COLUMNS)), np.int64)
FIXTURE_COLUMNS = (
    "kickoff",
    "region_id",
    "tournament_id",
    "home_team_id",
    "away_team_id",
    "neutral",
)
MATCH_COLUMNS = ("match_id", "known_at", *FIXTURE_COLUMNS, *STATISTICS)


class BadFrame(ValueError):
    """A frame that features cannot be computed from; the text says why."""


@dataclass(frozen=True)
class Fixtures:
    """Who meets whom, where and when: arrays of shape (n,), times in seconds UTC.

    Attributes
    ----------
    season : ids of the league's season, 0 where it is not known; negative for a cup's
    price_log_odds : (n, 4), what the match's own prices say: home and away against the draw,
        before the match and at its close; NaN where there is no price
    """

    kickoff: Ints
    region: Ints
    tournament: Ints
    season: Ints
    home: Ints
    away: Ints
    neutral: Bools
    price_log_odds: Floats

    def __len__(self) -> int:
        return len(self.kickoff)

    @property
    def identity(self) -> Floats:
        """(n, 3): ids of the clubs, and days since 1970."""
        return np.stack([self.home, self.away, self.kickoff / DAY], axis=1)


@dataclass(frozen=True)
class Matches:
    """Fixtures with their results: `statistics` is (n, 16), NaN where unknown.

    Its last two columns are the goals that the last prices before kick-off expected.
    """

    fixtures: Fixtures
    match_id: Ints
    known_at: Ints
    statistics: Floats

    def __len__(self) -> int:
        return len(self.match_id)

    @property
    def has_result(self) -> Bools:
        """(n,): whether both scores are known."""
        return np.isfinite(self.statistics[:, 0] + self.statistics[:, 1])


def seconds(times: pd.Series) -> Ints:
    """Whole seconds (n,) since 1970 UTC, rounded down.

    Raises
    ------
    BadFrame
        If a time or its zone is missing.

    >>> seconds(pd.Series([pd.Timestamp("1970-01-02", tz="UTC")]))
    array([86400])
    """
    if times.isna().any():
        raise BadFrame(f"{times.name} is missing in {int(times.isna().sum())} rows.")
    if not isinstance(times.dtype, pd.DatetimeTZDtype):
        raise BadFrame(f"{times.name} is not of times with a time zone.")
    whole = times.astype("datetime64[s, UTC]").astype("int64")
    return np.asarray(whole, dtype=np.int64)


def as_fixtures(frame: pd.DataFrame) -> Fixtures:
    """The fixtures of a frame with FIXTURE_COLUMNS; season and prices where it has them.

    Raises
    ------
    BadFrame
        If a column, an id, a time or its zone is missing.

    >>> row = dict.fromkeys(MATCH_COLUMNS, 1) | {"away_team_id": 2, "neutral": False}
    >>> kickoff, known_at = pd.to_datetime(["2025-08-02 15:00Z", "2025-08-02 17:00Z"])
    >>> row |= {"kickoff": kickoff, "known_at": known_at}
    >>> as_fixtures(pd.DataFrame([row])).away
    array([2])
    """
    _require(frame, FIXTURE_COLUMNS)
    return Fixtures(
        kickoff=seconds(frame["kickoff"]),
        region=_ids(frame["region_id"]),
        tournament=_ids(frame["tournament_id"]),
        season=_seasons(frame),
        home=_ids(frame["home_team_id"]),
        away=_ids(frame["away_team_id"]),
        neutral=frame["neutral"].to_numpy(np.bool_),
        price_log_odds=prices.log_odds_of(frame),
    )


def as_matches(frame: pd.DataFrame) -> Matches:
    """The matches of a frame with MATCH_COLUMNS, in order of kick-off.

    Raises
    ------
    BadFrame
        If something is missing, rows are out of order, or a result was known by its kick-off.

    >>> row = dict.fromkeys(MATCH_COLUMNS, 1) | {"away_team_id": 2, "neutral": False}
    >>> kickoff, known_at = pd.to_datetime(["2025-08-02 15:00Z", "2025-08-02 17:00Z"])
    >>> row |= {"kickoff": kickoff, "known_at": known_at}
    >>> as_matches(pd.DataFrame([row])).has_result
    array([ True])
    """
    _require(frame, MATCH_COLUMNS)
    fixtures = as_fixtures(frame)
    counted = frame[list(STATISTICS)].to_numpy(np.float64)
    expected = prices.expected_goals(fixtures.price_log_odds)
    matches = Matches(
        fixtures,
        _ids(frame["match_id"]),
        seconds(frame["known_at"]),
        np.hstack([counted, expected]),
    )
    _check_order(matches)
    return matches


def _ids(column: pd.Series) -> Ints:
    try:
        # By way of pandas: numpy would turn a missing id into some number.
        return np.asarray(column.astype("int64"), dtype=np.int64)
    except (TypeError, ValueError) as exc:
        raise BadFrame(f"{column.name} is missing or no number in some rows.") from exc


def _seasons(frame: pd.DataFrame) -> Ints:
    if "season_id" not in frame.columns:
        return np.zeros(len(frame), np.int64)
    seasons = _ids(frame["season_id"])
    if "is_cup" not in frame.columns:
        return seasons
    return np.where(frame["is_cup"].to_numpy(np.bool_), -seasons, seasons)


def _require(frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise BadFrame(f"Missing columns: {', '.join(missing)}.")


def _check_order(matches: Matches) -> None:
    kickoff = matches.fixtures.kickoff
    if (np.diff(kickoff) < 0).any():
        raise BadFrame("Matches must be sorted by kick-off.")
    early = matches.has_result & (matches.known_at <= kickoff)
    if early.any():
        raise BadFrame(f"Match {matches.match_id[early][0]} has a result known by its kick-off.")
