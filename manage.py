#!/usr/bin/env python
"""The project's command line: starts or joins the embedded servers, then hands over to Django."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

from soccerpredict import terminal, threads, unix_signals


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soccerpredict.settings")
    unix_signals.restore()
    threads.settle()
    with terminal.left_by_its_user(), answering(), terminal.without_room():
        from soccerpredict import embedded

        embedded.attach()
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


def answering() -> AbstractContextManager[None]:
    """`run` answers its port from the first moment; other commands need not know how."""
    if sys.argv[1:2] != ["run"]:
        return nullcontext()
    from soccerpredict.starting import entrance

    return entrance.opened_for(sys.argv)


if __name__ == "__main__":
    main()
