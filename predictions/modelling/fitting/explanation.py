"""From contributions to scores to contributions to probabilities."""

import numpy as np

from predictions.modelling.arrays import Floats
from predictions.modelling.fitting.models import softmax

# Gauss-Legendre on the straight way from base to scores; 12 points leave under 1e-9.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)


def probability_points(contributions: Floats, base: Floats) -> Floats:
    """Share of each feature in softmax(base + sum of contributions) - softmax(base).

    The shares are those of Aumann and Shapley: each feature's part of the way, integrated.
    They add up to the difference.

    Parameters
    ----------
    contributions : (n, k, 3), to the scores before softmax
    base : (3,), scores of the average match, or (n, 3), from which each match starts

    Returns
    -------
    (n, k, 3), in probability

    References
    ----------
    Sundararajan, Taly & Yan (2017), Axiomatic Attribution for Deep Networks.

    >>> shares = probability_points(np.array([[[1.0, 0.0, -1.0]]]), np.zeros(3))
    >>> shares.round(4)
    array([[[ 0.3319, -0.0886, -0.2433]]])
    """
    way = contributions.sum(axis=1)
    shares = np.zeros_like(contributions)
    for node, weight in zip((_NODES + 1) / 2, _WEIGHTS / 2, strict=True):
        proba = softmax(base + node * way)
        mean = np.einsum("njc,nc->nj", contributions, proba)
        shares += weight * proba[:, None, :] * (contributions - mean[:, :, None])
    return shares
