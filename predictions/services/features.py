"""Build the features of every match, or go on from where the last build ended."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
from django.db import connection
from django.utils import timezone

from livescores.models import DAY_ONLY_LENGTH
from predictions.modelling import features as machine
from predictions.modelling.features import History, TeamState
from predictions.modelling.frames import seconds
from predictions.services import feature_store, match_frame
from predictions.services.feature_store import NO_OUTCOME, FeatureSet, Floats
from soccerpredict.http.errors import InvalidInput, SoccerPredictError

# Transaction numbers are compared modulo 2^32: older ones than this are not trusted.
LONGEST_DAYS = 14
# Rows written since a snapshot are those of a younger transaction (age: transactions ago).
SNAPSHOT = "SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::numeric % 4294967296)::text"
CHANGES = """
    SELECT count(*) FILTER (WHERE start_time_utc < %(as_of)s),
           count(*) FILTER (WHERE start_time_utc < %(settled)s
                            AND age(xmin) <= age(%(snapshot)s::text::xid))
    FROM livescores_match
"""


@dataclass(frozen=True)
class Built:
    """A feature set and how it came about: `walked` matches were read anew."""

    features: FeatureSet
    walked: int
    continued: bool


def build(*, full: bool = False) -> Built:
    """Bring the features up to date with the matches in the database.

    Continues from the saved state where nothing before it has changed; else, or with `full`,
    walks all matches again. Both ways give the same numbers.

    Raises:
        InvalidInput: there is no match at all.
    """
    with feature_store.writing():
        last = None if full else _last()
        snapshot, now = _snapshot(), timezone.now()
        if last and _unchanged_before(last):
            return _continue(last, snapshot, now)
        return _walk_all(snapshot, now)


def _last() -> FeatureSet | None:
    try:
        found = feature_store.current()
    except SoccerPredictError:
        return None  # missing or broken: it is made anew
    age = timezone.now() - datetime.fromisoformat(found.manifest["built_at"])
    return found if age.days < LONGEST_DAYS else None


def _snapshot() -> str:
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT)
        return str(cursor.fetchone()[0])


def _unchanged_before(last: FeatureSet) -> bool:
    """Whether every match whose result the state knows is still as it was."""
    as_of = datetime.fromtimestamp(last.manifest["as_of"], UTC)
    moments = {"as_of": as_of, "settled": as_of - DAY_ONLY_LENGTH}
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, {**moments, "snapshot": last.manifest["snapshot"]})
        n_earlier, n_changed = cursor.fetchone()
    return bool(n_changed == 0 and n_earlier == last.manifest["n_before_as_of"])


def _walk_all(snapshot: str, now: datetime) -> Built:
    frame = match_frame.matches()
    if frame.empty:
        raise InvalidInput("There are no matches: run import_matches or simulate_world first.")
    numbers, state = machine.walk(frame)
    history = History.of(frame)
    written = _write(_index(frame), numbers, state, history, snapshot, now)
    return Built(written, len(frame), continued=False)


def _continue(last: FeatureSet, snapshot: str, now: datetime) -> Built:
    state = last.state()
    frame = match_frame.matches(since=datetime.fromtimestamp(state.as_of, UTC) - DAY_ONLY_LENGTH)
    frame = frame[_is_news(frame, state)].reset_index(drop=True)
    if frame.empty:
        return Built(last, 0, continued=True)
    numbers, after = machine.walk(frame, state, skip_earlier=True)
    fresh = seconds(frame["kickoff"]) >= state.as_of
    old = last.index["kickoff"].to_numpy() < state.as_of
    index = pd.concat([_settled(last.index[old], frame), _index(frame[fresh])], ignore_index=True)
    features = np.concatenate([last.features[old], numbers[fresh]])
    history = last.history().extended(frame)
    written = _write(index, features, after, history, snapshot, now)
    return Built(written, int(fresh.sum()), continued=True)


def _is_news(frame: pd.DataFrame, state: TeamState) -> "pd.Series[bool]":
    """Matches that the state has not read, or whose result it has not applied."""
    known = seconds(frame["known_at"])
    return pd.Series((known > state.as_of) | (seconds(frame["kickoff"]) >= state.as_of))


def _settled(index: pd.DataFrame, frame: pd.DataFrame) -> pd.DataFrame:
    """The old index with the outcomes that have come in since."""
    news = pd.Series(_outcomes(frame), index=frame["match_id"].to_numpy())
    outcome = index["match_id"].map(news).fillna(index["outcome"]).astype(np.int8)
    return index.assign(outcome=outcome)


def _write(
    index: pd.DataFrame,
    features: Floats,
    state: TeamState,
    history: History,
    snapshot: str,
    now: datetime,
) -> FeatureSet:
    digest = machine.digest(features, index["match_id"].to_numpy(np.int64))
    facts: dict[str, Any] = {
        "digest": digest,
        "snapshot": snapshot,
        "built_at": now.isoformat(),
        "as_of": state.as_of,
        "n_results": state.n_results,
        "n_before_as_of": int((index["kickoff"] < state.as_of).sum()),
    }
    return feature_store.write(
        index=index,
        features=features,
        state=state,
        history=history,
        version=digest[:16],
        facts=facts,
    )


def _index(frame: pd.DataFrame) -> pd.DataFrame:
    index = frame[["match_id", "home_team_id", "away_team_id", "tournament_id"]].astype(np.int64)
    index["kickoff"] = seconds(frame["kickoff"])
    index["known_at"] = seconds(frame["known_at"])
    index["neutral"] = frame["neutral"]
    index["outcome"] = _outcomes(frame)
    return index


def _outcomes(frame: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.int8]]":
    """0 home win, 1 draw, 2 away win; NO_OUTCOME without a final result."""
    home, away = frame["home_goals"].to_numpy(), frame["away_goals"].to_numpy()
    outcome = np.where(home > away, 0, np.where(home < away, 2, 1))
    return np.where(np.isfinite(home + away), outcome, NO_OUTCOME).astype(np.int8)
