"""Live predictions, inside a worker: models, features and state stay in its memory.

A thread in each worker process looks for new aliases and features every few seconds; a request
only ever reads what is there. With the registry or the database away the process goes on with
what it has.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from threading import Lock
from typing import Any

from cachetools import LRUCache
from django.db import Error
from django.utils import timezone

from livescores.models import Match
from predictions.modelling.arrays import Floats
from predictions.modelling.features.goal_rates import expected_goals
from predictions.modelling.features.machine import History, StateCorrupt, TeamState
from predictions.modelling.pricing.markets import all_markets
from predictions.models import AliasChange, Stage
from predictions.outcomes import LABELS, predicted_class
from predictions.services.features import feature_store
from predictions.services.features.feature_store import FeatureSet
from predictions.services.live.fixtures import Fixture
from predictions.services.publishing import insight_blocks
from predictions.services.publishing.insight_records import explained
from predictions.services.versions import loading
from predictions.services.versions.loading import ModelNotReady, ServedModel
from predictions.workers import inference_times
from soccerpredict.errors import NotFound, SoccerPredictError
from soccerpredict.observability import log_context
from soccerpredict.observability.spans import span

logger = logging.getLogger(__name__)

STATES_KEPT = 16
MARKETS, EXPLANATION = "markets", "explanation"


@dataclass
class LoadedFeatures:
    """A feature set with its state, and the states of past moments that were asked about."""

    features: FeatureSet
    state: TeamState
    _history: History | None = None
    _past: LRUCache[int, TeamState] = field(default_factory=lambda: LRUCache(STATES_KEPT))

    @classmethod
    def load(cls) -> "LoadedFeatures":
        features = feature_store.current()
        held = cls(features, features.state())
        held.warm()
        return held

    def warm(self) -> None:
        """Make what is made lazily before a request has to wait for it."""
        rows = len(self.features.row_of)
        self.state.features_of(0, 0, 0, self.state.as_of)
        logger.info("Holding features %s of %d matches.", self.features.version, rows)

    def of_match(self, match_id: int) -> tuple[Floats, int] | None:
        """Features and kick-off."""
        row = self.features.row_of.get(match_id)
        if row is None:
            return None
        return self.features.features[row], int(self.features.index["kickoff"].to_numpy()[row])

    def of_fixture(self, fixture: Fixture) -> Floats:
        """Features as of kick-off: from the present state, or from that of a past moment."""
        kickoff = fixture["kickoff"]
        state = self.state if kickoff >= self.state.as_of else self._state_at(kickoff)
        home, away = fixture["home_team_id"], fixture["away_team_id"]
        # Without a league a club stands for it: its goals and home edge say more than none.
        league = fixture.get("tournament_id") or state.tournament_of(home)
        league = league or state.tournament_of(away) or 0
        neutral = bool(fixture.get("neutral_venue"))
        return state.features_of(home, away, league, kickoff, neutral)

    def _state_at(self, moment: int) -> TeamState:
        if moment not in self._past:
            # All results there are: read when somebody first asks about the past, and kept then.
            self._history = self._history or self.features.history()
            self._past[moment] = self._history.state_at(moment)
        return self._past[moment]


@dataclass
class WorkerState:
    """What one worker process holds; whoever forks it holds `lock`."""

    served: dict[str, ServedModel] = field(default_factory=dict)
    held: LoadedFeatures | None = None
    _aliases: dict[str, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def refresh(self) -> None:
        """Load what is new; whatever fails is logged and the last good one kept."""
        with self.lock:
            try:
                self._refresh_features()
                self._refresh_models()
            except (SoccerPredictError, StateCorrupt, Error) as exc:
                logger.warning("Going on with what is loaded: %s", exc)

    def _refresh_features(self) -> None:
        version = feature_store.current_version()
        if version and (self.held is None or self.held.features.version != version):
            self.held = LoadedFeatures.load()

    def _refresh_models(self) -> None:
        for stage in Stage.values:
            change = AliasChange.objects.current(stage).first()
            if change is not None and self._aliases.get(stage) != change.pk:
                fitted = loading.fitted_of(change.model_version)
                self.served[stage] = ServedModel(stage, change.model_version, fitted)
                self._aliases[stage] = change.pk
                logger.info("Holding version %d as %s.", change.model_version.version, stage)

    @property
    def loaded(self) -> list[str]:
        return [f"{stage}:{model.version.run_id}" for stage, model in sorted(self.served.items())]

    def model(self, stage: str) -> ServedModel:
        if stage not in self.served:
            self.refresh()  # a first promotion is seconds old: the thread has not looked since
        if stage not in self.served:
            raise ModelNotReady(f"No {stage} is loaded: run manage.py promote_model.")
        return self.served[stage]

    def known(self) -> LoadedFeatures:
        if self.held is None:
            self.refresh()
        if self.held is None:
            raise feature_store.FeaturesMissing("There are no features: run build_features.")
        return self.held


worker_state = WorkerState()


@inference_times.timed
def predict_match(match_id: int, stage: str, include: Sequence[str] = ()) -> dict[str, Any]:
    """The stage's prediction of a stored match, as of its kick-off.

    Raises:
        NotFound: there is no such match. ModelNotReady, FeaturesMissing: nothing is loaded.
    """
    model, held = worker_state.model(stage), worker_state.known()
    found = held.of_match(match_id)
    if found is None:
        fixture = _stored_fixture(match_id, stage)
        found = held.of_fixture(fixture), fixture["kickoff"]
    return {"match_id": match_id, **_answer(model, held, *found, include)}


@inference_times.timed
def predict_fixtures(fixtures: Sequence[Fixture]) -> list[dict[str, Any]]:
    """A prediction of each fixture by the model of its stage."""
    held = worker_state.known()
    return [
        _answer(
            worker_state.model(fixture["stage"]),
            held,
            held.of_fixture(fixture),
            fixture["kickoff"],
        )
        for fixture in fixtures
    ]


def _stored_fixture(match_id: int, stage: str) -> Fixture:
    match = Match.objects.select_related("season").filter(pk=match_id).first()
    if match is None:
        raise NotFound(f"There is no match {match_id}.")
    return Fixture(
        home_team_id=match.home_team_id,
        away_team_id=match.away_team_id,
        kickoff=int(match.start_time_utc.timestamp()),
        stage=stage,
        tournament_id=match.season.tournament_id,
        neutral_venue=match.neutral_venue,
    )


def _answer(
    model: ServedModel,
    held: LoadedFeatures,
    features: Floats,
    kickoff: int,
    include: Sequence[str] = (),
) -> dict[str, Any]:
    with span("model.predict", model_stage=model.stage, model_run_id=model.version.run_id):
        proba = model.fitted.predict_proba(features)[0]
    likeliest = predicted_class(*proba.tolist())
    log_context.note(model_run_id=model.version.run_id)
    answer: dict[str, Any] = {
        "predicted_class": likeliest,
        "predicted_label": LABELS[likeliest],
        "probabilities": dict(zip(LABELS, proba.tolist(), strict=True)),
        "model_stage": model.stage,
        "model_number": model.version.version,
        "model_uri": model.version.uri,
        "model_run_id": model.version.run_id,
        "dataset_version": held.features.version,
        "predictions_computed_at": timezone.now().astimezone(UTC).isoformat(),
        "in_sample": model.version.has_seen(kickoff),
    }
    if MARKETS in include:
        answer[MARKETS] = markets(features, proba)
    if EXPLANATION in include:
        answer[EXPLANATION] = explanation(model, features, proba)
    return answer


def markets(features: Floats, proba: Floats) -> dict[str, object]:
    home, away = expected_goals(features[None])[0].tolist()
    return all_markets(home, away, proba.tolist())


def explanation(model: ServedModel, features: Floats, proba: Floats) -> dict[str, Any]:
    """See `insight_records.explained`."""
    reasons = insight_blocks.reasons(model.fitted, features[None])
    return explained(proba.tolist(), model.fitted.base_rates().tolist(), reasons)
