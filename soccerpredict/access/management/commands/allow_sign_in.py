"""For an administrator who has a shell and was made to wait."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from soccerpredict.access import sign_ins
from soccerpredict.management.strict import StrictCommand


class Command(StrictCommand):
    help = "Forget the wrong passwords of an account: it may sign in at once, from anywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: Any) -> None:
        if not User.objects.filter(username=username).exists():
            raise CommandError(f"There is no account {username}.")
        sign_ins.forget(username)
        self.stdout.write(f"{username} may sign in at once.")
