"""A team's page: how strong it is and was, and its results beside what was expected of them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any

from livescores.models import Match, Team, Tournament
from predictions.models import TeamRating
from predictions.pages import cards, charts
from predictions.pages.charts import Chart, Series
from predictions.pages.numbers import signed
from predictions.services.publishing.prediction_rows import Filters
from predictions.services.publishing.published import Published
from predictions.services.reading import expectations, rating_history
from predictions.services.reading.expectations import ResultBesideExpected

N_RATINGS = 60  # months in which it played: about six years
FEWEST_FOR_A_CHART = 3
N_NEXT, N_LISTED = 6, 20


def context_of(team: Team, champion: Published | None, *, now: datetime) -> dict[str, Any]:
    judged = expectations.last_results(team.pk, champion.facts) if champion else []
    points, expected = expectations.totals(judged)
    ratings = rating_history.last(team.pk, N_RATINGS)
    return {
        "team": team,
        "league": league_of(team),
        "rating": ratings[-1] if ratings else None,
        "rating_chart": rating_chart(ratings),
        "judged": judged[:N_LISTED],
        "n_judged": len(judged),
        "origin": expectations.origin(judged),
        "points": points,
        "expected": f"{expected:.1f}",
        "surplus": signed(points - expected),
        "surplus_chart": surplus_chart(judged),
        "coming": cards.coming(champion, Filters(team_id=team.pk), now=now, limit=N_NEXT),
    }


def league_of(team: Team) -> Tournament | None:
    """The league of its newest match; a cup only where it plays in no league that we know."""
    return _newest(team, season__tournament__is_cup=False) or _newest(team)


def _newest(team: Team, **of_kind: bool) -> Tournament | None:
    newest = [
        match
        for side in ("home_team", "away_team")
        for match in Match.objects.filter(**{side: team}, **of_kind)
        .select_related("season__tournament")
        .order_by("-start_time_utc")[:1]
    ]
    last = max(newest, key=lambda match: match.start_time_utc, default=None)
    return last.season.tournament if last else None


def rating_chart(ratings: Sequence[TeamRating]) -> Chart | None:
    if len(ratings) < FEWEST_FOR_A_CHART:
        return None
    series = [Series("Elo", "model", [(one.at.timestamp(), one.elo) for one in ratings])]
    return charts.over_time("rating", "Rating (Elo)", series, y_format=lambda elo: f"{elo:.0f}")


def surplus_chart(judged: Sequence[ResultBesideExpected]) -> Chart | None:
    """Points above expectation, added up over time."""
    if len(judged) < FEWEST_FOR_A_CHART:
        return None
    moments = [one.match.start_time_utc.timestamp() for one in reversed(judged)]
    sums = list(accumulate(one.surplus for one in reversed(judged)))
    series = [
        Series("As expected", "floor", [(moments[0], 0.0), (moments[-1], 0.0)]),
        Series("Points above", "model", list(zip(moments, sums, strict=True))),
    ]
    low, high = min(0.0, *sums), max(0.0, *sums)
    return charts.over_time(
        "surplus", "Points above expectation", series, y_format=signed, y_range=(low, high)
    )
