"""How opinions of a match went over time, as charts."""

from django.template.loader import render_to_string
from django.utils import timezone

from livescores.models import Match
from predictions.pages.match import market_chart, model_chart
from predictions.services.reading import match_history

NOTHING = "Neither prices nor predictions have changed so far."


def course_of(match: Match) -> str:
    """Champion and market over time, as far as they moved."""
    now = timezone.now()
    said, known = match_history.forecasts(match, until=now), match_history.quotes(match, until=now)
    drawn = [chart for chart in (model_chart(said), market_chart(known)) if chart]
    return render_to_string("admin/course.html", {"charts": drawn}) if drawn else NOTHING
