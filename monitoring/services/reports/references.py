"""What features looked like to a model when it learned: a sample, kept with the model's run."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from monitoring.models import DriftReference
from predictions.modelling.arrays import Bools, Floats, Ints
from predictions.modelling.features.feature_names import places_of
from predictions.modelling.fitting.recipes import Fitted, recency
from predictions.models import ModelVersion
from predictions.services.features.feature_store import NO_OUTCOME, FeatureSet
from predictions.services.versions import loading
from soccerpredict.errors import NotFound

N_SAMPLED = 10_000
SEED = 20_260_314
DAY = 86_400
YEAR = 365.25 * DAY
SAME_PART = 4 * DAY  # the same round of matches is some days earlier or later in other years
FEWEST = 150


@dataclass(frozen=True)
class ReferenceMatches:
    """Kick-off (n,) in seconds, features (n, k) and the model's probabilities (n, 3)."""

    kickoff: Ints
    features: Floats
    proba: Floats

    def __len__(self) -> int:
        return len(self.kickoff)

    @property
    def first(self) -> datetime:
        return datetime.fromtimestamp(int(self.kickoff.min()), UTC)

    @property
    def last(self) -> datetime:
        return datetime.fromtimestamp(int(self.kickoff.max()), UTC)

    def part(self, which: "Bools") -> "ReferenceMatches":
        return ReferenceMatches(self.kickoff[which], self.features[which], self.proba[which])

    def of_the_same_part_of_the_year(self, window: "ReferenceMatches") -> "ReferenceMatches":
        """Those of the window's weeks in their own year: seasons begin and end, that is no drift.

        All of them where too few are left.
        """
        begin = int(window.kickoff.min()) - SAME_PART
        length = int(window.kickoff.max()) + SAME_PART - begin
        near = (self.kickoff - begin) % YEAR <= length
        return self.part(near) if near.sum() >= FEWEST else self

    def years_before(self, window: "ReferenceMatches") -> Ints:
        """How many years before the window each match was: windows of other years, as it were."""
        middle = (int(window.kickoff.min()) + int(window.kickoff.max())) / 2
        return np.round((middle - self.kickoff) / YEAR).astype(np.int64)


def of(version: ModelVersion, features: FeatureSet) -> ReferenceMatches:
    """The version's reference sample, drawn once from the matches that it learned from.

    Raises:
        NotFound: there are none in the current features.
    """
    kept = DriftReference.objects.filter(model_version=version).first()
    if kept is None:
        kept = _keep(version, drawn(version, features))
    with np.load(io.BytesIO(bytes(kept.sample)), allow_pickle=False) as arrays:
        return ReferenceMatches(
            arrays["kickoff"],
            arrays["features"].astype(np.float64),
            arrays["proba"].astype(np.float64),
        )


def drawn(version: ModelVersion, features: FeatureSet) -> ReferenceMatches:
    """A sample of what the version learned from; recent matches as much likelier as they weighed
    more in training.
    """
    index = features.index
    kickoff = index["kickoff"].to_numpy(np.int64)
    learned = (index["outcome"].to_numpy() != NO_OUTCOME) & (
        kickoff <= version.trained_until.timestamp()
    )
    rows = np.flatnonzero(learned)
    if len(rows) == 0:
        raise NotFound("No match that the champion learned from is in the features.")
    weight = recency(kickoff[rows])
    rng = np.random.default_rng(SEED)
    size = min(N_SAMPLED, len(rows))
    chosen = np.sort(rng.choice(rows, size, replace=False, p=weight / weight.sum()))
    numbers = np.asarray(features.features[chosen], dtype=np.float64)
    return seen_by(loading.fitted_of(version), kickoff[chosen], numbers)


def seen_by(fitted: Fitted, kickoff: Ints, features: Floats) -> ReferenceMatches:
    """Matches with the features that a model reads; a price that is missing counts as even odds."""
    numbers = np.nan_to_num(features[:, places_of(fitted.recipe.recipe_class.compared)])
    return ReferenceMatches(kickoff, numbers, fitted.predict_proba(features))


def _keep(version: ModelVersion, sample: ReferenceMatches) -> DriftReference:
    file = io.BytesIO()
    np.savez_compressed(
        file,
        kickoff=sample.kickoff,
        features=sample.features.astype(np.float32),
        proba=sample.proba.astype(np.float32),
    )
    kept, _ = DriftReference.objects.get_or_create(
        model_version=version,
        defaults={
            "first_kickoff": sample.first,
            "last_kickoff": sample.last,
            "n_matches": len(sample),
            "sample": file.getvalue(),
        },
    )
    return kept
