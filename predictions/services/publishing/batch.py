"""Predict every match that has features, and publish the predictions as one consistent set."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import psycopg
from django.db import connection, transaction
from django.utils import timezone

from predictions.modelling.arrays import Floats
from predictions.modelling.fitting.models import rounded
from predictions.models import BatchRun, Prediction, Publication, PublicationPointer, Stage
from predictions.services.features import data_gates, feature_store, match_frame
from predictions.services.features.feature_store import FeatureSet
from predictions.services.odds import judging
from predictions.services.publishing import insight_blocks, publication
from predictions.services.versions import loading
from predictions.services.versions.loading import ServedModel
from soccerpredict import postgres, progress
from soccerpredict.errors import SoccerPredictError

FIXTURE = ["home_team_id", "away_team_id", "tournament_id", "kickoff", "neutral"]
COPY = """
    COPY predictions_prediction
        (batch_id, match_id, start_time_utc, proba_home, proba_draw, proba_away, in_sample)
    FROM STDIN
"""


class BatchRefused(SoccerPredictError):
    """Predictions that must not be published; the last good set goes on serving."""

    code = "batch_refused"
    title = "The predictions were not published"


@dataclass(frozen=True)
class Forecasts:
    """Every match's features (n, n_features) and probabilities (n, 3), rounded."""

    index: pd.DataFrame
    numbers: Floats
    proba: Floats


def run(*, stage: str, as_of: datetime | None = None, accept_fewer: bool = False) -> Publication:
    """Predict with the stage's model as things were known at `as_of`, and publish.

    All in one transaction: a reader sees the old set or the new one, and after a failure the old.
    Afterwards what is behind the predictions is brought up to date.
    `accept_fewer`: it is no mistake that many matches are gone since.

    Raises:
        FeaturesMissing, FeaturesCorrupt, ModelNotReady: what it needs is not there.
        DataRefused: too many of the predictions break a rule.
        BatchRefused: there is nothing to predict.
    """
    moment = as_of or timezone.now()
    features, model = feature_store.current(), loading.load(stage)
    progress.tell(f"Predicting {len(features.index)} matches with the {stage}")
    forecasts = forecast(features, model, moment)
    # A data set that lost matches by mistake would take their predictions from every reader.
    if not accept_fewer:
        n_predictions = len(forecasts.proba)
        data_gates.hold_count(
            "Nothing is published", "predictions", n_predictions, _last_count(stage)
        )
    progress.tell(f"Publishing {len(forecasts.proba)} predictions of the {stage}")
    with transaction.atomic():
        batch = BatchRun.objects.create(
            stage=stage,
            model_version=model.version,
            dataset_version=features.version,
            as_of=moment,
            n_predictions=len(forecasts.proba),
        )
        _store(batch, forecasts)
        published = publication.publish(batch)
        # In the same transaction: no reader sees value in a price that the new set contradicts.
        if stage == Stage.CHAMPION:
            judging.judge_coming()
    postgres.analyze(Prediction)
    progress.tell(f"Explaining predictions of the {stage}")
    match_ids = forecasts.index["match_id"].to_numpy(np.int64)
    insight_blocks.refresh(model, match_ids, forecasts.numbers)
    return published


def explain_more(stage: str) -> int:
    """Go on with what moved the predictions that the stage serves; how many blocks were made."""
    features, model = feature_store.current(), loading.load(stage)
    index = _existing(features.index)
    numbers = features.features[index.index.to_numpy()]
    return insight_blocks.refresh(model, index["match_id"].to_numpy(np.int64), numbers)


def _last_count(stage: str) -> int | None:
    """How many predictions the stage serves."""
    pointer = PublicationPointer.objects.filter(stage=stage)
    return pointer.values_list("publication__n_predictions", flat=True).first()


def published_with(stage: str) -> tuple[int, str] | None:
    """Model version and feature set behind what the stage serves.

    None also where an earlier version of the program published it, with fewer members.
    """
    return (
        PublicationPointer.objects.filter(stage=stage, publication__columns=publication.COLUMNS)
        .values_list("batch__model_version_id", "batch__dataset_version")
        .first()
    )


def forecast(features: FeatureSet, model: ServedModel, as_of: datetime) -> Forecasts:
    """The model's probabilities of every match, from what was known at kick-off or `as_of`."""
    index = _existing(features.index)
    if index.empty:
        raise BatchRefused("There is no match to predict.")
    # Whatever was left out, a frame's own index still says which row of the store each match has.
    numbers = features.features[index.index.to_numpy()]
    numbers = _as_known(features, index, numbers, as_of)
    proba = model.fitted.predict_proba(numbers)
    stays = data_gates.before_publication(index, proba).without(index)
    return Forecasts(index[stays], numbers[stays], rounded(proba[stays]))


def _existing(index: pd.DataFrame) -> pd.DataFrame:
    """The matches that are still there: an operator may have removed one since."""
    ids = match_frame.match_ids()
    return index[index["match_id"].isin(ids)]


def _as_known(
    features: FeatureSet, index: pd.DataFrame, numbers: Floats, as_of: datetime
) -> Floats:
    """Matches after `as_of` are read from the state of that moment, without later results."""
    moment = int(as_of.timestamp())
    later = index["kickoff"].to_numpy() > moment
    if moment >= features.manifest["as_of"] or not later.any():
        return numbers  # nothing in the store is younger than what was known then
    state = features.history().state_at(moment)
    numbers = numbers.copy()
    rows = np.flatnonzero(later)
    columns = (index[name].to_numpy()[rows].tolist() for name in FIXTURE)
    for row, fixture in zip(rows, zip(*columns, strict=True), strict=True):
        numbers[row] = state.features_of(*fixture)
    return numbers


def _store(batch: BatchRun, forecasts: Forecasts) -> None:
    kickoff = forecasts.index["kickoff"].to_numpy()
    # By kick-off, since the model learned from every result up to there.
    in_sample = kickoff <= batch.model_version.trained_until.timestamp()
    columns: list[list[Any]] = [
        forecasts.index["match_id"].tolist(),
        np.datetime_as_string(kickoff.astype("datetime64[s]")).tolist(),
        *forecasts.proba.T.tolist(),
        in_sample.tolist(),
    ]
    # A number's repr is the shortest text that is read back as the very same number.
    lines = (
        f"{batch.pk}\t{match}\t{start}Z\t{home!r}\t{draw!r}\t{away!r}\t{seen}\n"
        for match, start, home, draw, away, seen in zip(*columns, strict=True)
    )
    try:
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.write("".join(lines))
    except psycopg.IntegrityError as exc:
        broken = exc.diag.constraint_name
        raise BatchRefused(f"The database refuses a prediction by its rule {broken}.") from exc
