"""Which decimal prices can be a bookmaker's book; plain Python, for web processes too."""

TOP_PRICE = 10_000.0
LOWEST_SUM, HIGHEST_SUM = 0.98, 1.5  # of the inverse prices of a book that can be true


def fault(home: float, draw: float, away: float, *, is_best: bool = False) -> str | None:
    """Why three decimal prices can be no book; None if they can.

    Best prices over bookmakers are no book of one of them: theirs may sum to less than 1.
    """
    if not (1 < home < TOP_PRICE and 1 < draw < TOP_PRICE and 1 < away < TOP_PRICE):
        return "has a price of 1 or less, or beyond belief"
    total = 1 / home + 1 / draw + 1 / away
    if total > HIGHEST_SUM or (total < LOWEST_SUM and not is_best):
        return f"sums to {total:.3f}"
    return None
