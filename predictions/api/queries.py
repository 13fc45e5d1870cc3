"""What clients may ask: query parameters and bodies of the prediction routes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from predictions.modelling.pricing.books import DOUBTFUL_EDGE, MOST_GOALS
from predictions.models import Market, RegionReturn, Stage
from predictions.services.betting.region_returns import BY_REGION, GROUPINGS, MIN_EDGES
from predictions.services.publishing.prediction_rows import BY_KICK_OFF, SORTS
from soccerpredict.http.input import fields
from soccerpredict.http.input.paging import PageQuery
from soccerpredict.http.input.validation import BodySerializer, QuerySerializer

MAX_FIXTURES = 100
FORMATS = ["json", "csv", "parquet"]
INCLUDES = ("markets", "explanation")
ANY_INCLUDES = [*INCLUDES, ",".join(INCLUDES), ",".join(reversed(INCLUDES))]


def stage_field() -> fields.StageField:
    return fields.StageField(
        Stage.values,
        default=Stage.CHAMPION.value,
        help_text="Which model: the champion, or the challenger that is compared with it.",
    )


def sort_field(default: str = BY_KICK_OFF) -> fields.QueryChoice:
    return fields.QueryChoice(
        list(SORTS),
        default=default,
        help_text="The order of the rows, a minus for downwards; equals by kick-off and match id.",
    )


def in_sample_field() -> fields.QueryBoolean:
    return fields.QueryBoolean(
        required=False,
        help_text="true: only matches that the model learned from; false: only the others.",
    )


def format_field() -> fields.QueryChoice:
    return fields.QueryChoice(
        FORMATS, required=False, help_text="The representation, instead of `Accept`."
    )


def in_order(attrs: dict[str, Any], sentence: str = "It is before date_from.") -> dict[str, Any]:
    """Refuses days that are reversed."""
    first, last = attrs.get("date_from"), attrs.get("date_to")
    if first and last and first > last:
        raise serializers.ValidationError({"date_to": sentence}, code="order")
    return attrs


@extend_schema_field({"type": "number", "enum": MIN_EDGES})
class SimulatedEdge(fields.QueryNumber):
    """One that the betting simulation has tried."""


@extend_schema_field({"type": "string", "enum": ANY_INCLUDES})
class Includes(fields.QueryText):
    """What to answer besides, with a comma between."""


class StageQuery(QuerySerializer):
    is_cached = True
    stage = stage_field()


class PredictionQuery(PageQuery):
    is_cached = True
    stage = stage_field()
    future_only = fields.QueryBoolean(
        default=False, help_text="Only matches that have not kicked off."
    )
    region_id = fields.QueryId(required=False)
    tournament_id = fields.QueryId(required=False)
    team_id = fields.QueryId(required=False, help_text="At home or away.")
    date_from = fields.QueryDate(required=False, help_text="First day of kick-off, UTC.")
    date_to = fields.QueryDate(required=False, help_text="Last day of kick-off, UTC.")
    in_sample = in_sample_field()
    sort = sort_field()
    format = format_field()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return in_order(attrs)


class CardQuery(PredictionQuery):
    bookmaker = fields.QueryCode(
        required=False,
        help_text="Its code, as B365; without it, the first that has a price.",
    )
    min_edge = fields.QueryNumber(
        min_value=-1,
        max_value=1000,
        required=False,
        help_text="Only cards with such an edge: never one that the model learned from, nor one "
        f"whose edge is doubtful (above {DOUBTFUL_EDGE:g}).",
    )


class OddsQuery(PageQuery):
    is_cached = True
    market = fields.QueryChoice(
        Market.values,
        default=Market.RESULT.value,
        help_text="1X2, goals over and under a line, or an Asian handicap on the home side.",
    )
    line = fields.QueryNumber(
        min_value=-MOST_GOALS,
        max_value=MOST_GOALS,
        required=False,
        help_text="Only prices on this line, as 2.5 or -0.75; 1X2 has none.",
    )
    match_id = fields.QueryId(required=False)
    bookmaker = fields.QueryCode(required=False, help_text="Its code, as B365.")
    history = fields.QueryBoolean(
        default=False,
        help_text="All prices, not the newest of each match, bookmaker and line only.",
    )
    format = format_field()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "line" in attrs and attrs["market"] == Market.RESULT:
            message = {"line": "1X2 prices have no line: ask for another market."}
            raise serializers.ValidationError(message, code="no_line")
        return attrs


class RegionRoiQuery(QuerySerializer):
    is_cached = True
    by = fields.QueryChoice(
        list(GROUPINGS),
        default=BY_REGION,
        help_text="One row a region, tournament or month; months are of all regions together.",
    )
    stage = stage_field()
    strategy = fields.QueryChoice(
        RegionReturn.Strategy.values, default=RegionReturn.Strategy.FLAT.value
    )
    min_edge = SimulatedEdge(
        min_value=-1,
        max_value=1000,
        default=0.0,
        help_text="Bets are placed at this edge or more.",
    )
    bookmaker = fields.QueryCode(
        required=False,
        help_text="Its code; without it, the first with prices.",
    )


class IncludingQuery(StageQuery):
    include = Includes(
        max_length=60,
        required=False,
        help_text="`markets`, `explanation` or both, with a comma between them.",
    )

    def validate_include(self, text: str) -> list[str]:
        words = text.split(",")
        if len(set(words)) != len(words) or not set(words) <= set(INCLUDES):
            raise serializers.ValidationError(f"Write {' or '.join(INCLUDES)}, each once.")
        return words


class NoQuery(QuerySerializer):
    """The route has no parameters."""

    is_cached = True


class FixtureBody(BodySerializer):
    home_team_id = fields.BodyId()
    away_team_id = fields.BodyId()
    match_datetime_utc = fields.BodyMoment(help_text="Kick-off, with its offset.")
    match_id = fields.BodyId(required=False, help_text="Of the stored match, if it is one.")
    stage = stage_field()
    tournament_id = fields.BodyId(
        required=False, help_text="Without it, the one that the home team last played in."
    )
    neutral_venue = fields.BodyBoolean(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["home_team_id"] == attrs["away_team_id"]:
            message = {"away_team_id": "A team does not play itself."}
            raise serializers.ValidationError(message, code="same_team")
        return attrs
