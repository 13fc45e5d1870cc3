"""A match's page: opinions of it, prices, form and ratings, now or as of an earlier moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from livescores.models import USUAL_LENGTH, Match
from livescores.services import form
from predictions.models import EdgeReturn, Stage
from predictions.outcomes import SIDES
from predictions.pages import charts, lines
from predictions.pages.bars import Bar
from predictions.pages.cards import OUTCOMES, Side, confidence, precedent, sides_of
from predictions.pages.charts import Chart, Series
from predictions.pages.edges import is_open
from predictions.pages.numbers import percent
from predictions.services.betting.verdicts import bets_like_it
from predictions.services.odds import best_prices
from predictions.services.reading import match_history, rating_history, two_way_quotes
from predictions.services.reading.cards import implied_by
from predictions.services.reading.match_history import Forecast, Quote

RATED_SPAN = timedelta(days=800)
N_MOMENTS = 60  # offered in the list of earlier moments


@dataclass(frozen=True)
class Opinion:
    """Somebody's probabilities of the match, and since when they stand."""

    who: str
    note: str
    since: datetime
    bar: Bar
    origin: str = ""


def context_of(match: Match, *, at: datetime | None, now: datetime) -> dict[str, Any]:
    """All that the page shows; with `at`, only what was known by then."""
    until = at or now
    said = match_history.forecasts(match, until=until)
    known = match_history.quotes(match, until=until)
    before = min(until, match.start_time_utc)
    home, away = match.home_team_id, match.away_team_id
    current = newest_of(said)
    champion = current.get(Stage.CHAMPION.value)
    open_now = champion is not None and is_open(
        match.status, match.start_time_utc, now, in_sample=champion.in_sample
    )
    shown, like_it = sides(champion, known, can_bet=open_now)
    return {
        "match": match,
        "at": at,
        "score_known": score_known(match, at),
        "opinions": opinions(current, known),
        "sides": shown,
        "is_open": open_now,
        "precedent": precedent(shown, like_it) if open_now else "",
        "confidence": confidence(max(champion.proba)) if champion else "",
        "books": match_history.newest(known),
        "lines": list(lines.shown(two_way_quotes.of_match(match, until=until))),
        "home_form": form.last_results(home, known_at=before),
        "away_form": form.last_results(away, known_at=before),
        "meetings": form.meetings(home, away, known_at=before),
        "ratings": rating_chart(match, before),
        "over_time": [chart for chart in (market_chart(known), model_chart(said)) if chart],
        "moments": moments(said, known),
    }


def score_known(match: Match, at: datetime | None) -> bool:
    """Whether the score may be shown."""
    if match.home_score is None:
        return False
    if at is None:
        return True
    return Match.objects.as_of(at).filter(pk=match.pk).exists()


def newest_of(said: Iterable[Forecast]) -> dict[str, Forecast]:
    """What each stage said last."""
    return {forecast.stage: forecast for forecast in said}


def opinions(current: dict[str, Forecast], known: list[Quote]) -> list[Opinion]:
    """Champion, challenger and market, as far as they have one."""
    found = [
        Opinion(one.stage.capitalize(), note(one), one.published_at, Bar.of(one.proba), origin(one))
        for stage in Stage.values
        if (one := current.get(stage))
    ]
    line = match_history.market(known)
    if line:
        last = line[-1]
        found.append(
            Opinion("Market", last.bookmaker, last.captured_at, Bar.of(implied_by(last.prices)))
        )
    return found


def origin(forecast: Forecast) -> str:
    """Said or worked out; a match under way is no longer to come, and not over either."""
    if forecast.is_issued:
        return "Issued before kick-off"
    is_over = forecast.computed_at >= forecast.kickoff + USUAL_LENGTH
    return "Worked out after the match" if is_over else "Worked out after kick-off"


def note(forecast: Forecast) -> str:
    """Whose it is; and that it is none where the model knew the result."""
    learned = ", which learned from this match" if forecast.in_sample else ""
    return f"model {forecast.version}{learned}"


def sides(
    champion: Forecast | None, known: list[Quote], *, can_bet: bool
) -> tuple[list[Side], EdgeReturn | None]:
    """The champion's outcomes with their fair and best prices, and what such bets returned."""
    if champion is None:
        return [], None
    books = [
        (0, quote.bookmaker, *quote.prices)
        for quote in match_history.newest(known)
        if quote.is_book
    ]
    like_it = bets_like_it(champion.stage) if can_bet else None
    return sides_of(champion.proba, best_prices.best(books).get(0), like_it)


def market_chart(known: list[Quote]) -> Chart | None:
    """The market's probabilities over time, where it has moved."""
    line = match_history.market(known)
    stood = {quote.captured_at.timestamp(): implied_by(quote.prices) for quote in line}
    return _chances("market", "Market over time", stood)


def model_chart(said: list[Forecast]) -> Chart | None:
    stood = {one.published_at.timestamp(): one.proba for one in said if one.stage == Stage.CHAMPION}
    return _chances("champion", "Champion over time", stood)


def _chances(key: str, title: str, stood: Mapping[float, Sequence[float]]) -> Chart | None:
    if len(stood) < 2:
        return None
    series = [
        Series(name, kind, [(at, proba[i]) for at, proba in stood.items()], steps=True)
        for i, (kind, name) in enumerate(zip(SIDES, OUTCOMES, strict=True))
    ]
    return charts.over_time(key, title, series, y_format=percent, x_format=_minute)


def _minute(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment).astimezone():%-d %b %Y, %H:%M}"


def rating_chart(match: Match, until: datetime) -> Chart | None:
    """The ratings of both clubs in the seasons before."""
    pair = {
        match.home_team_id: ("home", match.home_team),
        match.away_team_id: ("away", match.away_team),
    }
    found = rating_history.of_teams(pair, since=until - RATED_SPAN, until=until)
    series = [
        Series(team.name, kind, [(one.at.timestamp(), one.elo) for one in found[pk]])
        for pk, (kind, team) in pair.items()
        if found[pk]
    ]
    if not series:
        return None
    return charts.over_time("ratings", "Ratings (Elo)", series, y_format=lambda elo: f"{elo:.0f}")


def moments(said: list[Forecast], known: list[Quote]) -> list[datetime]:
    """When anything about the match changed, the newest first."""
    changed = {one.published_at for one in said} | {one.captured_at for one in known}
    return sorted(changed, reverse=True)[:N_MOMENTS]
