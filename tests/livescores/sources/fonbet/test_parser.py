"""Fonbet's line: dumps, increments, both forms of prices, blocked events, scores and clocks."""

import json
from datetime import UTC, date, datetime

import pytest

from livescores.sources.fonbet.parser import Gap, Line, page
from livescores.sources.queries import Asked, NotConfigured
from livescores.sources.records import FileRejected

KICK_OFF = 1_773_500_400  # 2026-03-14 15:00 UTC
NOW = datetime(2026, 3, 14, 15, 30, tzinfo=UTC)
SPORTS = [
    {"id": 1, "kind": "sport", "name": "Футбол"},
    {"id": 2, "kind": "sport", "name": "Хоккей"},
    {"id": 11, "parentId": 1, "kind": "segment", "regionId": 752, "name": "Футбол. Швеция. Лига"},
    {"id": 12, "parentId": 1, "kind": "segment", "regionId": 826, "name": "Футбол. Англия. Кубок"},
    {"id": 21, "parentId": 2, "kind": "segment", "regionId": 752, "name": "Хоккей. Швеция"},
]
PRICES = ((921, 1.5), (922, 4.0), (923, 6.5))


def event(**changes):
    return {
        "id": 100,
        "sportId": 11,
        "level": 1,
        "team1Id": 7,
        "team2Id": 8,
        "team1": "Хельсингборг",
        "team2": "Гетеборг",
        "name": "",
        "startTime": KICK_OFF,
        "place": "live",
        **changes,
    }


def flat(*prices, e=100):
    return [{"e": e, "f": f, "v": v, "isLive": True} for f, v in prices]


def misc(**changes):
    return {"id": 100, "score1": 1, "score2": 0, "comment": "", **changes}


def packet(version=50, since=0, **changes):
    document = {
        "packetVersion": version,
        "fromVersion": since,
        "sports": SPORTS if since == 0 else [],
        "events": [event()] if since == 0 else [],
        "eventBlocks": [],
        "eventMiscs": [misc()] if since == 0 else [],
        "customFactors": flat(*PRICES, (910, 1.9)) if since == 0 else [],
        **changes,
    }
    return json.dumps(document).encode()


def told(*packets):
    """What stands after these packets."""
    line = Line()
    for content in packets:
        feed = line.take(content, "line.json", NOW)
    return feed.events


def only(**changes):
    (found,) = told(packet(**changes))
    return found


def quotes(*packets):
    return [quote[3:6] for found in told(*packets) for quote in found.quotes]


def test_it_reads_a_match_of_the_dump():
    found = only()

    assert (found.external_id, found.home, found.away) == ("100", "Хельсингборг", "Гетеборг")
    assert (found.region, found.status, found.score) == ("Sweden", "live", (1, 0))
    assert found.start_time_utc == datetime(2026, 3, 14, 15, tzinfo=UTC)
    assert found.quotes == [("FON", "live", NOW, 1.5, 4.0, 6.5, "stated", "")]


def test_the_home_nations_stand_in_the_name():
    assert only(events=[event(sportId=12)]).region == "England"


@pytest.mark.parametrize(
    "other",
    [
        event(sportId=21),
        event(level=2, parentId=99),
        event(name="Спартак-ЦСКА"),
        event(place="notActive"),
        event(team2=""),
    ],
    ids=["hockey", "a part", "players", "not active", "one team"],
)
def test_what_is_no_match_of_football_is_left_out(other):
    assert told(packet(events=[other])) == []


def test_the_nested_form_says_the_same():
    nested = [{"e": 100, "countAll": 4, "factors": [{"f": f, "v": v} for f, v in PRICES]}]

    assert quotes(packet(customFactors=nested)) == [(1.5, 4.0, 6.5)]


@pytest.mark.parametrize("left", [PRICES[:2], ((921, 1.5), (922, 0), (923, 6.5))])
def test_a_book_that_is_not_whole_is_no_price(left):
    assert quotes(packet(customFactors=flat(*left))) == []


@pytest.mark.parametrize(
    "block",
    [
        {"eventId": 100, "state": "blocked"},
        {"eventId": 100, "state": "partial", "factors": [923]},
        {"eventId": 100, "state": "asleep"},
    ],
    ids=lambda block: block["state"],
)
def test_a_blocked_event_has_no_price(block):
    assert quotes(packet(eventBlocks=[block])) == []
    assert only(eventBlocks=[block]).score == (1, 0)


def test_before_kick_off_prices_are_pre_match():
    line = Line()
    at = datetime(2026, 3, 14, 14, 59, tzinfo=UTC)

    (found,) = line.take(packet(events=[event(place="line")], eventMiscs=[]), "a.json", at).events

    assert (found.status, found.quotes[0].kind) == ("scheduled", "pre_match")


def test_a_line_that_stands_after_kick_off_is_no_price():
    assert quotes(packet(events=[event(place="line")])) == []


def test_an_increment_changes_only_what_it_names():
    later = packet(51, 50, customFactors=flat((921, 1.4)))

    assert quotes(packet(), later) == [(1.4, 4.0, 6.5)]


def test_a_price_of_nothing_was_taken_back():
    assert quotes(packet(), packet(51, 50, customFactors=flat((922, 0)))) == []


def test_an_increment_blocks_and_unblocks():
    block = packet(51, 50, eventBlocks=[{"eventId": 100, "state": "blocked"}])
    free = packet(52, 51, eventBlocks=[{"eventId": 100, "state": "unblocked"}])

    assert quotes(packet(), block) == []
    assert quotes(packet(), block, free) == [(1.5, 4.0, 6.5)]


def test_an_increment_ends_an_event():
    assert told(packet(), packet(51, 50, events=[event(place="notActive")])) == []


@pytest.mark.parametrize("since", [49, 51])
def test_a_missing_packet_is_a_gap(since):
    with pytest.raises(Gap, match=f"goes on from {since}, we stand at 50"):
        told(packet(), packet(52, since))


def test_a_dump_forgets_what_was_before():
    later = packet(60, events=[event(id=200)], customFactors=[], eventMiscs=[])

    assert [found.external_id for found in told(packet(), later)] == ["200"]


def test_a_line_goes_on_from_where_it_was_kept():
    line = Line()
    line.take(packet(), "line.json", NOW)

    again = Line.load(json.loads(json.dumps(line.dump())))

    (found,) = again.take(packet(51, 50), "line.json", NOW).events
    assert found.quotes[0][3:6] == (1.5, 4.0, 6.5)
    assert Line.load({"version": "x"}) == Line()


@pytest.mark.parametrize(
    ("clock", "minute"),
    [
        ({"timerDirection": 1, "timerSeconds": 597}, 10),
        ({"timerDirection": 1, "timerSeconds": 2_800}, 45),
        ({"timerDirection": 1, "timerSeconds": 2_706, "comment": "(1-0)"}, 46),
        ({"timerDirection": 1, "timerSeconds": 5_600, "comment": "(1-0)"}, 90),
        ({"timerDirection": 0, "timerSeconds": 2_700, "comment": "(1-0)"}, 45),
        (
            {
                "timerDirection": 1,
                "timerSeconds": 597,
                "timerUpdateTimestamp": int(NOW.timestamp()) - 60,
            },
            11,
        ),
        ({}, None),
    ],
)
def test_the_clock_tells_the_minute(clock, minute):
    assert only(eventMiscs=[misc(**clock)]).minute == minute


def test_it_says_when_a_match_is_over():
    found = only(eventMiscs=[misc(comment="(1-0) ИТОГ", timerDirection=0, timerSeconds=5400)])

    assert (found.status, found.score, found.half_time) == ("finished", (1, 0), (1, 0))


def test_after_extra_time_no_score_is_that_of_90_minutes():
    part = event(id=101, level=2, parentId=100, name="серия пенальти", team1="", team2="")

    found = only(events=[event(), part], eventMiscs=[misc(comment="(1-0) ИТОГ")])

    assert (found.status, found.score) == ("live", None)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"packetVersion": None}, "Field packetVersion: "),
        ({"events": [{"id": 1}]}, r"Field events\.0\.sportId: Field required"),
        ({"customFactors": [{"e": 1, "f": 921, "v": "1.5"}]}, r"Field customFactors\.0\.v: "),
    ],
)
def test_another_form_is_refused_with_the_field(changes, why):
    with pytest.raises(FileRejected, match=why):
        told(packet(**changes))


def test_its_address_needs_a_place_for_the_version():
    asked = Asked(url="https://line.example/{version}/ru", today=date(2026, 3, 14))

    assert page(asked, 7).url == "https://line.example/7/ru"
    with pytest.raises(NotConfigured, match="set FONBET_URL"):
        page(Asked(url="", today=date(2026, 3, 14)), 0)


def real(folder, name):
    path = folder / "fonbet" / f"live_line_2019-08-19_{name}.json.gz"
    return path.read_bytes()


def test_a_real_evening(real_data):
    line = Line()

    dump = line.take(real(real_data, "full"), "full.json.gz")
    line.take(real(real_data, "update_1"), "update_1.json.gz")
    last = line.take(real(real_data, "update_2"), "update_2.json.gz")

    assert (len(dump.events), sum(bool(found.quotes) for found in dump.events)) == (41, 30)
    by_home = {found.home: found for found in last.events}
    assert by_home["Хапоэль Тель-Авив"].quotes[0][3:6] == (1.68, 3.35, 5.4)
    assert by_home["Нефтчи Баку"].status == "finished"
    assert by_home["Ашдод"].score is None


def test_the_real_nested_form(real_data):
    path = real_data / "fonbet" / "line_nested_factors_2026_excerpt.json"
    document = {**json.loads(path.read_bytes()), "packetVersion": 1, "fromVersion": 0}
    document["sports"] = [{"id": 139699, "parentId": 1, "name": "Футбол. Дания"}]

    (found,) = told(json.dumps(document).encode())

    assert (found.home, found.quotes) == ("B8", [])
