"""Shapes of answers, for the OpenAPI document only."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, inline_serializer
from rest_framework import serializers

from predictions.api.insight_schemas import Explanation, Markets
from predictions.modelling.pricing.books import DOUBTFUL_EDGE
from predictions.models import Market
from soccerpredict.http.openapi import PROBLEM

ABOUT = {
    "startTimeUtc": "Kick-off, UTC.",
    "proba_home": "0 to 1; the three sum to 1 within 1e-6.",
    "predicted_class": "0 home_win, 1 draw, 2 away_win: the likeliest outcome.",
    "predicted_label": "home_win, draw or away_win.",
    "is_future": "Whether it has not kicked off yet.",
    "model_stage": "champion or challenger.",
    "model_run_id": "The run that trained the model.",
    "predictions_computed_at": "When the predictions were made.",
    "in_sample": "Whether the model learned from this match: it kicked off by `trained_until`, and "
    "what looks like a forecast knew the result.",
    "region": "Ends in `(simulated)` where the data are invented.",
    "bookmaker": "Code of whose price it is.",
    "odd_home": "Decimal price, above 1.",
    "implied_home": "The price's probability with the margin taken out in proportion.",
    "edge_home": "Expected profit of a unit stake: probability x price - 1; null where "
    "`in_sample`.",
    "best_value": "The outcome with the largest edge; null where `in_sample` or "
    "`edge_is_doubtful`.",
    "kelly_fraction": "Kelly's share of the bankroll on it, 0 without an edge; null where "
    "`in_sample` or `edge_is_doubtful`.",
    "edge_is_doubtful": "Whether the largest edge is above "
    f"{DOUBTFUL_EDGE:g}: rather a wrong price than a gift. Null where `in_sample`.",
    "captured_at": "When the price stood.",
    "market": "over_under or asian_handicap.",
    "line": "Goals in all, or goals added to the home side's score; a quarter line is half a stake "
    "on each line beside it.",
    "odd_over": "Decimal price of more goals than the line.",
    "bet_rate": "Bets per match, 0 to 1.",
    "hit_rate": "Bets won, 0 to 1; null without bets.",
    "staked": "Units.",
    "profit": "Units.",
    "roi_pct": "Profit in per cent of the stakes.",
    "roi_ci_low": "Lower end of the 90 % interval, per cent; null: too few bets to tell.",
    "roi_ci_high": "Upper end of the 90 % interval, per cent.",
    "is_proven": "Whether the whole interval lies above 0. Of twenty groups without any gain, one "
    "comes out proven by chance.",
    "verdict": "What the interval proves: `loss` (all of it below 0), `gain` (above 0) or `open`.",
    "n_void": "Bets whose stakes went back; not among `n_bets`.",
    "clv_pct": "Closing-line value: the mean profit in per cent of a unit at the price taken, if "
    "the closing line's chances, its margin removed, are right.",
    "tournament": "Null unless returns are grouped `by=tournament`.",
    "month": "YYYY-MM of kick-off in UTC; null unless returns are grouped `by=month`.",
}
ODDS_ROWS = {
    Market.RESULT.value: "OddsRow",
    Market.OVER_UNDER.value: "OverUnderRow",
    Market.ASIAN_HANDICAP.value: "AsianHandicapRow",
}
CARD_NULLABLE = (
    "home_score",
    "away_score",
    "bookmaker",
    "odd_home",
    "odd_draw",
    "odd_away",
    "odds_captured_at",
    "implied_home",
    "implied_draw",
    "implied_away",
    "edge_home",
    "edge_draw",
    "edge_away",
    "best_value",
    "kelly_fraction",
    "edge_is_doubtful",
)
ROI_OF_GROUP: dict[str, type] = {
    "n_matches": int,
    "n_bets": int,
    "bet_rate": float,
    "hit_rate": float,
    "staked": float,
    "profit": float,
    "roi_pct": float,
    "roi_ci_low": float,
    "roi_ci_high": float,
    "is_proven": bool,
    "n_void": int,
    "clv_pct": float,
    "verdict": str,
}
ROI_COLUMNS: dict[str, type] = {
    "region_id": int,
    "region": str,
    "tournament_id": int,
    "tournament": str,
    "month": str,
    **ROI_OF_GROUP,
}
ROI_NULLABLE = (
    "region_id",
    "region",
    "tournament_id",
    "tournament",
    "month",
    "hit_rate",
    "roi_pct",
    "roi_ci_low",
    "roi_ci_high",
    "clv_pct",
)


def _simulation_header(name: str, kind: Any, description: str) -> OpenApiParameter:
    return OpenApiParameter(
        name, kind, OpenApiParameter.HEADER, description=description, response=[200]
    )


SIMULATION_HEADERS = [
    _simulation_header("X-Simulation-Run", OpenApiTypes.INT, "The simulation that found this."),
    _simulation_header("X-Simulation-Computed-At", OpenApiTypes.DATETIME, "When it ran."),
    _simulation_header("X-Bookmaker", OpenApiTypes.STR, "Whose prices were taken."),
]


def in_sample() -> serializers.BooleanField:
    return serializers.BooleanField(help_text=ABOUT["in_sample"])


def _of_model() -> dict[str, Any]:
    return {
        "model_stage": serializers.CharField(),
        "model_run_id": serializers.CharField(),
    }


def _predicted() -> dict[str, Any]:
    return {
        "predicted_class": serializers.IntegerField(help_text=ABOUT["predicted_class"]),
        "predicted_label": serializers.CharField(help_text=ABOUT["predicted_label"]),
    }


PRECOMPUTED = inline_serializer(
    "Precomputed",
    {
        "match_id": serializers.IntegerField(),
        "proba_home": serializers.FloatField(help_text=ABOUT["proba_home"]),
        "proba_draw": serializers.FloatField(),
        "proba_away": serializers.FloatField(),
        **_predicted(),
        "home_team_name": serializers.CharField(),
        "away_team_name": serializers.CharField(),
        **_of_model(),
        "is_future": serializers.BooleanField(),
        "start_time_utc": serializers.DateTimeField(),
        "predictions_computed_at": serializers.DateTimeField(),
        "in_sample": in_sample(),
        "markets": Markets(
            required=False, allow_null=True, help_text="With `include=markets`; null until kept."
        ),
        "explanation": Explanation(
            required=False,
            allow_null=True,
            help_text="With `include=explanation`; null until kept.",
        ),
    },
)


class Probabilities(serializers.Serializer[Any]):
    home_win = serializers.FloatField()
    draw = serializers.FloatField()
    away_win = serializers.FloatField()


class LiveMatch(serializers.Serializer[Any]):
    match_id = serializers.IntegerField()
    predicted_class = serializers.IntegerField()
    predicted_label = serializers.CharField()
    probabilities = Probabilities()
    model_version = serializers.CharField(help_text="The alias: champion or challenger.")
    model_stage = serializers.CharField()
    model_run_id = serializers.CharField()
    predictions_computed_at = serializers.DateTimeField()
    in_sample = in_sample()
    task_id = serializers.UUIDField()
    markets = Markets(required=False, help_text="With `include=markets`.")
    explanation = Explanation(required=False, help_text="With `include=explanation`.")


class FixturePrediction(serializers.Serializer[Any]):
    home_win_proba = serializers.FloatField()
    draw_proba = serializers.FloatField()
    away_win_proba = serializers.FloatField()
    predicted_class = serializers.IntegerField()
    predicted_label = serializers.CharField()
    in_sample = in_sample()


class FixtureModel(serializers.Serializer[Any]):
    model_uri = serializers.CharField()
    model_version = serializers.IntegerField(help_text="The registry's number.")
    model_stage = serializers.CharField()
    model_run_id = serializers.CharField()


class FixtureMeta(serializers.Serializer[Any]):
    request_id = serializers.CharField()
    predictions_computed_at = serializers.DateTimeField()
    dataset_version = serializers.CharField()


class FixtureAnswer(serializers.Serializer[Any]):
    prediction = FixturePrediction()
    model = FixtureModel()
    meta = FixtureMeta()


FIXTURE_ANSWERS = PolymorphicProxySerializer(
    component_name="FixtureAnswerOrAnswers",
    serializers=[FixtureAnswer, FixtureAnswer(many=True)],
    resource_type_field_name=None,
    many=False,
)


class JobQueued(serializers.Serializer[Any]):
    job_id = serializers.UUIDField()
    status = serializers.CharField(help_text="queued or running.")
    status_url = serializers.CharField(help_text="Where to ask for the result.")


class JobDone(serializers.Serializer[Any]):
    job_id = serializers.UUIDField()
    status = serializers.CharField(help_text="succeeded or failed.")
    status_url = serializers.CharField()
    result = serializers.JSONField(
        required=False, help_text="When it succeeded: as `POST /predict` answers."
    )
    problem = serializers.JSONField(
        required=False, help_text=f"When it failed: {PROBLEM['description']}"
    )


class ComparedModel(serializers.Serializer[Any]):
    model_run_id = serializers.CharField()
    recipe_class = serializers.CharField(help_text="What the model may see.")
    predictions_computed_at = serializers.DateTimeField()


class PairedScore(serializers.Serializer[Any]):
    champion = serializers.FloatField(help_text="Mean over the matches.")
    challenger = serializers.FloatField(help_text="Mean over the matches.")
    difference = serializers.FloatField(
        help_text="Champion minus challenger: below 0, it is better."
    )
    standard_error = serializers.FloatField(
        allow_null=True, help_text="Of the paired difference; null for a single match."
    )


class Comparison(serializers.Serializer[Any]):
    champion = ComparedModel()
    challenger = ComparedModel()
    n_matches = serializers.IntegerField(help_text="Over, and new to both models.")
    n_issued = serializers.IntegerField(help_text="Of both, predicted before kick-off.")
    n_retrospective = serializers.IntegerField(
        help_text="Worked out afterwards, from what was known at kick-off."
    )
    first_kick_off = serializers.DateTimeField()
    last_kick_off = serializers.DateTimeField()
    log_loss = PairedScore(help_text="In nats.")
    brier = PairedScore(help_text="Summed over the outcomes: 0 to 2.")
    rps = PairedScore(help_text="Divided by K - 1: 0 to 1.")


class ModelInfo(serializers.Serializer[Any]):
    model_name = serializers.CharField()
    model_stage = serializers.CharField()
    model_version = serializers.IntegerField(help_text="The registry's number.")
    model_run_id = serializers.CharField()
    model_uri = serializers.CharField()
    loaded = serializers.BooleanField(help_text="Whether a living worker holds it.")
    registered_at = serializers.DateTimeField()
    trained_until = serializers.DateTimeField(help_text="Kick-off of the newest match it saw.")
    n_features = serializers.IntegerField()
    metrics = serializers.DictField(
        child=serializers.FloatField(), help_text="On the matches kept back from training."
    )
    recipe = serializers.CharField()
    recipe_class = serializers.CharField(help_text="What the model may see.")
    promoted_at = serializers.DateTimeField(help_text="Since when it serves the stage.")
    comparison = Comparison(
        allow_null=True,
        help_text="Both stages on the same matches, counted anew within seconds of a result; null "
        "until both have published predictions of a match that is over.",
    )
