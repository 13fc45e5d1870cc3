"""The house form of the maths: shapes of arrays, errors and papers are told where they are met.

What a class or a module says at its head holds for all that stands in it.
"""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from predictions import modelling

ROOT = Path(modelling.__file__).parent
ARRAYS = re.compile(r"\b(Floats|Ints|Bools|Records|Singles|NDArray|csr_array)\b")
# As (n,), (n, 3), (n_days, n_ways), (n, k + 3): what an array's axes hold.
SHAPE = re.compile(r"\((?:n|m|k|\d+|n_\w+|rows|N_\w+|\.{1,3})(?:, ?[^()]*|,)\)")
PAPER = re.compile(r"\(\d{4}\)")
# What follows a paper, or a book, and must name it.
PUBLISHED = {
    "betting/bootstrap.py": {"roi_interval"},
    "betting/staking.py": {"fractional_kelly"},
    "evaluation/scoreboard.py": {"ece_standard_error", "two_sided"},
    "evaluation/scoring.py": {
        "log_loss",
        "brier",
        "ranked_probability_score",
        "calibration",
        "calibration_by_chance",
        "paired_difference",
    },
    "features/kernel/applying.py": {"apply_result"},
    "features/kernel/chances.py": {"outcome_probabilities"},
    "features/kernel/filtering.py": {"update_rating"},
    "fitting/boosted.py": {"Boosted.explain", "fit_boosted"},
    "fitting/club_effects.py": {"fit_club_effects"},
    "fitting/explanation.py": {"probability_points"},
    "fitting/learning.py": {"market_taught"},
    "fitting/logistic.py": {"fit_logistic"},
    "fitting/recipes.py": {"recency"},
    "pricing/books.py": {"kelly_fraction"},
    "pricing/markets.py": {"score_matrix", "reconciled"},
    "pricing/overround.py": {"power", "shin"},
    "world.py": {"double_round_robin"},
}


@dataclass(frozen=True)
class Told:
    """A public function, and all that is said of it: by itself, its class and its module."""

    name: str
    node: ast.FunctionDef
    module: ast.Module
    around: str
    is_method: bool

    @property
    def own(self):
        return ast.get_docstring(self.node) or ""

    @property
    def text(self):
        inherited = of_model().get(self.node.name, "") if self.is_method else ""
        return f"{self.around}\n{inherited}\n{self.own}"

    @property
    def signature(self):
        given = [*self.node.args.args, *self.node.args.kwonlyargs]
        annotations = [arg.annotation for arg in given] + [self.node.returns]
        return " ".join(ast.unparse(one) for one in annotations if one is not None)


def told_in(path):
    module = ast.parse(path.read_text())
    head = ast.get_docstring(module) or ""
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name[0] != "_":
            yield Told(node.name, node, module, head, is_method=False)
        if isinstance(node, ast.ClassDef) and node.name[0] != "_":
            around = f"{head}\n{ast.get_docstring(node) or ''}"
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name[0] != "_":
                    name = f"{node.name}.{method.name}"
                    yield Told(name, method, module, around, is_method=True)


@cache
def of_model():
    """What the protocol of all models says, method by method: it holds for each of them."""
    return {
        each.node.name: each.own
        for each in told_in(ROOT / "fitting" / "models.py")
        if each.name.startswith("Model.")
    }


ALL = {
    f"{path.relative_to(ROOT)}:{each.name}": each
    for path in sorted(ROOT.rglob("*.py"))
    for each in told_in(path)
}


def those(condition):
    """The functions of which it holds, by file and name."""
    return [name for name, function in ALL.items() if condition(function)]


def raised(function):
    """Errors by name that it raises, or a private function of its module that it calls."""
    private = {
        node.name: node
        for node in ast.walk(function.module)
        if isinstance(node, ast.FunctionDef) and node.name[0] == "_"
    }
    seen, waiting, errors = set(), [function.node], set()
    while waiting:
        for node in ast.walk(waiting.pop()):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                errors.add(ast.unparse(node.exc.func))
            called = getattr(node, "id", getattr(node, "attr", ""))
            if called in private and called not in seen:
                seen.add(called)
                waiting.append(private[called])
    return errors


def test_the_check_sees_the_functions():
    assert len(ALL) > 200
    assert raised(ALL["evaluation/scoring.py:brier"]) == {"ValueError"}
    assert SHAPE.search("(n, k + 3), whose last are the identity")
    assert not SHAPE.search("(its mean, and the most of it)")


def test_each_says_what_it_does():
    assert those(lambda one: not one.own and one.node.name not in of_model()) == []


def test_each_tells_the_shapes_of_its_arrays():
    assert those(lambda one: ARRAYS.search(one.signature) and not SHAPE.search(one.text)) == []


def test_each_tells_what_it_raises():
    assert those(lambda one: any(error not in one.text for error in raised(one))) == []


def test_each_function_has_an_example():
    """By itself; functions that are called alike may share one at their module's head."""
    assert those(lambda one: not one.is_method and ">>>" not in one.text) == []


def test_those_that_follow_a_paper_name_it():
    published = {f"{file}:{name}" for file, names in PUBLISHED.items() for name in names}

    assert [name for name in sorted(published) if not PAPER.search(ALL[name].text)] == []
