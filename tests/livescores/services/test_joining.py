"""Two rows of one match: one stands, the other keeps what was forecast of it, and back again."""

from functools import partial

import pytest

from livescores.models import LinkDecision, Match, MatchConflict, MatchLink
from livescores.services import joining, link_decisions, match_rulings, scores, standings
from livescores.services.deciding import CannotDecide
from livescores.services.scores import ScoreFilters
from predictions.models import Odds, Prediction
from predictions.services.features import match_frame
from tests.factories import DAY, NOON, make_match, make_odds, make_prediction
from tests.livescores.services.linked_records import records, store
from tests.predictions.services.undoing.stored import stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """A fixture that moved by more than a day, and its row under the new day."""
    old = make_match(source="openfootball")
    same = {"home_team": old.home_team, "away_team": old.away_team, "season": old.season}
    new = make_match(source="football-data", start_time_utc=NOON + 9 * DAY, score=(2, 1), **same)
    make_odds(old, (2.0, 3.5, 4.0))
    make_prediction(old)
    make_prediction(new)
    return old, new


def join(pair):
    old, new = pair
    assert joining.best(pair) == new
    return joining.join(old, new, by="ann", reason="It was moved.")


def test_forecasts_stay_with_the_row_that_they_were_made_for(pair):
    old, new = pair

    join(pair)

    old.refresh_from_db()
    assert old.same_as == new
    assert {one.match_id for one in Prediction.objects.all()} == {old.pk, new.pk}
    assert Odds.objects.get().match == new


def test_one_row_stands_for_the_match(pair):
    _, new = pair
    join(pair)

    assert Match.objects.standing().get() == new
    assert [row.pk for row in scores.fitting(ScoreFilters(), now=NOON)] == [new.pk]
    assert match_frame.match_ids().tolist() == [new.pk]
    assert match_frame.matches()["match_id"].tolist() == [new.pk]
    assert [line.played for line in standings.table(new.season)] == [1, 1]


def test_who_joined_them_and_why_is_kept(pair):
    decision = join(pair)

    assert (decision.action, decision.decided_by) == ("join", "ann")
    assert decision.summary.endswith("It was moved.")
    assert MatchLink.objects.get().source == "openfootball"
    assert MatchConflict.objects.get().what == "kick_off"


def rows():
    """All but the decisions, which only ever become more."""
    return {name: found for name, found in stored().items() if "decision" not in name}


def test_splitting_undoes_it_exactly(pair):
    before = rows()
    join(pair)
    assert rows() != before

    undone = joining.split(Match.objects.get(pk=pair[0].pk), by="bob")

    assert rows() == before
    assert undone.undoes == LinkDecision.objects.get(action="join")
    with pytest.raises(CannotDecide, match="joined to no other match"):
        joining.split(Match.objects.get(pk=pair[0].pk), by="bob")


def test_the_decisions_page_can_undo_it_too(pair):
    before = rows()

    link_decisions.undo(join(pair), by="bob")

    assert rows() == before


def test_three_rows_are_one(pair):
    old, new = pair
    third = make_match(
        start_time_utc=NOON + 20 * DAY,
        home_team=old.home_team,
        away_team=old.away_team,
        season=old.season,
    )
    join(pair)
    before = rows()

    joining.join(new, third, by="ann", reason="Moved again.")

    assert set(Match.objects.filter(same_as=third)) == {old, new}
    joining.split(Match.objects.get(pk=new.pk), by="ann")
    assert rows() == before


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"home_team": None}, "of other clubs: join the clubs first"),
        ({"season": None}, "of two seasons: correct the season first"),
    ],
)
def test_what_is_not_one_match_is_refused(pair, change, sentence):
    other = make_match()
    [name] = change
    old, new = pair
    setattr(old, name, getattr(other, name))
    old.save()

    with pytest.raises(CannotDecide, match=sentence):
        joining.join(old, new, by="ann", reason="")


def test_a_row_that_is_joined_to_none_is_not_split(pair):
    _, new = pair
    join(pair)

    with pytest.raises(CannotDecide, match="it is joined to no other match"):
        joining.split(new, by="ann")


def test_nothing_is_ruled_of_a_row_for_which_another_stands(pair):
    old, new = pair
    join(pair)

    for rule in (match_rulings.void, partial(match_rulings.move, kick_off=NOON + DAY)):
        with pytest.raises(CannotDecide, match=f"joined to match {new.pk}, which stands"):
            rule(old)


def test_a_joined_row_is_not_joined_again(pair):
    old, new = pair
    join(pair)
    old.refresh_from_db()

    with pytest.raises(CannotDecide, match="joined to another match already"):
        joining.join(old, new, by="ann", reason="")
    with pytest.raises(CannotDecide, match="two matches"):
        joining.join(new, new, by="ann", reason="")


def test_a_source_that_tells_of_the_old_day_tells_of_the_row_that_stands():
    told = records()
    store("football-data", told)
    match = Match.objects.order_by("pk").first()
    moved = make_match(
        home_team=match.home_team,
        away_team=match.away_team,
        season=match.season,
        source="football-data",
        start_time_utc=match.start_time_utc + 90 * DAY,
    )
    joining.join(match, moved, by="ann", reason="Moved.")

    again = store("football-data", told)

    assert again.inserted == 0
    assert again.ids[told[0].line] == moved.pk
