"""What staking on the published predictions would have returned, per region and bookmaker.

Only predictions of matches that the model had not seen are staked on, at the last price before
kick-off, one bet a match at most.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from django.db import connection, transaction

from predictions.modelling import staking
from predictions.modelling.simulation import Return, returns_by_group
from predictions.modelling.staking import Bets, Floats
from predictions.models import BettingRun, PublicationPointer, RegionReturn
from predictions.services.closing_line import BEFORE, NEWEST
from predictions.services.region_returns import MIN_EDGES
from soccerpredict.http.errors import NotFound

STRATEGIES = tuple(RegionReturn.Strategy.values)
PRICED = f"""
    SELECT DISTINCT ON (o.bookmaker_id, p.match_id)
           o.bookmaker_id, p.match_id, t.region_id,
           p.proba_home, p.proba_draw, p.proba_away, o.odd_home, o.odd_draw, o.odd_away,
           CASE WHEN m.home_score > m.away_score THEN 0
                WHEN m.home_score = m.away_score THEN 1 ELSE 2 END
    FROM predictions_prediction p
    JOIN livescores_match m ON m.id = p.match_id
    JOIN livescores_season s ON s.id = m.season_id
    JOIN livescores_tournament t ON t.id = s.tournament_id
    JOIN predictions_odds o ON o.match_id = m.id
        AND {BEFORE}
    WHERE p.batch_id = %s AND NOT p.in_sample AND m.status = 'finished'
    ORDER BY o.bookmaker_id, p.match_id, {NEWEST}
"""
COLUMNS = ["bookmaker", "match", "region", "home", "draw", "away", "odd_h", "odd_d", "odd_a", "out"]


@dataclass(frozen=True)
class Priced:
    """A bookmaker's settled matches with their prices."""

    bookmaker_id: int
    region: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    outcome: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    proba: Floats
    prices: Floats


def simulate(*, stage: str) -> BettingRun:
    """Stake on the stage's published predictions in every way, and keep the returns.

    Raises:
        NotFound: nothing is published, or no match that the model had not seen has both a
            result and prices.
    """
    pointer = PublicationPointer.objects.filter(stage=stage).first()
    if pointer is None:
        raise NotFound(f"Nothing is published for the stage {stage}: run batch_inference first.")
    frame = _priced(str(pointer.batch_id))
    if frame.empty:
        raise NotFound("No match that the model had not seen has both a result and prices.")
    with transaction.atomic():
        run = BettingRun.objects.create(
            stage=stage, batch_id=pointer.batch_id, n_matches=frame["match"].nunique()
        )
        for priced in _by_bookmaker(frame):
            RegionReturn.objects.bulk_create(_returns(run, priced), batch_size=1000)
    return run


def _priced(batch_id: str) -> pd.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(PRICED, [batch_id])
        return pd.DataFrame(cursor.fetchall(), columns=COLUMNS)


def _by_bookmaker(frame: pd.DataFrame) -> Iterator[Priced]:
    for bookmaker_id, part in frame.groupby("bookmaker"):
        yield Priced(
            int(str(bookmaker_id)),
            part["region"].to_numpy(np.int64),
            part["out"].to_numpy(np.int64),
            part[["home", "draw", "away"]].to_numpy(np.float64),
            part[["odd_h", "odd_d", "odd_a"]].to_numpy(np.float64),
        )


def _returns(run: BettingRun, priced: Priced) -> Iterator[RegionReturn]:
    for strategy in STRATEGIES:
        for min_edge in MIN_EDGES:
            bets = place(strategy, priced.proba, priced.prices, min_edge)
            for found in returns_by_group(bets, priced.outcome, priced.region):
                yield _row(run, priced.bookmaker_id, strategy, min_edge, found)


def place(strategy: str, proba: Floats, prices: Floats, min_edge: float) -> Bets:
    if strategy == RegionReturn.Strategy.KELLY:
        return staking.fractional_kelly(proba, prices, min_edge=min_edge)
    return staking.flat(proba, prices, min_edge=min_edge)


def _row(
    run: BettingRun, bookmaker_id: int, strategy: str, min_edge: float, found: Return
) -> RegionReturn:
    return RegionReturn(
        run=run,
        region_id=found.group,
        bookmaker_id=bookmaker_id,
        strategy=strategy,
        min_edge=min_edge,
        n_matches=found.n_matches,
        n_bets=found.n_bets,
        n_won=found.n_won,
        staked=found.staked,
        profit=found.profit,
        roi_ci_low=found.roi_low,
        roi_ci_high=found.roi_high,
    )
