"""What every model learns from and answers: samples, scores and rounded probabilities."""

import numpy as np
import pytest

from predictions.modelling.fitting.blend import Blend
from predictions.modelling.fitting.logistic import Design, Logistic
from predictions.modelling.fitting.models import DECIMALS, BadFeatures, Sample, as_rows, softmax
from predictions.modelling.fitting.models import rounded as to_decimals
from predictions.modelling.fitting.narrowed import Narrowed

SAID = np.array([[0.5, 0.3, 0.2], [np.nan, np.nan, np.nan], [0.1, 0.2, 0.7]])


@pytest.fixture
def sample():
    features = np.arange(6.0).reshape(3, 2)
    return Sample(("a", "b"), features, np.array([0, 1, 2]), np.array([1.0, 2.0, 3.0]), SAID)


class TestSample:
    def test_its_target_is_what_the_teacher_says_else_what_happened(self, sample):
        assert sample.target.tolist() == [[0.5, 0.3, 0.2], [0.0, 1.0, 0.0], [0.1, 0.2, 0.7]]
        assert sample.is_taught

    def test_half_taught_is_the_mean_of_both(self, sample):
        mean = np.array([[0.75, 0.15, 0.1], [0, 1, 0], [0.05, 0.1, 0.85]])
        np.testing.assert_allclose(sample.half_taught().target, mean)

    def test_untaught_it_is_what_happened(self, sample):
        plain = sample.untaught()

        assert plain.target.tolist() == np.eye(3).tolist()
        assert not plain.is_taught
        assert sample.is_taught

    def test_a_part_keeps_what_belongs_together(self, sample):
        part = sample.part(np.array([2, 0]))

        assert part.features.tolist() == [[4.0, 5.0], [0.0, 1.0]]
        assert part.outcome.tolist() == [2, 0]
        assert part.weight.tolist() == [3.0, 1.0]
        assert part.teacher.tolist() == [[0.1, 0.2, 0.7], [0.5, 0.3, 0.2]]

    def test_narrowed_it_has_some_features_by_name(self, sample):
        narrow = sample.narrowed(np.array([1]))

        assert narrow.names == ("b",)
        assert narrow.features.tolist() == [[1.0], [3.0], [5.0]]
        assert narrow.features.flags.c_contiguous

    def test_weighed_it_counts_so_many_times(self, sample):
        assert sample.weighed(np.array([1.0, 0.5, 0.0])).weight.tolist() == [1.0, 1.0, 0.0]


class TestSoftmax:
    @pytest.mark.parametrize("shift", [0.0, -700.0, 700.0, 1e6])
    def test_only_differences_count(self, shift):
        scores = np.array([[0.3, -0.2, 1.0]])

        np.testing.assert_allclose(softmax(scores + shift), softmax(scores), atol=1e-9)

    def test_by_hand(self):
        odds = np.array([1.0, 2.0, 5.0])

        np.testing.assert_allclose(softmax(np.log(odds)), odds / 8)

    def test_any_axes_may_go_before(self):
        assert softmax(np.zeros((4, 5, 3))).shape == (4, 5, 3)


class TestRounding:
    def test_it_has_so_many_decimals(self):
        proba = softmax(np.random.default_rng(0).normal(size=(500, 3)))

        near = to_decimals(proba)

        assert (near == np.round(near, DECIMALS)).all()
        assert np.abs(near.sum(axis=1) - 1.0).max() < 1e-12

    def test_the_likeliest_takes_the_difference_alone(self):
        proba = softmax(np.random.default_rng(1).normal(size=(500, 3)))

        off = np.abs(to_decimals(proba) - np.round(proba, DECIMALS)) > 1e-9

        assert off.any()
        assert (off.sum(axis=1) <= 1).all()
        assert (np.where(off, proba, 1.0) >= np.where(off, proba.max(axis=1)[:, None], 0.0)).all()


class TestRows:
    def test_numbers_of_any_kind_become_floats(self):
        assert as_rows(np.array([1, 2, 3]), 3).dtype == np.float64

    @pytest.mark.parametrize("shape", [(2,), (1, 4), (1, 1, 3), (0,)])
    def test_another_shape_is_refused(self, shape):
        with pytest.raises(BadFeatures, match="the model takes 3"):
            as_rows(np.zeros(shape), 3)


def toy(slope, *, width=1):
    """A model whose home side gains by the first feature."""
    weights = np.zeros((width, 3))
    weights[0, 0] = slope
    return Logistic(Design(np.zeros(width), np.ones(width)), weights, np.zeros(3))


class TestBlend:
    @pytest.fixture
    def blend(self):
        return Blend((toy(1.0), toy(-1.0)), (3.0, 1.0))

    def test_it_is_the_weighted_mean(self, blend):
        features = np.array([[0.7], [-2.0]])
        one, other = (part.predict_proba(features) for part in blend.parts)

        np.testing.assert_allclose(blend.predict_proba(features), (3 * one + other) / 4)

    def test_shares_lead_from_the_average_to_the_answer(self, blend):
        features = np.array([[0.7], [-2.0]])

        moved = blend.base_rates() + blend.explain(features).sum(axis=1)

        np.testing.assert_allclose(moved, blend.predict_proba(features), atol=1e-9)

    def test_its_record_names_the_parts(self, blend):
        assert blend.parameters() == {"logistic.n_weights": 3, "logistic.clip": 4.0}


class TestNarrowed:
    @pytest.fixture
    def narrow(self):
        return Narrowed(toy(1.0), np.array([2]))

    def test_it_reads_its_columns_alone(self, narrow):
        features = np.array([[np.nan, 9.0, 0.7]])

        assert (narrow.predict_proba(features) == toy(1.0).predict_proba(np.array([[0.7]]))).all()
        assert (narrow.base_rates() == toy(1.0).base_rates()).all()

    def test_the_other_columns_have_no_share(self, narrow):
        shares = narrow.explain(np.array([[9.0, 9.0, 0.7]]))

        assert (shares[:, :2] == 0).all()
        assert np.abs(shares[:, 2]).min() > 0.01

    def test_its_files_and_record_bear_its_prefix(self, narrow):
        assert list(narrow.to_files()) == ["narrow.logistic.npz"]
        assert set(narrow.parameters()) == {"narrow.n_weights", "narrow.clip"}
