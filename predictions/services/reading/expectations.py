"""A team's results beside the points that the published predictions expected of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from livescores.models import Match, MatchStatus
from livescores.services.form import Letter, letter_of
from livescores.services.standings import DRAW, WIN
from predictions.models import Prediction
from predictions.services.publishing.issuing import Origin, is_issued
from predictions.services.publishing.prediction_rows import BatchFacts

N_RESULTS = 60
POINTS = {"W": WIN, "D": DRAW, "L": 0}


@dataclass(frozen=True)
class ResultBesideExpected:
    """A result, and the points that it was expected to bring the team."""

    match: Match
    letter: Letter
    expected: float
    is_issued: bool

    @property
    def points(self) -> int:
        return POINTS[self.letter]

    @property
    def surplus(self) -> float:
        return self.points - self.expected


def last_results(team_id: int, facts: BatchFacts) -> list[ResultBesideExpected]:
    """The last results that the model had not seen when it was trained, the newest first."""
    found = [
        *_predicted(facts, home_team_id=team_id),
        *_predicted(facts, away_team_id=team_id),
    ]
    newest = sorted(found, key=lambda one: one.match.start_time_utc, reverse=True)[:N_RESULTS]
    return [compared(one, team_id, facts.computed_at) for one in newest]


def _predicted(facts: BatchFacts, **side: int) -> Iterable[Prediction]:
    of_team = {f"match__{name}": team_id for name, team_id in side.items()}
    past = Prediction.objects.filter(
        batch=UUID(facts.batch_id), in_sample=False, match__status=MatchStatus.FINISHED, **of_team
    )
    joined = past.select_related("match__home_team", "match__away_team")
    return joined.order_by("-match__start_time_utc")[:N_RESULTS]


def compared(prediction: Prediction, team_id: int, computed_at: datetime) -> ResultBesideExpected:
    match = prediction.match
    is_home = match.home_team_id == team_id
    win = prediction.proba_home if is_home else prediction.proba_away
    expected = WIN * win + DRAW * prediction.proba_draw
    was_said = is_issued(computed_at, prediction.start_time_utc)
    return ResultBesideExpected(match, letter_of(match, team_id), expected, was_said)


def origin(results: Sequence[ResultBesideExpected]) -> Origin:
    """How many of the forecasts were said, and how many worked out afterwards."""
    n_issued = sum(one.is_issued for one in results)
    return Origin(n_issued, len(results) - n_issued)


def totals(results: Sequence[ResultBesideExpected]) -> tuple[int, float]:
    """Points won and points expected."""
    return sum(one.points for one in results), sum(one.expected for one in results)
