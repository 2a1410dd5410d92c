"""The guesses of an SMT solver: they refute only by a curve that the checker accepts."""

from __future__ import annotations

import json

import pytest

from exactrelu import Problem, check
from exactrelu import point as point_module
from exactrelu.germ import loss_germ, lowest_change
from exactrelu.smt import guessed_curves

z3 = pytest.importorskip("z3")


def deep(widths: list[int], activation: str, x: list[str], y: list[str], **loss: str) -> Problem:
    """Without biases, with the zero point."""
    layers = range(len(widths) - 1)
    document = {
        "format": "exactrelu.problem/1",
        "network": {"widths": widths, "activation": activation, "bias": [False for _ in layers]},
        "loss": {"kind": "squared", **loss},
        "data": {"x": [[a] for a in x], "y": y},
        "points": {"zero": {f"W{l + 1}": [["0"] * widths[l]] * widths[l + 1] for l in layers}},
    }
    return Problem.loads(json.dumps(document))


ZEROS = [
    deep([1, 1, 1, 1], "linear", ["1"], ["1"]),
    deep([1, 2, 2, 1], "relu", ["1", "-1"], ["1", "-1"]),
    deep([1, 1, 1, 1, 1], "relu", ["1"], ["2"]),
]


@pytest.mark.parametrize("problem", ZEROS)
def test_a_better_point_near_by_becomes_a_curve_of_descent(problem: Problem) -> None:
    """At zero the loss of a network of L layers falls at order L first, in no line from a gradient or a Hessian."""
    zero = problem.points["zero"]
    changes = [lowest_change(loss_germ(problem, zero, curve)) for curve in guessed_curves(problem, zero, lambda: None)]
    assert any(order and coefficient < 0 for order, coefficient in changes)


def test_what_only_the_solver_finds_is_proved_by_the_curve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(point_module, "lagrange_tree", lambda *_: None)
    monkeypatch.setattr(point_module, "fixed_directions", lambda _: iter(()))
    decision = ZEROS[1].at("zero").local_minimum()
    assert (decision.answer, decision.rule) == ("no", "descent")
    assert check(decision.certificate).accepted


def test_where_there_is_no_better_point_nothing_is_guessed_and_nothing_is_said() -> None:
    problem = deep([1, 1, 1, 1], "linear", ["1"], ["0"], weight_decay="1")
    assert list(guessed_curves(problem, problem.points["zero"], lambda: None)) == []
