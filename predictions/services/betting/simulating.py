"""What staking on the published predictions would have returned, in every way to bet.

Staked on are predictions of matches that the model had not seen, one bet a match at most, at the
last price that stood before kick-off and was known when the prediction was made. Void matches give
the stake back (`livescores.void_rule`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from django.db import transaction

from predictions.modelling.arrays import Floats, Ints
from predictions.modelling.betting import bootstrap, simulation, staking
from predictions.modelling.betting.simulation import Offers, Returns, Sums
from predictions.modelling.pricing.overround import METHODS
from predictions.models import BatchRun, BettingRun, PublicationPointer
from predictions.services.betting import export, offers
from predictions.services.betting import returns as betting_returns
from predictions.services.betting.offers import ODDS, PROBA
from predictions.services.betting.region_returns import EDGE_SPANS, MIN_EDGES
from predictions.services.odds import market_probabilities
from soccerpredict.errors import InvalidInput, NotFound

DAY = 86_400


@dataclass(frozen=True)
class Cells:
    """Matches that no group tells apart: those of one league and day."""

    tournament: Ints
    region: Ints
    month: Ints  # 202603
    day: Ints  # since 1970

    def groups(self) -> dict[str, Ints]:
        """By kind of group: each cell's group."""
        everything = np.zeros(len(self.day), dtype=np.int64)
        return {
            "overall": everything,
            "region": self.region,
            "tournament": self.tournament,
            "month": self.month,
        }


def simulate(
    *, stage: str, margin_method: str = "shin", n_draws: int = bootstrap.N_DRAWS
) -> BettingRun:
    """Stake on the stage's published predictions in every way, and keep the returns.

    Raises:
        NotFound: nothing is published, or no match that the model had not seen has both a
            result and prices.
        InvalidInput: an unknown way to remove the margin.
    """
    if margin_method not in METHODS:
        raise InvalidInput(f"{margin_method!r} is none of {', '.join(METHODS)}.")
    batch = _published(stage)
    frame = offers.decided(batch)
    if not (frame["outcome"] != staking.VOID).any():
        raise NotFound("No match that the model had not seen has both a result and prices.")
    bookmakers, found = returns(frame, margin_method, n_draws)
    played = frame[frame["outcome"] != staking.VOID]
    issued = played[played["kickoff"] > batch.computed_at.timestamp()]
    with transaction.atomic():
        run = BettingRun.objects.create(
            stage=stage,
            batch=batch,
            n_matches=played["match"].nunique(),
            n_issued=issued["match"].nunique(),
            margin_method=margin_method,
        )
        betting_returns.keep(run, bookmakers, found)
    export.write(run, export.path_of(stage))
    return run


def _published(stage: str) -> BatchRun:
    pointers = PublicationPointer.objects.select_related("batch__model_version")
    pointer = pointers.filter(stage=stage).first()
    if pointer is None:
        raise NotFound(f"Nothing is published for the stage {stage}: run batch_inference first.")
    return pointer.batch


def returns(
    frame: pd.DataFrame, margin_method: str, n_draws: int
) -> tuple[list[int], dict[str, Returns]]:
    """By kind of group: the returns, whose ways are those of each bookmaker in turn."""
    cells, cell = _cells(frame)
    line, n_cells = _lines(frame, margin_method), len(cells.day)
    bookmakers = frame["bookmaker"].to_numpy(np.int64)
    numbers = np.unique(bookmakers)
    books = [_offers(frame, cell, line, bookmakers == number) for number in numbers]
    sums = Sums.beside([simulation.tally(book, MIN_EDGES, n_cells) for book in books])
    found = {
        kind: simulation.by_group(sums, group, cells.day, n_draws=n_draws)
        for kind, group in cells.groups().items()
    }
    by_edge = Sums.beside([simulation.tally_by_edge(book, EDGE_SPANS, n_cells) for book in books])
    everything = cells.groups()["overall"]
    found["edge"] = simulation.by_group(by_edge, everything, cells.day, n_draws=n_draws)
    return numbers.tolist(), found


def _offers(frame: pd.DataFrame, cell: Ints, line: Floats, which: "pd.Series[bool]") -> Offers:
    part = frame[which]
    return Offers(
        cell[which],
        part["outcome"].to_numpy(np.int64),
        part[PROBA].to_numpy(np.float64),
        part[ODDS].to_numpy(np.float64),
        line[which],
    )


def _cells(frame: pd.DataFrame) -> tuple[Cells, Ints]:
    """The cells, and the number of each row's."""
    tournament = frame["tournament"].to_numpy(np.int64)
    day = frame["kickoff"].to_numpy(np.int64) // DAY
    keys = tournament * 1_000_000 + day
    _, first, cell = np.unique(keys, return_index=True, return_inverse=True)
    months = day[first].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    cells = Cells(
        tournament[first],
        frame["region"].to_numpy(np.int64)[first],
        (1970 + months // 12) * 100 + months % 12 + 1,
        day[first],
    )
    return cells, cell


def _lines(frame: pd.DataFrame, margin_method: str) -> Floats:
    """The closing line's probabilities of each row's match, its margin removed."""
    ids, place = np.unique(frame["match"].to_numpy(np.int64), return_inverse=True)
    return market_probabilities.probabilities(ids, method=margin_method)[place]
