"""The gates that data pass before features, training and publication.

A match that breaks a rule is left out and named, and the run goes on with the others. Only where
more than a share of them do is it no single mistake: the run then stops before anything is written,
so that what was good goes on being used.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pa
from django.conf import settings

from predictions.modelling.arrays import Bools, Floats
from predictions.outcomes import SIDES
from predictions.services.features import data_rules
from predictions.services.features.feature_store import FeatureSet
from soccerpredict import postgres
from soccerpredict.errors import SoccerPredictError

logger = logging.getLogger(__name__)
MOST_NAMED = 10  # rows of a rule that are named
# A count under this share of the last good run's is taken for a loss, not for news.
FEWEST_SHARE = 0.9
A_FEW = 2  # so many may always go: in a small world a match or two are more than a share
COLUMNS = ("home_team_id", "away_team_id", *data_rules.STATISTICS)
MATCHES = f"""
    SELECT m.id AS match_id, m.status, extract(epoch FROM m.start_time_utc)::bigint AS kickoff,
           m.finished_at IS NOT NULL AS outcome_known,
           {", ".join(f"m.{name}" for name in COLUMNS)}
    FROM livescores_match m WHERE m.same_as_id IS NULL ORDER BY m.id
"""


class DataRefused(SoccerPredictError):
    """Data that break a rule; the text names the rule and the rows."""

    code = "data_refused"
    title = "The data were refused"


@dataclass(frozen=True)
class LeftOut:
    """Matches that break a rule: by rule, as far as they are counted and named."""

    ids: frozenset[int] = frozenset()
    told: str = ""

    def __str__(self) -> str:
        return f" Left out: {self.told}" if self.ids else ""

    def without(self, frame: pd.DataFrame) -> Bools:
        """Which rows of a frame stay."""
        return ~frame["match_id"].isin(self.ids).to_numpy(bool)


NOTHING = LeftOut()


def before_features(*, now: float, last_count: int | None) -> LeftOut:
    """Of all stored matches; `last_count` is that of the last good build.

    Raises:
        DataRefused: too many break a rule, or matches are gone.
    """
    frame = _stored()
    left_out = hold("Features are not rebuilt", frame, data_rules.matches(now))
    n_good = int(left_out.without(frame).sum())
    hold_count("Features are not rebuilt", "matches", n_good, last_count)
    return left_out


def before_training(features: FeatureSet, *, now: float) -> LeftOut:
    """Of a feature set: it may be older than the rules, or its file another one than it seems.

    Raises:
        DataRefused: too many matches break a rule.
    """
    index = features.index.copy()
    index["has_infinite"] = np.asarray(np.isinf(features.features).any(axis=1))
    return hold("No model is trained", index, data_rules.sample(now))


def before_publication(index: pd.DataFrame, proba: Floats) -> LeftOut:
    """Of predictions as the model made them, whose matches are those of an index.

    Raises:
        DataRefused: too many break a rule.
    """
    frame = index[["match_id", "kickoff"]].reset_index(drop=True)
    frame[list(SIDES)] = proba
    return hold("Nothing is published", frame, data_rules.forecasts())


def hold(consequence: str, frame: pd.DataFrame, rules: pa.DataFrameSchema) -> LeftOut:
    """The matches that break a rule.

    Raises:
        DataRefused: they are too many to be left out; it names every broken rule.
    """
    try:
        rules.validate(frame.reset_index(drop=True), lazy=True)
    except pa.errors.SchemaErrors as exc:
        ids = frame["match_id"].to_numpy()
        rows = exc.failure_cases["index"].dropna().astype(int).unique()
        said = " ".join(_sentences(exc.failure_cases, ids))
        most = max(A_FEW, settings.DATA_GATE_MOST_BROKEN * len(frame))
        if len(rows) > most or not len(rows):
            raise DataRefused(f"{consequence}: {said}") from exc
        logger.warning("Left out: %s", said)
        return LeftOut(frozenset(ids[rows].tolist()), said)
    return NOTHING


def hold_count(consequence: str, what: str, count: int, last_count: int | None) -> None:
    if last_count is None or last_count - count <= A_FEW:
        return
    if count < FEWEST_SHARE * last_count:
        rule = f"no more than {1 - FEWEST_SHARE:.0%} of the {what} go"
        raise DataRefused(
            f"{consequence}: Rule '{rule}' is broken: {count}, after {last_count} in the last "
            "good run."
        )


def _sentences(
    broken: pd.DataFrame, ids: "np.ndarray[tuple[int], np.dtype[np.int64]]"
) -> Iterator[str]:
    for rule, cases in broken.groupby("check", sort=False):
        rows = cases["index"].dropna().astype(int).drop_duplicates()
        named = ", ".join(str(match_id) for match_id in ids[rows[:MOST_NAMED].to_numpy()])
        more = " and more" if len(rows) > MOST_NAMED else ""
        noun = "match" if len(rows) == 1 else "matches"
        yield f"Rule '{rule}' is broken by {len(rows)} {noun}: {named}{more}."


def _stored() -> pd.DataFrame:
    kinds = dict.fromkeys(data_rules.STATISTICS, "float64") | {"outcome_known": "str"}
    frame = postgres.frame_of(MATCHES, dtype=kinds)
    return frame.assign(outcome_known=frame["outcome_known"] == "t")
