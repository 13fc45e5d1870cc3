"""Seasons in which all clubs play on every match day."""

from datetime import UTC, datetime, timedelta

from livescores.sources.records import MatchRecord, TournamentRecord, scores

LEAGUE = TournamentRecord("England", "League One", "E2", 3)
CLUBS = ("Aldmoor", "Brackwell", "Carsby", "Dunholt", "Esk United", "King's Ferry")
START = datetime(2024, 8, 10, 14, tzinfo=UTC)
WEEK = timedelta(days=7)


def season(clubs=CLUBS, start=START, league=LEAGUE, name="2024-25", called=None):
    """Everybody plays everybody at home and away; `called` renames clubs."""
    ring, number = list(clubs), 0
    for week in range(2 * (len(ring) - 1)):
        for place in range(len(ring) // 2):
            pair = ring[place], ring[-1 - place]
            home, away = pair if week % 2 else pair[::-1]
            yield MatchRecord(
                line=(number := number + 1),
                tournament=league,
                season=name,
                home=(called or {}).get(home, home),
                away=(called or {}).get(away, away),
                start_time_utc=start + week * WEEK,
                has_kickoff_time=True,
                status="finished",
                counts=scores((number % 3, number % 4)),
            )
        ring.insert(1, ring.pop())


def next_season(called=None, clubs=CLUBS):
    return season(clubs, START + timedelta(days=364), name="2025-26", called=called)


def unplayed(match, **changes):
    return match._replace(status="scheduled", counts=scores(None), **changes)
