"""The three outcomes of a match, in the order that all probabilities, prices and labels keep.

Of no framework: the maths, services and pages all import it.
"""

SIDES = ("home", "draw", "away")
LABELS = ("home_win", "draw", "away_win")
# The outcome of a match `m` by its score, as its place in that order.
FROM_SCORE = """CASE WHEN m.home_score > m.away_score THEN 0
                     WHEN m.home_score = m.away_score THEN 1 ELSE 2 END"""


def predicted_class(home: float, draw: float, away: float) -> int:
    """The place of the likeliest outcome, the first of equals.

    >>> LABELS[predicted_class(0.4, 0.2, 0.4)]
    'home_win'
    """
    if home >= draw and home >= away:
        return 0
    return 1 if draw >= away else 2
