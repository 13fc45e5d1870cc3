"""What is played, what sources call it, and what imports did."""

from livescores.models.imports import ImportRejection, ImportReport, SourcePage
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
    "ImportRejection",
    "ImportReport",
    "LinkDecision",
    "LinkReview",
    "Match",
    "MatchConflict",
    "MatchLink",
    "MatchQuerySet",
    "MatchStatus",
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
