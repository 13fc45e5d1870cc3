"""What data must be like before features are built, a model is trained, predictions go out.

Each rule says what it demands; `data_gates` holds data against them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa

from livescores.models import MatchStatus
from predictions.outcomes import SIDES
from predictions.services.features.feature_store import NO_OUTCOME

MOST_GOALS, MOST_SHOTS = 50, 150
MOST_CARDS = 20
FIRST_DAY, LAST_DAY = (pd.Timestamp(day, tz="UTC").timestamp() for day in ("1850", "2150"))
SUM_TOLERANCE = 1e-6
STATISTICS = {
    "home_score": MOST_GOALS,
    "away_score": MOST_GOALS,
    "home_half_time_score": MOST_GOALS,
    "away_half_time_score": MOST_GOALS,
    "home_shots": MOST_SHOTS,
    "away_shots": MOST_SHOTS,
    "home_red_cards": MOST_CARDS,
    "away_red_cards": MOST_CARDS,
}


def unique_ids() -> pa.Column:
    def is_unique(ids: "pd.Series[int]") -> "pd.Series[bool]":
        return ~ids.duplicated(keep=False)

    return pa.Column(
        checks=[
            pa.Check(is_unique, error="a match stands once"),
            pa.Check.ge(1, error="an id is 1 or more"),
        ]
    )


def kick_off() -> pa.Column:
    """Seconds since 1970, UTC."""
    checks = pa.Check.in_range(FIRST_DAY, LAST_DAY, error="a match kicks off from 1850 to 2150")
    return pa.Column(checks=checks, nullable=True)


def one_of(values: Sequence[Any], error: str) -> pa.Column:
    return pa.Column(checks=pa.Check.isin(values, error=error))


def at_most(most: float, what: str) -> pa.Column:
    return pa.Column(
        checks=pa.Check.in_range(0, most, error=f"{what} is 0 to {most:g}"), nullable=True
    )


def matches(now: float) -> pa.DataFrameSchema:
    """Of stored matches, before features are built from them."""

    def has_result(frame: pd.DataFrame) -> "pd.Series[bool]":
        return frame["status"].eq(MatchStatus.FINISHED) | frame["outcome_known"]

    def not_from_the_future(frame: pd.DataFrame) -> "pd.Series[bool]":
        return ~has_result(frame) | ~(frame["kickoff"] > now)

    def not_without_kick_off(frame: pd.DataFrame) -> "pd.Series[bool]":
        return ~has_result(frame) | frame["kickoff"].notna()

    def with_a_score(frame: pd.DataFrame) -> "pd.Series[bool]":
        is_final = frame["status"].eq(MatchStatus.FINISHED)
        return ~is_final | (frame["home_score"].notna() & frame["away_score"].notna())

    def not_against_itself(frame: pd.DataFrame) -> "pd.Series[bool]":
        return frame["home_team_id"].ne(frame["away_team_id"])

    return pa.DataFrameSchema(
        {
            "match_id": unique_ids(),
            "status": pa.Column(
                checks=pa.Check.isin(MatchStatus.values, error="a status is known")
            ),
            "kickoff": kick_off(),
            **{name: at_most(most, name) for name, most in STATISTICS.items()},
        },
        checks=[
            pa.Check(not_from_the_future, error="no result lies in the future"),
            pa.Check(not_without_kick_off, error="no result is without a kick-off"),
            pa.Check(with_a_score, error="a finished match has a score"),
            pa.Check(not_against_itself, error="a team does not play itself"),
        ],
    )


def sample(now: float) -> pa.DataFrameSchema:
    """Of the index of a feature set and a summary of its features, before training."""

    def has_outcome(frame: pd.DataFrame) -> "pd.Series[bool]":
        return frame["outcome"].ne(NO_OUTCOME)

    def not_from_the_future(frame: pd.DataFrame) -> "pd.Series[bool]":
        return ~has_outcome(frame) | ~(frame["kickoff"] > now)

    def not_without_kick_off(frame: pd.DataFrame) -> "pd.Series[bool]":
        return ~has_outcome(frame) | frame["kickoff"].notna()

    def known_after_kick_off(frame: pd.DataFrame) -> "pd.Series[bool]":
        return (
            ~has_outcome(frame) | frame["kickoff"].isna() | frame["known_at"].gt(frame["kickoff"])
        )

    return pa.DataFrameSchema(
        {
            "match_id": unique_ids(),
            "kickoff": kick_off(),
            "outcome": one_of([NO_OUTCOME, 0, 1, 2], "an outcome is known"),
            "has_infinite": pa.Column(checks=pa.Check.eq(False, error="no feature is infinite")),
        },
        checks=[
            pa.Check(not_from_the_future, error="no result lies in the future"),
            pa.Check(not_without_kick_off, error="no result is without a kick-off"),
            pa.Check(known_after_kick_off, error="a result is known after kick-off"),
        ],
    )


def forecasts() -> pa.DataFrameSchema:
    """Of predictions, before they are published."""

    def sums_to_one(frame: pd.DataFrame) -> "pd.Series[bool]":
        is_one: pd.Series[bool] = (frame[list(SIDES)].sum(axis=1) - 1).abs() <= SUM_TOLERANCE
        return is_one

    def is_number(values: "pd.Series[float]") -> "pd.Series[bool]":
        return pd.Series(np.isfinite(values), index=values.index).astype(bool)

    proba = pa.Column(
        checks=[
            pa.Check(is_number, error="a probability is a number", ignore_na=False),
            pa.Check.in_range(0, 1, error="a probability is 0 to 1"),
        ],
        nullable=True,
    )
    kickoff = kick_off()
    kickoff.nullable = False
    return pa.DataFrameSchema(
        {"match_id": unique_ids(), "kickoff": kickoff, **dict.fromkeys(list(SIDES), proba)},
        checks=pa.Check(sums_to_one, error="probabilities sum to 1", ignore_na=False),
    )
