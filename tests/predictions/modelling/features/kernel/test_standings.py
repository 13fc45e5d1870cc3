"""League tables and what is at stake, against sums done by hand."""

import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from predictions.modelling.features.feature_names import OWN_PRICES
from predictions.modelling.features.kernel import standings
from predictions.modelling.features.machine import FEATURE_NAMES, walk
from tests.predictions.modelling.played import START, frame, match, seconds

CLUBS = (1, 2, 3, 4, 5, 6)
DAY, WEEK = 24, 7 * 24
ROUNDS = 2 * (len(CLUBS) - 1)


def rounds(clubs=CLUBS):
    """Each club at home to each other once, no club twice in a round: the circle method."""
    fixed, *others = clubs
    for leg in (0, 1):
        for _ in others:
            order = [fixed, *others]
            pairs = zip(order[: len(order) // 2], reversed(order), strict=False)
            yield [pair[:: 1 if leg else -1] for pair in pairs]
            others = others[1:] + others[:1]


YEAR = 52 * WEEK


def season(year=0, *, skip=0, laps=1, season_id=None, clubs=CLUBS):
    """A double round of weeks, `laps` times; the club of the lower number always wins."""
    calendar = list(rounds(clubs)) * laps
    said = {} if season_id is None else {"season_id": season_id}
    return [
        match(
            1000 * year + 10 * week + place + 1,
            year * YEAR + week * WEEK,
            home,
            away,
            (1, 0) if home < away else (0, 1),
            **said,
        )
        for week, fixtures in enumerate(calendar[: len(calendar) - skip])
        for place, (home, away) in enumerate(fixtures)
    ]


def after(*seasons):
    return walk(frame(*(row for rows in seasons for row in rows)))[1]


def table_of(state, league=1):
    """Club → (points, matches)."""
    rows = state.tables.standing[league, : int(state.tables.league[league]["n_clubs"])]
    ids = state.teams.ids()
    return {int(ids[int(club) - 1]): (points, matches) for club, points, matches in rows}


def asked(state, home, away, hours):
    """The features of a fixture by name."""
    noon = seconds(START) + hours * 3600
    return dict(zip(FEATURE_NAMES, state.features_of(home, away, 1, noon), strict=True))


def asked_by_seconds(state, row):
    clubs = int(row["home_team_id"]), int(row["away_team_id"])
    return state.features_of(*clubs, 1, seconds(row["kickoff"]))


def at_stake(gap, left):
    """Three points times the density of a normal difference of points to come."""
    deviation = 1.3 * math.sqrt(2 * left)
    return 3 * math.exp(-((gap / deviation) ** 2) / 2) / (deviation * math.sqrt(2 * math.pi))


def test_a_double_round_has_every_pair_at_both_grounds():
    played = [tuple(pair) for week in rounds() for pair in week]

    assert sorted(played) == sorted(permutations(CLUBS, 2))


def test_the_table_counts_points_and_matches():
    assert table_of(after(season())) == {club: (3 * 2 * (6 - club), ROUNDS) for club in CLUBS}


def test_what_is_at_stake_a_round_before_the_end_by_hand():
    state = after(season(), season(1, skip=1))
    points = {club: won for club, (won, _) in table_of(state).items()}
    ranked = sorted(points.values(), reverse=True)
    second = next(club for club in CLUBS if points[club] == ranked[1])
    last = next(club for club in CLUBS if points[club] == ranked[-1])

    found = asked(state, second, last, YEAR + (ROUNDS - 1) * WEEK)

    # With one match left each, all expect 1.35 points more: gaps are those of the table.
    assert found["season_end"] == pytest.approx(1.0)
    assert found["home_title_stake"] == pytest.approx(at_stake(ranked[0] - ranked[1], 1))
    upper = [at_stake(abs(ranked[1] - ranked[2]), 1)]
    upper += [at_stake(ranked[1] - ranked[place], 1) for place in (3, 4, 5)]
    assert found["home_upper_stake"] == pytest.approx(sum(upper) / 6)
    lower = [at_stake(ranked[-1 - place] - ranked[5], 1) for place in (2, 3, 4)]
    assert found["away_lower_stake"] == pytest.approx(sum(lower) / 3)
    most = at_stake(ranked[4] - ranked[5], 1)
    assert found["away_idle"] == pytest.approx(math.exp(-8 * most))
    assert found["season_end_ratio"] == pytest.approx(found["composite_ratio"])


@pytest.mark.parametrize("is_home", [True, False])
def test_a_club_with_a_match_in_hand_expects_points_of_it(is_home):
    second = [row for row in season(1, skip=1) if row["match_id"] != 1081]
    missing = next(row for row in season(1, skip=1) if row["match_id"] == 1081)
    behind, other = missing["home_team_id"], missing["away_team_id"]
    level = next(club for club in CLUBS if club not in (behind, other))
    state = after(season(), second)
    table = {club: won + 1.35 * (ROUNDS - n) for club, (won, n) in table_of(state).items()}
    best = max(points for club, points in table.items() if club != behind)

    home, away = (behind, level) if is_home else (level, behind)
    found = asked(state, home, away, YEAR + (ROUNDS - 1) * WEEK)

    # Two matches left of the one, one of the other: the end is as near as for the later.
    assert found["season_end"] == pytest.approx(math.exp(-1 / 8))
    side = "home" if is_home else "away"
    expected = math.exp(-1 / 8) * at_stake(table[behind] - best, 2)
    assert found[f"{side}_title_stake"] == pytest.approx(expected)


def test_little_is_at_stake_early_in_a_season():
    state = after(season(), season(1, skip=ROUNDS - 2))

    found = asked(state, 1, 2, YEAR + 2 * WEEK)

    assert found["season_end"] == pytest.approx(math.exp((1 - 8) / 8))
    assert found["home_title_stake"] < 0.2


def test_a_season_that_none_went_before_may_be_of_any_length():
    assert asked(after(season(skip=1)), 1, 2, (ROUNDS - 1) * WEEK)["season_end"] == 0


def test_on_the_first_days_clubs_that_have_yet_to_play_count():
    eight = (*CLUBS, 7, 8)
    first_day = season(1, clubs=eight)[:3]  # six clubs of eight

    found = asked(after(season(clubs=eight), first_day), 1, 8, YEAR + DAY)

    # Fourteen matches a club, of which one is played; the six alone would have ten.
    assert found["season_end"] == pytest.approx(math.exp((1 - 13) / 8))


@pytest.mark.parametrize("pause", [50 * DAY, 200 * DAY])
def test_a_finished_season_gives_way_to_an_empty_table(pause):
    again = (ROUNDS - 1) * WEEK + pause
    state = after(season(), [match(9000, again, 3, 4, (2, 0))])

    assert table_of(state) == {3: (3, 1), 4: (0, 1)}
    assert asked(state, 3, 4, again + DAY)["season_end"] == 0


def test_a_fixture_of_the_next_season_has_nothing_at_stake():
    state = after(season(), season(1))
    last = YEAR + (ROUNDS - 1) * WEEK

    assert asked(state, 1, 2, last + 10 * DAY)["season_end"] == 1
    assert asked(state, 1, 2, last + 50 * DAY)["season_end"] == 0


@pytest.mark.parametrize(("pause", "is_kept"), [(80 * DAY, True), (140 * DAY, False)])
@pytest.mark.parametrize("weeks", [5, 8])
def test_a_winter_does_not_end_a_season_and_half_a_year_does(pause, is_kept, weeks):
    again = (weeks - 1) * WEEK + pause
    state = after(season(skip=ROUNDS - weeks), [match(9000, again, 3, 4, (2, 0))])

    assert len(table_of(state)) == (6 if is_kept else 2)


@pytest.mark.parametrize("pause", [80 * DAY, 140 * DAY])
def test_a_result_that_says_its_season_is_believed(pause):
    """Data that begin in mid-season, or a pandemic: pauses alone would tell wrongly."""
    again = (ROUNDS // 2 - 1) * WEEK + pause
    half = season(skip=ROUNDS // 2, season_id=7)

    same = after(half, [match(9000, again, 3, 4, (2, 0), season_id=7)])
    other = after(half, [match(9000, again, 3, 4, (2, 0), season_id=8)])

    assert len(table_of(same)) == 6
    assert table_of(other) == {3: (3, 1), 4: (0, 1)}


@pytest.mark.parametrize("says", [True, False])
def test_a_result_of_last_season_that_is_known_late_stays_out_of_the_table(says):
    ids = (7, 8) if says else (None, None)
    first, second = season(season_id=ids[0]), season(1, season_id=ids[1])
    late = match(9000, 6, 1, 9, (0, 1), delay=YEAR + 2, **({"season_id": 7} if says else {}))

    state = after(first, second, [late])

    assert table_of(state) == {club: (3 * 2 * (6 - club), ROUNDS) for club in CLUBS}


def test_a_league_of_four_rounds_is_expected_to_play_four_again():
    state = after(season(laps=2), season(1))

    # Twice round of four: ten matches are left to play.
    found = asked(state, 1, 2, YEAR + ROUNDS * WEEK)

    assert found["season_end"] == pytest.approx(math.exp((1 - 10) / 8))


def test_a_season_that_was_broken_off_hardly_shortens_the_next():
    state = after(season(laps=2), season(1), season(2, skip=ROUNDS - 2))

    # 85 % of four rounds: 17 matches, of which two are played.
    found = asked(state, 1, 2, 2 * YEAR + 2 * WEEK)

    assert found["season_end"] == pytest.approx(math.exp((1 - 15) / 8))


def test_a_competition_of_very_many_clubs_keeps_no_table():
    ties = [match(tie, tie, 2 * tie + 1, 2 * tie + 2, (1, 0)) for tie in range(30)]
    again = match(99, 90 * DAY, 1, 2, (1, 0))
    state = after(ties)

    assert state.tables.league[1]["n_clubs"] > standings.MOST_CLUBS
    assert asked(state, 1, 2, 40)["season_end"] == 0
    assert asked(state, 1, 2, 40)["home_idle"] == 0
    assert asked(after(ties, [again]), 1, 2, 91 * DAY)["season_days"] == 1


def test_a_club_that_has_not_played_this_season_has_nothing_at_stake():
    state = after(season(), season(1, skip=1))

    assert asked(state, 1, 77, YEAR + (ROUNDS - 1) * WEEK)["season_end"] == 0


def test_a_walk_that_goes_on_and_a_live_fixture_know_the_same_table():
    """Across two summers, with results of the second season known months late."""
    matches = frame(*season(season_id=1), *season(1, season_id=2), *season(2, season_id=3))
    slow = matches["match_id"].isin([1081, 1093])
    matches.loc[slow, "known_at"] += pd.Timedelta(days=200)
    whole, _ = walk(matches)

    for cut in (15, 45, 75):
        is_known = matches["known_at"] <= matches["kickoff"][cut]
        _, state = walk(matches[:cut][is_known[:cut]])
        late = matches[:cut][~is_known[:cut]]
        goes_on = pd.concat([late, matches[cut:]], ignore_index=True)
        again, _ = walk(goes_on, state, skip_earlier=True)

        np.testing.assert_array_equal(again[len(late) :], whole[cut:])
        first = matches.loc[cut]
        live = asked_by_seconds(state, first)
        np.testing.assert_array_equal(live[: OWN_PRICES.start], whole[cut, : OWN_PRICES.start])
    assert (whole[:, FEATURE_NAMES.index("season_end")] > 0).sum() > 40
