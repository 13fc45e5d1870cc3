"""API-Football version 3, in the form that it publishes."""

import json
from datetime import UTC, date, datetime

import pytest

from livescores.sources.api_football import parser as api_football
from livescores.sources.queries import Asked, NotConfigured
from livescores.sources.records import FileRejected
from livescores.sources.refusals import KeyRefused, OutsidePlan, PlanUsedUp

NOTHING = {"home": None, "away": None}


def goals(home, away):
    return {"home": home, "away": away}


def node(short="FT", elapsed=90, league=39, round_="Regular Season - 5", season=2025, **changes):
    """A match of the published form, with changes."""
    return {
        "fixture": {
            "id": 1379000,
            "referee": None,
            "timezone": "UTC",
            "date": "2025-09-20T14:00:00+00:00",
            "timestamp": 1758376800,
            "periods": {"first": None, "second": None},
            "venue": {"id": 1, "name": "Old Meadow", "city": "Aldmoor"},
            "status": {"long": "", "short": short, "elapsed": elapsed, "extra": None},
        },
        "league": {"id": league, "name": "x", "country": "x", "season": season, "round": round_},
        "teams": {
            "home": {"id": 901, "name": "Aldmoor", "winner": True},
            "away": {"id": 902, "name": "Brackwell", "winner": False},
        },
        "goals": goals(2, 1),
        "score": {
            "halftime": goals(1, 1),
            "fulltime": goals(2, 1),
            "extratime": NOTHING,
            "penalty": NOTHING,
        },
        **changes,
    }


def answer(*nodes, errors=(), **changes):
    document = {
        "get": "fixtures",
        "parameters": {"date": "2025-09-20"},
        "errors": errors,
        "results": len(nodes),
        "paging": {"current": 1, "total": 1},
        "response": list(nodes),
        **changes,
    }
    return json.dumps(document).encode()


def parse(*nodes, **changes):
    return api_football.parse(answer(*nodes, **changes), "2025-09-20.json")


def only(*args, **changes):
    (match,) = parse(node(*args, **changes)).matches
    return match


def reason(*args, **changes):
    (rejection,) = parse(node(*args, **changes)).rejections
    return rejection.reason


def test_it_reads_a_result():
    match = only()

    assert (match.home, match.away, match.counts[:4]) == ("Aldmoor", "Brackwell", (2, 1, 1, 1))
    assert (match.external_id, match.home_id, match.away_id) == ("1379000", "901", "902")
    assert (match.tournament.region, match.tournament.name) == ("England", "Premier League")
    assert (match.season, match.status) == ("2025-26", "finished")
    assert match.start_time_utc == datetime(2025, 9, 20, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("short", "ours"),
    [
        ("TBD", "scheduled"),
        ("NS", "scheduled"),
        ("1H", "live"),
        ("HT", "live"),
        ("INT", "live"),
        ("SUSP", "abandoned"),
        ("PST", "postponed"),
        ("CANC", "cancelled"),
        ("ABD", "abandoned"),
        ("AWD", "awarded"),
        ("WO", "awarded"),
    ],
)
def test_every_status_has_ours(short, ours):
    assert only(short).status == ours


def test_a_day_without_an_hour_is_told_apart():
    match = only("TBD", None, goals=NOTHING)

    assert (match.has_kickoff_time, match.start_time_utc.hour) == (False, 12)


def test_a_live_match_has_score_and_minute():
    match = only("2H", 67, goals=goals(1, 1))

    assert (match.status, match.counts[:2], match.minute) == ("live", (1, 1), 67)
    assert match.told_at == datetime(2025, 9, 20, 15, 22, tzinfo=UTC)  # after the pause


@pytest.mark.parametrize(("short", "penalty"), [("AET", NOTHING), ("PEN", goals(4, 3)), ("ET", {})])
def test_neither_extra_time_nor_a_shoot_out_counts(short, penalty):
    score = {
        "halftime": goals(0, 1),
        "fulltime": goals(1, 1),
        "extratime": goals(1, 0),
        "penalty": penalty,
    }

    assert only(short, 120, 2, goals=goals(2, 1), score=score).counts[:4] == (1, 1, 0, 1)


@pytest.mark.parametrize(
    ("short", "full", "last"),
    [
        ("AET", NOTHING, goals(2, 1)),
        ("PEN", NOTHING, goals(1, 1)),
        ("AET", goals(2, 1), goals(2, 1)),  # it would have ended after 90 minutes
    ],
)
def test_without_the_score_after_90_minutes_it_is_refused(short, full, last):
    why = "A finished match without its score after 90 minutes."

    assert reason(short, goals=last, score={"fulltime": full}) == why


@pytest.mark.parametrize("last", [NOTHING, goals(3, 1)])
def test_goals_that_contradict_the_score_are_refused(last):
    why = "A finished match whose goals are not its score at full time."

    assert reason(goals=last) == why


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"short": "ZZZ"}, "Unknown status 'ZZZ'."),
        ({"goals": goals(-1, 0)}, "-1-0 is not a score."),
        (
            {"teams": {"home": {"id": 1, "name": "A"}, "away": {"id": 1, "name": "A"}}},
            "A plays itself.",
        ),
        (
            {"teams": {"home": {"id": None, "name": None}, "away": {"id": 1, "name": "A"}}},
            "teams.home is not known yet.",
        ),
    ],
)
def test_a_match_that_is_none_is_refused_with_its_number(changes, why):
    parsed = parse(node(), node(**changes))

    assert [(one.line, one.reason) for one in parsed.rejections] == [(2, why)]


@pytest.mark.parametrize(
    ("league", "round_", "season", "is_neutral"),
    [
        (2, "Final", 2025, True),
        (2, "Semi-finals", 2025, None),
        (39, "Final", 2025, None),
        (1, "Group A - 1", 2026, True),
        (4, "Final", 2024, True),
    ],
)
def test_finals_and_final_tournaments_are_on_foreign_ground(league, round_, season, is_neutral):
    assert only("FT", 90, league, round_, season).neutral_venue is is_neutral


def test_a_host_is_at_home():
    teams = {"home": {"id": 2384, "name": "USA"}, "away": {"id": 1, "name": "Belgium"}}

    match = only("NS", None, 1, "Group Stage - 1", 2026, teams=teams)

    assert (match.neutral_venue, match.season) == (False, "2026")
    assert match.tournament.is_cup


def test_a_cup_s_pair_that_is_not_drawn_yet_is_left_out():
    teams = {"home": {"id": None, "name": None}, "away": {"id": 1, "name": "A"}}

    parsed = parse(node(league=2, teams=teams))

    assert (parsed.matches, parsed.rejections) == ([], [])


def test_leagues_that_we_do_not_know_are_left_out():
    parsed = parse(node(league=999), node())

    assert (parsed.rows, len(parsed.matches), parsed.rejections) == (2, 1, [])


@pytest.mark.parametrize(
    ("errors", "kind", "why"),
    [
        (
            {"requests": "You have reached the request limit for the day, Go to https://x"},
            PlanUsedUp,
            "the quota is used up",
        ),
        (
            {"plan": "Free plans do not have access to this season, try from 2021 to 2023."},
            OutsidePlan,
            "our plan does not include 2025-09-20",
        ),
        (
            {"token": "Error/Missing application key. Go to https://x"},
            KeyRefused,
            "does not accept our credentials",
        ),
        (
            {"rateLimit": "Too many requests. You have exceeded the limit of requests per minute"},
            FileRejected,
            "it was asked too often",
        ),
        (
            {"date": "The Date field must contain a valid date."},
            FileRejected,
            "API-Football answered with an error of date",
        ),
    ],
)
def test_an_error_that_arrives_with_status_200_is_read(errors, kind, why):
    with pytest.raises(kind, match=why) as refused:
        parse(errors=errors)

    assert "https://x" not in str(refused.value)


@pytest.mark.parametrize("errors", [[], {}])
def test_no_error_is_none(errors):
    assert len(parse(node(), errors=errors).matches) == 1


def test_a_part_of_an_answer_is_refused():
    with pytest.raises(FileRejected, match="one of 3 pages"):
        parse(node(), paging={"current": 1, "total": 3})


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty"),
        (b"<html>", "is a web page, not JSON"),
        (b'{"standings": []}', r"Field response: Field required\."),
        (answer(3), r"Field response\.0: "),
        (answer(node(goals=3)), r"Field response\.0\.goals: "),
    ],
)
def test_another_form_is_refused_with_the_field(content, why):
    with pytest.raises(FileRejected, match=why):
        api_football.parse(content, "2025-09-20.json")


def asked(**changes):
    return Asked(url="https://api.example", today=date(2026, 3, 14), token="s3cret", **changes)


def test_it_asks_day_by_day():
    pages = api_football.pages(asked())

    days = ("2026-03-13", "2026-03-14", "2026-03-15")
    assert [page.url for page in pages] == [
        f"https://api.example/fixtures?date={day}" for day in days
    ]
    assert pages[0].headers == {"x-apisports-key": "s3cret"}


@pytest.mark.parametrize(
    ("changes", "query"),
    [
        ({"leagues": ("39",)}, "league=39&season=2025"),
        ({"leagues": ("71",)}, "league=71&season=2026"),
        ({"leagues": ("39",), "season": "2022-23"}, "league=39&season=2022"),
    ],
)
def test_it_asks_for_seasons_by_league(changes, query):
    (page,) = api_football.pages(asked(**changes))

    assert page.url == f"https://api.example/fixtures?{query}"


def test_without_a_key_it_says_what_to_set():
    with pytest.raises(NotConfigured, match="set API_FOOTBALL_TOKEN"):
        api_football.pages(Asked(url="https://api.example", today=date(2026, 3, 14)))
