"""Numbers as pages print them: real minus signs, and units that stay on their line."""

NBSP = "\u00a0"
NONE = "–"


def percent(share: float) -> str:
    return f"{100 * share:.0f}{NBSP}%"


def signed(value: float, decimals: int = 1) -> str:
    """With its sign, and without one where it rounds to nothing."""
    text = f"{value:+.{decimals}f}"
    return text[1:] if float(text) == 0 else text.replace("-", "−")


def price(win: float, lose: float) -> str:
    """Decimal odds at which a stake neither gains nor loses on average."""
    return f"{1 + lose / win:.2f}" if win > 0 else NONE
