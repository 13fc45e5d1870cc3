"""Rows of the tables: whom they belong to, and row 0 for everybody unknown."""

import numpy as np
import pytest

from predictions.modelling.features import tables
from predictions.modelling.features.kernel.records import plain, records
from predictions.modelling.features.rows import Rows, pair_keys
from predictions.modelling.features.tables import N_RATINGS, empty_tables, extended


def ids(*values):
    return np.array(values, dtype=np.int64)


class TestRows:
    def test_at_first_there_is_the_row_of_the_unknown(self):
        rows = Rows()

        assert (len(rows), rows.row(7), rows.ids().tolist()) == (1, 0, [])
        assert 7 not in rows

    def test_ids_get_rows_in_order_of_their_first_appearance(self):
        rows = Rows()

        rows.admit(ids(30, 10, 30, 20))

        assert rows.ids().tolist() == [30, 10, 20]
        assert [rows.row(one) for one in (30, 10, 20, 99)] == [1, 2, 3, 0]

    def test_a_row_once_given_is_kept(self):
        rows = Rows()
        rows.admit(ids(30, 10))

        rows.admit(ids(5, 10, 30))

        assert rows.rows(ids(5, 10, 30, 99)).tolist() == [3, 2, 1, 0]

    def test_many_are_looked_up_as_one_by_one(self):
        rows, asked = Rows(range(100, 200)), np.random.default_rng(0).integers(0, 300, 500)

        assert rows.rows(asked).tolist() == [rows.row(one) for one in asked.tolist()]

    def test_nobody_has_no_rows(self):
        assert Rows([7]).rows(ids()).tolist() == []

    def test_saved_ids_give_the_same_rows(self):
        rows = Rows()
        rows.admit(ids(30, 10, 20))

        again = Rows(rows.ids().tolist())

        assert again.rows(ids(10, 20, 30)).tolist() == rows.rows(ids(10, 20, 30)).tolist()

    def test_a_copy_is_its_own(self):
        rows = Rows([7])
        copy = rows.copy()

        copy.admit(ids(8))

        assert (8 in copy, 8 in rows, len(rows)) == (True, False, 2)


class TestPairs:
    def test_it_is_one_pair_whoever_is_at_home(self):
        assert pair_keys(ids(3), ids(8)) == pair_keys(ids(8), ids(3))

    @pytest.mark.parametrize("known", [1, 2**31 - 1])
    def test_with_an_unknown_club_there_is_none(self, known):
        assert pair_keys(ids(0, known, 0), ids(known, 0, 0)).tolist() == [0, 0, 0]

    def test_no_two_pairs_share_a_key(self):
        home, away = (side.ravel() for side in np.meshgrid(np.arange(1, 60), np.arange(1, 60)))

        keys = pair_keys(home, away)

        assert len(np.unique(keys)) == 59 * 60 // 2

    def test_the_largest_rows_fit(self):
        most = 2**31 - 1

        assert pair_keys(ids(most), ids(most - 1)) > pair_keys(ids(1), ids(most))


class TestTables:
    def test_empty_ones_know_nobody(self):
        found = empty_tables()

        lengths = {name: len(table) for name, table in found._asdict().items()}
        assert lengths.pop("deduction") == 0
        assert set(lengths.values()) == {1}
        assert found.team["played"] == 0

    def test_what_is_known_stays_when_they_grow(self):
        small = extended(empty_tables(), teams=3, leagues=2, pairs=2)
        small.team["elo"] = 1600.0
        small.strength["attack"] = 0.3
        small.league["n"] = 380.0
        small.pair["meetings"] = 4.0
        small.world["surprise"] = 0.2

        grown = extended(small, teams=5, leagues=4, pairs=3)

        assert grown.team["elo"].tolist() == [1600.0] * 3 + [tables.FIRST_ELO] * 2
        assert grown.strength["attack"][:, 0].tolist() == [0.3] * 3 + [0.0] * 2
        assert grown.league["n"].tolist() == [380.0] * 2 + [0.0] * 2
        assert grown.pair["meetings"].tolist() == [4.0, 4.0, 0.0]
        assert grown.world["surprise"] == 0.2

    def test_growing_leaves_the_old_ones_alone(self):
        small = extended(empty_tables(), teams=2, leagues=2, pairs=1)
        grown = extended(small, teams=2, leagues=2, pairs=1)

        for table in grown:
            plain(table)[...] = 9.0

        assert all((plain(table) != 9.0).all() for table in small)

    def test_a_league_begins_as_leagues_are(self):
        league = tables.fresh_leagues(1)[0]

        assert 0.4 < league["home_rate"] < 0.5
        assert 0.2 < league["draw_rate"] < 0.3
        assert 2.0 < league["goals"] < 3.0
        assert league["last_played"] == tables.LONG_AGO

    def test_a_club_that_never_played_is_as_rested_as_can_be(self):
        team = tables.fresh_teams(1)[0]

        assert (team["recent"] == tables.LONG_AGO).all()
        assert team["last"] == tables.LONG_AGO

    @pytest.mark.parametrize("name", empty_tables()._fields)
    def test_a_table_is_plain_numbers_and_back(self, name):
        table = getattr(extended(empty_tables(), teams=3, leagues=3, pairs=3), name)
        flat = plain(table)

        again = records(flat, table.dtype)

        assert flat.dtype == np.float64
        assert again.tobytes() == table.tobytes()

    def test_each_rating_has_its_own_level_and_strength(self):
        found = extended(empty_tables(), teams=3, leagues=2, pairs=1)

        assert found.strength.shape == (3, N_RATINGS)
        assert found.level.shape == (2, N_RATINGS)
        assert found.world["home_edge"].shape == (1, N_RATINGS)
