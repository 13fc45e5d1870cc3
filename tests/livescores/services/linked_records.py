"""Records of two sources that spell the same clubs otherwise."""

from django.db import transaction

from livescores.services import matches
from livescores.services.names import Names
from livescores.sources.records import MatchRecord, TournamentRecord, scores
from tests.livescores.linking.fixture_lists import season

LEAGUE = TournamentRecord("England", "Premier League", "E0", 1)


CLUBS = ("Arsenal", "Chelsea", "Everton", "Fulham", "Man United")


THEIRS = {
    "Arsenal": "Arsenal FC",
    "Chelsea": "The Blues",
    "Everton": "Everton",
    "Fulham": "Fulham FC",
    "Man United": "Manchester United",
}


def records(names=None, league=LEAGUE, **changes):
    return [
        MatchRecord(
            line=one.id,
            tournament=league,
            season=one.season,
            home=(names or {}).get(one.home, one.home),
            away=(names or {}).get(one.away, one.away),
            start_time_utc=one.start,
            has_kickoff_time=True,
            status="finished",
            counts=scores(one.score),
        )._replace(**changes)
        for one in season(CLUBS)
    ]


def store(source, told):
    with transaction.atomic():
        return matches.store(source, told, Names(source))
