"""What the maths says of itself by examples is true."""

import doctest
import importlib
import inspect
import pkgutil

import numpy as np
import pandas as pd
import pytest

from predictions import modelling, outcomes

NAMES = [
    name
    for _, name, is_package in pkgutil.walk_packages(modelling.__path__, "predictions.modelling.")
    if not is_package
]


def functions_of(module):
    for name, value in vars(module).items():
        function = inspect.unwrap(getattr(value, "py_func", value))
        if inspect.isfunction(function) and function.__module__ == module.__name__:
            yield name, function


def examples_of(module):
    finder = doctest.DocTestFinder(recurse=False)
    known = {**vars(module), "np": np, "pd": pd}
    yield from finder.find(module, module.__name__, globs=known)
    # By function: doctest's own search passes compiled ones over.
    for name, function in functions_of(module):
        if name[0] != "_":
            yield from finder.find(function, name, globs=known)


@pytest.mark.parametrize("name", [*NAMES, outcomes.__name__])
def test_the_examples_are_true(name):
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner()

    for example in examples_of(module):
        runner.run(example)

    assert runner.failures == 0
    assert runner.tries or not [one for one, _ in functions_of(module) if one[0] != "_"]
