import pytest

from predictions.modelling.features.feature_names import FEATURE_NAMES
from predictions.pages import words
from predictions.pages.insight import heat_map, insight, lines, shifts
from tests.predictions.pages.worker_answers import EXPLANATION, MARKETS, MATRIX, share


def test_the_likeliest_score_is_the_darkest():
    rows = heat_map(MATRIX)

    assert [[cell.level for cell in row] for row in rows] == [[4, 2], [9, 0]]
    assert [[cell.kind for cell in row] for row in rows] == [["draw", "away"], ["home", "draw"]]
    assert rows[1][0].percent == "20.0"


def test_a_market_tells_chance_and_fair_odds_of_either_side():
    found = {line.name: line.sides for line in lines(MARKETS)}

    assert found["2.5 goals"] == [("Over", "40\u00a0%", "2.50"), ("Under", "60\u00a0%", "1.67")]
    assert found["Both teams score"] == [("Yes", "50\u00a0%", "2.00"), ("No", "50\u00a0%", "2.00")]
    assert "0.5 goals" not in found


def test_a_stake_that_comes_back_is_left_out_of_a_fair_price():
    found = {line.name: line.sides for line in lines(MARKETS)}

    # 1 + 0.6 / 0.2 and 1 + 0.2 / 0.6
    assert found["Home −1.0"] == [("Home", "20\u00a0%", "4.00"), ("Away", "60\u00a0%", "1.33")]
    assert [price for *_, price in found["Home ±0"]] == ["1.50", "3.00"]


def test_a_shift_points_to_the_side_that_it_favours():
    elo, rest, others = shifts(EXPLANATION)

    assert (elo.name, elo.home, elo.draw, elo.away) == ("Elo difference", "+6.0", "0.0", "−6.0")
    assert (elo.kind, elo.start, elo.width) == ("home", 0.0, 50.0)
    assert (rest.kind, rest.start) == ("away", 50.0)
    assert rest.width == pytest.approx(50 * 0.05 / 0.12, abs=0.1)
    assert (others.name, others.home) == ("All others", "+1.0")


def test_what_is_not_shown_adds_up_in_one_line():
    many = {**EXPLANATION, "features": [share(f"f{n}", 0.01, 0.0, -0.01) for n in range(12)]}

    rows = shifts(many)

    assert len(rows) == 9
    assert rows[-1].home == "+5.0"  # four features and the rest: 4 x 1 + 1


def test_an_answer_becomes_tables():
    shown = insight({"markets": MARKETS, "explanation": EXPLANATION})

    assert (shown.home_goals, shown.away_goals) == ("1.50", "0.75")
    assert shown.average.home == 0.45


def test_every_feature_has_a_name_of_its_own():
    named = [words.of_feature(name) for name in FEATURE_NAMES]

    assert len(set(named)) == len(named)


def test_a_feature_without_a_name_is_spelt_out():
    assert words.of_feature("something_new") == "Something new"
