"""Types of command-line arguments."""

from argparse import ArgumentTypeError
from datetime import UTC, datetime


def utc_moment(text: str) -> datetime:
    """A day or a moment; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r}: write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
