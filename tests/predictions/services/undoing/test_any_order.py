"""Imports and undos in any order: what is left is what the imports that stand would have left."""

import json
import random
from datetime import date
from itertools import permutations

import pytest
from django.db import transaction

from livescores.models import (
    LinkDecision,
    LinkReview,
    Match,
    MatchConflict,
    MatchLink,
    RegionAlias,
    Season,
    Team,
    TeamAlias,
    TournamentAlias,
)
from predictions.models import Bookmaker, Odds, OddsSource, QuarantinedOdds
from predictions.services.importing import files
from predictions.services.undoing import service
from predictions.services.undoing.refusals import CannotUndo
from tests.factories import DAY

pytestmark = pytest.mark.django_db

HEADER = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A,PSH,PSD,PSA"
LEAGUES = {
    "E0": ("Arsenal", "Chelsea", "Everton", "Fulham", "Man United"),
    "D1": ("Mainz", "Stuttgart", "Dortmund", "Freiburg", "Augsburg"),
}
# openfootball's names of the English clubs.
FULL = {
    "Arsenal": "Arsenal FC",
    "Chelsea": "Chelsea FC",
    "Everton": "The Toffees",  # linked by its matches, if at all
    "Fulham": "Fulham FC",
    "Man United": "Manchester United FC",
}
MATCH = ("home_team__name", "away_team__name", "start_time_utc")
PLACE = ("season__tournament__region__name", "season__tournament__name", "season__name")
FACTS = ("status", "source", "has_kickoff_time", "home_score", "away_score", "home_half_time_score")
OF_MATCH = tuple(f"match__{name}" for name in MATCH)
PRICES = ("bookmaker__code", "kind", "captured_at", "odd_home", "odd_draw", "odd_away")
ALIAS = ("source", "region__name", "name", "method", "score", "evidence")
# Rows in words: the numbers and moments of an import that is done again are others.
IN_WORDS = {
    Match: (*MATCH, *PLACE, *FACTS, "corrected", "same_as"),
    MatchLink: (*OF_MATCH, "source", "external_id"),
    MatchConflict: (*OF_MATCH, "what", "state", "kept_source", "kept_value", "other_value"),
    Season: ("tournament__region__name", "tournament__name", "tournament__tier", "name"),
    Team: ("region__name", "name"),
    TeamAlias: (*ALIAS, "team__name"),
    TournamentAlias: (*ALIAS, "tournament__name"),
    RegionAlias: ALIAS,
    LinkReview: ("team__name", "candidate__name", "name", "score", "state"),
    LinkDecision: ("action", "summary"),
    Odds: (*OF_MATCH, *PRICES, "source"),
    QuarantinedOdds: (*OF_MATCH, *PRICES, "reason", "as_read", "state"),
    Bookmaker: ("code", "name", "kind", "priority"),
    OddsSource: ("name",),
}


def in_words():
    return {
        model.__name__: sorted(map(repr, model._base_manager.values_list(*columns)))
        for model, columns in IN_WORDS.items()
    }


def day_of(year, place):
    """So far apart that files stay in order where a match is two days late."""
    return date(2000 + year, 9, 13) + 3 * place * DAY


def season_file(rng, folder, number):
    """Part of a season as football-data tells it: results, fixtures, moves, prices that change."""
    code = rng.choice(sorted(LEAGUES))
    year = rng.choice((20, 21))
    rows = []
    for place, (home, away) in enumerate(permutations(LEAGUES[code], 2)):
        if rng.random() < 0.4:
            continue
        day = f"{day_of(year, place) + rng.choice((0, 0, 2)) * DAY:%d/%m/%Y}"
        played = rng.random() < 0.6
        score = "1,1,D" if place % 3 else "2,0,H"
        prices = rng.choice(("2.0,3.4,3.9", "2.1,3.3,3.8", "1.44,3,1.57", ",,"))
        sharp = rng.choice(("2.05,3.5,3.95", ",,"))
        rows.append(f"{code},{day},{home},{away},{score if played else ',,'},{prices},{sharp}")
    path = folder / f"{number}-{code}.csv"
    path.write_text("\n".join((HEADER, *rows)))
    return "football-data", path


def other_file(rng, folder, number):
    """The same English season as openfootball tells it."""
    year = rng.choice((20, 21))
    matches = []
    for place, (home, away) in enumerate(permutations(LEAGUES["E0"], 2)):
        if rng.random() < 0.2:
            continue
        score = [1, 1] if place % 3 else [2, 0]
        told = {"score": {"ft": score, "ht": [0, 0]}} if rng.random() < 0.8 else {}
        day = day_of(year, place)
        matches.append(
            {"date": f"{day:%Y-%m-%d}", "team1": FULL[home], "team2": FULL[away], **told}
        )
    inner = folder / str(number)
    inner.mkdir(exist_ok=True)
    path = inner / "en.1.json"
    name = f"Premier League 20{year}/{year + 1}"
    path.write_text(json.dumps({"name": name, "matches": matches}))
    return "openfootball", path


def taken(source, path):
    report = files.import_files(source, [path])
    assert report.status == "done", report.rejections.all()
    return report


def play(rng, folder):
    """The files whose imports stand in the end, in order, and how many undos were done."""
    standing, undone = {}, 0
    for number in range(rng.randint(3, 9)):
        if standing and rng.random() < 0.4:
            chosen = rng.choice(sorted(standing))
            before = in_words()
            try:
                gone = service.undo(chosen, by="ann", with_later=rng.random() < 0.3)
            except CannotUndo:
                assert in_words() == before
                continue
            undone += len(gone)
            for report in gone:
                del standing[report.pk]
        else:
            again = standing and rng.random() < 0.2
            make = rng.choice((season_file, season_file, other_file))
            file = rng.choice(list(standing.values())) if again else make(rng, folder, number)
            standing[taken(*file).pk] = file
    return list(standing.values()), undone


def played_and_left(seed, folder):
    with transaction.atomic():
        standing, undone = play(random.Random(seed), folder)
        left = in_words()
        transaction.set_rollback(True)
    return standing, undone, left


@pytest.mark.parametrize("seed", range(10))
def test_what_is_left_is_what_the_others_alone_would_have_left(seed, tmp_path):
    standing, _, left = played_and_left(seed, tmp_path)

    for file in standing:
        taken(*file)

    assert in_words() == left


def test_these_worlds_hold_undos_that_are_done(tmp_path):
    assert sum(played_and_left(seed, tmp_path)[1] for seed in range(4)) > 3
