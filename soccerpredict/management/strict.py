"""The base of every command of ours: no option is guessed at, and each failure is a sentence."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from soccerpredict.errors import SoccerPredictError

VERSION = "--version"  # Django's own prints Django's, and would take the place of one of ours
NO_SUCH_FILE = (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError)


class StrictCommand(BaseCommand):
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs.setdefault("allow_abbrev", False)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_base_argument(self, parser: CommandParser, *names: str, **kwargs: Any) -> None:
        if VERSION not in names:
            super().add_base_argument(parser, *names, **kwargs)

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except SoccerPredictError as exc:
            raise CommandError(str(exc)) from exc
        except NO_SUCH_FILE as exc:
            raise CommandError(f"{exc.filename}: {exc.strerror}.") from exc
