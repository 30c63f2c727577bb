"""Every metric against scipy or scikit-learn, and against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_affect.training import metrics

RNG = np.random.default_rng(11)
TRUE = RNG.integers(0, 4, 300)
SAID = np.where(RNG.random(300) < 0.6, TRUE, RNG.integers(0, 4, 300))
X = RNG.normal(size=300)
Y = 0.7 * X + RNG.normal(size=300) * 0.5 + 0.2


def test_ccc_of_hand_made_numbers() -> None:
    # Means 2 and 3, variances 2/3 each, covariance 2/3: 2·(2/3) / (4/3 + 1).
    assert metrics.ccc(np.array([1.0, 2, 3]), np.array([2.0, 3, 4])) == pytest.approx(4 / 7)


def test_ccc_is_the_correlation_scaled_by_shift_and_spread() -> None:
    stats = pytest.importorskip("scipy.stats")
    r = stats.pearsonr(X, Y).statistic
    wanted = 2 * r * X.std() * Y.std() / (X.var() + Y.var() + (X.mean() - Y.mean()) ** 2)
    assert metrics.ccc(X, Y) == pytest.approx(wanted)


def test_ccc_where_nothing_varies_is_zero() -> None:
    assert metrics.ccc(np.zeros(4), np.zeros(4)) == 0.0


def test_pearson_is_scipys() -> None:
    stats = pytest.importorskip("scipy.stats")
    assert metrics.pearson(X, Y) == pytest.approx(stats.pearsonr(X, Y).statistic)
    both = metrics.pearson_columns(np.stack([X, Y], 1), np.stack([Y, Y], 1))
    assert both == pytest.approx([stats.pearsonr(X, Y).statistic, 1.0])


def test_pearson_without_variation_is_nan() -> None:
    assert np.isnan(metrics.pearson(np.ones(5), np.arange(5.0)))


def test_classification_is_scikit_learns() -> None:
    learn = pytest.importorskip("sklearn.metrics")
    assert metrics.accuracy(SAID, TRUE) == pytest.approx(learn.accuracy_score(TRUE, SAID))
    assert metrics.macro_f1(SAID, TRUE, 4) == pytest.approx(learn.f1_score(TRUE, SAID, average="macro"))
    assert metrics.weighted_f1(SAID, TRUE, 4) == pytest.approx(learn.f1_score(TRUE, SAID, average="weighted"))
    assert (metrics.confusion(SAID, TRUE, 4) == learn.confusion_matrix(TRUE, SAID)).all()


def test_mean_f1_is_the_mean_of_scikit_learns_binary_f1() -> None:
    learn = pytest.importorskip("sklearn.metrics")
    true, said = RNG.random((200, 12)) < 0.3, RNG.random((200, 12)) < 0.4
    wanted = np.mean([learn.f1_score(true[:, i], said[:, i]) for i in range(12)])
    assert metrics.mean_f1(said, true) == pytest.approx(wanted)


def test_f1_of_what_never_occurs_is_zero() -> None:
    nothing = np.zeros(5, np.bool_)
    assert metrics.f1(nothing, nothing) == 0.0


def test_best_threshold_lies_between_the_two_groups() -> None:
    score = np.concatenate([np.full(50, 0.2), np.full(20, 0.6)])
    present = np.concatenate([np.zeros(50, np.bool_), np.ones(20, np.bool_)])
    assert 0.35 < metrics.best_threshold(score, present) < 0.5


def test_bootstrap_interval_holds_the_mean_and_is_repeatable() -> None:
    def mean(rows: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float:
        return float(X[rows].mean())

    low, high = metrics.bootstrap(mean, len(X))
    spread = 1.96 * X.std() / np.sqrt(len(X))
    assert low < X.mean() < high
    assert high - low == pytest.approx(2 * spread, rel=0.2)
    assert metrics.bootstrap(mean, len(X)) == (low, high)
