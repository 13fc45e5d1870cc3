"""Forecasts of the same matches side by side, with standard errors and paired differences."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

import numpy as np
from scipy.stats import norm

from predictions.modelling.arrays import Bools, Floats, Ints
from predictions.modelling.evaluation import scoring

ECE_DRAWS = 50
FEWEST = 30  # matches of a scope, below which it says nothing


@dataclass(frozen=True)
class ScoreboardRow:
    """One forecast on one set of matches; SE are standard errors, differences to the yardstick.

    Brier's score is the sum over outcomes, RPS is divided by K - 1 = 2, ECE pools all three
    probabilities in 20 bins of equal width; `ece_by_chance` is what a forecast that is right would
    have on as many matches. `p_value` is of the paired difference in log-loss.
    """

    forecast: str
    recipe_class: str
    scope: str
    n: int
    log_loss: float
    log_loss_se: float
    brier: float
    brier_se: float
    rps: float
    rps_se: float
    ece: float
    ece_se: float
    ece_by_chance: float
    hit_rate: float
    hit_rate_se: float
    behind: float
    behind_se: float
    p_value: float
    rps_behind: float
    rps_behind_se: float
    behind_shin: float
    behind_shin_se: float


COLUMNS = tuple(ScoreboardRow.__dataclass_fields__)


@dataclass(frozen=True)
class Forecast:
    """Probabilities (n, 3), NaN where there are none, and the class of what made them."""

    name: str
    recipe_class: str
    proba: Floats


@dataclass(frozen=True)
class Market:
    """What the closing average says of all matches (n, 3), NaN without a price.

    `proportional` is the yardstick; `shin` takes the margin out better.
    """

    proportional: Floats
    shin: Floats


def lines(
    forecasts: list[Forecast], market: Market, outcome: Ints, scopes: Mapping[str, Bools]
) -> Iterator[ScoreboardRow]:
    """Every forecast in every scope (n,) of matches, each on those that it and the market have.

    >>> proba, outcome = np.full((60, 3), 1 / 3), np.arange(60) % 3
    >>> even, market = Forecast("even", "", proba), Market(proba, proba)
    >>> [(one.scope, one.n) for one in lines([even], market, outcome, {"all": outcome >= 0})]
    [('all', 60)]
    """
    priced = np.isfinite(market.proportional[:, 0]) & np.isfinite(market.shin[:, 0])
    for scope, rows in scopes.items():
        for forecast in forecasts:
            known = rows & np.isfinite(forecast.proba).all(axis=1) & priced
            if known.sum() >= FEWEST:
                yield line(forecast, scope, market, outcome[known], known)


def line(
    forecast: Forecast, scope: str, market: Market, outcome: Ints, known: Bools
) -> ScoreboardRow:
    """One forecast on the matches `known` (n,), of which `outcome` (n_known,) is what happened.

    >>> proba, outcome = np.full((60, 3), 1 / 3), np.arange(60) % 3
    >>> even, market = Forecast("even", "", proba), Market(proba, proba)
    >>> line(even, "all", market, outcome, known=outcome >= 0).behind
    0.0
    """
    proba, yardstick = forecast.proba[known], market.proportional[known]
    losses, rps = scoring.log_loss(proba, outcome), scoring.ranked_probability_score(proba, outcome)
    brier, hits = scoring.brier(proba, outcome), scoring.hits(proba, outcome)
    behind = scoring.paired_difference(losses, scoring.log_loss(yardstick, outcome))
    shin = scoring.paired_difference(losses, scoring.log_loss(market.shin[known], outcome))
    in_rps = scoring.paired_difference(rps, scoring.ranked_probability_score(yardstick, outcome))
    return ScoreboardRow(
        forecast=forecast.name,
        recipe_class=forecast.recipe_class,
        scope=scope,
        n=len(outcome),
        log_loss=float(losses.mean()),
        log_loss_se=scoring.standard_error(losses),
        brier=float(brier.mean()),
        brier_se=scoring.standard_error(brier),
        rps=float(rps.mean()),
        rps_se=scoring.standard_error(rps),
        ece=scoring.calibration(proba, outcome).error,
        ece_se=ece_standard_error(proba, outcome),
        ece_by_chance=float(scoring.calibration_by_chance(proba, n_worlds=ECE_DRAWS).mean()),
        hit_rate=float(hits.mean()),
        hit_rate_se=scoring.standard_error(hits),
        behind=behind.mean,
        behind_se=behind.standard_error,
        p_value=two_sided(behind),
        rps_behind=in_rps.mean,
        rps_behind_se=in_rps.standard_error,
        behind_shin=shin.mean,
        behind_shin_se=shin.standard_error,
    )


def ece_standard_error(proba: Floats, outcome: Ints, *, seed: int = 0) -> float:
    """By bootstrap over matches.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 6.

    >>> ece_standard_error(np.full((60, 3), 1 / 3), np.arange(60) % 3) < 0.1
    True
    """
    rng = np.random.default_rng(seed)
    n = len(outcome)
    draws = (rng.integers(0, n, n) for _ in range(ECE_DRAWS))
    errors = [scoring.calibration(proba[rows], outcome[rows]).error for rows in draws]
    return float(np.std(errors, ddof=1))


def two_sided(difference: scoring.Difference) -> float:
    """The chance of a paired difference at least as large if there were none.

    References
    ----------
    Diebold & Mariano (1995), J. of Business & Economic Statistics 13(3), of matches that are
    independent.

    >>> round(two_sided(scoring.Difference(0.02, 0.01, 100)), 4)
    0.0455
    """
    if difference.standard_error == 0.0:
        return 1.0
    return float(2 * norm.sf(abs(difference.mean) / difference.standard_error))


def markdown(table: list[ScoreboardRow]) -> str:
    """The table as Markdown: scores with their standard errors, differences in 10^-4.

    >>> proba, outcome = np.full((60, 3), 1 / 3), np.arange(60) % 3
    >>> even, market = Forecast("even", "", proba), Market(proba, proba)
    >>> table = [line(even, "all", market, outcome, known=outcome >= 0)]
    >>> markdown(table).splitlines()[-1][:40]
    '| even |  | 60 | 1.0986 ± 0.0000 | 0.666'
    """
    head = (
        "| forecast | class | n | log-loss | Brier (sum) | RPS / (K - 1) | ECE | ECE by chance "
        "| hits | behind the closing average | p | RPS behind | behind Shin |\n"
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    return "\n".join([head, *(_row(one) for one in table)])


def _row(one: ScoreboardRow) -> str:
    v = asdict(one)
    pairs = (("log_loss", ".4f"), ("brier", ".4f"), ("rps", ".4f"), ("ece", ".4f"))
    cells = [f"{v[name]:{form}} ± {v[f'{name}_se']:{form}}" for name, form in pairs]
    cells.append(f"{one.ece_by_chance:.4f}")
    cells.append(f"{one.hit_rate:.1%} ± {one.hit_rate_se:.1%}")
    cells.append(f"{one.behind:+.4f} ± {one.behind_se:.4f}")
    cells.append(f"{one.p_value:.2g}")
    cells.append(f"{one.rps_behind:+.4f} ± {one.rps_behind_se:.4f}")
    cells.append(f"{one.behind_shin:+.4f} ± {one.behind_shin_se:.4f}")
    return f"| {one.forecast} | {one.recipe_class} | {one.n} | {' | '.join(cells)} |"
