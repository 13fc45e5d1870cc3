"""Names by the rule, whatever source tells them."""

from datetime import UTC, datetime

import pytest

from livescores.services import storable
from livescores.sources.records import (
    EventRecord,
    MatchRecord,
    RecordRejected,
    TournamentRecord,
    scores,
)

KICK_OFF = datetime(2024, 8, 17, 14, tzinfo=UTC)
SCORE = scores((2, 1))


def match(home="Ajax", away="Feyenoord", league="Eredivisie", counts=SCORE, **fields):
    tournament = TournamentRecord("Netherlands", league)
    return MatchRecord(
        1, tournament, "2024-25", home, away, KICK_OFF, True, "finished", counts, **fields
    )


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Ajax", "Ajax"),
        ("São Paulo", "São Paulo"),
        ("מכבי חיפה", "מכבי חיפה"),
        ("Aj\u200bax", "Ajax"),
        ("Ajax\u202e", "Ajax"),
        ("\ufeffAjax\u00ad", "Ajax"),
        ("A\u2066jax\u2069", "Ajax"),
        ("Real\u00a0Madrid", "Real Madrid"),
        ("Real\r\nMadrid\t", "Real Madrid"),
        ("Real\u2028Madrid", "Real Madrid"),
        ("Aj\x00ax", "Aj ax"),
        ("Aj\x1b[31max", "Aj [31max"),
        ("Real\u3164Madrid", "Real Madrid"),
        ("Ajax\ufe0f\u034f", "Ajax"),
    ],
)
def test_a_name_is_what_can_be_seen_of_it(told, name):
    [record], refused = storable.matches([match(told)])

    assert (record.home, refused) == (name, [])


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("A" * 300, "The home side has a name of 300 characters; at most 120 fit."),
        ("\u200b\u200b", "The home side has no name that can be seen."),
        ("Ajax\ue000", "The home side has a name with U+E000 in it."),
        ("Ajax\ud800", "The home side has a name with U+D800 in it."),
        ("Feye\u200bnoord", "Feyenoord plays itself."),
    ],
)
def test_what_is_no_name_refuses_its_row(told, reason):
    records, [refused] = storable.matches([match(told)])

    assert (records, refused.line, refused.reason) == ([], 1, reason)


@pytest.mark.parametrize(
    "fields",
    [
        {"league": "L" * 121},
        {"home_id": "1" * 61},
        {"away_region": "R" * 81},
        {"counts": scores((40_000, 0))},
        {"counts": scores((-1, 0))},
    ],
)
def test_every_field_has_its_limit(fields):
    assert storable.matches([match(**fields)]).matches == []


def test_what_is_in_order_is_left_as_it_is():
    told = match()

    assert storable.matches([told]).matches[0] is told


def test_a_feeds_event_is_put_in_order_or_left_out():
    good, bad = (
        EventRecord(1, "7", home, "Feyenoord", KICK_OFF) for home in ("Aj\u200bax", "\u200b")
    )

    assert [event.home for event in storable.events([good, bad])] == ["Ajax"]


def test_the_longest_name_fits_its_column():
    assert storable.plain("A" * 120, "It", 120)
    with pytest.raises(RecordRejected):
        storable.plain("A" * 121, "It", 120)
