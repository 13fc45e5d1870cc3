"""A file of fixtures predicted as of a day, whatever the database has learned since."""

import csv
import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from livescores.models import Match, Region, Team, TeamAlias
from predictions.modelling.features import machine
from predictions.modelling.fitting.recipe_classes import RecipeClass
from predictions.services.features import match_frame
from predictions.services.training import back_prediction
from soccerpredict.errors import InvalidInput
from tests.factories import make_match, make_team, make_tournament
from tests.predictions.commands import failed, run
from tests.predictions.pipeline import forget_later_results

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_files")]

AS_OF = datetime(2025, 11, 1, tzinfo=UTC)
LEAGUE = "First League"


def coming(n=4):
    """Matches of the world that kicked off after the moment, as somebody would write them down."""
    found = Match.objects.filter(start_time_utc__gt=AS_OF, season__tournament__name=LEAGUE)
    return list(found.with_names().in_order()[:n])


def line(match, **cells):
    names = {
        "league": LEAGUE,
        "country": match.season.tournament.region.name,
        "date": f"{match.start_time_utc:%Y-%m-%d}",
        "home": match.home_team.name,
        "away": match.away_team.name,
    }
    return names | cells


@pytest.fixture
def fixtures(trained, tmp_path):
    """Writes rows to a file."""

    def written(*rows):
        path = tmp_path / "fixtures.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return path

    return written


def predicted(path, tmp_path, name="out.csv", **how):
    out = tmp_path / name
    how = {"as_of": AS_OF, "recipe": "logistic", **how}
    back_prediction.predict(path, out=out, **how)
    return out


def rows_of(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def probabilities(path):
    names = ("proba_home", "proba_draw", "proba_away")
    return np.array([[float(row[name]) for name in names] for row in rows_of(path)])


def test_probabilities_stand_beside_what_was_asked(fixtures, tmp_path):
    asked = [line(match) for match in coming()]

    out = predicted(fixtures(*asked), tmp_path)

    found = rows_of(out)
    assert [{name: row[name] for name in asked[0]} for row in found] == asked
    assert {row["fallback"] for row in found} == {""}
    assert np.abs(probabilities(out).sum(axis=1) - 1).max() < 1e-9
    assert len({row["proba_home"] for row in found}) == len(found)


def test_later_results_change_nothing(fixtures, tmp_path):
    path = fixtures(*[line(match) for match in coming()])
    before = predicted(path, tmp_path, "before.csv")

    assert forget_later_results(AS_OF) > 100
    after = predicted(path, tmp_path, "after.csv")

    assert after.read_bytes() == before.read_bytes()


def test_later_matches_and_clubs_change_nothing(fixtures, tmp_path):
    path = fixtures(*[line(match) for match in coming()])
    before = predicted(path, tmp_path, "before.csv")

    league = coming()[0].season
    for days in (1, 30):
        make_match(season=league, start_time_utc=AS_OF + timedelta(days=days), score=(9, 0))
    after = predicted(path, tmp_path, "after.csv")

    assert after.read_bytes() == before.read_bytes()


def test_earlier_results_change_it(fixtures, tmp_path):
    path = fixtures(*[line(match) for match in coming()])
    before = predicted(path, tmp_path, "before.csv")

    forget_later_results(AS_OF - timedelta(days=200))
    after = predicted(path, tmp_path, "after.csv")

    assert np.abs(probabilities(after) - probabilities(before)).max() > 0.01


def test_a_match_under_way_has_no_result_yet(trained):
    match = Match.objects.filter(status="finished", start_time_utc__lt=AS_OF).latest(
        "start_time_utc"
    )
    moment = match.start_time_utc + timedelta(minutes=50)

    frame = back_prediction.known(moment)

    last = frame[frame["match_id"] == match.pk].iloc[0]
    assert np.isnan(last["home_score"])
    assert frame["kickoff"].max() < moment


def test_what_it_sees_is_what_the_machine_saw_then(trained):
    matches = match_frame.matches()
    whole, _ = machine.walk(matches)
    frame = back_prediction.known(AS_OF)
    _, state = machine.walk(frame)

    match = coming(1)[0]
    row = int(np.flatnonzero(matches["match_id"] == match.pk)[0])
    same_day = matches["known_at"].between(AS_OF, match.start_time_utc).sum()
    found = state.features_of(
        match.home_team_id,
        match.away_team_id,
        match.season.tournament_id,
        int(match.start_time_utc.timestamp()),
    )

    seen = RecipeClass.C.places  # the others are prices of the match itself
    if same_day == 0:
        np.testing.assert_allclose(found[seen], whole[row][seen])
    assert np.isfinite(found[RecipeClass.A.places]).all()


def test_a_club_without_a_match_is_taken_for_a_newcomer(fixtures, tmp_path):
    match = coming(1)[0]
    club = make_team(region=match.season.tournament.region, name="Fresh Rovers")

    path = fixtures(line(match, home=club.name), line(match, away=club.name))
    found = rows_of(predicted(path, tmp_path))

    assert [row["fallback"] for row in found] == [
        "home taken for a newcomer of the league",
        "away taken for a newcomer of the league",
    ]
    assert found[0]["home_team"] == "Fresh Rovers"


@pytest.mark.parametrize("recipe", ["past_odds", "blend"])
def test_newcomers_have_their_leagues_chances(fixtures, tmp_path, recipe):
    """Between those at the league's best club and those with it, whoever the newcomers are."""
    match = coming(1)[0]
    region = match.season.tournament.region
    new, other = (make_team(region=region, name=name).name for name in ("Fresh", "Novel"))
    best, shares = best_and_shares(match.season)
    path = fixtures(
        line(match, home=new, away=other),
        line(match, home=best, away=new),
        line(match, home=new, away=best),
        line(match, home="Qwxz", away="Zyqv"),
    )

    out = predicted(path, tmp_path, recipe=recipe)

    newcomers, at_the_best, with_the_best, nobody = probabilities(out)
    assert np.abs(newcomers - shares).max() < 0.1
    assert at_the_best[0] > newcomers[0] + 0.1 > with_the_best[0] + 0.2
    np.testing.assert_array_equal(nobody, newcomers)


def best_and_shares(season):
    """The club of a league with the most goals ahead, and how often each outcome came, by then."""
    ahead, outcomes = Counter(), np.zeros(3)
    for played in Match.objects.filter(
        season__tournament=season.tournament, start_time_utc__lt=AS_OF, status="finished"
    ).with_names():
        margin = played.home_score - played.away_score
        ahead[played.home_team.name] += margin
        ahead[played.away_team.name] -= margin
        outcomes[1 - np.sign(margin)] += 1
    return ahead.most_common(1)[0][0], outcomes / outcomes.sum()


def test_names_are_linked_as_somebody_else_spells_them(fixtures, tmp_path):
    match = coming(1)[0]
    TeamAlias.objects.create(
        team=match.away_team, region=match.away_team.region, source="other", name="The Aways"
    )
    home = f"FC {match.home_team.name.upper()}"

    (row,) = rows_of(predicted(fixtures(line(match, home=home, away="the aways")), tmp_path))

    assert (row["home_team"], row["away_team"]) == (match.home_team.name, match.away_team.name)


def test_names_that_mean_nothing_are_listed_and_fail(fixtures, tmp_path):
    match, out = coming(1)[0], tmp_path / "out.csv"
    region = match.season.tournament.region.name
    path = fixtures(
        line(match, home="Qwxz"), line(match), line(match, league="No Such League", away="Qwxz")
    )
    words = ("predict_fixtures", str(path), "--as-of", "2025-11-01", "--recipe", "logistic")

    refusal = refused(*words, "--out", str(out))

    assert str(refusal) == "Names that mean nothing of ours: 3, see above."
    assert refusal.returncode == 2
    found = rows_of(out)
    assert [row["home_team"] for row in found] == ["", match.home_team.name, match.home_team.name]
    assert found[0]["fallback"] == "home taken for a newcomer of the league"
    made = back_prediction.predict(path, as_of=AS_OF, recipe="logistic", out=out)
    club, league, other = made.unlinked
    assert club == f"Qwxz ({LEAGUE}, {region}): no club of ours"
    assert league.startswith(f"No Such League, {region}: no league of ours; did you mean ")
    assert f"{LEAGUE} ({region})" in league
    assert other == f"Qwxz (No Such League, {region}): no club of ours"


def refused(*words):
    """With which sentence and status a command ends."""
    with pytest.raises(CommandError) as refusal:
        call_command(*words, stdout=io.StringIO())
    return refusal.value


def test_nothing_written_ends_with_another_status(fixtures, tmp_path):
    path = fixtures(line(coming(1)[0], date="2025-10-31"))
    out = tmp_path / "out.csv"

    said = failed("predict_fixtures", str(path), "--as-of", "2025-11-01", "--out", str(out))

    assert said.startswith("Line 2: it kicks off")
    assert not out.exists()


def test_a_name_that_is_nearly_one_of_ours_is_asked_about(fixtures, tmp_path):
    match = coming(1)[0]
    name = match.home_team.name
    path = fixtures(line(match, home=f"{name[:-2]}xyz"))

    made = back_prediction.predict(path, as_of=AS_OF, recipe="logistic", out=tmp_path / "out.csv")

    assert re.search(rf"no club of ours; did you mean .*{re.escape(name)}", made.unlinked[0])


def test_a_list_of_divisions_and_clubs_is_enough(fixtures, tmp_path):
    """As public challenges give them; it kicks off at the moment asked about."""
    match = coming(1)[0]
    asked = {
        "Div": LEAGUE,
        "Country": match.season.tournament.region.name,
        "HomeTeam": match.home_team.name,
        "AwayTeam": match.away_team.name,
    }
    path, out = fixtures(asked), tmp_path / "out.csv"

    said = run(
        *("predict_fixtures", str(path), "--as-of", "2025-11-01T12:00:00Z"),
        *("--recipe", "logistic", "--out", str(out)),
    )

    assert "1 x no date: taken to kick off at 2025-11-01 12:00 UTC" in said
    (row,) = rows_of(out)
    assert (row["home_team"], row["fallback"]) == (match.home_team.name, "")


def test_common_names_are_known(fixtures, tmp_path):
    match = coming(1)[0]
    TeamAlias.objects.create(
        team=match.home_team, region=match.home_team.region, source="common", name="The Reds"
    )

    (row,) = rows_of(predicted(fixtures(line(match, home="the reds")), tmp_path))

    assert row["home_team"] == match.home_team.name


def test_a_name_that_may_mean_two_clubs_means_none(fixtures, tmp_path):
    match = coming(1)[0]
    for name in ("Ilton Town", "Ilton City"):
        Team.objects.create(region=match.season.tournament.region, name=name)

    path = fixtures(line(match, home="Ilton"))
    made = back_prediction.predict(path, as_of=AS_OF, recipe="logistic", out=tmp_path / "out.csv")

    assert len(made.unlinked) == 1


def test_a_country_alone_is_enough(fixtures, tmp_path):
    match = coming(1)[0]
    whole = fixtures(line(match))
    with_league = predicted(whole, tmp_path, "with.csv")
    asked = {name: text for name, text in line(match).items() if name != "league"}

    without = predicted(fixtures(asked), tmp_path, "without.csv")

    assert probabilities(without).tolist() == probabilities(with_league).tolist()


def test_a_league_of_two_countries_needs_its_country(fixtures, tmp_path):
    match = coming(1)[0]
    other = make_tournament(name=LEAGUE)

    path = fixtures(line(match, country=""))
    made = back_prediction.predict(path, as_of=AS_OF, recipe="logistic", out=tmp_path / "out.csv")

    (said,) = made.unlinked
    assert said.startswith(f"{LEAGUE}: no league of ours; did you mean {LEAGUE} (")
    assert f"{LEAGUE} ({other.region})" in said


def test_the_command_says_what_it_did(fixtures, tmp_path):
    path = fixtures(*[line(match) for match in coming(3)])
    out = tmp_path / "out.csv"

    said = run(
        "predict_fixtures",
        str(path),
        "--as-of",
        "2025-11-01",
        "--recipe",
        "logistic",
        "--out",
        str(out),
    )

    assert said.startswith(f"Wrote 3 predictions of logistic to {out}, learned from 2")
    assert said.endswith(" results.\n")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"date": "2025-10-31"}, "before 2025-11-01 00:00"),
        ({"date": "soon"}, "Line 2: Unreadable date 'soon'"),
        ({"date": "31/02/2026"}, "Line 2: No such date"),
        ({"time": "25:00"}, "Line 2: '25:00' is no time of the day"),
        ({"proba_home": "1"}, "columns of its own named proba_home"),
    ],
)
def test_a_row_that_cannot_be_is_named(fixtures, tmp_path, cells, sentence):
    with pytest.raises(InvalidInput, match=re.escape(sentence)):
        predicted(fixtures(line(coming(1)[0], **cells)), tmp_path)

    assert not (tmp_path / "out.csv").exists()


def test_an_unknown_recipe_or_too_few_results_are_named(fixtures, tmp_path):
    path = fixtures(line(coming(1)[0]))

    with pytest.raises(InvalidInput, match="No recipe 'magic'"):
        predicted(path, tmp_path, recipe="magic")
    with pytest.raises(InvalidInput, match="results were known by then; a model needs 1000"):
        predicted(path, tmp_path, as_of=datetime(2023, 9, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        (b"date,home,away\n", "a row needs home and away .* and league"),
        (b"league,date,home\n", "a row needs home and away .* and league"),
        (b"league,date,home,away\n", "holds no fixture"),
        (b"\x00\x01", "a row needs home and away"),
    ],
)
def test_a_file_that_is_none_is_named(trained, tmp_path, content, sentence):
    path = tmp_path / "fixtures.csv"
    path.write_bytes(content)

    with pytest.raises(InvalidInput, match=sentence):
        predicted(path, tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InvalidInput, match="cannot be read: No such file"):
        predicted(tmp_path / "nothing.csv", tmp_path)


def test_a_region_without_a_league_is_none_of_ours(fixtures, tmp_path):
    Region.objects.create(name="Atlantis")
    match = coming(1)[0]

    path = fixtures(line(match, league="", country="Atlantis"))
    made = back_prediction.predict(path, as_of=AS_OF, recipe="logistic", out=tmp_path / "out.csv")

    assert [one.split(";")[0] for one in made.unlinked] == ["Atlantis: no league of ours"]
