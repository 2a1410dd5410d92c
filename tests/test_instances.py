"""The papers' instances: each file of `instances/` is a problem with points, and the verdicts that its source gives.

The files state nothing that was computed here, except that a loss with weight decay includes the decay.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from problems import Oracle

from exactrelu import Problem, check

FILES = sorted((Path(__file__).parent / "instances").glob("*.json"))
DECIDED = ("local_minimum", "local_maximum", "clarke_critical")


def instance(path: Path) -> tuple[Problem, dict[str, dict[str, str]]]:
    """The problem of a file, and what is expected of its points."""
    document = json.loads(path.read_text())
    return Problem.loads(json.dumps(document["problem"]), path.stem), document["expected"]


CASES = [pytest.param(path, name, id=f"{path.stem}: {name}") for path in FILES for name in instance(path)[1]]


def is_decidable(problem: Problem) -> bool:
    """One dense hidden layer, one output, no weight decay, no output activation: local minimality is decided."""
    data = problem.to_dict()
    network, loss = data["network"], data["loss"]
    layers: list[Any] = network.get("layers", [])
    return (
        len(network["widths"]) == 3
        and network["widths"][-1] == 1
        and all(layer["kind"] == "dense" for layer in layers)
        and not network.get("output_activation", False)
        and not Fraction(loss.get("weight_decay", "0"))
    )


@pytest.mark.parametrize(("path", "name"), CASES)
def test_each_point_has_the_loss_and_the_verdicts_of_its_source(path: Path, name: str) -> None:
    problem, expected = instance(path)
    point = problem.at(name)
    assert Fraction(str(point.loss)) == Oracle(problem).value(problem.point(name))
    for question, truth in expected[name].items():
        if question == "loss":
            assert point.loss == Fraction(truth)
        else:
            answer = point.decision(question).answer
            assert answer == truth or (answer == "undecided" and not is_decidable(problem)), question
    verdict = check(point.certificate())
    assert verdict.accepted, verdict.reason


@pytest.mark.parametrize(("path", "name"), CASES)
def test_one_hidden_layer_with_one_output_is_never_undecided(path: Path, name: str) -> None:
    problem, _ = instance(path)
    if not is_decidable(problem):
        pytest.skip("several layers, several outputs, or weight decay")
    point = problem.at(name)
    for question in DECIDED:
        assert point.decision(question).answer in ("yes", "no"), question
    assert point.kind().answer in ((None,) if point.local_minimum().answer == "no" else ("flat", "sharp"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_named_point_is_expected_to_be_something(path: Path) -> None:
    problem, expected = instance(path)
    assert set(expected) == set(problem.points)
    assert all(expected.values())


def test_no_instance_was_lost() -> None:
    assert len(FILES) == 46
    assert len(CASES) == 92
