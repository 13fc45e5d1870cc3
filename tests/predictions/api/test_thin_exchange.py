"""An exchange in which hardly anybody trades shows 1.02 / 990 / 1000: never the best bet."""

from datetime import UTC, datetime, timedelta

import pytest

from livescores.models import Match
from predictions.models import Odds, QuarantinedOdds
from predictions.services.odds import quarantine
from tests.factories import make_publication
from tests.predictions.commands import run
from tests.reading import json_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("var_dir")]
COMING = datetime.now(UTC).date() + timedelta(days=6)
CARDS = "/predict/cards/?stage=champion"
BOOKS = {"B365H": "2.1", "B365D": "3.4", "B365A": "3.6", "WHH": "2.05", "WHD": "3.3", "WHA": "3.7"}


def prices(home, draw, away):
    return {"BFEH": home, "BFED": draw, "BFEA": away}


@pytest.fixture
def take(tmp_path):
    """Import a file of one coming match with these columns; what the command says."""

    def importing(columns):
        file = tmp_path / "E0.csv"
        row = f"E0,{COMING:%d/%m/%Y},15:00,Aldmoor,Brackwell,,,"
        header = ",".join(["Div,Date,Time,HomeTeam,AwayTeam,FTHG,FTAG,FTR", *columns])
        file.write_text(f"{header}\n{','.join([row, *columns.values()])}\n")
        return run("import_matches", "football-data", str(file))

    return importing


def card(api):
    match = Match.objects.get()
    make_publication((match, (0.45, 0.28, 0.27)))
    (shown,) = json_of(api.get(CARDS))
    return shown


@pytest.mark.parametrize("thin", [("1.02", "990", "1000"), ("1.01", "1.01", "1.01")])
def test_alone_it_is_quarantined_and_the_card_has_no_price(api, take, thin):
    said = take(prices(*thin))

    assert "The pre_match book of BFE" in said
    assert not Odds.objects.exists()
    shown = card(api)
    assert (shown["bookmaker"], shown["best_value"], shown["edge_draw"]) == (None, None, None)


def test_one_that_pays_what_could_be_paid_is_contradicted_by_the_others(api, take):
    said = take({**BOOKS, **prices("1.03", "50", "300")})

    assert "The pre_match book of BFE says 97.7 / " in said
    assert "but the middle of 2 others says" in said
    shown = card(api)
    assert (shown["bookmaker"], shown["best_value"]) == ("B365", "away_win")
    assert shown["edge_is_doubtful"] is False


def test_it_came_first_and_is_held_back_when_the_others_come(take):
    take(prices("1.03", "50", "300"))
    assert not QuarantinedOdds.objects.exists()

    take({**BOOKS, **prices("1.03", "50", "300")})
    take({**BOOKS, **prices("1.03", "50", "300")})

    assert QuarantinedOdds.objects.get().bookmaker.code == "BFE"
    assert Odds.objects.filter(is_quarantined=False).count() == 2


def test_a_corrected_file_brings_the_right_price(api, take):
    take({**BOOKS, **prices("1.03", "50", "300")})

    take({**BOOKS, **prices("2.14", "3.5", "3.7")})

    free = Odds.objects.filter(is_quarantined=False, bookmaker__code="BFE")
    assert [row.odd_home for row in free] == [2.14]


def test_what_an_operator_releases_is_used_whatever_is_imported_then(take):
    take({**BOOKS, **prices("1.03", "50", "300")})
    quarantine.release(QuarantinedOdds.objects.get().pk, by="ann", reason="Seen.")

    take({**BOOKS, **prices("1.03", "50", "300")})

    assert not Odds.objects.filter(is_quarantined=True).exists()


def test_alone_and_not_beyond_what_could_be_paid_it_is_doubtful_at_most(api, take):
    take(prices("1.03", "50", "300"))

    shown = card(api)

    assert shown["edge_draw"] == pytest.approx(0.28 * 50 - 1)
    assert (shown["edge_is_doubtful"], shown["best_value"]) == (True, None)
    assert json_of(api.get(f"{CARDS}&min_edge=0.05")) == []
