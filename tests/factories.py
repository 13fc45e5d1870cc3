"""Rows for tests: each function makes one, with whatever the test does not care about filled in."""

from datetime import UTC, datetime, timedelta
from itertools import count
from math import inf
from typing import Any

from django.db import connection
from django.utils import timezone

from livescores.models import Match, Region, Season, Team, Tournament
from predictions.models import (
    AliasChange,
    BatchRun,
    BettingRun,
    Bookmaker,
    EdgeReturn,
    GateReport,
    InsightBlock,
    ModelVersion,
    MonthReturn,
    Odds,
    OverallReturn,
    Prediction,
    Publication,
    QuarantinedOdds,
    RegionReturn,
    TeamRating,
    TournamentReturn,
    TwoWayOdds,
)
from predictions.services.betting.region_returns import EDGE_SPANS
from predictions.services.publishing import insight_records
from predictions.services.publishing.publication import publish

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_numbers = count(1)
# Those of a test's own registry count from one, and a module's trained world stands beside ours.
VERSIONS_BY_HAND = 10_000


def make_region(**fields: Any) -> Region:
    return Region.objects.create(**{"name": f"Region {next(_numbers)}", **fields})


def make_tournament(**fields: Any) -> Tournament:
    region = fields.pop("region", None) or make_region()
    return Tournament.objects.create(
        **{"region": region, "name": f"League {next(_numbers)}", "tier": 1, **fields}
    )


def make_season(**fields: Any) -> Season:
    tournament = fields.pop("tournament", None) or make_tournament()
    return Season.objects.create(**{"tournament": tournament, "name": "2025-26", **fields})


def make_team(**fields: Any) -> Team:
    region = fields.pop("region", None) or make_region()
    return Team.objects.create(**{"region": region, "name": f"Team {next(_numbers)}", **fields})


def make_match(**fields: Any) -> Match:
    """A scheduled match, or a finished one when `score=(home, away)` is given."""
    season = fields.pop("season", None) or make_season()
    region = season.tournament.region
    score = fields.pop("score", None)
    if score:
        fields |= {"status": "finished", "home_score": score[0], "away_score": score[1]}
    home = fields.pop("home_team", None) or make_team(region=region)
    away = fields.pop("away_team", None) or make_team(region=region)
    defaults = {"season": season, "start_time_utc": NOON, "source": "test"}
    return Match.objects.create(**{**defaults, "home_team": home, "away_team": away, **fields})


def make_bookmaker(code: str = "B365", **fields: Any) -> Bookmaker:
    return Bookmaker.objects.get_or_create(
        code=code, defaults={"name": code, "priority": 20, **fields}
    )[0]


def make_odds(match: Match, prices: tuple[float, float, float], **fields: Any) -> Odds:
    bookmaker = fields.pop("bookmaker", None) or make_bookmaker()
    home, draw, away = prices
    before = timedelta(minutes=1) if fields.get("kind") == "closing" else DAY
    defaults = {"kind": "pre_match", "captured_at": match.start_time_utc - before, "source": "test"}
    return Odds.objects.create(
        match=match,
        bookmaker=bookmaker,
        odd_home=home,
        odd_draw=draw,
        odd_away=away,
        **{**defaults, **fields},
    )


def make_two_way_odds(
    match: Match, prices: tuple[float, float] = (1.9, 2.0), **fields: Any
) -> TwoWayOdds:
    """Over and under 2.5 goals, a day before kick-off."""
    defaults = {"market": "over_under", "line": 2.5, "kind": "pre_match", "source": "test"}
    return TwoWayOdds.objects.create(
        match=match,
        bookmaker=fields.pop("bookmaker", None) or make_bookmaker(),
        captured_at=fields.pop("captured_at", match.start_time_utc - DAY),
        odd_first=prices[0],
        odd_second=prices[1],
        **{**defaults, **fields},
    )


def make_quarantined(match: Match | None = None, **fields: Any) -> QuarantinedOdds:
    """Prices that sum to 1.665, as read in line 7 of E0.csv; they wait for a decision."""
    match = match or make_match()
    defaults = {
        "bookmaker": fields.pop("bookmaker", None) or make_bookmaker(),
        "kind": "pre_match",
        "captured_at": match.start_time_utc - DAY,
        "moment": "habit",
        "source": "test",
        "as_read": "1.44 / 3 / 1.57",
        "odd_home": 1.44,
        "odd_draw": 3.0,
        "odd_away": 1.57,
        "reason": "The pre_match book of B365 sums to 1.665.",
        "file": "E0.csv",
        "line": 7,
    }
    return QuarantinedOdds.objects.create(match=match, **{**defaults, **fields})


def forget_odds() -> None:
    """As no program of ours can: the table refuses to lose a row."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE predictions_odds CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def make_model_version(**fields: Any) -> ModelVersion:
    number = VERSIONS_BY_HAND + next(_numbers)
    defaults = {
        "name": "soccerpredict-1x2",
        "version": number,
        "run_id": f"run-{number}",
        "uri": f"models:/soccerpredict-1x2/{number}",
        "recipe": "logistic",
        "recipe_class": "A odds-free",
        "artifact_digest": "0" * 64,
        "dataset_version": "0" * 16,
        "code_version": "test",
        "trained_until": NOON - 365 * DAY,
        "n_matches": 1000,
        "n_features": 10,
    }
    return ModelVersion.objects.create(**{**defaults, **fields})


def make_alias(stage: str = "champion", **fields: Any) -> AliasChange:
    version = fields.pop("model_version", None) or make_model_version()
    return AliasChange.objects.create(
        stage=stage, model_version=version, **{"changed_by": "test", "reason": "test", **fields}
    )


def make_gate_report(**fields: Any) -> GateReport:
    """A candidate that was found too bad to replace what serves."""
    check = {"name": "log_loss", "passed": False, "value": 0.05, "limit": 0.002, "binding": True}
    league = {"league": "First, Here", "difference": 0.05, "standard_error": 0.01, "n_matches": 90}
    content = {
        "checks": [{**check, "said": "Log-loss +0.05 to the champion's 1.0."}],
        "limits": {"log_loss": 0.002},
        "scores": {},
        "difference": {},
        "leagues": [league],
    }
    defaults = {
        "stage": "champion",
        "candidate": fields.pop("candidate", None) or make_model_version(),
        "champion": fields.pop("champion", None) or make_model_version(),
        "asked_by": "test",
        "reason": "test",
        "passed": False,
        "n_matches": 900,
        "dataset_version": "0" * 16,
        "content": content,
    }
    return GateReport.objects.create(**{**defaults, **fields})


def make_insight_block(*matches: Match, **fields: Any) -> InsightBlock:
    """Every match expects 1.5 goals to 1; the Elo difference moved it 0.1 from draw to home."""
    blank = insight_records.N_REASONS - 1
    records = [
        insight_records.RECORD.pack(
            *(match.pk, 1.5, 1.0, 0, *[insight_records.NO_FEATURE] * blank),
            *(80.0, *[0.0] * blank, round(0.1 / insight_records.UNIT), *[0] * (2 * blank + 1)),
        )
        for match in matches
    ]
    defaults = {
        "model_version": fields.pop("model_version", None) or make_model_version(),
        "number": matches[0].pk // insight_records.BLOCK if matches else 0,
        "digest": "0" * 64,
        "facts": {"names": ["elo_difference"], "average": [0.45, 0.25, 0.3]},
        "packed": insight_records.deflated(b"".join(records)),
    }
    return InsightBlock.objects.create(**{**defaults, **fields})


def make_batch(stage: str = "champion", **fields: Any) -> BatchRun:
    version = fields.pop("model_version", None) or make_model_version()
    defaults = {"dataset_version": "0" * 16, "as_of": timezone.now()}
    return BatchRun.objects.create(stage=stage, model_version=version, **{**defaults, **fields})


def make_prediction(
    match: Match, proba: tuple[float, float, float] = (0.5, 0.3, 0.2), **fields: Any
) -> Prediction:
    batch = fields.pop("batch", None) or make_batch()
    home, draw, away = proba
    return Prediction.objects.create(
        batch=batch,
        match=match,
        start_time_utc=match.start_time_utc,
        proba_home=home,
        proba_draw=draw,
        proba_away=away,
        **{"in_sample": False, **fields},
    )


def make_publication(
    *predicted: tuple[Match, tuple[float, float, float]], **fields: Any
) -> Publication:
    """Publish a batch of these predictions, each a match with its probabilities."""
    batch = fields.pop("batch", None) or make_batch(**fields)
    for match, proba in predicted:
        make_prediction(match, proba, batch=batch)
    return publish(batch)


def make_rating(team: Team, **fields: Any) -> TeamRating:
    defaults = {"at": NOON, "elo": 1500.0, "scored": 1.3, "conceded": 1.3}
    return TeamRating.objects.create(team=team, **{**defaults, **fields})


def make_betting_run(**fields: Any) -> BettingRun:
    batch = fields.pop("batch", None) or make_batch()
    return BettingRun.objects.create(
        **{"stage": batch.stage, "batch": batch, "n_matches": 10, **fields}
    )


def return_fields(**fields: Any) -> dict[str, Any]:
    """10 matches, 4 bets of a unit, one of them won at 5.0: a profit of one unit."""
    counts = {"n_matches": 10, "n_bets": 4, "n_won": 1, "staked": 4.0, "profit": 1.0}
    run = fields.pop("run", None) or make_betting_run()
    bookmaker = fields.pop("bookmaker", None) or make_bookmaker()
    way = {"run": run, "bookmaker": bookmaker, "strategy": "flat", "min_edge": 0.0}
    return {**way, **counts, **fields}


def make_overall_return(**fields: Any) -> OverallReturn:
    """With the sums of `return_fields`, as those below."""
    return OverallReturn.objects.create(**return_fields(**fields))


def make_edge_return(**fields: Any) -> EdgeReturn:
    return EdgeReturn.objects.create(**{"max_edge": 0.05, **return_fields(**fields)})


def make_edge_returns(
    run: BettingRun, *ends: tuple[float | None, float | None], **fields: Any
) -> None:
    """A return for each span of edges, its interval from low to high."""
    for (start, end), (low, high) in zip(EDGE_SPANS, ends, strict=True):
        edges = {"min_edge": start, "max_edge": None if end == inf else end}
        make_edge_return(run=run, roi_ci_low=low, roi_ci_high=high, **edges, **fields)


def make_region_return(**fields: Any) -> RegionReturn:
    region = fields.pop("region", None) or make_region()
    return RegionReturn.objects.create(region=region, **return_fields(**fields))


def make_tournament_return(**fields: Any) -> TournamentReturn:
    tournament = fields.pop("tournament", None) or make_tournament()
    return TournamentReturn.objects.create(tournament=tournament, **return_fields(**fields))


def make_month_return(**fields: Any) -> MonthReturn:
    month = NOON.date().replace(day=1)
    return MonthReturn.objects.create(**{"month": month, **return_fields(**fields)})
