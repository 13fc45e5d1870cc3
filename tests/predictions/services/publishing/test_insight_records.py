"""Records of insight: what goes in comes out, and what is told adds up."""

import pytest

from predictions.services.publishing import insight_records
from predictions.services.publishing.insight_records import (
    N_REASONS,
    NO_FEATURE,
    RECORD,
    UNIT,
    Reason,
    deflated,
    explained,
    found,
)

NAMES = [f"feature_{place}" for place in range(90)]


def packed(*records):
    """Each: match id, goals of both sides, and reasons as (place, value, home, away)."""
    lines = []
    for match_id, goals, reasons in records:
        rest = N_REASONS - len(reasons)
        places = [place for place, *_ in reasons] + [NO_FEATURE] * rest
        values = [value for _, value, *_ in reasons] + [0.0] * rest
        shares = [round(part / UNIT) for _, _, *both in reasons for part in both] + [0, 0] * rest
        lines.append(RECORD.pack(match_id, *goals, *places, *values, *shares))
    return deflated(b"".join(lines))


def test_a_record_is_found_by_its_match():
    block = packed(
        (7, (1.5, 1.0), [(3, 80.0, 0.1, -0.04)]),
        (9, (0.75, 2.5), [(5, -1.0, -0.2, 0.15), (4, 0.5, 0.0, 0.0)]),
    )

    first, second = (found(block, match_id, NAMES) for match_id in (7, 9))

    assert first.goals == (1.5, 1.0)
    assert second.goals == (0.75, 2.5)
    assert [one.name for one in second.reasons] == ["feature_5", "feature_4"]
    assert [one.value for one in second.reasons] == [-1.0, 0.5]


def test_a_match_without_a_record_has_none():
    assert found(packed((7, (1.5, 1.0), [])), 8, NAMES) is None
    assert found(deflated(b""), 8, NAMES) is None


def test_a_model_of_few_features_has_fewer_reasons():
    assert found(packed((7, (1.5, 1.0), [])), 7, NAMES).reasons == []


def test_shares_are_kept_to_a_step_and_sum_to_nothing():
    block = packed((7, (1.5, 1.0), [(3, 80.0, 0.12345, -0.0321)]))

    (reason,) = found(block, 7, NAMES).reasons

    assert reason.shares[0] == pytest.approx(0.12345, abs=UNIT)
    assert reason.shares[2] == pytest.approx(-0.0321, abs=UNIT)
    assert sum(reason.shares) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("share", [-1.0, 1.0])
def test_the_largest_shares_fit(share):
    block = packed((7, (1.5, 1.0), [(3, 80.0, share, -share)]))

    (reason,) = found(block, 7, NAMES).reasons

    assert (reason.shares[0], reason.shares[2]) == (share, -share)


@pytest.mark.parametrize("match_id", [0, 1, 2**31 - 1, 2**32 - 1])
def test_any_id_of_a_match_fits(match_id):
    assert found(packed((match_id, (1.0, 1.0), [])), match_id, NAMES) is not None


def reasons(n):
    return [Reason(f"feature_{place}", float(place), (0.01, -0.004, -0.006)) for place in range(n)]


@pytest.mark.parametrize("n", [0, 1, 5, 12])
def test_what_is_told_leads_from_the_average_to_what_is_served(n):
    served, average = (0.5, 0.27, 0.23), (0.45, 0.26, 0.29)

    told = explained(served, average, reasons(n))

    parts = [told["average_match"], *told["features"], told["all_others"]]
    for place, label in enumerate(("home_win", "draw", "away_win")):
        assert sum(part[label] for part in parts) == pytest.approx(served[place], abs=1e-12)


def test_a_reason_is_told_with_its_value():
    told = explained((0.5, 0.27, 0.23), (0.45, 0.26, 0.29), reasons(2))

    assert told["features"][1] == {
        "name": "feature_1",
        "value": 1.0,
        "home_win": 0.01,
        "draw": -0.004,
        "away_win": -0.006,
    }


def test_values_are_told_by_the_names_of_outcomes():
    assert insight_records.by_class((1, 2, 3)) == {"home_win": 1.0, "draw": 2.0, "away_win": 3.0}
