"""What the maths says of itself: every public function has words, and its examples are true."""

import doctest
import importlib
import inspect
import pkgutil

import numpy as np
import pytest

from predictions import modelling, outcomes

NAMES = [
    name
    for _, name, is_package in pkgutil.walk_packages(modelling.__path__, "predictions.modelling.")
    if not is_package
]
# An example of these would need a state, a fitted model or a folder: their tests serve as such.
WITHOUT = {
    "predictions.modelling.fitting.artifacts",
    "predictions.modelling.fitting.blend",
    "predictions.modelling.fitting.boosted",
    "predictions.modelling.fitting.club_effects",
    "predictions.modelling.features.club_ratings",
    "predictions.modelling.features.compiled",
    "predictions.modelling.features.history",
    "predictions.modelling.features.kernel.applying",
    "predictions.modelling.features.kernel.filtering",
    "predictions.modelling.features.kernel.reading",
    "predictions.modelling.features.kernel.standings",
    "predictions.modelling.features.kernel.walking",
    "predictions.modelling.fitting.learning",
    "predictions.modelling.fitting.logistic",
    "predictions.modelling.fitting.narrowed",
    "predictions.modelling.betting.simulation",
    "predictions.modelling.features.team_state",
}


def functions_of(module):
    for name, value in vars(module).items():
        function = inspect.unwrap(getattr(value, "py_func", value))
        if inspect.isfunction(function) and function.__module__ == module.__name__:
            yield name, function


@pytest.mark.parametrize("name", [*NAMES, outcomes.__name__])
def test_the_examples_are_true(name):
    module = importlib.import_module(name)
    finder, runner = doctest.DocTestFinder(recurse=False), doctest.DocTestRunner()
    public = [(one, function) for one, function in functions_of(module) if one[0] != "_"]

    # By function: doctest's own search passes compiled ones over.
    for one, function in public:
        for example in finder.find(function, one, globs={**vars(module), "np": np}):
            runner.run(example)

    assert runner.failures == 0
    assert runner.tries or name in WITHOUT or not public


@pytest.mark.parametrize("name", NAMES)
def test_every_public_function_says_what_it_does(name):
    module = importlib.import_module(name)

    silent = [
        one for one, function in functions_of(module) if one[0] != "_" and not function.__doc__
    ]

    assert silent == []
