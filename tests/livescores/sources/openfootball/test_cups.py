"""openfootball's cups, and every name of a file that it has."""

import json
from datetime import UTC, date, datetime

import pytest

from livescores.sources.openfootball import parser as openfootball
from livescores.sources.openfootball.names import TOURNAMENTS
from livescores.sources.queries import Asked
from livescores.sources.records import FileRejected

# All that stood in openfootball/football.json in March 2026.
# fmt: off
FILES = (
    "ar.1", "at.1", "at.2", "at.cup", "au.1", "be.1", "br.1", "br.2", "ch.1", "ch.2", "cn.1",
    "co.1", "copa.l", "cz.1", "de.1", "de.2", "de.3", "de.cup", "dz.1", "eg.1", "en.1", "en.2",
    "en.3", "en.4", "es.1", "es.2", "fr.1", "fr.2", "gr.1", "hu.1", "it.1", "it.2", "jp.1",
    "ma.1", "mls", "mx.1", "nl.1", "pt.1", "ru.1", "ru.2", "sco.1", "tr.1", "tr.2", "uefa.cl",
)
# fmt: on
CUP = {
    "round": "Round of 16",
    "date": "2021-03-09",
    "time": "21:00",
    "team1": "FC Altstadt (SUI)",
    "team2": "Kirkby Rovers FC (ENG)",
    "score": {"ht": [1, 0], "ft": [2, 1]},
}


def parse(*matches, name="uefa.cl.json", title="UEFA Champions League 2020/21"):
    return openfootball.parse(json.dumps({"name": title, "matches": matches}).encode(), name)


def only(name="uefa.cl.json", title="UEFA Champions League 2020/21", **changes):
    (match,) = parse({**CUP, **changes}, name=name, title=title).matches
    return match


def reason(name="uefa.cl.json", **changes):
    (rejection,) = parse({**CUP, **changes}, name=name).rejections
    return rejection.reason


@pytest.mark.parametrize("code", FILES)
def test_every_file_s_name_is_a_league_of_some_zone(code):
    match = {**CUP, "team1": "A (ITA)", "team2": "B (FRA)"}

    (record,) = parse(match, name=f"{code}.json").matches

    assert record.tournament == TOURNAMENTS[code]
    assert record.tournament.is_cup == (code in ("at.cup", "copa.l", "de.cup", "uefa.cl"))


@pytest.mark.parametrize("name", ["package.json", "en.1.clubs.json", "wc.json", "en.9.json"])
def test_another_name_is_refused_with_the_rule(name):
    with pytest.raises(FileRejected, match=r"names no league|Unknown .*: choose ar\.1, a"):
        openfootball.parse(b"{}", name)


def test_a_club_of_a_cup_is_at_home_in_its_country():
    match = only()

    assert (match.tournament.region, match.tournament.name) == ("Europe", "UEFA Champions League")
    assert (match.home, match.home_region) == ("FC Altstadt", "Switzerland")
    assert (match.away, match.away_region) == ("Kirkby Rovers FC", "England")
    assert match.start_time_utc == datetime(2021, 3, 9, 20, tzinfo=UTC)


def test_two_clubs_of_one_name_are_two():
    match = only(team1="Olimpija (SVN)", team2="Olimpija (LVA)")

    assert (match.home_region, match.away_region) == ("Slovenia", "Latvia")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"team1": "FC Altstadt"}, "FC Altstadt has no country behind its name."),
        ({"team1": "FC Altstadt (XYZ)"}, "FC Altstadt (XYZ) is of a country that is not known."),
        ({"team2": "N.N."}, "team2 is not known yet."),
        ({"team2": "FC Altstadt (SUI)"}, "FC Altstadt plays itself."),
    ],
)
def test_a_club_without_a_country_is_refused(changes, why):
    assert reason(**changes) == why


@pytest.mark.parametrize(
    ("name", "score", "counts"),
    [
        ("uefa.cl.json", {"ft": [2, 1], "et": [3, 1]}, (2, 1)),  # a second leg
        ("uefa.cl.json", {"ft": [1, 0], "et": [1, 0], "p": [4, 3]}, (1, 0)),
        ("de.cup.json", {"ft": [1, 1], "et": [2, 2], "p": [5, 6]}, (1, 1)),
        ("mx.1.json", {"ft": [2, 2], "p": [2, 4]}, (2, 2)),  # no extra time there
        ("copa.l.json", {"ft": [1, 0], "p": [2, 4]}, (1, 0)),
    ],
)
def test_neither_extra_time_nor_a_shoot_out_counts(name, score, counts):
    assert only(name, score=score).counts[:2] == counts


@pytest.mark.parametrize(
    ("name", "score", "why"),
    [
        (
            "uefa.cl.json",
            {"ft": [1, 1], "p": [4, 3]},
            "A shoot-out, but nothing of the extra time before it.",
        ),
        (
            "de.cup.json",
            {"ft": [2, 1], "et": [2, 1]},
            "Extra time after 90 minutes that were no draw.",
        ),
    ],
)
def test_a_score_that_need_not_be_that_of_90_minutes_is_refused(name, score, why):
    assert reason(name, score=score) == why


@pytest.mark.parametrize(
    ("name", "title", "round_", "is_neutral"),
    [
        ("uefa.cl.json", "X 2020/21", "Final", True),
        ("uefa.cl.json", "X 2024/25", "Finals, Final", True),
        ("uefa.cl.json", "X 2020/21", "Semifinals", None),
        ("uefa.cl.json", "X 2019/20", "Semifinals", True),  # in Lisbon, all of them
        ("uefa.cl.json", "X 2019/20", "Round of 16", None),
        ("de.cup.json", "X 2020/21", "Final", True),
        ("en.2.json", "X 2021/22", "Finals, Final", True),
        ("at.1.json", "X 2021/22", "Europa League Finals, Final", None),
        ("cn.1.json", "X 2020", "Matchday 3", True),
        ("cn.1.json", "X 2019", "Matchday 3", None),
    ],
)
def test_a_final_is_on_ground_that_is_nobody_s(name, title, round_, is_neutral):
    assert only(name, title, round=round_).neutral_venue is is_neutral


def test_a_stage_stands_before_the_round():
    assert only("en.2.json", stage="Finals", round="Final").neutral_venue


def test_a_final_of_two_legs_is_at_home_twice():
    back = {**CUP, "team1": CUP["team2"], "team2": CUP["team1"], "date": "2021-05-20"}

    parsed = parse({**CUP, "round": "Final"}, {**back, "round": "Final"}, name="copa.l.json")

    assert [match.neutral_venue for match in parsed.matches] == [None, None]


def test_leagues_of_one_year_are_asked_for_this_year():
    asked = Asked(url="https://x", today=date(2026, 3, 14))

    urls = [page.url for page in openfootball.pages(asked)]

    assert {"https://x/2025-26/en.1.json", "https://x/2026/mls.json"} <= set(urls)
    (page,) = openfootball.pages(Asked("https://x", asked.today, season="2019", leagues=("cn.1",)))
    assert page.url == "https://x/2019/cn.1.json"
