"""What visitors may ask of the pages: their forms and links."""

from typing import Any

from predictions.api.queries import FORMATS, in_order, in_sample_field, sort_field, stage_field
from soccerpredict.http.input import fields
from soccerpredict.http.input.validation import QuerySerializer

NEWEST_FIRST = "-kickoff"
MAX_OFFSET = 10_000
MAX_ROW = 1_000_000
DAYS = ("date_from", "date_to")
REVERSED = "The last day is before the first."


class MatchesQuery(QuerySerializer):
    """The form over the cards."""

    is_cached = True
    region_id = fields.QueryId(required=False)
    tournament_id = fields.QueryId(required=False)
    team_id = fields.QueryId(required=False)
    date_from = fields.QueryDate(required=False)
    date_to = fields.QueryDate(required=False)
    offset = fields.QueryInteger(min_value=0, max_value=MAX_OFFSET, default=0)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return in_order(attrs, REVERSED)


class ExplorerQuery(MatchesQuery):
    """The form over the table; its fields are the API's."""

    is_cached = True
    stage = stage_field()
    future_only = fields.QueryBoolean(default=False)
    in_sample = in_sample_field()
    sort = sort_field(default=NEWEST_FIRST)
    offset = fields.QueryInteger(min_value=0, max_value=MAX_ROW, default=0)


class DownloadQuery(ExplorerQuery):
    is_cached = True
    format = fields.QueryChoice(FORMATS, default="csv")


class SearchQuery(QuerySerializer):
    is_cached = True
    q = fields.QueryText(max_length=60, required=False)


class MatchQuery(QuerySerializer):
    """`at`: show the match as it stood then."""

    is_cached = True
    at = fields.QueryMoment(required=False)


class LeagueQuery(QuerySerializer):
    is_cached = True
    season_id = fields.QueryId(required=False)
