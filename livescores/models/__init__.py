"""What is played, what sources call it, and what imports did."""

from livescores.models.imports import ImportChange, ImportRejection, ImportReport, SourcePage
from livescores.models.links import (
    LinkDecision,
    LinkReview,
    MatchConflict,
    MatchLink,
    RegionAlias,
    TeamAlias,
    TournamentAlias,
    WaitingEvent,
)
from livescores.models.played import (
    DAY_ONLY_LENGTH,
    LONGEST_SILENCE,
    USUAL_LENGTH,
    Match,
    MatchQuerySet,
    MatchStatus,
    PointsDeduction,
    Region,
    Season,
    Team,
    Tournament,
)
from livescores.models.ratings import ClubRating

__all__ = [
    "DAY_ONLY_LENGTH",
    "LONGEST_SILENCE",
    "USUAL_LENGTH",
    "ClubRating",
    "ImportChange",
    "ImportRejection",
    "ImportReport",
    "LinkDecision",
    "LinkReview",
    "Match",
    "MatchConflict",
    "MatchLink",
    "MatchQuerySet",
    "MatchStatus",
    "PointsDeduction",
    "Region",
    "RegionAlias",
    "Season",
    "SourcePage",
    "Team",
    "TeamAlias",
    "Tournament",
    "TournamentAlias",
    "WaitingEvent",
]
