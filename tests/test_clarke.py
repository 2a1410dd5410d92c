"""The Clarke subdifferential: against the oracle's enumeration, its element of least norm, its certificates."""

from __future__ import annotations

import copy
import json
import random
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st
from kinked_points import kinked, shallow
from landscape_oracle import holds_origin
from problems import random_point, random_problem
from tableau import inner
from test_checker import mutations
from test_points import neurons

from exactrelu import Loss, Network, Problem, check
from exactrelu.budget import Budget
from exactrelu.checker import Malformed
from exactrelu.clarke import Subdifferential
from exactrelu.constant_cells import constant_cell
from exactrelu.incidence import IncidentCell
from exactrelu.nearest_point import dot, nearest
from exactrelu.relaxation import cell_gradient

WORDS = {True: "yes", False: "no"}


def accepted(document: Any) -> bool:
    """Whether the checker accepts a document."""
    try:
        return bool(check(document))
    except Malformed:
        return False


def gradients(problem: Problem) -> list[list[Fraction]]:
    """The gradients of all incident cells by the oracle: all w (and b), then v, then c."""
    here = shallow(problem)
    return [list(row) for row in sorted({here.gradient(*cell) for cell in here.incident()})]


def arranged(problem: Problem, vector: Any) -> list[Fraction]:
    """A vector of the engine in the order of the oracle."""
    arrays = problem.network.write(vector)
    rows = [[*row, *([arrays["b1"][k]] if "b1" in arrays else [])] for k, row in enumerate(arrays["W1"])]
    flat = [*(a for row in rows for a in row), *arrays["W2"][0], *arrays.get("b2", [])]
    return [Fraction(a) for a in flat]


# ---------------------------------------------------------------- against the oracle


def assert_right(problem: Problem) -> None:
    point = problem.at("p")
    vectors = gradients(problem)
    decision = point.decision("clarke_critical")
    assert decision.answer == WORDS[holds_origin([tuple(v) for v in vectors])], problem.dumps()
    found = Subdifferential(point.incidence).contains()
    assert found.answer == decision.answer and found.nearest is not None
    u = arranged(problem, found.nearest)
    assert min(inner(u, g) for g in vectors) == inner(u, u)
    total = [Fraction(0)] * len(u)
    for cell, m in found.cells:
        g = arranged(problem, cell_gradient(problem, point.parameters, cell.columns))
        assert g in vectors
        total = [a + Fraction(str(m)) * b for a, b in zip(total, g, strict=True)]
    assert total == u
    verdict = check(point.certificate("clarke_critical"))
    assert verdict.accepted, (verdict.reason, problem.dumps())


@pytest.mark.parametrize("seed", range(80))
def test_the_element_of_least_norm_is_that_of_all_incident_cells(seed: int) -> None:
    assert_right(kinked(random.Random(f"clarke {seed}")))


@pytest.mark.parametrize("seed", range(30))
def test_weight_decay_moves_the_subdifferential(seed: int) -> None:
    problem = kinked(random.Random(f"clarke decay {seed}"))
    data = problem.to_dict()
    data["loss"]["weight_decay"] = "2/5"
    assert_right(Problem.loads(json.dumps(data)))


@pytest.mark.slow
@pytest.mark.parametrize("block", range(5))
def test_the_subdifferential_of_a_thousand_points_is_that_of_the_oracle(block: int) -> None:
    for seed in range(200):
        assert_right(kinked(random.Random(f"many clarke {block} {seed}")))


@pytest.mark.parametrize("seed", range(60))
def test_flat_means_that_some_incident_cell_has_constant_loss(seed: int) -> None:
    problem = kinked(random.Random(f"flat {seed}"))
    found = constant_cell(problem.at("p").incidence)
    assert isinstance(found, IncidentCell) == shallow(problem).is_flat(), problem.dumps()
    if isinstance(found, IncidentCell):
        assert problem.form(found.signature).is_flat


@pytest.mark.parametrize("seed", range(40))
def test_other_vectors_are_in_the_subdifferential_or_not(seed: int) -> None:
    """Midpoints of gradients are, what lies beyond one of them is not."""
    rng = random.Random(f"target {seed}")
    problem = kinked(rng)
    point = problem.at("p")
    cells = point.incident_cells()
    hull = Subdifferential(point.incidence)
    found = [cell_gradient(problem, point.parameters, cell.columns) for cell in cells]
    first, second = rng.choice(found), rng.choice(found)
    assert hull.contains(tuple((a + b) / 2 for a, b in zip(first, second, strict=True))).answer == "yes"
    direction = tuple(mpq(rng.randint(-3, 3)) for _ in first)
    far = max(found, key=lambda g: dot(direction, g))
    beyond = tuple(a + d for a, d in zip(far, direction, strict=True))
    if any(direction):
        answer = hull.contains(beyond)
        assert answer.answer == "no" and answer.nearest is not None and answer.direction is not None
        assert all(dot(answer.direction, [a - b for a, b in zip(g, beyond, strict=True)]) > 0 for g in found)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_said_of_other_networks_agrees_with_the_cells_that_are_found(seed: int) -> None:
    """Several outputs, structured layers, depth: a hull of some cells is enough for a yes, none refutes a no."""
    rng = random.Random(f"other clarke {seed}")
    kind = rng.choice(["squared", "hinge", "multiclass-hinge", "one-vs-all-hinge"])
    widths = rng.choice([(2, 1, 2), (2, 2, 2), (2, 2, 2, 1), (1, 2, 2, 1)])
    style = rng.choice(["dense", "dense", "conv", "deep-conv"])
    problem = random_problem(rng, kind, widths, style, rng.randint(1, 3), decay=rng.random() < 0.3)
    place = [v if rng.random() < 0.6 else "0" for v in random_point(rng, problem, 1, 1)]
    point = problem.at(problem.network.write([mpq(v) for v in place]))
    answer = point.decision("clarke_critical").answer
    cells = point.incident_cells()
    vectors = [tuple(Fraction(str(a)) for a in cell_gradient(problem, point.parameters, c.columns)) for c in cells]
    if vectors and holds_origin(vectors):
        assert answer == "yes"
    elif cells.complete:
        assert answer == "no"
    assert check(point.certificate("clarke_critical", "kind"))


# ---------------------------------------------------------------- known answers


def test_each_replica_is_critical_but_their_sum_is_not() -> None:
    """Laurent and von Brecht, anonymous version, after (18): 0 in each dL^(r) does not give 0 in d(sum of L^(r))."""
    problem = Problem.example("laurent-brecht-sum-rule")
    names = {name: problem.at(name).decision("clarke_critical").answer for name in problem.points}
    assert "no" in names.values() and "undecided" not in names.values()
    for name in names:
        assert check(problem.at(name).certificate("clarke_critical"))


def test_the_absolute_value_has_the_interval_as_its_subdifferential() -> None:
    """One neuron v = 1, w = 0, data 1 and -1 with residuals -1: the gradients in w are -2 and 2, and 0 is between."""
    problem = neurons([["1"], ["-1"]], ["1", "1"], {"p": (["1"], [["0"]], "0")}, bias=(False, False), weights="sum")
    found = Subdifferential(problem.at("p").incidence).contains()
    assert found.answer == "yes"
    assert sorted((cell.signature, m) for cell, m in found.cells) == [("+;-", mpq(1, 2)), ("-;+", mpq(1, 2))]


def test_cancelling_data_need_the_chambers() -> None:
    """Equal data with residuals 1 and -1: each by itself has a kink, their sum has none."""
    x, y = [["1", "0"], ["1", "0"], ["0", "1"]], ["-1", "1", "1"]
    problem = neurons(x, y, {"p": (["1"], [["0", "-1"]], "1/2")}, bias=(False, True), weights="sum")
    decision = problem.at("p").decide("clarke_critical")
    assert (decision.answer, decision.rule) == ("no", "least-norm")
    assert check(decision.certificate)


def test_thirty_neurons_in_the_origin_are_no_two_to_the_hundred_patterns() -> None:
    """Each neuron by itself: 0 is between two of its chambers; with an output bias the bound needs no split at all."""
    x = [["1", "0"], ["-1", "0"], ["0", "1"], ["0", "-1"]]
    point = {"p": (["1"] * 30, [["0", "0"]] * 30, "0")}
    for bias, answer in ((False, "yes"), (True, "no")):
        problem = neurons(x, ["1"] * 4, point, bias=(False, bias))
        decision = problem.at("p").decide("clarke_critical")
        assert decision.answer == answer
        assert decision.answer == "yes" or decision.proof["tree"] == {}
        assert check(decision.certificate)


def test_a_budget_leaves_the_question_undecided() -> None:
    problem = neurons([["1"], ["-1"]], ["1", "1"], {"p": (["1"], [["0"]], "0")}, bias=(False, False))
    decision = problem.at("p", Budget(0)).decision("clarke_critical")
    assert decision.answer == "undecided" and "budget" in decision.reason


def test_a_deep_point_on_a_deeper_kink_is_decided_by_what_is_found() -> None:
    """Two hidden layers, the second at its kink: the loss is (max(t, 0) - 1)^2 with t = u w, w = 1, u = 0."""
    network = Network.dense([1, 1, 1, 1], bias=False)
    point = {"W1": [["1"]], "W2": [["0"]], "W3": [["1"]]}
    problem = Problem(network, [[1]], [1], Loss("squared"), {"p": point})  # type: ignore[arg-type]
    assert problem.at("p").decide("clarke_critical").answer == "yes"
    leaky = Problem(Network.dense([1, 1, 1, 1], (1, "1/2"), False), [[1]], [1], Loss("squared"), {"p": point})  # type: ignore[arg-type]
    decision = leaky.at("p").decide("clarke_critical")
    assert decision.answer == "no" and check(decision.certificate)


def test_minima_of_several_classes_are_flat_or_sharp() -> None:
    """Laurent and von Brecht, figure 5: loss 8/9 at a sharp minimum; the scaled last layer leads into a flat cell."""
    problem = Problem.example("laurent-brecht-three-classes")
    for name, kind in (("active-unsolved", "sharp"), ("global", "flat")):
        decision = problem.at(name).decide("kind")
        assert decision.answer == kind and check(decision.certificate)


# ---------------------------------------------------------------- the nearest point


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(*[st.integers(-4, 4)] * 3), min_size=1, max_size=9))
def test_the_nearest_point_is_optimal(corners: list[tuple[int, ...]]) -> None:
    vectors = [tuple(mpq(a) for a in corner) for corner in corners]

    def further(u: Any) -> Any:
        return next(((g, k) for k, g in enumerate(vectors) if dot(u, g) < dot(u, u)), None)

    found = nearest((vectors[0], 0), further, lambda: None)
    assert sum(w for _, w in found.labels) == 1 and min(w for _, w in found.labels) > 0
    combined = [sum(w * vectors[k][j] for k, w in found.labels) for j in range(3)]
    assert tuple(combined) == found.point
    assert min(dot(found.point, g) for g in vectors) == dot(found.point, found.point)


# ---------------------------------------------------------------- proofs


def certificate(problem: Problem, *questions: str) -> dict[str, Any]:
    found = problem.at("p").certificate(*questions).to_dict()
    return copy.deepcopy(found)


def assert_no_false_mutant(problem: Problem, question: str, rng: random.Random, count: int) -> None:
    """No change of a field of a decision makes the checker accept the other answer, or a wrong statement."""
    whole = certificate(problem, question)
    entry = whole["decisions"][question]
    changed = [c for _, c in mutations(entry, (question,))]
    for other in rng.sample(changed, min(count, len(changed))):
        document = {**whole, "decisions": {**whole["decisions"], question: other}}
        if accepted(document):
            assert other["answer"] in (entry["answer"], "undecided"), (problem.dumps(), other)
            if other.get("rule") == "least-norm":
                assert other["direction"] == entry["direction"]
            if other.get("rule") == "separating-direction":
                u = arranged(problem, problem.network.read(other["direction"]))
                assert min(inner(u, g) for g in gradients(problem)) > 0


@pytest.mark.parametrize("seed", range(25))
def test_a_changed_proof_about_the_subdifferential_is_rejected_or_still_true(seed: int) -> None:
    rng = random.Random(f"changed clarke {seed}")
    assert_no_false_mutant(kinked(rng, patterns=12), "clarke_critical", rng, 120)


@pytest.mark.parametrize("seed", range(25))
def test_a_changed_proof_about_flat_cells_is_rejected_or_still_true(seed: int) -> None:
    rng = random.Random(f"changed kind {seed}")
    problem = kinked(rng, patterns=12)
    while problem.at("p").decision("kind").answer is None:
        problem = kinked(rng, patterns=12)
    assert_no_false_mutant(problem, "kind", rng, 120)


@pytest.mark.parametrize("seed", range(25))
def test_the_opposite_answer_has_no_proof_in_the_same_fields(seed: int) -> None:
    """A critical point separated by every gradient, a flat minimum that is called sharp, and the like."""
    problem = kinked(random.Random(f"opposite {seed}"), patterns=12)
    point = problem.at("p")
    whole = certificate(problem, "clarke_critical", "kind", "local_minimum")
    decisions = whole["decisions"]

    def claim(question: str, entry: dict[str, Any]) -> bool:
        return accepted({**whole, "decisions": {**decisions, question: entry}})

    trees: list[dict[str, Any]] = [{}, point.incident.get("tree", {}), {"empty": {"0": "1"}}, {"empty": {}}]
    if decisions["clarke_critical"]["answer"] == "yes":
        for cell in point.incident_cells():
            g = cell_gradient(problem, point.parameters, cell.columns)
            for tree in trees:
                entry = {"answer": "no", "direction": problem.network.write(g), "tree": tree}
                assert not claim("clarke_critical", {**entry, "rule": "separating-direction"})
                one = [{"curve": [problem.network.write(d) for d in cell.curve], "multiplier": "1"}]
                assert not claim("clarke_critical", {**entry, "rule": "least-norm", "cells": one})
    if decisions["kind"]["answer"] == "flat":
        for tree in trees:
            assert not claim("kind", {"answer": "sharp", "rule": "incident-cells", "tree": tree})
    if decisions["kind"]["answer"] == "sharp":
        for cell in point.incident_cells():
            curve = [problem.network.write(d) for d in cell.curve]
            assert not claim("kind", {"answer": "flat", "rule": "constant-cell", "curve": curve})
