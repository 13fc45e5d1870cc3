"""The state of any past moment, made again from one file."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from predictions.modelling.features import history as module
from predictions.modelling.features.machine import (
    History,
    OutOfOrder,
    StateCorrupt,
    TeamState,
    walk,
)
from predictions.modelling.features.ratings import REGISTRY
from tests.predictions.modelling.played import (
    KICKOFFS,
    START,
    calendars,
    frame,
    match,
    season,
    seconds,
)

NOON = seconds(START)


@pytest.fixture(autouse=True, scope="module")
def _states_kept_often():
    """A state is kept after every four results, so that a few matches cross several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SPACING", 4)
        yield


def read_live(history, row):
    kickoff = seconds(row["kickoff"])
    ids = (row["home_team_id"], row["away_team_id"], row["tournament_id"])
    return history.state_at(kickoff).features_of(*ids, kickoff, row["neutral"])


@settings(deadline=None, max_examples=60)
@given(calendars(), st.data())
def test_a_live_fixture_has_the_features_of_the_walk(matches, data):
    i = data.draw(st.integers(0, len(matches) - 1))

    live = read_live(History.of(matches), matches.iloc[i])

    assert_array_equal(live, walk(matches)[0][i])


def test_a_whole_season_read_live_is_the_walk():
    matches = season(90)
    history = History.of(matches)

    live = [read_live(history, row) for _, row in matches.iterrows()]

    assert len(history.checkpoints) == 22
    assert_array_equal(live, walk(matches)[0])


@settings(deadline=None, max_examples=60)
@given(calendars(), st.data())
def test_a_history_kept_on_the_walk_is_the_one_made_afterwards(matches, data):
    i = data.draw(st.integers(0, len(matches) - 1))

    features, state, history = History.walked(matches)

    whole, end = walk(matches)
    assert_array_equal(features, whole)
    assert state.n_results == end.n_results
    apart = History.of(matches)
    assert_array_equal(read_live(history, matches.iloc[i]), read_live(apart, matches.iloc[i]))
    assert [at.n_results for at in history.checkpoints] == [
        at.n_results for at in apart.checkpoints
    ]


def test_a_frame_of_fixtures_has_the_features_of_each():
    matches = season(30)
    state = History.of(matches).state_at(NOON + 10**7)
    fixtures = matches.assign(kickoff=START.replace(year=2025))

    together = state.features(fixtures)

    one = fixtures.iloc[4]
    ids = (one["home_team_id"], one["away_team_id"], one["tournament_id"])
    assert_array_equal(together[4], state.features_of(*ids, seconds(one["kickoff"])))


def test_a_state_has_exactly_the_results_known_by_its_moment():
    history = History.of(season(30))  # three at a time, every eight hours, known after two

    counts = [history.state_at(NOON + moment).n_results for moment in (0, 7199, 7200, 10**9)]

    assert counts == [0, 0, 3, 30]


def test_asking_twice_gives_the_same_and_spoils_nothing():
    matches = season(30)
    history = History.of(matches)
    first = read_live(history, matches.iloc[20])

    read_live(history, matches.iloc[29])

    assert_array_equal(read_live(history, matches.iloc[20]), first)


@settings(deadline=None, max_examples=40)
@given(calendars(), st.sampled_from(KICKOFFS))
def test_a_history_extended_by_later_results_is_one_whole_history(matches, hours):
    known = matches["known_at"] <= START + pd.Timedelta(hours=hours)

    extended = History.of(matches[known]).extended(matches[~known])

    whole = History.of(matches)
    assert_array_equal(extended.results.match_id, whole.results.match_id)
    assert [state.n_results for state in extended.checkpoints] == [
        state.n_results for state in whole.checkpoints
    ]
    for name, array in arrays(whole).items():
        assert_array_equal(arrays(extended)[name], array, err_msg=name)


def test_a_history_is_not_extended_by_earlier_results():
    history = History.of(frame(match(2, 24, 1, 2, (1, 0))))

    with pytest.raises(OutOfOrder, match="make it anew"):
        history.extended(frame(match(1, 0, 2, 1, (1, 0))))


def test_extending_leaves_the_first_history_as_it_was():
    matches = season(30)
    first = History.of(matches[:12])

    first.extended(matches[12:])

    assert len(first.results) == 12
    assert [state.n_results for state in first.checkpoints] == [4, 8]


def test_fixtures_before_the_moment_of_a_state_are_refused():
    state = History.of(season(30)).state_at(NOON + 10**7)

    with pytest.raises(OutOfOrder, match="would see later results"):
        state.features_of(7, 8, 1, NOON)
    with pytest.raises(OutOfOrder, match="would see later results"):
        state.features(season(1))


@pytest.fixture(params=[History, TeamState])
def kept(request, tmp_path):
    """A history, or a state, and the file that it was saved to."""
    matches = season(30)
    one = History.of(matches) if request.param is History else walk(matches)[1]
    path = tmp_path / "kept.npz"
    one.save(path)
    return one, path


def arrays(one):
    return one.arrays() if isinstance(one, TeamState) else one.state_at(NOON + 10**9).arrays()


def test_what_was_saved_comes_back(kept):
    one, path = kept

    again = type(one).load(path)

    for name, array in arrays(one).items():
        assert_array_equal(arrays(again)[name], array, err_msg=name)
    assert list(path.parent.iterdir()) == [path]


def test_the_same_content_gives_the_same_bytes(kept):
    one, path = kept
    before = path.read_bytes()

    type(one).load(path).save(path)

    assert path.read_bytes() == before


def test_kept_states_come_back_too(tmp_path):
    matches = season(30)
    History.of(matches).save(tmp_path / "history.npz")

    history = History.load(tmp_path / "history.npz")

    assert [state.n_results for state in history.checkpoints] == [4, 8, 12, 16, 20, 24, 28]
    assert_array_equal(read_live(history, matches.iloc[20]), walk(matches)[0][20])


@pytest.mark.parametrize(
    "content", [b"", b"x", b"\x93NUMPY", b"PK\x03\x04", b"\x80\x04K\x01.", b"{}" * 5000]
)
def test_a_file_that_is_none_of_ours_is_corrupt(kept, content):
    one, path = kept
    path.write_bytes(content)

    with pytest.raises(StateCorrupt, match=r"kept\.npz"):
        type(one).load(path)


def test_a_lone_array_is_corrupt(kept):
    one, path = kept
    with path.open("wb") as file:
        np.save(file, np.zeros(3))

    with pytest.raises(StateCorrupt):
        type(one).load(path)


def test_a_missing_file_is_corrupt(kept):
    one, path = kept

    with pytest.raises(StateCorrupt):
        type(one).load(path.with_name("elsewhere.npz"))


def test_a_file_cut_short_anywhere_is_corrupt(kept):
    one, path = kept
    content = path.read_bytes()

    for size in range(1, len(content), len(content) // 50):
        path.write_bytes(content[:size])
        with pytest.raises(StateCorrupt):
            type(one).load(path)


def test_a_flipped_bit_is_corrupt_or_harmless(kept):
    one, path = kept
    content, expected = path.read_bytes(), arrays(one)
    rng = np.random.default_rng(3)

    found = 0
    for place in rng.integers(0, len(content), 200):
        path.write_bytes(flipped(content, place))
        try:
            again = arrays(type(one).load(path))
        except StateCorrupt:
            found += 1
            continue
        for name, array in expected.items():
            assert_array_equal(again[name], array)
    assert found > 150


def flipped(content, place):
    changed = bytearray(content)
    changed[place] ^= 4
    return bytes(changed)


def resaved(path, **changes):
    with np.load(path) as saved:
        content = {name: saved[name] for name in saved.files} | changes
    np.savez(path, **{name: array for name, array in content.items() if array is not None})


def state_field(one, name):
    return name if isinstance(one, TeamState) else f"state0_{name}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("moment", np.array([99, 0, 0])),
        ("moment", np.array([1, 0])),
        ("team", np.zeros((2, 2))),
        ("team", None),
        ("strength", np.zeros((13, 9, 4), dtype=np.float32)),
        ("team_ids", np.arange(3)),
        ("world", np.array([None, None])),
    ],
)
def test_parts_that_do_not_fit_together_are_corrupt(kept, name, value):
    one, path = kept
    resaved(path, **{state_field(one, name): value})

    with pytest.raises(StateCorrupt):
        type(one).load(path)


def test_results_out_of_a_broken_history_are_corrupt(tmp_path):
    path = tmp_path / "history.npz"
    History.of(season(12)).save(path)
    resaved(path, statistics=None)

    with pytest.raises(StateCorrupt):
        History.load(path)


def test_matches_without_a_result_are_no_part_of_history():
    history = History.of(frame(match(1, 0, 1, 2, (1, 0)), match(2, 24, 2, 1)))

    assert history.results.match_id.tolist() == [1]


def test_a_state_is_saved_as_plain_numbers():
    """The file of a feature version: another shape must raise it, or old files are misread."""
    saved = walk(season(30))[1].arrays()

    n_teams, n_leagues, n_ratings = len(saved["team_ids"]) + 1, 3, len(REGISTRY)
    shapes = {
        "team": (n_teams, 28),
        "strength": (n_teams, n_ratings, 6),
        "league": (n_leagues, 22),
        "level": (n_leagues, n_ratings, 5),
        "pair": (len(saved["pair_keys"]) + 1, 2),
        "standing": (n_leagues, 40, 3),
        "world": (1 + n_ratings,),
        "deduction": (0, 5),
    }
    assert {name: saved[name].shape for name in shapes} == shapes
    assert {saved[name].dtype for name in shapes} == {np.dtype(np.float64)}


def test_a_state_saved_before_deductions_were_kept_has_none(tmp_path):
    state = walk(season(30))[1]
    older = {name: array for name, array in state.arrays().items() if name != "deduction"}

    assert TeamState.from_arrays(older).arrays().keys() == state.arrays().keys()
