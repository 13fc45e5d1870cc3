"""League tables and what is at stake, against sums done by hand."""

import math
from itertools import permutations

import pytest

from predictions.modelling.features import FEATURE_NAMES, walk
from predictions.modelling.kernel import columns, standings
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


def season(first=0, *, goals=lambda home, away: (1, 0) if home < away else (0, 1), skip=0):
    """A double round of weeks; the club of the lower number always wins."""
    calendar = list(rounds())[: ROUNDS - skip]
    return [
        match(100 * week + place + 1 + first, first + week * WEEK, home, away, goals(home, away))
        for week, fixtures in enumerate(calendar)
        for place, (home, away) in enumerate(fixtures)
    ]


def table_of(state, league=1):
    """Club → (points, matches)."""
    rows = state.tables.standing[league, : int(state.tables.league[league, columns.N_CLUBS])]
    ids = state.teams.ids()
    return {int(ids[int(club) - 1]): (points, matches) for club, points, matches in rows}


def asked(state, home, away, hours):
    """The features of a fixture by name."""
    noon = seconds(START) + hours * 3600
    return dict(zip(FEATURE_NAMES, state.features_of(home, away, 1, noon), strict=True))


def at_stake(gap, left):
    """Three points times the density of a normal difference of points to come."""
    deviation = 1.3 * math.sqrt(2 * left)
    return 3 * math.exp(-((gap / deviation) ** 2) / 2) / (deviation * math.sqrt(2 * math.pi))


def test_a_double_round_has_every_pair_at_both_grounds():
    played = [tuple(pair) for week in rounds() for pair in week]

    assert sorted(played) == sorted(permutations(CLUBS, 2))


def test_the_table_counts_points_and_matches():
    _, state = walk(frame(*season()))

    assert table_of(state) == {club: (3 * 2 * (6 - club), ROUNDS) for club in CLUBS}


def test_what_is_at_stake_a_round_before_the_end_by_hand():
    _, state = walk(frame(*season(skip=1)))
    points = {club: won for club, (won, _) in table_of(state).items()}
    ranked = sorted(points.values(), reverse=True)
    second = next(club for club in CLUBS if points[club] == ranked[1])
    last = next(club for club in CLUBS if points[club] == ranked[-1])

    found = asked(state, second, last, (ROUNDS - 1) * WEEK)

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


def test_nothing_is_at_stake_early_in_a_season():
    _, state = walk(frame(*season(skip=ROUNDS - 2)))

    found = asked(state, 1, 2, 2 * WEEK)

    assert found["season_end"] == pytest.approx(math.exp((1 - 8) / 8))
    assert found["home_title_stake"] < 0.2


@pytest.mark.parametrize("pause", [50 * DAY, 200 * DAY])
def test_a_finished_season_gives_way_to_an_empty_table(pause):
    first = season()
    again = ROUNDS * WEEK + pause
    _, state = walk(frame(*first, match(9000, again, 3, 4, (2, 0))))

    assert table_of(state) == {3: (3, 1), 4: (0, 1)}
    assert asked(state, 3, 4, again + DAY)["season_end"] == 0


def test_a_fixture_of_the_next_season_has_nothing_at_stake():
    _, state = walk(frame(*season()))

    assert asked(state, 1, 2, ROUNDS * WEEK + 10 * DAY)["season_end"] == 1
    assert asked(state, 1, 2, ROUNDS * WEEK + 50 * DAY)["season_end"] == 0


@pytest.mark.parametrize(("pause", "is_kept"), [(80 * DAY, True), (140 * DAY, False)])
def test_a_winter_does_not_end_a_season_and_half_a_year_does(pause, is_kept):
    half = season(skip=ROUNDS // 2)
    again = (ROUNDS // 2 - 1) * WEEK + pause
    _, state = walk(frame(*half, match(9000, again, 3, 4, (2, 0))))

    assert len(table_of(state)) == (6 if is_kept else 2)


def test_a_league_of_four_rounds_is_expected_to_play_four_again():
    four = [row for lap in (0, 1) for row in season(lap * ROUNDS * WEEK)]
    again = 2 * ROUNDS * WEEK + 60 * DAY
    _, state = walk(frame(*four, *season(again)))

    # Twice round of four: ten matches are left to play.
    found = asked(state, 1, 2, again + ROUNDS * WEEK)

    assert found["season_end"] == pytest.approx(math.exp((1 - 10) / 8))


def test_a_competition_of_very_many_clubs_keeps_no_table():
    ties = [match(tie, tie, 2 * tie + 1, 2 * tie + 2, (1, 0)) for tie in range(30)]
    _, state = walk(frame(*ties))

    assert state.tables.league[1, columns.N_CLUBS] > standings.MOST_CLUBS
    found = asked(state, 1, 2, 40)
    assert found["season_end"] == 0
    assert found["home_idle"] == 0


def test_a_club_that_has_not_played_this_season_has_nothing_at_stake():
    _, state = walk(frame(*season(skip=1)))

    assert asked(state, 1, 77, (ROUNDS - 1) * WEEK)["season_end"] == 0
