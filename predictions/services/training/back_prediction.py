"""Predict a file of fixtures as it could have been done on a day: with nothing of later.

The recipe learns from the results known by then, and the features are those of that moment.
Nothing of this is registered or published.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from predictions.modelling.arrays import Floats
from predictions.modelling.features import machine
from predictions.modelling.features.frames import STATISTICS, seconds
from predictions.modelling.features.machine import TeamState
from predictions.modelling.fitting import recipes
from predictions.modelling.fitting.models import rounded
from predictions.modelling.fitting.recipes import CannotFit, Fitted, UnknownRecipe
from predictions.outcomes import LABELS, predicted_class
from predictions.services.features import match_frame
from predictions.services.features.building import outcomes
from predictions.services.features.feature_store import NO_OUTCOME
from predictions.services.training import fixture_files
from predictions.services.training.fitting import FEWEST
from predictions.services.training.fixture_files import LinkedFile, LinkedFixture
from soccerpredict.errors import InvalidInput

ADDED = (
    "home_team",
    "away_team",
    "proba_home",
    "proba_draw",
    "proba_away",
    "predicted_label",
    "fallback",
)
NEWCOMER = "taken for a newcomer of the league"


@dataclass(frozen=True)
class BackPrediction:
    """What was written: how many rows, on how many results, which fell back, what is unlinked.

    Attributes
    ----------
    undated : fixtures without a date, which kick off at the moment asked about
    """

    n_fixtures: int
    n_learned: int
    fallbacks: Counter[str]
    unlinked: list[str]
    undated: int = 0


def predict(path: Path, *, as_of: datetime, recipe: str, out: Path) -> BackPrediction:
    """Predict the fixtures of a file from what was known at `as_of`, into another file.

    A club that had no match by then, or whose name means none of ours, is taken for a newcomer of
    its league; the row says so.

    Raises:
        InvalidInput: a file that cannot be read, a fixture before `as_of`, an unknown recipe, or
            too few results to learn from.
    """
    _refuse_unknown(recipe)
    linked = fixture_files.read(path, as_of)
    _refuse_earlier(linked, as_of)
    frame = known(as_of)
    numbers, state = machine.walk(frame)
    fitted, n_learned = _fitted(recipe, frame, numbers)
    rows = list(_rows(linked, state, fitted))
    fixture_files.write(out, [*linked.columns, *_added(linked)], rows)
    fallbacks = Counter(str(row["fallback"]) for row in rows if row["fallback"])
    return BackPrediction(len(rows), n_learned, fallbacks, linked.unlinked, linked.undated)


def known(as_of: datetime) -> pd.DataFrame:
    """The matches that had kicked off by then, with the results that were known by then."""
    frame = match_frame.matches()
    frame = frame[frame["kickoff"] < as_of].reset_index(drop=True)
    late = (frame["known_at"] > as_of).to_numpy(bool)
    frame.loc[late, list(STATISTICS)] = np.nan
    return frame


def _fitted(recipe: str, frame: pd.DataFrame, numbers: Floats) -> tuple[Fitted, int]:
    outcome = outcomes(frame).astype(np.int64)
    has_result = outcome != NO_OUTCOME
    n = int(has_result.sum())
    if n < FEWEST:
        raise InvalidInput(f"Only {n} results were known by then; a model needs {FEWEST}.")
    kickoff = seconds(frame["kickoff"])
    try:
        fitted = recipes.fit(recipe, numbers[has_result], outcome[has_result], kickoff[has_result])
    except CannotFit as exc:
        raise InvalidInput(str(exc)) from exc
    return fitted, n


def _rows(linked: LinkedFile, state: TeamState, fitted: Fitted) -> Iterator[dict[str, object]]:
    numbers = np.stack([_features(fixture, state) for fixture in linked.fixtures])
    proba = rounded(fitted.predict_proba(numbers))
    for fixture, (home, draw, away) in zip(linked.fixtures, proba.tolist(), strict=True):
        yield {
            **{column: fixture.row[column] for column in linked.columns},
            "home_team": fixture.home.name if fixture.home else "",
            "away_team": fixture.away.name if fixture.away else "",
            "proba_home": home,
            "proba_draw": draw,
            "proba_away": away,
            "predicted_label": LABELS[predicted_class(home, draw, away)],
            "fallback": _fallback(fixture, state),
        }


def _features(fixture: LinkedFixture, state: TeamState) -> Floats:
    # No club has the id 0: the state takes it for one that it never saw.
    home, away = (club.team_id if club else 0 for club in (fixture.home, fixture.away))
    league = fixture.tournament_id or state.tournament_of(home) or state.tournament_of(away) or 0
    kickoff = int(fixture.kickoff.timestamp())
    return state.features_of(home, away, league, kickoff, fixture.neutral)


def _fallback(fixture: LinkedFixture, state: TeamState) -> str:
    """Which clubs nothing was known of, in words."""
    strangers = [
        side
        for side, club in (("home", fixture.home), ("away", fixture.away))
        if club is None or not state.knows(club.team_id)
    ]
    return f"{' and '.join(strangers)} {NEWCOMER}" if strangers else ""


def _added(linked: LinkedFile) -> list[str]:
    taken = sorted(set(ADDED) & set(linked.columns))
    if taken:
        raise InvalidInput(f"The file has columns of its own named {', '.join(taken)}.")
    return list(ADDED)


def _refuse_unknown(recipe: str) -> None:
    try:
        recipes.recipe_of(recipe)
    except UnknownRecipe as exc:
        raise InvalidInput(str(exc)) from exc


def _refuse_earlier(linked: LinkedFile, as_of: datetime) -> None:
    for fixture in linked.fixtures:
        if fixture.kickoff < as_of:
            raise InvalidInput(
                f"Line {fixture.row.line}: it kicks off at {fixture.kickoff:%Y-%m-%d %H:%M}, "
                f"before {as_of:%Y-%m-%d %H:%M}: ask as of an earlier moment."
            )
