"""Types of command-line arguments, and who gave them."""

import getpass
import os
from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime


def utc_moment(text: str) -> datetime:
    """A day or a moment; without an offset it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ArgumentTypeError(f"{text!r}: write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.") from None


def operator() -> str:
    """The account that runs the command; a container's often has a number only."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def accept_fewer(parser: ArgumentParser) -> None:
    """Adds the operator's word on a gate that would stop the run."""
    parser.add_argument(
        "--accept-fewer",
        action="store_true",
        help="it is no mistake that more than a tenth of the matches are gone since the last run",
    )
