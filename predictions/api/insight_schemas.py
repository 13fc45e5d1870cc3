"""Shapes of what `include` adds to a prediction, for the OpenAPI document only."""

from typing import Any

from rest_framework import serializers

from predictions.modelling.pricing.markets import HANDICAPS, LINES, N_GOALS_SHOWN, N_SCORES_SHOWN
from predictions.services.publishing.insight_records import N_REASONS


class ExpectedGoals(serializers.Serializer[Any]):
    home = serializers.FloatField()
    away = serializers.FloatField()


class OverUnder(serializers.Serializer[Any]):
    line = serializers.FloatField(help_text="Goals of both sides together.")
    over = serializers.FloatField()
    under = serializers.FloatField()


class YesOrNo(serializers.Serializer[Any]):
    yes = serializers.FloatField()
    no = serializers.FloatField()


class CorrectScore(serializers.Serializer[Any]):
    home = serializers.IntegerField()
    away = serializers.IntegerField()
    probability = serializers.FloatField()


class AsianHandicap(serializers.Serializer[Any]):
    line = serializers.FloatField(help_text="Goals that are added to the home side's score.")
    home_win = serializers.FloatField(help_text="Share of a stake on the home side that wins.")
    push = serializers.FloatField(help_text="Share that comes back.")
    home_loss = serializers.FloatField()


def _row(**fields: Any) -> "serializers.ListField":
    return serializers.ListField(
        child=serializers.FloatField(),
        min_length=N_GOALS_SHOWN,
        max_length=N_GOALS_SHOWN,
        **fields,
    )


class Markets(serializers.Serializer[Any]):
    """From a score matrix that agrees with the served probabilities to 1e-9."""

    expected_goals = ExpectedGoals()
    score_matrix = serializers.ListField(
        child=_row(),
        min_length=N_GOALS_SHOWN,
        max_length=N_GOALS_SHOWN,
        help_text="The probability of each score from 0 to 6 goals a side, home goals down.",
    )
    over_under = serializers.ListField(
        child=OverUnder(), min_length=len(LINES), max_length=len(LINES)
    )
    both_teams_to_score = YesOrNo()
    correct_score = serializers.ListField(
        child=CorrectScore(),
        min_length=N_SCORES_SHOWN,
        max_length=N_SCORES_SHOWN,
        help_text="The likeliest scores, likeliest first.",
    )
    asian_handicap = serializers.ListField(
        child=AsianHandicap(), min_length=len(HANDICAPS), max_length=len(HANDICAPS)
    )


class Shares(serializers.Serializer[Any]):
    home_win = serializers.FloatField()
    draw = serializers.FloatField()
    away_win = serializers.FloatField()


class FeatureShares(Shares):
    name = serializers.CharField(max_length=60)
    value = serializers.FloatField(
        help_text="The feature's own number; of home_club and away_club the team's id."
    )


class Explanation(serializers.Serializer[Any]):
    """In probability; average_match + features + all_others are what is served, to 1e-9."""

    average_match = Shares(help_text="What the model says of the average match.")
    features = serializers.ListField(
        child=FeatureShares(),
        max_length=N_REASONS,
        help_text="Those that moved this one from there most, the strongest first.",
    )
    all_others = Shares(help_text="All other features together.")
