"""Strict and isolated minima on kinks: without a hidden layer, and with weight decay."""

import copy
import json
import random
from itertools import combinations
from typing import Any

import pytest
from gmpy2 import mpq
from kinked_points import kinked_with_decay
from test_atlas import changed, entry, places

from exactrelu import Loss, Network, Problem, check
from exactrelu.checker import Malformed
from exactrelu.linear import Solution, kernel, rank, solve
from exactrelu.point import Point
from exactrelu.rational import dot

TINY = mpq(1, 10**6)


def linear_problem(rng: random.Random, kind: str, decay: Any = 0) -> Problem:
    """A linear model on few points with small integers: repeated points, and margins of exactly 1, are frequent."""
    outputs = {"hinge": 1, "multiclass-hinge": rng.choice([2, 2, 3]), "one-vs-all-hinge": 2}[kind]
    inputs, bias = rng.choice(
        [(1, True), (1, True), (2, False), (2, True)] if outputs == 1 else [(1, False), (1, True)]
    )
    count = rng.randint(2, 6)
    x = [[rng.randint(-2, 2) for _ in range(inputs)] for _ in range(count)]
    y = [rng.choice([-1, 1]) if kind == "hinge" else rng.randrange(outputs) for _ in range(count)]
    return Problem(Network.dense([inputs, outputs], bias=bias), x, y, Loss(kind, weights="sum", weight_decay=decay))


def rows(problem: Problem) -> list[tuple[Any, ...]]:
    """The derivatives of all loss units, which are affine here, by the parameters."""
    layer, found = problem.network.layers[0], []
    for x, units in zip(problem.x, problem.units, strict=True):
        for unit in units:
            row = [mpq(0)] * problem.network.parameters
            for output, c in unit.terms:
                for j, a in enumerate(x):
                    row[output * layer.inputs + j] += c * a
                if layer.bias:
                    row[layer.size + output] += c
            found.append(tuple(row))
    return found


def vertices(problem: Problem, rng: random.Random) -> Any:
    """Points at which several loss units are 0, or some, if they cannot be independent."""
    size, every = problem.network.parameters, rows(problem)
    for _ in range(12):
        chosen = rng.sample(every, rng.randint(1, min(size, len(every))))
        found = solve(tuple(chosen), (mpq(-1),) * len(chosen))
        if isinstance(found, Solution):
            yield found.point


def slope(problem: Problem, point: Any, d: Any) -> Any:
    """The one-sided derivative; without decay the loss is linear on so short a way."""
    return (problem.evaluate([p + TINY * a for p, a in zip(point, d, strict=True)]) - problem.evaluate(point)) / TINY


def rays(kinks: list[Any], size: int) -> Any:
    """All lines in which these hyperplanes meet, both ways; they have to have no more than the origin in common."""
    for chosen in combinations(kinks, size - 1):
        line = kernel(tuple(chosen), size)
        if len(line) == 1:
            yield from (line[0], tuple(-a for a in line[0]))


def expected(problem: Problem, point: Any) -> str:
    """By brute force: "strict", "minimum" or "none"; the derivative is linear on the cones between the hyperplanes."""
    size = problem.network.parameters
    kinks = [row for row in rows(problem) if 1 + dot(row, point) == 0]
    if rank((*kinks, (mpq(0),) * size)) < size:
        extra = kernel((*kinks, (mpq(0),) * size), size)  # the derivative is linear along these lines
        if any(slope(problem, point, d) for d in extra):
            return "none"
        kinks += extra
        slopes = [slope(problem, point, d) for d in rays(kinks, size)]
        return "minimum" if min(slopes) >= 0 else "none"
    slopes = [slope(problem, point, d) for d in rays(kinks, size)]
    return "none" if min(slopes) < 0 else "strict" if min(slopes) > 0 else "minimum"


def verify_linear_model(kind: str, seed: int) -> list[str]:
    """The answers at some points of a random linear model are those of brute force."""
    rng = random.Random(f"{kind} {seed}")
    problem, found = linear_problem(rng, kind), []
    for parameters in vertices(problem, rng):
        point, wanted = Point(problem.forms, parameters), expected(problem, parameters)
        found.append(wanted)
        assert point.local_minimum().answer == ("no" if wanted == "none" else "yes")
        for decision in (point.strict(), point.isolated()):
            assert decision.answer == ("yes" if wanted == "strict" else "no")
            assert check(decision.certificate).accepted
            found.append(decision.rule)
    return found


@pytest.mark.parametrize("kind", ["hinge", "multiclass-hinge", "one-vs-all-hinge"])
def test_a_minimum_of_a_linear_model_is_strict_as_brute_force_says(kind: str) -> None:
    found = [each for seed in range(25) for each in verify_linear_model(kind, seed)]
    assert found.count("minimum") > 10 and found.count("constant-ray") + found.count("constant-line") > 10
    assert kind == "multiclass-hinge" or found.count("lagrangian") > 10  # all outputs may move together
    assert kind != "hinge" or found.count("constant-ray") > 2


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hinge", "multiclass-hinge", "one-vs-all-hinge"])
@pytest.mark.parametrize("block", range(8))
def test_many_minima_of_linear_models_are_strict_as_brute_force_says(kind: str, block: int) -> None:
    for seed in range(100 * (block + 1), 100 * (block + 1) + 50):
        verify_linear_model(kind, seed)


def test_with_weight_decay_each_minimum_of_a_linear_model_is_strict() -> None:
    """The loss is strictly convex."""
    on_kinks = 0
    for seed in range(60):
        rng = random.Random(f"decay {seed}")
        problem = linear_problem(rng, "hinge", rng.choice(["1/10", "1/2", 1, 2]))
        for parameters in vertices(problem, rng):
            point = Point(problem.forms, parameters)
            answer = point.local_minimum().answer
            assert answer in ("yes", "no") and point.strict().answer == point.isolated().answer == answer
            assert check(point.certificate("strict", "isolated")).accepted
            on_kinks += answer == "yes"
    assert on_kinks > 10


def test_with_weight_decay_no_point_near_a_strict_minimum_on_kinks_is_better() -> None:
    strict = 0
    for seed in range(60):
        rng = random.Random(f"d{seed}")
        point = kinked_with_decay(rng).at("p")
        decision, isolated = point.strict(), point.isolated()
        assert decision.answer == isolated.answer == point.local_minimum().answer
        if decision.rule == "lagrangian":
            strict += 1
            assert check(point.certificate("strict", "isolated")).accepted
            for _ in range(40):
                size = rng.choice([50, 1000, 10**5])
                near = [p + mpq(rng.randint(-3, 3) * rng.choice([0, 1, 1]), size) for p in point.parameters]
                assert tuple(near) == point.parameters or point.instance.evaluate(near) > point.loss
    assert strict > 3


def test_with_weight_decay_a_neuron_at_its_kink_can_be_strict() -> None:
    """max(w, 0) v with target -1 at x = 1, and decay: at w = v = 0 the decay has its minimum, and the rest is cubic."""
    problem = Problem(Network.dense([1, 1, 1], bias=False), [[1]], [[-1]], Loss("squared", weight_decay=5))
    decisions = [getattr(problem.at({"W1": [[0]], "W2": [[0]]}), name)() for name in ("local_minimum", "strict")]
    assert [d.answer for d in decisions] == ["yes", "yes"] and decisions[1].rule == "lagrangian"
    assert check(decisions[1].certificate).accepted


def test_a_ray_of_minima_ends_at_a_minimum_that_is_not_strict() -> None:
    """Of max(1 - b, 0) + max(1 + b, 0) all b from -1 to 1 are minima; with other weights one end is strict."""
    network = Network.dense([1, 1], bias=False)
    problem = Problem(network, [[1], [1]], [1, -1], Loss("hinge", weights="sum"))
    for w, strict in ((0, "constant-line"), (1, "constant-ray"), (-1, "constant-ray")):
        for decision in (problem.at({"W1": [[w]]}).strict(), problem.at({"W1": [[w]]}).isolated()):
            assert (decision.answer, decision.rule) == ("no", strict)
    heavy = Problem(network, [[1], [1]], [1, -1], Loss("hinge", weights=[2, 1]))
    assert [heavy.at({"W1": [[w]]}).strict().answer for w in (-1, 0, 1)] == ["no", "no", "yes"]


def certificate_of(question: str) -> Any:
    """2 max(1 - b, 0) + max(1 + b, 0) + 2 max(1 + c, 0) + max(1 - c, 0), c = w + b, at its minimum b = 1, c = -1."""
    labels, loss = [1, -1, -1, 1], Loss("hinge", weights=[2, 1, 2, 1])
    problem = Problem(Network.dense([1, 1]), [[0], [0], [1], [1]], labels, loss)
    point = problem.at({"W1": [[-2]], "b1": [1]})
    return json.loads(point.certificate("local_minimum", question).dumps())


def is_accepted(certificate: Any) -> bool:
    try:
        return check(certificate).accepted
    except Malformed:
        return False


@pytest.mark.parametrize("question", ["strict", "isolated"])
def test_a_changed_proof_that_a_minimum_is_strict_is_rejected(question: str) -> None:
    certificate = certificate_of(question)
    decision = certificate["decisions"][question]
    assert decision["rule"] == "lagrangian" and is_accepted(certificate)
    for path in places(decision):
        for value in changed(entry(decision, path)) if path else ():
            mutant = copy.deepcopy(certificate)
            entry(mutant["decisions"][question], path[:-1])[path[-1]] = value
            assert not is_accepted(mutant), path
    for tree in ({"cross-term": decision["tree"]["multipliers"]}, {"multipliers": {}}, {"+": {}, "-": {}}, {}):
        mutant = copy.deepcopy(certificate)
        mutant["decisions"][question]["tree"] = tree
        assert not is_accepted(mutant)


@pytest.mark.parametrize("question", ["strict", "isolated"])
def test_a_changed_ray_is_rejected(question: str) -> None:
    problem = Problem(Network.dense([1, 1], bias=False), [[1], [1]], [1, -1], Loss("hinge", weights="sum"))
    certificate = json.loads(problem.at({"W1": [[1]]}).certificate(question).dumps())
    decision = certificate["decisions"][question]
    assert decision["rule"] == "constant-ray" and decision["direction"]["W1"][0][0].startswith("-")
    for changes in ({"direction": {"W1": [["1"]]}}, {"direction": {"W1": [["0"]]}}, {"rule": "constant-line"}):
        mutant = copy.deepcopy(certificate)
        mutant["decisions"][question] |= changes
        assert not is_accepted(mutant)
    del certificate["decisions"]["local_minimum"]  # an isolated minimum is one
    assert is_accepted(certificate) == (question == "strict")


def test_what_a_hidden_layer_leaves_alike_is_not_strict() -> None:
    """The multipliers of a minimum that can be rescaled prove no strictness, nor do cross terms."""
    problem = Problem(Network.dense([1, 1, 2], bias=False), [[1]], [[-1, 0]], Loss("squared", weights="sum"))
    point = problem.at({"W1": [[0]], "W2": [[1], [5]]})
    certificate = json.loads(point.certificate("local_minimum", "strict").dumps())
    minimum = certificate["decisions"]["local_minimum"]
    assert minimum["rule"] == "lagrangian" and certificate["decisions"]["strict"]["rule"] == "rescaling"
    certificate["decisions"]["strict"] = {"answer": "yes", "rule": "lagrangian", "tree": minimum["tree"]}
    assert "symmetries" in check(certificate).reason
