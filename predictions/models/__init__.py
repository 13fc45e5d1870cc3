"""What we think, and what others ask for it: odds, models, predictions, betting simulations."""

from predictions.models.betting import (
    BettingReturn,
    BettingRun,
    EdgeReturn,
    MarginMethod,
    MonthReturn,
    OverallReturn,
    RegionReturn,
    TournamentReturn,
    Verdict,
)
from predictions.models.gates import GateReport
from predictions.models.insights import InsightBlock
from predictions.models.odds import (
    Bookmaker,
    Market,
    Odds,
    OddsSource,
    PriceKind,
    PriceMoment,
    QuarantinedOdds,
    TwoWayOdds,
)
from predictions.models.predictions import (
    AliasChange,
    BatchRun,
    ModelVersion,
    Prediction,
    PredictionJob,
    Publication,
    PublicationPointer,
    Stage,
)
from predictions.models.ratings import TeamRating
from predictions.models.retirements import Retirement

__all__ = [
    "AliasChange",
    "BatchRun",
    "BettingReturn",
    "BettingRun",
    "Bookmaker",
    "EdgeReturn",
    "GateReport",
    "InsightBlock",
    "MarginMethod",
    "Market",
    "ModelVersion",
    "MonthReturn",
    "Odds",
    "OddsSource",
    "OverallReturn",
    "Prediction",
    "PredictionJob",
    "PriceKind",
    "PriceMoment",
    "Publication",
    "PublicationPointer",
    "QuarantinedOdds",
    "RegionReturn",
    "Retirement",
    "Stage",
    "TeamRating",
    "TournamentReturn",
    "TwoWayOdds",
    "Verdict",
]
