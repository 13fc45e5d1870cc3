"""Build the features of every match, or go on from where the last build ended."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import numpy as np
import pandas as pd
from django.db import connection
from django.utils import timezone

from livescores.models import DAY_ONLY_LENGTH
from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.features import machine
from predictions.modelling.features.frames import seconds
from predictions.modelling.features.machine import History, TeamState
from predictions.services.features import data_gates, feature_store, match_frame
from predictions.services.features.data_gates import LeftOut
from predictions.services.features.feature_store import NO_OUTCOME, FeatureSet
from soccerpredict import progress
from soccerpredict.errors import InvalidInput, SoccerPredictError

# Transaction numbers are compared modulo 2^32: older ones than this are not trusted.
LONGEST_DAYS = 14
# Rows written since a snapshot are those of a younger transaction (age: transactions ago). The
# numbers mean something in one database of one cluster only.
SNAPSHOT = """
    SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::numeric % 4294967296)::text,
           (SELECT system_identifier FROM pg_control_system()) || '/' ||
           (SELECT oid FROM pg_database WHERE datname = current_database())
"""
CHANGES = f"""
    SELECT count(*) FILTER (WHERE m.same_as_id IS NULL AND m.id <> ALL(%(left_out)s)),
           count(*) FILTER (
               WHERE least(age(m.xmin), age(s.xmin)) <= age(%(snapshot)s::text::xid)
               AND (m.start_time_utc < %(settled)s OR {match_frame.KNOWN_AT} <= %(seconds)s))
    FROM livescores_match m
    JOIN livescores_season s ON s.id = m.season_id
    WHERE m.start_time_utc < %(as_of)s
"""
# Prices that were stored since, of matches that the state has read. Numbers of prices are given
# before their transaction ends, so that a smaller one than the newest may still come.
NEW_PRICES = """
    SELECT EXISTS (
        SELECT FROM predictions_odds o
        JOIN livescores_match m ON m.id = o.match_id
        WHERE o.id > %(newest_price)s - 50000 AND age(o.xmin) <= age(%(snapshot)s::text::xid)
          AND o.kind <> 'live' AND m.start_time_utc < %(as_of)s)
"""
NEWEST_PRICE = "SELECT coalesce(max(id), 0) FROM predictions_odds"
# What a match's features depend on, besides earlier results.
FIXTURE = ["match_id", "kickoff", "home_team_id", "away_team_id", "tournament_id", "neutral"]


@dataclass(frozen=True)
class Moment:
    """When a build read the database: what was written later, a later build finds."""

    snapshot: str
    database: str
    newest_price: int
    now: datetime

    @classmethod
    def current(cls) -> Self:
        with connection.cursor() as cursor:
            cursor.execute(SNAPSHOT)
            snapshot, database = cursor.fetchone()
            cursor.execute(NEWEST_PRICE)
            (newest_price,) = cursor.fetchone()
        return cls(snapshot, database, newest_price, timezone.now())


@dataclass(frozen=True)
class Built:
    """A feature set and how it came about: `walked` matches were read anew."""

    features: FeatureSet
    walked: int
    continued: bool
    left_out: LeftOut = data_gates.NOTHING

    def __str__(self) -> str:
        how = "went on from the last build" if self.continued else "walked all matches"
        return (
            f"Features {self.features.version}: {how}, {self.walked} matches read.{self.left_out}"
        )


def build(*, full: bool = False, accept_fewer: bool = False) -> Built:
    """Bring the features up to date with the matches in the database.

    Continues from the saved state where nothing before it has changed; else, or with `full`,
    walks all matches again. Both ways give the same numbers. `accept_fewer`: it is no mistake that
    many matches are gone since.

    Raises:
        InvalidInput: there is no match at all.
        DataRefused: too many matches break a rule; the current set goes on being used.
    """
    progress.tell("Reading matches")
    with feature_store.writing():
        moment = Moment.current()
        last_count = None if accept_fewer else feature_store.last_count(moment.database)
        left_out = data_gates.before_features(now=moment.now.timestamp(), last_count=last_count)
        last = None if full else _last(moment, left_out)
        deductions = match_frame.deductions()
        unchanged = last and _unchanged_before(last) and last.history().deducts(deductions)
        continued = _continue(last, moment, left_out) if last and unchanged else None
        return continued or _walk_all(moment, left_out, deductions)


def _last(moment: Moment, left_out: LeftOut) -> FeatureSet | None:
    """The current set, if a build may go on from it."""
    try:
        found = feature_store.current()
    except SoccerPredictError:
        return None  # missing or broken: it is made anew
    age = moment.now - datetime.fromisoformat(found.manifest["built_at"])
    of_these = found.manifest.get("database") == moment.database and (
        found.manifest.get("left_out", []) == sorted(left_out.ids)
    )
    if found.manifest["n_results"] and of_these and age.days < LONGEST_DAYS:
        return found
    return None


def _unchanged_before(last: FeatureSet) -> bool:
    """Whether every match whose result the state knows is still as it was, prices included."""
    as_of = datetime.fromtimestamp(last.manifest["as_of"], UTC)
    moments: dict[str, Any] = {
        "as_of": as_of,
        "settled": as_of - DAY_ONLY_LENGTH,
        "seconds": as_of.timestamp(),
        "left_out": last.manifest.get("left_out", []),
    }
    values = {**moments, **{name: last.manifest[name] for name in ("snapshot", "newest_price")}}
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, values)
        n_earlier, n_changed = cursor.fetchone()
        cursor.execute(NEW_PRICES, values)
        (are_new_prices,) = cursor.fetchone()
    are_same = n_changed == 0 and n_earlier == last.manifest["n_before_as_of"]
    return bool(are_same and not are_new_prices)


def _walk_all(moment: Moment, left_out: LeftOut, deductions: Ints) -> Built:
    frame = match_frame.matches(without=left_out.ids)
    if frame.empty:
        raise InvalidInput("There are no matches: run import_matches or simulate_world first.")
    numbers, state, history = History.walked(frame, deductions)
    written = _write(_index(frame), numbers, state, history, moment, left_out)
    return Built(written, len(frame), continued=False, left_out=left_out)


def _continue(last: FeatureSet, moment: Moment, left_out: LeftOut) -> Built | None:
    """The features from the saved state on; None if a match under way is another one now."""
    state = last.state()
    since = datetime.fromtimestamp(state.as_of, UTC) - DAY_ONLY_LENGTH
    frame = match_frame.matches(since=since, without=left_out.ids)
    frame = frame[_is_news(frame, state)].reset_index(drop=True)
    news = _index(frame)
    if not _same_under_way(last.index, news, state.as_of):
        return None
    numbers, after = machine.walk(frame, state, skip_earlier=True)
    fresh = news["kickoff"].to_numpy() >= state.as_of
    old = last.index["kickoff"].to_numpy() < state.as_of
    index = pd.concat([_settled(last.index[old], news), news[fresh]], ignore_index=True)
    features = np.concatenate([last.features[old], numbers[fresh]])
    history = last.history().extended(frame)
    written = _write(index, features, after, history, moment, left_out)
    return Built(written, int(fresh.sum()), continued=True, left_out=left_out)


def _is_news(frame: pd.DataFrame, state: TeamState) -> "pd.Series[bool]":
    """Matches that the state has not read, or whose result it has not applied."""
    known = seconds(frame["known_at"])
    return pd.Series((known > state.as_of) | (seconds(frame["kickoff"]) >= state.as_of))


def _same_under_way(old: pd.DataFrame, news: pd.DataFrame, as_of: int) -> bool:
    """Whether the matches that had kicked off, but were not over, are still the same fixtures."""
    since = as_of - DAY_ONLY_LENGTH.total_seconds()
    was = old[(old["kickoff"] >= since) & (old["kickoff"] < as_of) & (old["known_at"] > as_of)]
    now = news[news["kickoff"] < as_of]
    return was[FIXTURE].reset_index(drop=True).equals(now[FIXTURE].reset_index(drop=True))


def _settled(index: pd.DataFrame, news: pd.DataFrame) -> pd.DataFrame:
    """The old index with the outcomes that have come in since."""
    rows = index["match_id"].isin(news["match_id"]).to_numpy()
    arrived = news.set_index("match_id").loc[index["match_id"][rows]]
    settled = index.copy()
    for name in ("outcome", "known_at"):
        settled.loc[rows, name] = arrived[name].to_numpy()
    return settled


def _write(
    index: pd.DataFrame,
    features: Floats,
    state: TeamState,
    history: History,
    moment: Moment,
    left_out: LeftOut,
) -> FeatureSet:
    digest = machine.digest(features, index["match_id"].to_numpy(np.int64))
    facts: dict[str, Any] = {
        "digest": digest,
        "snapshot": moment.snapshot,
        "database": moment.database,
        "newest_price": moment.newest_price,
        "built_at": moment.now.isoformat(),
        "as_of": state.as_of,
        "n_results": state.n_results,
        "n_before_as_of": int((index["kickoff"] < state.as_of).sum()),
        "left_out": sorted(left_out.ids),
        "why_left_out": left_out.told,
    }
    return feature_store.write(
        index=index,
        features=features,
        state=state,
        history=history,
        version=_version(digest, index, history),
        facts=facts,
    )


def _version(digest: str, index: pd.DataFrame, history: History) -> str:
    """Names the content: a result that no fixture's features show yet makes another version."""
    content = hashlib.sha256(digest.encode())
    for name in (*feature_store.INDEX, "outcome"):
        content.update(np.ascontiguousarray(index[name].to_numpy()).tobytes())
    content.update(np.ascontiguousarray(history.results.statistics).tobytes())
    content.update(history.deductions.tobytes())
    return content.hexdigest()[:16]


def _index(frame: pd.DataFrame) -> pd.DataFrame:
    index = frame[["match_id", "home_team_id", "away_team_id", "tournament_id"]].astype(np.int64)
    index["kickoff"] = seconds(frame["kickoff"])
    index["known_at"] = seconds(frame["known_at"])
    index["neutral"] = frame["neutral"]
    index["outcome"] = outcomes(frame)
    return index


def outcomes(frame: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.int8]]":
    """0 home win, 1 draw, 2 away win; NO_OUTCOME without a final result."""
    home, away = frame["home_score"].to_numpy(), frame["away_score"].to_numpy()
    outcome = np.where(home > away, 0, np.where(home < away, 2, 1))
    return np.where(np.isfinite(home + away), outcome, NO_OUTCOME).astype(np.int8)
