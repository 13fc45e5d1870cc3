"""Make an API key and print it, this once."""

from datetime import timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from soccerpredict.access import services
from soccerpredict.access.models import MAX_LIMIT, Scope
from soccerpredict.access.services import IssuedKey
from soccerpredict.management.strict import StrictCommand

MAX_DAYS = 3650


class Command(StrictCommand):
    help = "Make an API key for a client and print it: it is not kept and cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--client", required=True, help="whose key; made where it is new")
        parser.add_argument("--name", default="", help="what the key is used for")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            dest="scopes",
            help="may be given twice; default: both",
        )
        parser.add_argument("--expires-in-days", type=int, help="default: never")
        parser.add_argument("--limit", type=int, help="requests a minute")
        parser.add_argument("--quiet", action="store_true", help="print nothing but the key")

    def handle(self, *, client: str, name: str, quiet: bool, **options: Any) -> None:
        if not 1 <= len(client.strip()) <= 80 or len(name) > 80:
            raise CommandError("Names of clients and keys have 1 to 80 characters.")
        days = within("--expires-in-days", options["expires_in_days"], MAX_DAYS)
        limit = within("--limit", options["limit"], MAX_LIMIT)
        holder = services.client_named(client.strip())
        if not holder.is_active:
            raise CommandError(f"The client {holder} is switched off: its keys don't work.")
        issued = services.issue(
            client=holder,
            name=name,
            scopes=options["scopes"],
            expires_at=timezone.now() + timedelta(days=days) if days else None,
            rate_limit_per_minute=limit,
        )
        self.stdout.write(issued.text if quiet else sentence(issued))


def within(option: str, value: int | None, most: int) -> int | None:
    if value is not None and not 1 <= value <= most:
        raise CommandError(f"{option} {value}: write a number from 1 to {most}.")
    return value


def sentence(issued: IssuedKey) -> str:
    key = issued.key
    until = f"until {key.expires_at:%Y-%m-%d %H:%M} UTC" if key.expires_at else "without expiry"
    scopes = " and ".join(key.scopes)
    return (
        f"{issued.text}\n"
        f"Key {key.prefix} of {key.client} for {scopes}, {services.limit_of(key)} requests a "
        f"minute, {until}. Keep it: it is shown only this once."
    )
