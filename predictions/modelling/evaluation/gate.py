"""Whether a model may take another's place: checks on the same matches, seen by neither.

checks = judge(candidate, champion, Limits())
all(check.passed for check in checks)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.evaluation import scoring

Score = Callable[[Floats, Ints], Floats]

N_WORLDS = 200  # in which a calibrated model's own error is looked at
CHANCE = 0.99  # of them that may not alarm
SURE = 3.0  # standard errors by which one league of many must be worse to count
SEED = 0
TITLES = {"log_loss": "Log-loss", "brier": "Brier score"}


@dataclass(frozen=True)
class Limits:
    """How much worse than the champion a candidate may be, and how well it must be calibrated.

    Attributes
    ----------
    fewest : matches without which nothing takes a champion's place
    log_loss, brier : mean difference to the champion's
    ece : expected calibration error
    league : mean difference in log-loss on the matches of one league
    league_fewest : matches of a league without which it says nothing
    sums : distance of a match's three probabilities from 1
    """

    fewest: int = 300
    log_loss: float = 0.002
    brier: float = 0.0015
    ece: float = 0.02
    league: float = 0.02
    league_fewest: int = 50
    sums: float = 1e-6


@dataclass(frozen=True)
class Trial:
    """The matches to judge on; `champion` is None where nothing serves yet.

    Attributes
    ----------
    candidate, champion : (n, 3)
    outcome, league : (n,)
    coming : (m, 3), what the candidate says of matches that have no result yet
    """

    candidate: Floats
    champion: Floats | None
    outcome: Ints
    league: Ints
    coming: Floats


@dataclass(frozen=True)
class Check:
    """One demand: what was found, what is allowed, and the sentence that says so.

    One that is not binding is told and decides nothing.
    """

    name: str
    passed: bool
    value: float | None
    limit: float | None
    said: str
    binding: bool = True


def passed(checks: Iterable[Check]) -> bool:
    """Whether all that binds was met.

    >>> passed([Check("ece", passed=False, value=0.1, limit=0.02, said="", binding=False)])
    True
    """
    return all(check.passed or not check.binding for check in checks)


def judge(trial: Trial, limits: Limits) -> list[Check]:
    """Every check that these matches allow.

    Where nothing serves yet there is nobody to fall behind: quality is told, but does not decide.

    >>> chances, rng = [0.45, 0.28, 0.27], np.random.default_rng(0)
    >>> proba, outcome = np.tile(chances, (400, 1)), rng.choice(3, 400, p=chances)
    >>> trial = Trial(proba, proba, outcome, league=np.ones(400, int), coming=proba[:5])
    >>> [check.name for check in judge(trial, Limits()) if not check.passed]
    []
    """
    sums = _sums(np.concatenate([trial.candidate, trial.coming]), limits)
    checks = [_enough(trial, limits), sums]
    if not sums.passed or not len(trial.outcome):
        return checks  # what is no probability cannot be scored
    calibrated = _calibrated(trial, limits)
    if trial.champion is None:
        told = [replace(check, binding=False) for check in (calibrated, _informed(trial))]
        return [*checks, *told]
    return [
        *checks,
        calibrated,
        _not_worse("log_loss", scoring.log_loss, trial, trial.champion, limits.log_loss),
        _not_worse("brier", scoring.brier, trial, trial.champion, limits.brier),
        _no_league_worse(trial, limits),
    ]


def _enough(trial: Trial, limits: Limits) -> Check:
    n, fewest = len(trial.outcome), 0 if trial.champion is None else limits.fewest
    said = f"{n} matches with a result that neither model has learned from; {fewest} are needed."
    return Check("matches", n >= fewest, float(n), float(fewest), said)


def _sums(proba: Floats, limits: Limits) -> Check:
    if not np.isfinite(proba).all() or (proba < 0).any() or (proba > 1).any():
        said = "It answers something that is no probability."
        return Check("sums", passed=False, value=None, limit=limits.sums, said=said)
    off = float(np.abs(proba.sum(axis=1) - 1).max()) if len(proba) else 0.0
    said = f"{len(proba)} answers sum to 1 within {off:.1e}."
    return Check("sums", off <= limits.sums, off, limits.sums, said)


def _calibrated(trial: Trial, limits: Limits) -> Check:
    found = scoring.calibration(trial.candidate, trial.outcome).error
    by_chance = error_by_chance(trial.candidate)
    limit = max(limits.ece, by_chance)
    said = f"Calibration error {found:.4f}; {limits.ece:g} is allowed"
    if by_chance > limits.ece:
        said += f", and {by_chance:.4f} on so few matches"
    return Check("ece", bool(found <= limit), found, limit, f"{said}.")


def error_by_chance(proba: Floats) -> float:
    """The calibration error that a perfectly calibrated model stays below CHANCE of the time.

    >>> error_by_chance(np.full((300, 3), 1 / 3)) < 0.1
    True
    """
    errors = scoring.calibration_by_chance(proba, n_worlds=N_WORLDS, seed=SEED)
    return float(np.quantile(errors, CHANCE))


def _informed(trial: Trial) -> Check:
    """Better than the frequencies of these very matches, which no model could know."""
    outcome = trial.outcome
    frequencies = np.bincount(outcome, minlength=3) / len(outcome)
    floor = scoring.log_loss(np.tile(frequencies, (len(outcome), 1)), outcome)
    found = float(scoring.log_loss(trial.candidate, outcome).mean())
    limit = float(floor.mean()) + SURE * scoring.standard_error(floor)
    said = f"Log-loss {found:.4f}; class frequencies reach {floor.mean():.4f}."
    return Check("informed", found <= limit, found, limit, said)


def _not_worse(name: str, score: Score, trial: Trial, champion: Floats, limit: float) -> Check:
    theirs = score(champion, trial.outcome)
    apart = scoring.paired_difference(score(trial.candidate, trial.outcome), theirs)
    said = (
        f"{TITLES[name]} {apart.mean:+.5f} ± {apart.standard_error:.5f} to the champion's "
        f"{theirs.mean():.5f}; {limit:+g} is allowed."
    )
    return Check(name, bool(apart.mean <= limit), apart.mean, limit, said)


@dataclass(frozen=True)
class LeagueGap:
    """Candidate minus champion in log-loss on one league's matches."""

    league: int
    mean: float
    standard_error: float
    n_matches: int

    def is_worse(self, limits: Limits) -> bool:
        """Whether it is worse by more than is allowed, and than chance makes one league of many."""
        return self.mean > limits.league and self.mean > SURE * self.standard_error


def league_gaps(trial: Trial, limits: Limits) -> list[LeagueGap]:
    """Of each league with enough matches, the worst for the candidate first.

    >>> proba, outcome = np.full((60, 3), 1 / 3), np.arange(60) % 3
    >>> trial = Trial(proba, proba, outcome, league=np.ones(60, int), coming=proba)
    >>> [(gap.league, gap.mean) for gap in league_gaps(trial, Limits())]
    [(1, 0.0)]
    """
    if trial.champion is None:
        return []
    ours, theirs = (
        scoring.log_loss(proba, trial.outcome) for proba in (trial.candidate, trial.champion)
    )
    gaps = []
    for league in np.unique(trial.league).tolist():
        inside = trial.league == league
        if inside.sum() >= limits.league_fewest:
            apart = scoring.paired_difference(ours[inside], theirs[inside])
            gaps.append(LeagueGap(league, apart.mean, apart.standard_error, apart.n_matches))
    return sorted(gaps, key=lambda gap: -gap.mean)


def _no_league_worse(trial: Trial, limits: Limits) -> Check:
    gaps = league_gaps(trial, limits)
    worse = [gap for gap in gaps if gap.is_worse(limits)]
    worst = gaps[0].mean if gaps else None
    said = f"{len(worse)} of {len(gaps)} leagues are worse by more than {limits.league:g}."
    return Check("leagues", not worse, worst, limits.league, said)
