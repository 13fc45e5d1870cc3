"""Seasons of invented clubs in football-data.co.uk's form, and a provider that serves them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from livescores.sources.football_data.names import EXTRA_FILES
from tests.provider import Provider, content

HEADER = "Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A,PSCH,PSCD,PSCA\n"
NO_FIXTURES = "Country,League,Date,Time,Home,Away,PH,PD,PA\n"
NO_EXTRA = "Country,League,Season,Date,Time,Home,Away,HG,AG,Res,PSCH,PSCD,PSCA\n"
TOWNS = ("Ash", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine")
CLUBS = tuple(f"{town}{kind}" for town in TOWNS for kind in ("ton", "ford"))
TODAY = datetime.now(UTC).date()


def newest_year(today: date = TODAY) -> int:
    """In which the current season began."""
    return today.year if today.month >= 7 else today.year - 1


def season(division: str, year: int, *, clubs: Sequence[str] = CLUBS, today: date = TODAY) -> str:
    """A league's season: results up to yesterday, and the fixtures of the next week."""
    chance = Random(f"{division}{year}")
    rows = []
    for number, (home, away) in enumerate(fixtures(clubs)):
        day = date(year, 8, 6) + timedelta(days=number * 280 // (len(clubs) * (len(clubs) - 1)))
        if day > today + timedelta(days=7):
            break
        rows.append(_row(division, day, home, away, chance, is_over=day < today))
    return HEADER + "".join(rows)


def fixtures(clubs: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Everybody at home to everybody else, in rounds."""
    n = len(clubs)
    for shift in range(1, n):
        for place in range(n):
            yield clubs[place], clubs[(place + shift) % n]


def _row(division: str, day: date, home: str, away: str, chance: Random, *, is_over: bool) -> str:
    strong = 0.9 + 0.03 * CLUBS.index(home) - 0.03 * CLUBS.index(away)
    goals = [sum(chance.random() < rate / 4 for _ in range(6)) for rate in (strong, 0.8)]
    result = "D" if goals[0] == goals[1] else "H" if goals[0] > goals[1] else "A"
    score = f"{goals[0]},{goals[1]},{result}" if is_over else ",,"
    prices = "2.1,3.4,3.6"
    return f"{division},{day:%d/%m/%Y},15:00,{home},{away},{score},{prices},{prices}\n"


def page_of(division: str, year: int) -> str:
    return f"/mmz4281/{year % 100:02}{(year + 1) % 100:02}/{division}.csv"


def offer(provider: Provider, years: Sequence[int], divisions: Sequence[str] = ("E0",)) -> None:
    """These seasons; no extra league and no further fixtures. All else is missing."""
    for code in EXTRA_FILES:
        provider.on(f"/new/{code}.csv", content(NO_EXTRA, ETag=f'"{code}"'))
    provider.on("/fixtures.csv", content(HEADER))
    provider.on("/new_league_fixtures.csv", content(NO_FIXTURES))
    for year in years:
        for division in divisions:
            text = season(division, year)
            provider.on(page_of(division, year), content(text, ETag=f'"{len(text)}"'))
