"""Put a candidate beside what serves a stage, and keep what came of it.

Only matches count that kicked off after both had learned: neither could know their results.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.conf import settings

from livescores.models import Tournament
from predictions.modelling.arrays import Floats
from predictions.modelling.evaluation import gate, scoring
from predictions.modelling.evaluation.gate import Check, Limits, Trial
from predictions.modelling.fitting.artifacts import TOLERANCE
from predictions.modelling.fitting.recipes import Fitted
from predictions.models import GateReport, ModelVersion
from predictions.services.features import feature_store
from predictions.services.features.feature_store import NO_OUTCOME, FeatureSet
from predictions.services.versions import loading
from predictions.services.versions.loading import ModelNotReady

SIGNATURE = ("feature_version", "feature_names", "classes")
DECIMALS = 6

Facts = dict[str, Any]


@dataclass(frozen=True)
class GateMatches:
    """The matches after a moment, and which of them have a result."""

    features: FeatureSet
    rows: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    settled: "np.ndarray[tuple[int], np.dtype[np.bool_]]"

    @classmethod
    def after(cls, features: FeatureSet, since: datetime) -> "GateMatches":
        index = features.index
        rows = np.flatnonzero(index["kickoff"].to_numpy() > since.timestamp())
        return cls(features, rows, index["outcome"].to_numpy()[rows] != NO_OUTCOME)

    def answers(self, fitted: Fitted) -> Floats:
        if not len(self.rows):
            return np.zeros((0, 3))
        return fitted.predict_proba(self.features.features[self.rows])

    def column(self, name: str) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
        """Of the matches with a result."""
        values = self.features.index[name].to_numpy()[self.rows[self.settled]]
        return np.asarray(values, dtype=np.int64)


def examine(
    candidate: ModelVersion, champion: ModelVersion | None, *, stage: str, by: str, reason: str
) -> GateReport:
    """Judge a candidate beside what serves the stage (None: nothing does), and keep the report.

    Raises:
        ModelNotReady: the candidate's artifact is broken. RegistryAway: it cannot be fetched.
        FeaturesMissing, FeaturesCorrupt: there is nothing to judge on.
    """
    theirs, broken = _loaded(champion)
    fitted, features = loading.fitted_of(candidate), feature_store.current()
    # By the later of the two: on what either has learned from, it would judge itself.
    learned = [version.trained_until for version in (candidate, champion) if version]
    field = GateMatches.after(features, max(learned))
    trial = _trial(field, fitted, theirs)
    limits = Limits(log_loss=settings.GATE_LOG_LOSS_MARGIN)
    checks = [*broken, _signature(fitted, theirs), _golden(fitted), *gate.judge(trial, limits)]
    return GateReport.objects.create(
        stage=stage,
        candidate=candidate,
        champion=champion,
        asked_by=by,
        reason=reason,
        passed=gate.passed(checks),
        n_matches=len(trial.outcome),
        dataset_version=features.version,
        content={
            "checks": [asdict(check) for check in checks],
            "limits": asdict(limits),
            "matches": _extent(field),
            **_compared(trial),
            "leagues": list(_leagues(trial, limits)),
        },
    )


def _loaded(champion: ModelVersion | None) -> tuple[Fitted | None, list[Check]]:
    """The champion's model; one that is broken can be compared with nothing."""
    if champion is None:
        return None, []
    try:
        return loading.fitted_of(champion), []
    except ModelNotReady as exc:
        said = f"What serves now cannot be asked: {exc}"
        return None, [Check("champion", passed=False, value=None, limit=None, said=said)]


def _trial(field: GateMatches, fitted: Fitted, theirs: Fitted | None) -> Trial:
    answers = field.answers(fitted)
    return Trial(
        candidate=answers[field.settled],
        champion=field.answers(theirs)[field.settled] if theirs else None,
        outcome=field.column("outcome"),
        league=field.column("tournament_id"),
        coming=answers[~field.settled],
    )


def _signature(fitted: Fitted, theirs: Fitted | None) -> Check:
    other = theirs.manifest if theirs else fitted.manifest
    differs = [name for name in SIGNATURE if fitted.manifest[name] != other[name]]
    said = f"Its {', '.join(differs)} differ from the champion's." if differs else "As before."
    return Check("signature", not differs, float(len(differs)), 0.0, f"Inputs and outputs: {said}")


def _golden(fitted: Fitted) -> Check:
    """Asked again here, whoever loaded it: the matches whose answers it was saved with."""
    kept = np.array(fitted.manifest["golden"]["proba"])
    off = float(np.abs(fitted.predict_proba(fitted.golden) - kept).max())
    if not np.isfinite(off):
        said = "Golden matches are answered with something that is no number."
        return Check("golden_rows", passed=False, value=None, limit=TOLERANCE, said=said)
    said = f"{len(kept)} golden matches answered as when it was saved, within {off:.1e}."
    return Check("golden_rows", off <= TOLERANCE, off, TOLERANCE, said)


def _extent(field: GateMatches) -> Facts:
    kickoff = field.column("kickoff")
    if not len(kickoff):
        return {"n": 0, "from": None, "to": None}
    first, last = (datetime.fromtimestamp(int(at), UTC).isoformat() for at in kickoff[[0, -1]])
    return {"n": len(kickoff), "from": first, "to": last}


def _compared(trial: Trial) -> Facts:
    """Scores of both on the same matches, as far as there are any."""
    if not len(trial.outcome) or not _is_probability(trial.candidate):
        return {"scores": {}, "difference": {}}
    scores = {"candidate": asdict(scoring.scores(trial.candidate, trial.outcome))}
    if trial.champion is None:
        return {"scores": scores, "difference": {}}
    scores["champion"] = asdict(scoring.scores(trial.champion, trial.outcome))
    rules = {"log_loss": scoring.log_loss, "brier": scoring.brier}
    rules["rps"] = scoring.ranked_probability_score
    return {
        "scores": scores,
        "difference": {name: _apart(rule, trial, trial.champion) for name, rule in rules.items()},
    }


def _is_probability(proba: Floats) -> bool:
    off = np.abs(proba.sum(axis=1) - 1)
    return bool(np.isfinite(proba).all() and (proba >= 0).all() and (off <= 1e-6).all())


def _apart(rule: gate.Score, trial: Trial, champion: Floats) -> Facts:
    apart = scoring.paired_difference(
        rule(trial.candidate, trial.outcome), rule(champion, trial.outcome)
    )
    return {"mean": apart.mean, "standard_error": apart.standard_error}


def _leagues(trial: Trial, limits: Limits) -> Iterator[Facts]:
    if not _is_probability(trial.candidate):
        return
    gaps = gate.league_gaps(trial, limits)
    found = Tournament.objects.filter(pk__in=[gap.league for gap in gaps])
    names = {league.pk: league for league in found.select_related("region")}
    for gap in gaps:
        league = names.get(gap.league)
        yield {
            "tournament_id": gap.league,
            "league": f"{league.name}, {league.region.name}" if league else "",
            "difference": round(gap.mean, DECIMALS),
            "standard_error": round(gap.standard_error, DECIMALS),
            "n_matches": gap.n_matches,
            "worse": gap.is_worse(limits),
        }
