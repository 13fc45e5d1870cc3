"""Run a command as a person does, and read what it says."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

SENTENCE = re.compile(r"[A-Z][^\n]*\.")


def run(*words):
    output = StringIO()
    call_command(*words, stdout=output, stderr=output)
    return output.getvalue()


def failed(*words):
    """The sentence with which a command fails, having exit code 1."""
    with pytest.raises(CommandError) as raised:
        run(*words)
    assert raised.value.returncode == 1
    assert SENTENCE.fullmatch(str(raised.value))
    return str(raised.value)
