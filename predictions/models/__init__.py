"""What we think, and what others ask for it: odds, models, predictions, betting simulations."""

from predictions.models.betting import BettingRun, RegionReturn
from predictions.models.gates import GateReport
from predictions.models.odds import (
    Bookmaker,
    Odds,
    OddsSource,
    PriceKind,
    PriceMoment,
    QuarantinedOdds,
)
from predictions.models.predictions import (
    AliasChange,
    BatchRun,
    ModelVersion,
    Outcome,
    Prediction,
    PredictionJob,
    Publication,
    PublicationPointer,
    Stage,
)
from predictions.models.ratings import TeamRating

__all__ = [
    "AliasChange",
    "BatchRun",
    "BettingRun",
    "Bookmaker",
    "GateReport",
    "ModelVersion",
    "Odds",
    "OddsSource",
    "Outcome",
    "Prediction",
    "PredictionJob",
    "PriceKind",
    "PriceMoment",
    "Publication",
    "PublicationPointer",
    "QuarantinedOdds",
    "RegionReturn",
    "Stage",
    "TeamRating",
]
