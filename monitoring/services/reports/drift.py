"""Whether recent and coming matches look like those that the champion learned from.

Evidently makes the page for staff and a distance per column. The verdict per feature is ours: its
false alarms are calibrated, see `drift_tests`.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.utils import timezone

from monitoring.models import DriftReport
from monitoring.services.reports import drift_tests, evidently_page, references, report_files
from monitoring.services.reports.drift_tests import Verdicts
from monitoring.services.reports.evidently_page import Distance
from monitoring.services.reports.references import ReferenceMatches
from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.fitting.recipes import recipe_of
from predictions.models import ModelVersion, Stage
from predictions.services.features import feature_store
from predictions.services.features.feature_store import NO_OUTCOME, FeatureSet
from predictions.services.versions import loading
from soccerpredict import whole_files
from soccerpredict.errors import NotFound

logger = logging.getLogger(__name__)

RECENT, COMING = timedelta(days=30), timedelta(days=7)
FEWEST, MOST = 50, 5000
PREDICTIONS = ("proba_home", "proba_draw", "proba_away")
THRESHOLD = 0.5  # the share of features from which on the whole counts as drifted: Evidently's
METHOD = "Kolmogorov-Smirnov, Benjamini-Hochberg, calibrated"
DIGITS = 6

Facts = dict[str, Any]


def report(*, as_of: datetime | None = None) -> DriftReport:
    """Compare, write the report and the page, keep the report in history.

    Without `as_of` it is about now or, where too few matches lie around now, the newest result.

    Raises:
        ModelNotReady, FeaturesMissing, FeaturesCorrupt: what it needs is not there.
        NotFound: too few matches that the champion did not learn from lie around the moment.
    """
    version, features = loading.version_of(Stage.CHAMPION), feature_store.current()
    moment, at_newest_result = (as_of, False) if as_of else newest_moment(version, features)
    current = window(version, features, moment)
    reference = references.of(version, features).of_the_same_part_of_the_year(current)
    found = compared(reference, current)
    distances = _make_page(version, found)
    content = {
        **document(version, found, distances, moment),
        "at_newest_result": at_newest_result,
    }
    report_files.write("drift", content)
    return _kept(content, version, moment)


def newest_moment(version: ModelVersion, features: FeatureSet) -> tuple[datetime, bool]:
    """Now, or the newest result where data that end in the past hold too few matches around now.

    And whether it is the newest result.
    """
    now = timezone.now()
    played = features.index.loc[features.index["outcome"] != NO_OUTCOME, "kickoff"]
    if played.empty or len(around(version, features, now)) >= FEWEST:
        return now, False
    return datetime.fromtimestamp(int(played.max()), UTC), True


def around(version: ModelVersion, features: FeatureSet, as_of: datetime) -> Ints:
    """Rows of the matches around `as_of` that the version did not learn from."""
    kickoff = features.index["kickoff"].to_numpy(np.int64)
    begin = max((as_of - RECENT).timestamp(), version.trained_until.timestamp())
    return np.flatnonzero((kickoff > begin) & (kickoff <= (as_of + COMING).timestamp()))


def window(version: ModelVersion, features: FeatureSet, as_of: datetime) -> ReferenceMatches:
    """At most MOST of the matches around `as_of`."""
    rows = around(version, features, as_of)
    if len(rows) < FEWEST:
        raise NotFound(
            f"Only {len(rows)} matches that the champion did not learn from lie within "
            f"{RECENT.days} days before and {COMING.days} days after {as_of:%Y-%m-%d}; a verdict "
            f"needs {FEWEST}. Give another moment by --as-of."
        )
    if len(rows) > MOST:
        rng = np.random.default_rng(references.SEED)
        rows = np.sort(rng.choice(rows, MOST, replace=False))
    kickoff = features.index["kickoff"].to_numpy(np.int64)
    numbers = np.asarray(features.features[rows], dtype=np.float64)
    return references.seen_by(loading.fitted_of(version), kickoff[rows], numbers)


@dataclass(frozen=True)
class Comparison:
    """Two windows of matches, and the verdicts on features and predictions."""

    reference: ReferenceMatches
    current: ReferenceMatches
    features: Verdicts
    predictions: Verdicts


def compared(reference: ReferenceMatches, current: ReferenceMatches) -> Comparison:
    year = reference.years_before(current)
    features = _judged(reference.features, current.features, year)
    predictions = _judged(reference.proba, current.proba, year)
    return Comparison(reference, current, features, predictions)


def _make_page(version: ModelVersion, found: Comparison) -> dict[str, Distance]:
    """Evidently's page beside the report; without it the report is still right."""
    names = [*recipe_of(version.recipe).recipe_class.compared, *PREDICTIONS]
    then, now = (
        np.hstack([part.features, part.proba]) for part in (found.reference, found.current)
    )
    drifted = np.concatenate([found.features.drifted, found.predictions.drifted])
    try:
        page, distances = evidently_page.compare(then, now, names, drifted, THRESHOLD)
    except Exception:  # whatever its code runs into; the verdicts are ours
        logger.exception("Evidently could not make its page.")
        return {}
    whole_files.write(report_files.drift_page(), page)
    return distances


def document(
    version: ModelVersion, found: Comparison, distances: dict[str, Distance], as_of: datetime
) -> Facts:
    names = recipe_of(version.recipe).recipe_class.compared
    features, predictions = found.features, found.predictions
    score = float(features.drifted.mean())
    return {
        "generated_at": timezone.now().isoformat(),
        "as_of": as_of.isoformat(),
        "model_run_id": version.run_id,
        "reference": _extent(found.reference),
        "current": _extent(found.current),
        "drift_score": round(score, DIGITS),
        "n_features": len(names),
        "n_drifted": int(features.drifted.sum()),
        "threshold": THRESHOLD,
        "drifted": score >= THRESHOLD,
        "features": _columns(names, features, distances),
        "prediction_drift_score": round(float(predictions.drifted.mean()), DIGITS),
        "predictions": _columns(PREDICTIONS, predictions, distances),
    }


def _judged(reference: Floats, current: Floats, year: Ints) -> Verdicts:
    between = drift_tests.variation_between(reference, year)
    return drift_tests.verdicts(reference, current, between=between)


def _extent(matches: ReferenceMatches) -> Facts:
    return {
        "from": matches.first.isoformat(),
        "to": matches.last.isoformat(),
        "n": len(matches),
    }


def _columns(
    names: tuple[str, ...], found: Verdicts, distances: dict[str, Distance]
) -> list[Facts]:
    return [
        {
            "name": name,
            "method": METHOD,
            "statistic": _shortened(found.distance[place]),
            "usual_statistic": _shortened(found.usual[place]),
            "p_value": _shortened(found.p_value[place]),
            "adjusted_p_value": _shortened(found.adjusted[place]),
            "drifted": bool(found.drifted[place]),
            "evidently": distances.get(name),
        }
        for place, name in enumerate(names)
    ]


def _shortened(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _kept(content: Facts, version: ModelVersion, as_of: datetime) -> DriftReport:
    return DriftReport.objects.create(
        generated_at=datetime.fromisoformat(content["generated_at"]),
        as_of=as_of,
        at_newest_result=content["at_newest_result"],
        model_version=version,
        n_matches=content["current"]["n"],
        n_features=content["n_features"],
        n_drifted=content["n_drifted"],
        drift_score=content["drift_score"],
        prediction_drift_score=content["prediction_drift_score"],
        drifted=content["drifted"],
        content=content,
    )
