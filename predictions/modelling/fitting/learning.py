"""How the recipes learn: each function takes a sample of its recipe's columns.

All are called alike, and each has its way back from the files of its model:

>>> features = np.random.default_rng(0).normal(size=(90, len(ODDS_FREE)))
>>> sample = Sample(ODDS_FREE, features, np.arange(90) % 3, np.ones(90), np.full((90, 3), np.nan))
>>> model = logistic(sample, seed=0, threads=1)
>>> again = restored_logistic(model.to_files())
>>> bool((again.predict_proba(features) == model.predict_proba(features)).all())
True
"""

from collections.abc import Callable

import numpy as np

from predictions.modelling.arrays import Ints
from predictions.modelling.features.feature_names import CLOSING, ODDS_FREE, PAST_ODDS, PRE_MATCH
from predictions.modelling.fitting.blend import Blend
from predictions.modelling.fitting.boosted import Boosted, fit_boosted
from predictions.modelling.fitting.club_effects import (
    N_IDENTITY,
    Taught,
    effects_from,
    fit_club_effects,
)
from predictions.modelling.fitting.fallback import FIRST, Fallback, Route, below, restored
from predictions.modelling.fitting.logistic import Logistic, fit_logistic
from predictions.modelling.fitting.models import Model, Sample
from predictions.modelling.fitting.narrowed import Narrowed
from predictions.outcomes import LABELS

Learn = Callable[[Sample, int, int], Model]

BLEND_WEIGHTS = (0.65, 0.35)
MARKET_BLEND_WEIGHTS = (1.0, 1.0, 1.0)
# The first columns of every class, which no match lacks.
ALWAYS_KNOWN = len(ODDS_FREE) + len(PAST_ODDS)
# A club has a priced history with more than this share of its matches, the newest counting most.
PRICED_HISTORY = 0.25
# The play of a match was measured for a club with more than this share of its matches; those of
# the other kind teach a model so much, since shots and goals of the past say less there.
MEASURED = 0.5
OTHER_KIND = 0.3
FEWEST = 500  # matches of each route, below which its model is not learned

_ALL = (*ODDS_FREE, *PAST_ODDS, *PRE_MATCH, *CLOSING)
_PLACES = {name: place for place, name in enumerate(_ALL)}


def _places(names: tuple[str, ...]) -> Ints:
    return np.array([_PLACES[name] for name in names], dtype=np.int64)


MARKET_BALANCE = tuple(name for name in PAST_ODDS if name.endswith(("_ratio", "_total")))

BALANCE_PLACES = _places(MARKET_BALANCE)

WITH_PRICED_HISTORY = Route(
    _places(("home_priced", "away_priced")),
    above=PRICED_HISTORY,
    first=_places((*ODDS_FREE, *PAST_ODDS)),
    rest=_places(ODDS_FREE),
)
WITH_EARLY_PRICE = Route(
    _places(PRE_MATCH),
    above=-np.inf,
    # More columns than these made it worse on later matches.
    first=_places((*MARKET_BALANCE, *PRE_MATCH)),
    rest=_places((*ODDS_FREE, *PAST_ODDS)),
)
WITH_CLOSING_PRICE = Route(
    _places(CLOSING),
    above=-np.inf,
    first=_places(CLOSING),
    rest=_places((*ODDS_FREE, *PAST_ODDS, *PRE_MATCH)),
)


def logistic(sample: Sample, seed: int, threads: int) -> Model:
    """One regression for matches of clubs whose play was measured, another for the rest."""
    route = _measured(len(sample.names))
    is_measured = route(sample.features)
    first = fit_logistic(sample.weighed(np.where(is_measured, 1.0, OTHER_KIND)))
    rest = fit_logistic(sample.weighed(np.where(is_measured, OTHER_KIND, 1.0)))
    return Fallback(route, first, rest)


def restored_logistic(files: dict[str, bytes]) -> Model:
    """The model of `logistic`, from its files."""
    first = Logistic.from_files(below(FIRST, files))
    return restored(_measured(len(first.weights)), Logistic.from_files, Logistic.from_files, files)


def _measured(n_columns: int) -> Route:
    """Of samples whose first columns are the odds-free ones."""
    every = np.arange(n_columns)
    return Route(_places(("home_coverage", "away_coverage")), MEASURED, first=every, rest=every)


def simple_logistic(sample: Sample, seed: int, threads: int) -> Model:
    """One regression for all matches."""
    return fit_logistic(sample)


def boosted(sample: Sample, seed: int, threads: int) -> Model:
    """Gradient-boosted trees, as `fit_boosted` grows them."""
    return fit_boosted(sample, seed=seed, threads=threads)


def blend(sample: Sample, seed: int, threads: int) -> Model:
    """The mean of regression and trees, by BLEND_WEIGHTS.

    References
    ----------
    Bates & Granger (1969), Operational Research Quarterly 20(4).
    """
    parts = (logistic(sample, seed, threads), boosted(sample, seed, threads))
    return Blend(parts, BLEND_WEIGHTS)


def market_taught(sample: Sample, seed: int, threads: int) -> Model:
    """The blend, whose trees alone learn from the teacher, and half from what happened.

    The parts then err less alike; a price that errs is not believed. What the teacher knew of a
    club beyond it becomes the club's effect.

    References
    ----------
    Hinton, Vinyals & Dean (2015), Distilling the Knowledge in a Neural Network.
    """
    plain = sample.narrowed(np.arange(len(sample.names) - N_IDENTITY))
    trees = boosted(plain.half_taught(), seed, threads)
    mean = Blend((logistic(plain.untaught(), seed, threads), trees), BLEND_WEIGHTS)
    return Taught(mean, fit_club_effects(sample.features, sample.teacher, mean))


def restored_market_taught(files: dict[str, bytes]) -> Model:
    """The model of `market_taught`, from its files."""
    return Taught(restored_blend(files), effects_from(files))


def restored_blend(files: dict[str, bytes]) -> Model:
    """The model of `blend`, from its files."""
    return Blend((restored_logistic(files), Boosted.from_files(files)), BLEND_WEIGHTS)


def market_blend(sample: Sample, seed: int, threads: int) -> Model:
    """Two logistic models, of all columns and of the market's balance, and trees.

    The trees alone learn from the teacher: the parts then err less alike.
    """
    untaught = sample.untaught()
    balance = fit_logistic(untaught.narrowed(BALANCE_PLACES))
    parts = (
        logistic(untaught, seed, threads),
        Narrowed(balance, BALANCE_PLACES),
        boosted(sample, seed, threads),
    )
    return Blend(parts, MARKET_BLEND_WEIGHTS)


def restored_market_blend(files: dict[str, bytes]) -> Model:
    """The model of `market_blend`, from its files."""
    balance = Logistic.from_files(below(Narrowed.prefix, files))
    parts = (
        restored_logistic(files),
        Narrowed(balance, BALANCE_PLACES),
        Boosted.from_files(files),
    )
    return Blend(parts, MARKET_BLEND_WEIGHTS)


def past_odds(sample: Sample, seed: int, threads: int) -> Model:
    """The market blend; the odds-free one, untaught, for clubs without priced history."""
    route = WITH_PRICED_HISTORY
    everybody = sample.untaught().narrowed(route.rest)
    first = _learned(route, sample, market_blend, seed, threads)
    return Fallback(route, first, blend(everybody, seed, threads))


def restored_past_odds(files: dict[str, bytes]) -> Model:
    """The model of `past_odds`, from its files."""
    return restored(WITH_PRICED_HISTORY, restored_market_blend, restored_blend, files)


def pre_match(sample: Sample, seed: int, threads: int) -> Model:
    """A regression on the early market where it has a price; past odds for the rest."""
    route = WITH_EARLY_PRICE
    first = _learned(route, sample.untaught(), simple_logistic, seed, threads)
    return Fallback(route, first, past_odds(sample.narrowed(route.rest), seed, threads))


def restored_pre_match(files: dict[str, bytes]) -> Model:
    """The model of `pre_match`, from its files."""
    return restored(WITH_EARLY_PRICE, Logistic.from_files, restored_past_odds, files)


def closing(sample: Sample, seed: int, threads: int) -> Model:
    """Recalibrated closing odds where there are any; the early market for the rest."""
    route = WITH_CLOSING_PRICE
    first = _learned(route, sample.untaught(), simple_logistic, seed, threads)
    return Fallback(route, first, pre_match(sample.narrowed(route.rest), seed, threads))


def restored_closing(files: dict[str, bytes]) -> Model:
    """The model of `closing`, from its files."""
    return restored(WITH_CLOSING_PRICE, Logistic.from_files, restored_pre_match, files)


def _learned(route: Route, sample: Sample, learn: Learn, seed: int, threads: int) -> Model | None:
    """The first model of a route from the matches that take it; None where they are too few."""
    rows = np.flatnonzero(route(sample.features))
    if len(rows) < FEWEST or len(np.unique(sample.outcome[rows])) < len(LABELS):
        return None
    return learn(sample.part(rows).narrowed(route.first), seed, threads)
