"""The cells around a point: against the oracle, along their curves, and with proofs that nothing is missing."""

from __future__ import annotations

import json
import random
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from kinked_points import kinked, shallow
from landscape_oracle import Shallow
from problems import Oracle, random_point, random_problem
from test_checker import mutations
from test_points import neurons

from exactrelu import Arrangement, Loss, Network, Problem, check
from exactrelu.budget import Budget
from exactrelu.checker import Malformed
from exactrelu.germ import on_curve, signs_along
from exactrelu.incidence import LISTED, SHOWN, IncidentCell, IncidentCells
from exactrelu.signature import Columns, write


def pattern(here: Shallow, columns: Columns) -> Any:
    """A cell as the oracle writes it: the slopes of the neurons, the signs of the margins at kinks."""
    slopes = tuple(
        tuple(
            here.above if column[0][k] > 0 or not any(x) else here.below
            for column, x in zip(columns, here.x, strict=True)
        )
        for k in range(len(here.w))
    )
    return slopes, tuple(columns[i][-1][0] for i in here.kinks)


def certificate(problem: Problem, **changes: Any) -> dict[str, Any]:
    """The certificate of the incident cells of the point "p", and nothing else."""
    found = problem.at("p").certificate("kind").to_dict()
    return {**found, "decisions": {}, "incident": problem.at("p").incident, **changes}


def accepted(document: Any) -> bool:
    """Whether the checker accepts a document."""
    try:
        return bool(check(document))
    except Malformed:
        return False


# ---------------------------------------------------------------- against the oracle


def assert_right(problem: Problem) -> None:
    here, point = shallow(problem), problem.at("p")
    cells = point.incident_cells()
    assert cells.complete and cells.number == len(cells)
    assert len({cell.columns for cell in cells}) == len(cells)
    assert {pattern(here, cell.columns) for cell in cells} == set(here.incident()), problem.dumps()
    for cell in cells:
        assert_enters(problem, point.parameters, cell)
    verdict = check(certificate(problem))
    assert verdict.accepted and "no others" in verdict.reason, verdict.reason


def assert_enters(problem: Problem, start: Any, cell: IncidentCell) -> None:
    """Not far along its curve, and nearer and nearer, there are points with the signature of the cell."""
    oracle, t = Oracle(problem), Fraction(1, 8)
    while oracle.signature([Fraction(str(v)) for v in on_curve(start, cell.curve, mpq(str(t)))]) != cell.signature:
        t /= 8
        assert t > Fraction(1, 10**60)
    for closer in (t / 8, t / 10**9):
        assert oracle.signature(on_curve(start, cell.curve, mpq(str(closer)))) == cell.signature


@pytest.mark.parametrize("seed", range(60))
def test_the_incident_cells_are_those_of_the_oracle(seed: int) -> None:
    assert_right(kinked(random.Random(f"incidence {seed}")))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(5))
def test_the_incident_cells_of_a_thousand_points_are_those_of_the_oracle(block: int) -> None:
    for seed in range(200):
        assert_right(kinked(random.Random(f"many cells {block} {seed}")))


@pytest.mark.parametrize("seed", range(40))
def test_no_random_curve_enters_a_cell_that_is_not_listed(seed: int) -> None:
    """Several outputs, structured layers, depth, weight decay: where the list is said to be complete, it is."""
    rng = random.Random(f"curves {seed}")
    kind = rng.choice(["squared", "hinge", "multiclass-hinge", "one-vs-all-hinge"])
    widths = rng.choice([(2, 2, 1), (1, 3, 1), (2, 1, 2), (2, 2, 2, 1), (2, 1)])
    style = rng.choice(["dense", "dense", "conv", "linear"])
    problem = random_problem(rng, kind, widths, style, rng.randint(1, 3), decay=rng.random() < 0.3)
    place = [v if rng.random() < 0.7 else "0" for v in random_point(rng, problem, 1, 1)]
    point = problem.at(problem.network.write([mpq(v) for v in place]))
    cells = point.incident_cells()
    known = {cell.columns for cell in cells}
    assert cells.complete or cells.reason
    for cell in cells:
        assert signs_along(problem, point.parameters, cell.curve) == cell.columns
    for _ in range(80 if cells.complete else 0):
        curve = [tuple(mpq(rng.randint(-5, 5)) for _ in point.parameters) for _ in range(2)]
        columns = signs_along(problem, point.parameters, curve)
        assert columns in known or not point.forms.is_open(columns), write(columns)


# ---------------------------------------------------------------- known answers


def test_dependent_boundaries_do_not_give_all_completions() -> None:
    """Equal, opposite and collinear data: three zeros, but two cells, not eight."""
    problem = neurons([["1"], ["-2"], ["3"]], ["0", "0", "0"], {"p": (["1"], [["0"]], "0")}, bias=(False, False))
    point = problem.at("p")
    assert point.signature == "0;0;0"
    assert [cell.signature for cell in point.incident_cells()] == ["+;-;+", "-;+;-"]


def test_some_cells_are_entered_along_no_straight_line() -> None:
    """At v = 0, w = 0 a straight line moves the output by v w in second order, and the output bias in first order."""
    problem = neurons([["1", "0"]], [1], {"p": (["0"], [["1", "0"]], "1")}, "hinge", bias=(False, True))
    assert [cell.signature for cell in problem.at("p").incident_cells()] == ["+,+", "+,-"]
    problem = neurons([["1", "0"], ["1", "1"], ["1", "-1"], ["2", "0"]], [1, 1, 1, 1],
                      {"p": (["0"], [["0", "0"]], "1")}, "hinge", bias=(False, True))  # fmt: skip
    assert max(len(cell.curve) for cell in problem.at("p").incident_cells()) > 1


def test_a_thin_neuron_that_cannot_move_two_margins_apart() -> None:
    """v = 0, w = 1: the bias and v move the margins of x = 1 and x = 2 apart, but not those of equal data."""
    problem = neurons([["1"], ["2"]], [1, 1], {"p": (["0"], [["1"]], "1")}, "hinge", bias=(False, True))
    cells = [cell.signature for cell in problem.at("p").incident_cells()]
    assert cells == ["+,+;+,+", "+,+;+,-", "+,-;+,+", "+,-;+,-"]
    parallel = neurons([["1"], ["1"]], [1, 1], {"p": (["0"], [["1"]], "1")}, "hinge", bias=(False, True))
    assert [cell.signature for cell in parallel.at("p").incident_cells()] == ["+,+;+,+", "+,-;+,-"]


def test_units_with_one_slope_are_told_apart_too() -> None:
    problem = neurons([["1"]], ["0"], {"p": (["1"], [["0"]], "0")}, slopes=(1, 1), bias=(False, False))
    assert problem.at("p").form is not None
    assert [cell.signature for cell in problem.at("p").incident_cells()] == ["+", "-"]


def test_a_smooth_point_lies_in_one_cell() -> None:
    problem = Problem.example("yun2018-three-point")
    (cell,) = problem.at("bad").incident_cells()
    assert cell.signature == problem.at("bad").signature


def test_deep_networks_with_kinks_in_the_first_layer_only_are_complete() -> None:
    """Two neurons at w = 0, six data in the plane: the square of the number of chambers."""
    x = [["1", "0"], ["0", "1"], ["1", "1"], ["1", "-1"], ["2", "1"], ["-1", "2"]]
    network = Network.dense([2, 2, 2, 2], bias=[False, True, True])
    point = {
        "W1": [["0", "0"], ["0", "0"]], "W2": [["1", "2"], ["-1", "1"]], "b2": ["1", "-1"],
        "W3": [["1", "2"], ["0", "1"]], "b3": ["0", "0"],
    }  # fmt: skip
    problem = Problem(network, x, [["1", "2"]] * 6, Loss("squared"), {"p": point})  # type: ignore[arg-type]
    cells = problem.at("p").incident_cells()
    assert cells.complete and len(cells) == Arrangement(x).count() ** 2 == 144
    assert check(certificate(problem))


def test_a_deeper_kink_is_named_where_completeness_is_not_shown() -> None:
    network = Network.dense([1, 1, 1, 1], bias=False)
    point = {"W1": [["1"]], "W2": [["0"]], "W3": [["1"]]}
    cells = Problem(network, [[1]], [1], Loss("squared"), {"p": point}).at("p").incident_cells()  # type: ignore[arg-type]
    assert not cells.complete and cells.number is None
    assert "unit 1 of layer 2 at data point 1 vanishes" in cells.reason
    assert {cell.signature for cell in cells} == {"+,+", "+,-"}
    assert repr(cells) == "IncidentCells(2 cells, not known to be all)"


def test_more_cells_than_are_listed_are_counted() -> None:
    x = [[str(a), str(b)] for a in range(1, 5) for b in (-1, 1)]
    problem = neurons(x, ["1"] * 8, {"p": (["1"] * 3, [["0", "0", "0"]] * 3, "0")})
    cells = problem.at("p").incident_cells()
    chambers = Arrangement([[*row, 1] for row in x]).count()
    assert not cells.complete and len(cells) == SHOWN < LISTED < cells.number == chambers**3
    assert f"more than {LISTED}" in cells.reason


def test_a_budget_leaves_what_was_found() -> None:
    problem = kinked(random.Random("incidence 1"))
    cells = problem.at("p", Budget(0)).incident_cells()
    assert isinstance(cells, IncidentCells) and not cells.complete and "budget" in cells.reason


def test_weight_decay_does_not_change_the_incident_cells() -> None:
    for seed in range(10):
        problem = kinked(random.Random(f"decay {seed}"))
        data = problem.to_dict()
        data["loss"]["weight_decay"] = "1/3"
        decayed = Problem.loads(json.dumps(data))
        assert [c.columns for c in decayed.at("p").incident_cells()] == [
            c.columns for c in problem.at("p").incident_cells()
        ]
        assert check(certificate(decayed))


# ---------------------------------------------------------------- proofs


@pytest.mark.parametrize("seed", range(12))
def test_a_changed_list_of_incident_cells_is_rejected_or_still_true(seed: int) -> None:
    rng = random.Random(f"changed cells {seed}")
    problem = kinked(rng, patterns=8)
    whole = certificate(problem)
    here, proved = shallow(problem), {cell["signature"] for cell in whole["incident"]["cells"]}
    changed = [c for path, c in mutations(whole["incident"], ("incident",))]
    survivors = [c for c in rng.sample(changed, min(150, len(changed))) if accepted({**whole, "incident": c})]
    for other in survivors:
        listed = {cell["signature"] for cell in other["cells"]}
        assert listed <= proved, (problem.dumps(), other)
        assert listed == proved or "tree" not in other, (problem.dumps(), other)
    assert len(set(here.incident())) == len(proved) or here.above == here.below


@pytest.mark.parametrize("seed", range(12))
def test_no_incident_cell_can_be_left_out_of_a_complete_list(seed: int) -> None:
    problem = kinked(random.Random(f"left out {seed}"), patterns=8)
    whole = certificate(problem)
    cells = whole["incident"]["cells"]
    for k in range(len(cells)):
        shorter = {**whole["incident"], "cells": cells[:k] + cells[k + 1 :]}
        assert "is not listed" in check({**whole, "incident": shorter}).reason
        del shorter["tree"]
        assert accepted({**whole, "incident": shorter})
