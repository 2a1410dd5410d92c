"""Several neurons with v = 0 at local minima of the hinge loss, where they have to do together."""

import copy
import json
import random
from contextlib import suppress
from itertools import product
from math import comb
from typing import Any

import pytest
from gmpy2 import mpq
from test_atlas import XOR, at, entry, is_listed, places, problem_of, verify_sets

from exactrelu import Problem, check
from exactrelu.checker import Malformed
from exactrelu.joint_neurons import Refuted


def unbalanced(seed: int) -> Problem:
    """More labels 1 than -1: with v = 0 and the output bias 1 several margins are exactly 1."""
    rng = random.Random(seed)
    n, d = rng.choice([(3, 1), (4, 1), (4, 2)])
    x = [[rng.randint(-2, 2) for _ in range(d)] for _ in range(n)]
    weights = rng.choice(["mean", [rng.randint(2, 4) for _ in range(n - 1)] + [rng.randint(1, 4)]])
    bias = (rng.random() < 0.5 or d == 1, True)
    return problem_of(
        x, [1] * (n - 1) + [-1], 2, {"kind": "hinge", "weights": weights}, rng.choice([(1, 0), (1, "1/2")]), bias
    )


def verify_thin_points(problem: Problem, seed: int, count: int) -> int:
    """Points with v = 0 that are local minima are in a listed set; how many there are."""
    found, rng, hits = problem.atlas(), random.Random(seed), 0
    assert found.complete
    network, size = problem.network, len(problem.x[0])
    for _ in range(count):
        w = [[str(mpq(rng.randint(-6, 6), rng.choice([1, 2]))) for _ in range(size)] for _ in range(2)]
        arrays: dict[str, Any] = {"W1": w, "W2": [[0, 0]], "b2": [1]}
        if network.layers[0].bias:
            arrays["b1"] = [rng.randint(-6, 6), rng.randint(-6, 6)]
        parameters = network.read(arrays)
        answer = at(problem, parameters).local_minimum().answer
        assert answer != "undecided"
        if answer == "yes":
            assert is_listed(problem, found, parameters)
            hits += 1
    return hits


@pytest.mark.parametrize("bias", [(False, True), pytest.param((True, True), marks=pytest.mark.slow)])
def test_two_neurons_without_effect_at_the_logical_and_are_decided(bias: tuple[bool, bool]) -> None:
    """Three labels 1, one -1: minima where the two activations of the last point are in a triangle of the others'."""
    problem = problem_of(XOR, [1, 1, 1, -1], 2, {"kind": "hinge"}, bias=bias)
    verify_sets(problem, 12)
    assert verify_thin_points(problem, 3, 150)


def test_two_affine_neurons_can_separate_what_one_cannot() -> None:
    """All data points active: each neuron alone may leave (1, 1) between the others; two span all affine functions."""
    problem = problem_of(XOR, [1, 1, 1, -1], 2, {"kind": "hinge"}, bias=(True, True))
    chambers = problem.atlas().search.lifted.chambers
    joint = problem.atlas().search.joint
    both = (chambers.index((1, 1, 1, 1)),) * 2
    answer = joint[(), both]
    assert isinstance(answer, Refuted) and answer.tree["neurons"] == [0, 1]
    alone = {"W1": [[1, -1]], "b1": [3], "W2": [[0]], "b2": [1]}
    one = problem_of(XOR, [1, 1, 1, -1], 1, {"kind": "hinge"}, bias=(True, True))
    assert one.at(alone).local_minimum().answer == "yes"
    together = {"W1": [[1, -1], [1, "-2"]], "b1": [3, 3], "W2": [[0, 0]], "b2": [1]}
    assert problem.at(together).local_minimum().answer == "no"


@pytest.mark.parametrize("seed", [*range(4), 389])
def test_unbalanced_classes_leave_nothing_open(seed: int) -> None:
    problem = unbalanced(seed)
    verify_sets(problem, 6)
    verify_thin_points(problem, seed, 15)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 140))
def test_unbalanced_classes_leave_nothing_open_in_many_landscapes(seed: int) -> None:
    problem = unbalanced(seed)
    verify_sets(problem, 12)
    verify_thin_points(problem, seed, 60)


def mutations(value: Any, path: tuple[Any, ...] = ()) -> Any:
    for key, each in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(each, dict | list):
            yield from mutations(each, (*path, key))
        elif isinstance(each, str):
            yield from (((*path, key), new) for new in (str(-mpq(each)), str(mpq(each) + 1), "0") if new != each)
        elif not isinstance(each, bool):
            yield from (((*path, key), new) for new in (each + 1, -each) if new != each)


def replaced(certificate: Any, path: tuple[Any, ...], value: Any) -> Any:
    mutant = copy.deepcopy(certificate)
    place = mutant
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return mutant


@pytest.mark.parametrize("kind", ["w", "signs"])
def test_a_changed_proof_is_rejected_or_proves_the_same(kind: str) -> None:
    problem = (
        unbalanced(52) if kind == "signs" else problem_of(XOR, [1, 1, 1, -1], 2, {"kind": "hinge"}, bias=(False, True))
    )
    certificate = json.loads(problem.atlas().certificate().dumps())
    assert certificate["complete"] and check(certificate).accepted
    entries = [k for k, each in enumerate(certificate["thin"]) if kind in each and len(each["chambers"]) == 2]
    assert entries
    rng, accepted, tried = random.Random(1), 0, 0
    for k in rng.sample(entries, min(3, len(entries))):
        rest = [each for j, each in enumerate(certificate["thin"]) if j != k]
        assert not check({**certificate, "thin": rest}).accepted
        every = list(mutations(certificate["thin"][k], ("thin", k)))
        for path, value in rng.sample(every, min(40, len(every))):
            tried += 1
            with suppress(Malformed):
                accepted += check(replaced(certificate, path, value)).accepted
    assert 2 * accepted < tried


def test_what_the_inequalities_imply_counts() -> None:
    """If the derivative at the third point is 0, those at the others are at their ends: these g are a single one."""
    x, weights = [[-2, -1], [-2, 0], [2, -2], [-1, -1]], [1, 3, 1, 4]
    problem = problem_of(x, [1, 1, 1, -1], 2, {"kind": "hinge", "weights": weights}, bias=(False, True))
    found = problem.atlas()
    assert found.complete
    certificate = json.loads(found.certificate().dumps())
    assert check(certificate).accepted
    leaves = [
        path
        for path in places(certificate)
        if path[-2:] == ("farkas", "columns") and "rare" in entry(certificate, path[:-2])
    ]
    assert leaves
    for path in leaves:
        for change in ({"loss": "7"}, {"bias": "7"}, {"columns": {}, "rays": {}, "loss": "0", "bias": "0"}):
            mutant = copy.deepcopy(certificate)
            entry(mutant, path[:-1]).update(change)
            assert not check(mutant).accepted


def test_signs_of_all_rays_are_needed_for_a_leaf() -> None:
    certificate = json.loads(unbalanced(52).atlas().certificate().dumps())
    trees = [k for k, each in enumerate(certificate["thin"]) if "signs" in each]
    assert trees
    for k, leaf in product(trees[:3], ({"neuron": 0}, {"neuron": 1}, {"rare": True}, {"neuron": 5})):
        assert not check(replaced(certificate, ("thin", k, "signs"), leaf)).accepted


def very_wide(many: int) -> dict[str, Any]:
    """An atlas of two points with different labels, of which nothing is known but the least loss without neurons."""
    problem = problem_of([[1], [1]], [1, -1], many, {"kind": "hinge", "weights": "sum"}, bias=(False, True))
    levels: list[list[Any]] = [[None] * comb(3 + m, m) for m in range(many + 1)]
    levels[0] = [{"dual": ["-1", "1"], "weights": {}, "bias": "1"}]
    return {
        "format": "exactrelu.certificate/1",
        "kind": "atlas",
        "statement": "",
        "problem": problem.to_dict(),
        "complete": False,
        "chambers": [{"signs": "++", "witness": ["1"]}, {"signs": "--", "witness": ["-1"]}],
        "rays": [[1], [-1]],
        "levels": levels,
        "thin": [],
        "minimum": None,
        "sets": [],
    }


def test_the_signs_of_very_many_neurons_without_effect_are_not_all_tried() -> None:
    certificate = very_wide(30)
    assert check(certificate).accepted
    certificate["thin"] = [{"piece": [], "chambers": [0] * 30, "w": [["1"]] * 30, "duals": []}]
    assert "too large" in check(certificate).reason


def test_very_long_numbers_are_not_expanded() -> None:
    certificate = very_wide(30)
    assert "too large" in check({**certificate, "rays": [["1e-9999"], ["-1"]]}).reason
    certificate = very_wide(2)
    tree: dict[str, Any] = {"rare": True}
    for _ in range(40):
        tree = {"neurons": [0], "w": [["1e-99999"]], "0": tree}
    certificate["thin"] = [{"piece": [], "chambers": [0, 0], "signs": tree}]
    assert "too large" in check(certificate).reason
