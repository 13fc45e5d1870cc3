"""Fill the database with an invented world, as far as it has been played by a given day."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from livescores.models import USUAL_LENGTH, ImportReport, Match, MatchStatus, Region
from livescores.sources.records import COUNTS, MatchRecord, ParsedFile, Quote, TournamentRecord
from predictions.modelling import world
from predictions.modelling.world import League, PlayedMatch
from predictions.services.importing.files import ImportRun
from soccerpredict import progress
from soccerpredict.errors import InvalidInput

SOURCE = "simulated"
AHEAD = timedelta(days=28)  # fixtures are known so long before
PRICES = timedelta(hours=6)  # and new prices are looked for so often
BOOKMAKERS = {
    book.code: (book.name, "book", 10 * place) for place, book in enumerate(world.BOOKS, start=1)
}


def simulate(*, seed: int, now: datetime | None = None) -> ImportReport:
    """Store the world of a seed up to `now`; once more on a later day brings it up to date.

    Raises:
        InvalidInput: the database holds real regions, which must not mix with invented ones.
    """
    if Region.objects.filter(is_simulated=False).exists():
        raise InvalidInput("There is real data here: a simulated world would mix with it.")
    report = ImportReport.objects.create(source=SOURCE, part=f"seed {seed}")
    with ImportRun(report, BOOKMAKERS) as run:
        for league in progress.each(world.leagues(seed), "Inventing leagues"):
            parsed = played_by(league, seed, now or timezone.now())
            report.files += 1
            run.store(league.region, parsed)
    return report


def seed_in_use() -> int | None:
    """The seed of the world that the database holds; None if it holds none."""
    report = ImportReport.objects.filter(source=SOURCE, status="done").first()
    if report is None:
        return None
    return int(report.part.removeprefix("seed ") or 1)


def is_news_due(now: datetime) -> bool:
    """Whether a match has ended since the world was last brought up to date, or hours have passed.

    The whole history is simulated anew to go on, so it is not done without need.
    """
    ended = Match.objects.filter(
        season__tournament__region__is_simulated=True,
        status=MatchStatus.SCHEDULED,
        start_time_utc__lte=now - USUAL_LENGTH,
    )
    lately = ImportReport.objects.filter(source=SOURCE, status="done", started_at__gt=now - PRICES)
    return ended.exists() or not lately.exists()


def played_by(league: League, seed: int, now: datetime) -> ParsedFile:
    """A league's matches as records: results up to `now`, fixtures and prices known by then."""
    matches = list(_records(league, seed, now))
    return ParsedFile(matches=matches, rows=len(matches))


def _records(league: League, seed: int, now: datetime) -> Iterator[MatchRecord]:
    line = 0
    for year, matches in world.seasons(league, seed, now.year):
        for match in matches:
            if match.kickoff <= now + AHEAD:
                line += 1
                yield _record(line, league, year, match, now)


def _record(line: int, league: League, year: int, match: PlayedMatch, now: datetime) -> MatchRecord:
    over = match.kickoff + USUAL_LENGTH <= now
    tier = match.tier
    return MatchRecord(
        line=line,
        tournament=TournamentRecord(
            league.region, league.tournaments[tier], f"SIM{tier + 1}", tier + 1, is_simulated=True
        ),
        season=league.season_name(year),
        home=match.home,
        away=match.away,
        start_time_utc=match.kickoff,
        has_kickoff_time=True,
        status=MatchStatus.FINISHED.value if over else MatchStatus.SCHEDULED.value,
        counts=_counts(match) if over else (None,) * len(COUNTS),
        quotes=[Quote(*price) for price in match.prices if price.captured_at <= now],
    )


def _counts(match: PlayedMatch) -> tuple[int | None, ...]:
    return (
        *match.goals,
        *match.half_time_goals,
        *match.shots,
        *match.shots_on_target,
        *match.corners,
        None,  # fouls are not simulated
        None,
        *match.yellow_cards,
        *match.red_cards,
    )
