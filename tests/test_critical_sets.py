"""Clarke critical sets: checked by the decisions about points, by the atlas, and by the sealed checker."""

import copy
import json
import random
from collections.abc import Collection, Sequence
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpq
from test_atlas import XOR, at, changed, entry, places, problem_of

from exactrelu import Problem, check
from exactrelu.checker import Malformed, Strata
from exactrelu.cli import main
from exactrelu.critical_hinge import SOME, HingeSearch, Stratum
from exactrelu.critical_sets import CriticalSet, CriticalSets, _set
from exactrelu.derivative_polytope import DerivativePolytope
from exactrelu.errors import BudgetExceeded, Unsupported
from exactrelu.lp import Constraint, Feasible, feasible


def random_problem(seed: int, neurons: int | None = None, kind: str = "squared") -> Problem:
    """Few points with small integers: repeated points, points that are 0, and gradients of 0 are frequent."""
    rng = random.Random(seed)
    d, n = rng.choice([(1, 2), (1, 3), (1, 4), (2, 2), (2, 3)] if kind == "squared" else [(1, 2), (1, 3), (2, 2)])
    x = [[rng.randint(-2, 2) for _ in range(d)] for _ in range(n)]
    weights = rng.choice(["mean", "sum", [rng.randint(1, 3) for _ in range(n)]])
    slopes = rng.choice([(1, 0), (1, 0), (1, "1/2"), (2, 1), (1, 1)])
    k = neurons or rng.choice([1, 1, 2])
    bias = [rng.random() < 0.6, rng.random() < 0.6]
    y = [rng.randint(-2, 2) if kind == "squared" else rng.choice([-1, 1]) for _ in range(n)]
    return problem_of(x, y, k, {"kind": kind, "weights": weights}, slopes, bias)


def found_at(problem: Problem, found: CriticalSets, parameters: Any) -> list[CriticalSet]:
    """The listed sets with the faces of a point, and its units; there is at most one, if it is not divided."""
    hidden, pieces = problem.network.layers[0], found.search.faces.pieces
    active, inactive = [], []
    for k in range(hidden.outputs):
        w = list(parameters[k * hidden.inputs : (k + 1) * hidden.inputs])
        w += [parameters[hidden.size + k]] if hidden.bias else []
        v = parameters[problem.network.offsets[1] + k]
        name = "".join("-0+"[s + 1] for s in pieces.face(w))
        (active if v else inactive).append(f"{'+' if v > 0 else '-'}({name})" if v else f"({name})")
    point, key = at(problem, parameters), (sorted(active), sorted(inactive))
    units = "".join(part.rpartition(",")[2] for part in point.signature.split(";")) if problem.loss.is_hinge else ""
    same = (s for s in found.sets if (sorted(s.active), sorted(s.inactive)) == key)
    return [s for s in same if s.value == point.loss and s.units == units]


def grid_point(problem: Problem, rng: random.Random) -> Any:
    choices = [-2, -1, -1, 0, 0, 0, 1, 1, 2]
    return [mpq(rng.choice(choices), rng.choice([1, 1, 2])) for _ in range(problem.network.parameters)]


def moved_along(problem: Problem, each: CriticalSet, rng: random.Random) -> Any:
    """The witness with its neurons rescaled and permuted."""
    network, size = problem.network, len(problem.x[0])
    arrays = network.write(each.witness)
    hidden, order = network.layers[0], list(range(network.layers[0].outputs))
    rng.shuffle(order)
    scale = [mpq(rng.randint(1, 5), rng.randint(1, 5)) for _ in order]
    arrays["W1"] = [[str(mpq(arrays["W1"][k][j]) * scale[k]) for j in range(size)] for k in order]
    if hidden.bias:
        arrays["b1"] = [str(mpq(arrays["b1"][k]) * scale[k]) for k in order]
    arrays["W2"] = [[str(mpq(arrays["W2"][0][k]) / scale[k]) for k in order]]
    return network.read(arrays)


def verify_witnesses(problem: Problem, limit: int, seed: int) -> None:
    """Each set has a witness of the kind that is listed, and rescaled and permuted it is one too."""
    found, rng = problem.critical_sets(), random.Random(seed)
    assert found.complete or "v = 0" in found.reason
    for each in rng.sample(found.sets, min(limit, len(found.sets))):
        for parameters in (each.witness, moved_along(problem, each, rng)):
            point = at(problem, parameters)
            assert point.loss == each.value and point.clarke_critical().answer == "yes"
            assert each.local_minimum in (None, point.local_minimum().answer == "yes")
            assert point.local_maximum().answer == ("yes" if each.local_maximum else "no")
            listed = found_at(problem, found, parameters)
            assert listed == [each] or (each in listed and all(other.part for other in listed))


def has_derivatives(problem: Problem, units: str, parameters: Any, thin: Collection[int]) -> bool:
    """Whether some derivatives g of the hinge loss by the outputs are orthogonal to what changes of R within the faces
    of the neurons with v != 0, changes of the bias, and of v of these other neurons add to the outputs.

    For neurons with v != 0: sum_i g_i slope_i x_i is a combination of the x_i at which the neuron is 0.
    """
    hidden, outer = problem.network.layers
    n, many, d = len(problem.x), hidden.outputs, hidden.inputs
    rows, size = [[*map(mpq, x), *[mpq(1)] * hidden.bias] for x in problem.x], n * (1 + many)
    plus, minus = map(mpq, problem.network.slopes)

    def constraint(terms: Any, relation: Any, bound: Any = 0) -> Constraint:
        found = dict(terms)
        return Constraint(tuple(mpq(found.get(j, 0)) for j in range(size)), relation, mpq(bound))

    constraints = [constraint(((i, 1) for i in range(n)), "==")] if outer.bias else []
    for i, unit in enumerate(units):
        ends = {"+": [1], "-": [0], "0": [0, 1]}[unit]
        slopes = sorted(-problem.y[i] * problem.loss.weight(i, 0, n) * s for s in ends)
        constraints += [constraint([(i, 1)], ">=", slopes[0]), constraint([(i, 1)], "<=", slopes[-1])]
    for k in range(many):
        w = [*parameters[k * d : (k + 1) * d], *[parameters[hidden.size + k]] * hidden.bias]
        z = [sum(a * b for a, b in zip(w, x, strict=True)) for x in rows]
        slopes = [plus if a > 0 else minus for a in z]
        if k in thin:
            constraints.append(constraint(((i, slopes[i] * z[i]) for i in range(n)), "=="))
        elif parameters[problem.network.offsets[1] + k]:
            places = [i if z[i] else n * (1 + k) + i for i in range(n)]
            for p in range(len(w)):
                terms = [(place, (slopes[i] if z[i] else 1) * rows[i][p]) for i, place in enumerate(places)]
                constraints.append(constraint(terms, "=="))
    return isinstance(feasible(constraints, size), Feasible)


def is_still(problem: Problem, listed: CriticalSet, parameters: Any) -> bool:
    """Whether the loss has no slope along each v that is 0; where it has a kink, for some derivatives."""
    first, tiny = problem.network.offsets[1], mpq(1, 10**4)
    if "0" in listed.units and listed.inactive:
        thin = [k for k in range(problem.network.widths[1]) if not parameters[first + k]]
        together = [thin] if listed.part else [[k] for k in thin]
        return all(has_derivatives(problem, listed.units, parameters, some) for some in together)
    for k in range(first, first + problem.network.widths[1]):
        up, down = ([*parameters[:k], step, *parameters[k + 1 :]] for step in (tiny, -tiny))
        if not parameters[k] and problem.evaluate(up) != problem.evaluate(down):
            return False
    return True


def has_free_neurons(each: CriticalSet) -> bool:
    """Whether all neurons with v != 0 are in open chambers (where no data point is 0)."""
    return all("0" not in name for name in each.active)


def is_open(problem: Problem, parameters: Any) -> bool:
    """Whether some v is 0 at a point where a margin is exactly 1: what is listed there need not be all."""
    first = problem.network.offsets[1]
    some = 0 in parameters[first : first + problem.network.widths[1]]
    return some and any(part.endswith("0") for part in at(problem, parameters).signature.split(";"))


def verify_points(problem: Problem, count: int, seed: int) -> int:
    """A point is critical iff it has the faces and the loss of a set, and no slope along v = 0; how many are."""
    found, rng, hits = problem.critical_sets(), random.Random(seed), 0
    for number in range(count):
        parameters = grid_point(problem, rng)
        if number % 2 and found.sets:  # not far from a set
            parameters = [
                p if rng.random() < 0.3 else q for p, q in zip(parameters, rng.choice(found.sets).witness, strict=True)
            ]
        listed = found_at(problem, found, parameters)
        assert len(listed) < 2 or all(each.part for each in listed)
        expected = bool(listed) and is_still(problem, listed[0], parameters)
        answer = at(problem, parameters).clarke_critical().answer
        if listed and listed[0].part == "some" and not has_free_neurons(listed[0]):
            assert answer == "no" or expected  # the cells around depend on w: `is_still` is necessary alone
            continue
        assert answer == ("yes" if expected else "no") or (not found.complete and is_open(problem, parameters))
        hits += expected
    return hits


@pytest.mark.parametrize("seed", range(20))
def test_each_set_of_a_random_landscape_is_critical_and_of_its_kind(seed: int) -> None:
    verify_witnesses(random_problem(seed), 8, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1300))
def test_each_set_of_many_random_landscapes_is_critical_and_of_its_kind(seed: int) -> None:
    verify_witnesses(random_problem(seed), 40, seed)


def test_a_random_point_is_critical_only_where_the_list_says_so() -> None:
    hits = [verify_points(random_problem(seed), 24, seed) for seed in range(100, 115)]
    assert 24 * 15 / 10 < sum(hits) < 24 * 15 * 9 / 10


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2000, 2300))
def test_random_points_are_critical_only_where_the_list_says_so(seed: int) -> None:
    verify_points(random_problem(seed), 60, seed)


@pytest.mark.parametrize("seed", range(8))
def test_each_set_of_a_random_hinge_landscape_is_critical_and_of_its_kind(seed: int) -> None:
    verify_witnesses(random_problem(seed, kind="hinge"), 6, seed)


def test_a_random_point_of_a_hinge_landscape_is_critical_only_where_the_list_says_so() -> None:
    hits = [verify_points(random_problem(seed, kind="hinge"), 24, seed) for seed in range(100, 104)]
    assert 24 * 4 / 10 < sum(hits) < 24 * 4 * 9 / 10


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3000, 3300))
def test_hinge_landscapes_have_the_critical_points_that_are_listed(seed: int) -> None:
    verify_witnesses(random_problem(seed, kind="hinge"), 20, seed)
    verify_points(random_problem(seed, kind="hinge"), 40, seed)


@pytest.mark.parametrize("kind", ["squared", "hinge"])
@pytest.mark.parametrize("seed", range(201, 204))
def test_every_local_minimum_of_the_atlas_is_in_a_listed_set_of_minima(seed: int, kind: str) -> None:
    problem = random_problem(seed, kind=kind)
    found, known = problem.critical_sets(), problem.atlas()
    for each in known.local_minima:
        listed = found_at(problem, found, each.witness)
        answers = [s.local_minimum for s in listed]
        assert answers in ([True], [None]) or (not found.complete and is_open(problem, each.witness))
    values = {s.value for s in found.sets if s.local_minimum}
    assert values == {s.value for s in known.local_minima} or not (found.complete and known.complete)


@pytest.mark.parametrize("seed", range(200, 204))
def test_a_certificate_of_a_hinge_landscape_is_accepted(seed: int) -> None:
    found = random_problem(seed, 1, "hinge").critical_sets()
    certificate = json.loads(found.certificate().dumps())
    assert check(certificate).accepted and check({**certificate, "complete": True}).accepted == found.complete


def between(x: list[int], neurons: int = 1) -> Problem:
    """Two points with the label 1, one with the label -1, with biases.

    Where v = 0 the least loss is that of the output bias 1. Then the first two margins are 1, and the derivatives by
    the outputs are (-a, a - 1, 1), 0 <= a <= 1: the third activation must be between the first and the second.
    """
    return problem_of([[a] for a in x], [1, 1, -1], neurons, {"kind": "hinge", "weights": "sum"}, bias=(True, True))


@pytest.mark.parametrize("x", [[0, 2, 1], [0, 2, 3], [1, 1, 0], [0, 2, 2], [-1, 1, 2]])
def test_a_neuron_without_effect_is_critical_where_one_activation_is_between_two_others(x: list[int]) -> None:
    problem = between(x)
    found = problem.critical_sets()
    assert found.complete and check(found.certificate()).accepted
    rng = random.Random(5)
    for _ in range(60):
        w, b = mpq(rng.randint(-3, 3)), mpq(rng.randint(-6, 6), rng.choice([1, 1, 2]))
        h = [max(w * a + b, 0) for a in x]
        parameters = problem.network.read({"W1": [[str(w)]], "b1": [str(b)], "W2": [[0]], "b2": [1]})
        point, listed = at(problem, parameters), found_at(problem, found, parameters)
        critical = min(h[:2]) <= h[2] <= max(h[:2])
        assert point.clarke_critical().answer == ("yes" if critical else "no")
        assert listed if critical else all(e.part or not is_still(problem, e, parameters) for e in listed)
        if critical and min(h[:2]) < h[2] < max(h[:2]):
            assert point.local_minimum().answer == "yes"
            assert any(each.local_minimum for each in listed)


@pytest.mark.parametrize("bias", [True, False])
def test_a_neuron_without_effect_is_critical_where_one_activation_is_between_three_others(bias: bool) -> None:
    """AND with the other sign. The derivatives by the outputs are (-a, -b, -c, 1), a, b, c >= 0 of sum 1."""
    problem = problem_of(XOR, [1, 1, 1, -1], 1, {"kind": "hinge", "weights": "sum"}, bias=(bias, True))
    found = problem.critical_sets()
    assert found.complete and check(found.certificate()).accepted
    rng = random.Random(7)
    for _ in range(80):
        w = [mpq(rng.randint(-3, 3)), mpq(rng.randint(-3, 3)), mpq(rng.randint(-4, 4) * bias, rng.choice([1, 1, 2]))]
        h = [max(w[0] * a + w[1] * b + w[2], 0) for a, b in XOR]
        hidden = {"W1": [[str(w[0]), str(w[1])]], "b1": [str(w[2])]}
        parameters = problem.network.read({**(hidden if bias else {"W1": hidden["W1"]}), "W2": [[0]], "b2": [1]})
        point, listed = at(problem, parameters), found_at(problem, found, parameters)
        critical = min(h[:3]) <= h[3] <= max(h[:3])
        assert point.clarke_critical().answer == ("yes" if critical else "no")
        assert listed if critical else all(e.part or not is_still(problem, e, parameters) for e in listed)
        if critical and min(h[:3]) < h[3] < max(h[:3]):
            assert point.local_minimum().answer == "yes" and any(each.local_minimum for each in listed)


def part_name(search: HingeSearch, each: CriticalSet, stratum: Stratum, added: list[Any]) -> str:
    """The part in which neurons with v = 0 are that add these vectors to the outputs; "none" if it is not critical."""
    line = search.lines[tuple(dict.fromkeys(face for face, _ in stratum.active)), stratum.units]
    if line.step is None:
        vertices = DerivativePolytope(line).vertices
        slopes = [[sum(g * a for g, a in zip(vertex, row, strict=True)) for vertex in vertices] for row in added]
        signs = ["".join("-0+"[(a > 0) - (a < 0) + 1] for a in row) for row in slopes]
        return "none" if any("+" in s or "-" in s for s in signs[:-1]) else signs[-1]  # the last is in a wide face
    pairs = [line.pair(row) for row in added]
    gammas = {-rho / t for t, rho in pairs if t}
    if len(gammas) > 1 or any(rho for t, rho in pairs if not t):
        return "none"
    marks = line.marks(tuple(dict.fromkeys(stratum.active)))
    texts = ["".join("-0+"[(t > 0) - (t < 0) + 1] for t, _ in pairs)]
    for gamma in gammas:
        texts += [f"at {a}" for a in marks if a == gamma]
        texts += [f"in ({a}, {b})" for a, b in pairwise(marks) if a < gamma < b]
    return " ".join(texts) if len(texts) > len(gammas) else "none"


def canonical(faces: Sequence[str], part: str) -> str:
    """The signs of neurons in one face in one order."""
    signs, _, place = part.partition(" ")
    if len(signs) != len(faces):
        return part
    return "".join(sign for _, sign in sorted(zip(faces, signs, strict=True))) + place


def verify_parts(problem: Problem, seed: int, count: int) -> int:
    """Other points of a stratum are critical iff they are in a listed part, and local minima as the witness of it."""
    found, rng, tried = problem.critical_sets(), random.Random(seed), 0
    search, size = found.search.hinge, problem.network.layers[0].inputs
    strata = [stratum for stratum in found.search.strata if stratum.part not in ("", SOME)]
    divided = list(zip(map(_set, strata), strata, strict=True))
    for each, stratum in rng.sample(divided, min(count, len(divided))):
        assert search is not None
        same = [s for s in found.sets if (s.active, s.inactive, s.units) == (each.active, each.inactive, each.units)]
        names = {canonical(s.inactive, s.part): s for s in same}
        arrays = problem.network.write(each.witness)
        for _ in range(4):
            added = []
            for k, face in enumerate(stratum.inactive, len(stratum.active)):
                w = search.faces.sum((r, mpq(rng.randint(1, 4), rng.choice([1, 1, 2]))) for r in face.rays)
                arrays["W1"][k] = [str(a) for a in w[:size]]
                if problem.network.layers[0].bias:
                    arrays["b1"][k] = str(w[-1])
                plus, minus = problem.network.slopes
                z = [sum(a * b for a, b in zip(w, row, strict=True)) for row in search.lifted.rows]
                added.append([(plus if a > 0 else minus) * a for a in z])
            point, name = problem.at(arrays), canonical(each.inactive, part_name(search, each, stratum, added))
            assert point.clarke_critical().answer == ("yes" if name in names else "no")
            if name in names:
                assert point.local_minimum().answer == ("yes" if names[name].local_minimum else "no")
                assert point.local_maximum().answer == "no"
            tried += 1
    return tried


DIVIDED = {
    "between": lambda: between([0, 2, 1]),
    "outside": lambda: between([0, 2, 3]),
    "and": lambda: problem_of(XOR, [1, 1, 1, -1], 1, {"kind": "hinge"}, bias=(True, True)),
    "leaky": lambda: problem_of([[0], [2], [1]], [1, 1, -1], 1, {"kind": "hinge"}, (1, "1/3"), (True, True)),
    "weights": lambda: problem_of([[0], [2], [1]], [1, 1, -1], 1, {"kind": "hinge", "weights": [2, 3, 4]}),
    "xor": lambda: problem_of(XOR, [-1, 1, 1, -1], 1, {"kind": "hinge"}, (1, "1/2"), (False, True)),
}


@pytest.mark.parametrize("name", DIVIDED)
def test_all_points_of_a_part_are_local_minima_or_none_is(name: str) -> None:
    assert verify_parts(DIVIDED[name](), 11, 8)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_points_of_parts_with_several_neurons_are_alike(seed: int) -> None:
    rng = random.Random(seed)
    x = [[rng.randint(-2, 2)] for _ in range(3)]
    weights, slopes = [rng.randint(1, 3) for _ in x], rng.choice([(1, 0), (1, 0), (1, "1/3"), (2, 1)])
    problem = problem_of(x, [1, 1, -1], rng.choice([1, 2]), {"kind": "hinge", "weights": weights}, slopes)
    verify_parts(problem, seed, 60)
    verify_points(problem, 60, seed)


@cache
def two_in_a_triangle() -> tuple[Problem, CriticalSets]:
    """Two neurons without effect and two free derivatives: with the output bias 1 the derivatives by the outputs are
    (-a, -b, -c, 1), where a, b, c >= 0 and a + b + c = 1. The hidden layer has no bias; the first data point is 0."""
    problem = problem_of(XOR, [1, 1, 1, -1], 2, {"kind": "hinge", "weights": "sum"}, bias=(False, True))
    return problem, problem.critical_sets()


def test_two_neurons_without_effect_need_the_same_weights_of_the_three_others() -> None:
    """b h_2 + c h_3 = h_4 for both, b + c <= 1: the critical w are bilinear in (b, c), and make up no polyhedra."""
    problem, found = two_in_a_triangle()
    rng, answers = random.Random(13), set[str]()
    assert found.complete and check(found.certificate()).accepted
    for _ in range(300):
        w = [[mpq(rng.randint(-2, 3), rng.choice([1, 1, 2])) for _ in range(2)] for _ in range(2)]
        h = [(max(a, 0), max(b, 0), max(a + b, 0)) for a, b in w]
        rows = [Constraint((p, q), "==", r) for p, q, r in h]
        rows += [Constraint((1, 1), "<=", 1), Constraint((1, 0), ">=", 0), Constraint((0, 1), ">=", 0)]
        critical = isinstance(feasible(rows, 2), Feasible)
        arrays = {"W1": [[str(a) for a in row] for row in w], "W2": [[0, 0]], "b2": [1]}
        assert problem.at(arrays).clarke_critical().answer == ("yes" if critical else "no")
        listed = found_at(problem, found, problem.network.read(arrays))
        assert listed or not critical
        if critical and [each.part for each in listed] == [SOME]:
            answers.add(problem.at(arrays).local_minimum().answer)
    assert answers == {"yes", "no"}  # such sets have minima and saddles


def test_no_set_without_a_description_by_polyhedra_can_be_left_out_or_changed() -> None:
    certificate, rng = json.loads(two_in_a_triangle()[1].certificate().dumps()), random.Random(2)
    some = [k for k, each in enumerate(certificate["strata"]) if each["part"] == SOME]
    assert len(some) > 9 and all("parameter_dimension" not in certificate["strata"][k] for k in some)
    for k in rng.sample(some, 2):
        others = [each for j, each in enumerate(certificate["strata"]) if j != k]
        assert not check({**certificate, "strata": others}).accepted
        for change in ({"part": ""}, {"part": "+"}, {"parameter_dimension": 1}, {"value": "3"}):
            changed_one = [{**each, **change} if j == k else each for j, each in enumerate(certificate["strata"])]
            assert not check({**certificate, "strata": changed_one}).accepted


def with_refutations() -> Problem:
    """With a repeated point; in some faces no mean gradient has a zero."""
    loss = {"kind": "hinge", "weights": [2, 2, 1, 2]}
    return problem_of([[-1], [2], [2], [1]], [1, -1, 1, 1], 2, loss, bias=(True, True))


@pytest.mark.slow
def test_no_refutation_can_be_left_out() -> None:
    found = with_refutations().critical_sets()
    certificate = json.loads(found.certificate().dumps())
    assert found.complete and check(certificate).accepted
    assert any(each.part == SOME for each in found.sets) and len(certificate["refuted"]) > 9
    needed = 0
    for k in range(0, len(certificate["refuted"]), 2):
        others = [*certificate["refuted"][:k], *certificate["refuted"][k + 1 :]]
        verdict = check({**certificate, "refuted": others})
        needed += not verdict.accepted
        assert verdict.accepted or "is not decided" in verdict.reason
    assert needed > 3  # the others follow from those with fewer faces


@pytest.mark.slow
def test_two_neurons_without_effect_need_the_same_weights_of_the_two_others() -> None:
    """a h_1 + (1 - a) h_2 = h_3 for both: with the data 0, 3, 1 and affine activations a = 2/3."""
    problem = between([0, 3, 1], 2)
    found = problem.critical_sets()
    assert found.complete
    for w, b, answer in [
        ([1, 2], [0, 1], "yes"),  # both are affine
        ([1, -1], [0, 3], "yes"),
        ([1, 1], [0, -1], "no"),  # (0, 2, 0): a = 1
        ([2, 1], [-1, "-1/2"], "yes"),  # (0, 5, 1), (0, 5/2, 1/2): a = 4/5
        ([1, 1], ["-1/2", "-1/3"], "no"),
        ([0, 1], [2, -1], "yes"),  # a constant needs no a
        ([1, 1], [-1, -2], "yes"),  # both a = 1
    ]:
        arrays = {"W1": [[str(a)] for a in w], "b1": [str(a) for a in b], "W2": [[0, 0]], "b2": [1]}
        point = problem.at(arrays)
        assert point.clarke_critical().answer == answer
        listed = found_at(problem, found, problem.network.read(arrays))
        assert bool(listed) if answer == "yes" else not listed or all(each.part for each in listed)


@pytest.mark.parametrize("neurons", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_repeated_data_have_the_sets_of_data_with_weights(neurons: int) -> None:
    """Several derivatives are free at margins of exactly 1, but neurons move these outputs together."""
    given = ([[0], [2], [1]], [1, 1, -1]), ([[0], [2], [2], [1]], [1, 1, 1, -1])
    weights = [3, 2, 2], [3, 1, 1, 2]
    profiles = []
    for (x, y), each in zip(given, weights, strict=True):
        found = problem_of(x, y, neurons, {"kind": "hinge", "weights": each}, bias=(True, True)).critical_sets()
        assert found.complete and check(found.certificate()).accepted
        keys = ((s.value, s.dimension, s.parameter_dimension, s.kind, len(s.active), bool(s.part)) for s in found.sets)
        profiles.append(sorted(keys))
    assert profiles[0] == profiles[1] and any(key[-1] for key in profiles[0])


def test_a_range_is_needed_and_cannot_be_changed() -> None:
    certificate = json.loads(between([0, 2, 1]).critical_sets().certificate().dumps())
    for k, given in enumerate(certificate["ranges"]):
        assert not check({**certificate, "ranges": [e for e in certificate["ranges"] if e != given]}).accepted
        for end in {"low", "high"} & set(given):
            for value in ("-2", "-1/2", "-1/3", "0", "1"):
                mutant = copy.deepcopy(certificate)
                mutant["ranges"][k]["box"][end]["value"] = value
                assert check(mutant).accepted == (value == given["box"][end]["value"])
            for value in ("-2", "-1/2", "-1/3", "0", "1"):
                mutant = copy.deepcopy(certificate)
                mutant["ranges"][k][end]["value"] = value
                assert check(mutant).accepted == (value == given[end]["value"])
    parts = [k for k, each in enumerate(certificate["strata"]) if each["part"]]
    assert len(parts) > 3
    for k in parts:
        left = [each for j, each in enumerate(certificate["strata"]) if j != k]
        assert not check({**certificate, "strata": left}).accepted


def test_a_single_neuron_with_one_sample_of_hinge_loss_has_eight_sets() -> None:
    """Counted by hand: a half-line of loss 0, its end; dead cells, and the origin with v > 0, < 0, = 0."""
    found = problem_of([[1]], [1], 1, {"kind": "hinge"}, bias=(False, False)).critical_sets()
    assert found.complete
    assert {(s.active, s.inactive, s.units, s.value, s.kind) for s in found.sets} == {
        (("+(+)",), (), "-", 0, "local minima and maxima"),
        (("+(+)",), (), "0", 0, "local minima"),
        (("+(-)",), (), "+", 1, "local minima and maxima"),
        (("-(-)",), (), "+", 1, "local minima and maxima"),
        (("+(0)",), (), "+", 1, "local maxima"),
        (("-(0)",), (), "+", 1, "local minima"),
        ((), ("(0)",), "+", 1, "saddles"),
        ((), ("(-)",), "+", 1, "local minima and maxima"),
    }


@pytest.mark.parametrize("seed", range(300, 304))
def test_the_list_does_not_depend_on_the_order_or_the_scale_of_the_data(seed: int) -> None:
    problem = random_problem(seed)
    document = problem.to_dict()
    order = list(range(len(problem.x)))
    random.Random(seed).shuffle(order)
    other = copy.deepcopy(document)
    scale = 1 if problem.network.layers[0].bias else 3  # without biases w is rescaled with x
    other["data"]["x"] = [[str(scale * mpq(a)) for a in document["data"]["x"][i]] for i in order]
    other["data"]["y"] = [document["data"]["y"][i] for i in order]
    if isinstance(document["loss"].get("weights"), list):
        other["loss"]["weights"] = [document["loss"]["weights"][i] for i in order]

    def profile(given: Problem) -> Any:
        sets = given.critical_sets().sets
        return sorted((s.value, s.dimension, s.parameter_dimension, s.kind, len(s.active)) for s in sets)

    assert profile(problem) == profile(Problem.loads(json.dumps(other)))


def test_a_neuron_more_keeps_the_critical_values() -> None:
    """A neuron with v = 0 and w = 0 leaves a critical point critical."""
    for seed in range(400, 408):
        small, large = (random_problem(seed, neurons).critical_sets() for neurons in (1, 2))
        assert {s.value for s in small.sets} <= {s.value for s in large.sets}


def test_liu_s_two_samples_have_seventeen_sets() -> None:
    """Liu, section 4.2: minima of loss 0, 1/2 (two half-lines) and 1 (dead cells); the rest was counted by hand."""
    found = Problem.example("liu-two-samples").critical_sets()
    assert found.complete and len(found.sets) == 17
    inside = {(s.value, s.active, s.dimension) for s in found.sets if s.kind == "local minima" and s.value < 1}
    half = mpq(1, 2)
    assert inside == {(0, ("+(++)",), 0), (half, ("+(+-)",), 1), (half, ("+(-+)",), 1)}
    assert {(s.value, s.active) for s in found.sets if s.kind == "saddles" and s.active} == {
        (half, ("+(+0)",)),
        (half, ("+(0+)",)),
    }


def test_the_exclusive_or_has_saddles_at_three_losses() -> None:
    found = problem_of(XOR, [0, 1, 1, 0], 2, {"kind": "squared"}).critical_sets()
    assert found.complete
    values = {kind: {s.value for s in found.sets if s.kind == kind} for kind in ("local minima", "saddles")}
    assert values["local minima"] == {0, mpq(1, 8), mpq(1, 6), mpq(1, 4)}
    assert values["saddles"] == {mpq(1, 8), mpq(1, 6), mpq(1, 4)}
    assert all(s.kind in values for s in found.sets)


def test_a_budget_that_runs_out_leaves_proved_sets() -> None:
    problem = problem_of([[-1], [0], [1]], [0, 1, 0], 2, {"kind": "squared"})
    left = 150

    def tick() -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise BudgetExceeded("the budget ran out")

    part = problem.critical_sets(tick=tick)
    assert not part.complete and "budget" in part.reason and part.sets
    certificate = json.loads(part.certificate().dumps())
    verdict = check(certificate)
    assert verdict.accepted and verdict.reason.startswith("some critical points")
    assert not check({**certificate, "complete": True}).accepted


def test_what_is_out_of_reach_is_refused_by_name() -> None:
    for name in ("laurent-brecht-two-hidden-layers", "milne-two-neurons", "convolution"):
        with pytest.raises(Unsupported, match="critical sets: "):
            Problem.example(name).critical_sets()
    wide = problem_of([[k, k * k] for k in range(9)], [0] * 9, 4, {"kind": "squared"})
    with pytest.raises(Unsupported, match="combinations"):
        wide.critical_sets()


ANSWERS = [(1, "no"), (3, "no"), (0, "yes"), (-1, "yes")]
CERTIFIED = {
    "liu": lambda: Problem.example("liu-two-samples"),
    "bias": lambda: problem_of([[0], [1]], [1, 0], 1, {"kind": "squared"}),
    "hinge": lambda: problem_of([[1], [-1]], [1, 1], 1, {"kind": "hinge"}, bias=(False, False)),
    "parts": lambda: between([0, 2, 1]),
    "two": lambda: problem_of([[1], [-1]], [0, 1], 2, {"kind": "squared"}, (1, "1/2"), (False, True)),
}


@pytest.mark.parametrize("name", CERTIFIED)
def test_a_changed_certificate_is_rejected_unless_it_claims_no_more(name: str) -> None:
    problem = CERTIFIED[name]()
    certificate = json.loads(problem.critical_sets().certificate().dumps())
    assert certificate["complete"] and check(certificate).accepted
    rng, every = random.Random(3), [p for p in places(certificate) if p and p[0] not in ("problem", "statement")]
    accepted, tried = [], 0
    for path in rng.sample(every, min(len(every), 40 if name == "parts" else 120)):
        for value in changed(entry(certificate, path)):
            if value == entry(certificate, path):
                continue
            mutant = copy.deepcopy(certificate)
            entry(mutant, path[:-1])[path[-1]] = value
            tried += 1
            try:
                if check(mutant).accepted:
                    accepted.append((path, mutant))
            except Malformed:
                pass
    # another vector of a chamber, on a ray, of a refutation or a set; or a list said not to be complete: still true
    harmless = {"complete", "witness", "rays", "vector", "normal", "farkas", "theta", "weights", "decisions"}
    harmless |= {"normals", "cells"}  # of a range
    assert all(harmless & set(path) for path, _ in accepted), [path for path, _ in accepted if not harmless & set(path)]
    assert 5 * len(accepted) < tried
    for path, mutant in accepted:
        for each in mutant.get("sets", ()) if path[0] == "sets" else ():
            point = problem.at(each["witness"])
            assert str(point.loss) == each["value"] and point.clarke_critical().answer == "yes"


@pytest.mark.parametrize("part", ["sets", "empty", "hulls", "chambers", "rays"])
def test_nothing_can_be_left_out_of_a_complete_certificate(part: str) -> None:
    certificate = json.loads(CERTIFIED["bias"]().critical_sets().certificate().dumps())
    for k in range(len(certificate[part])):
        assert not check({**certificate, part: [*certificate[part][:k], *certificate[part][k + 1 :]]}).accepted


def test_a_neuron_at_margin_one_is_critical_where_others_make_up_for_what_it_adds() -> None:
    """Data 1, 2 with labels 1, -1, no bias of the neuron, output bias 1: the first margin is exactly 1.

    For v = 0 and w > 0 what is added at the first data point, w, equals a change of the bias by w; at the second there
    is w too much, and the loss has slope 1 there: no such point is critical. w = 0, w < 0 add nothing there.
    """
    problem = problem_of([[1], [2]], [1, -1], 1, {"kind": "hinge", "weights": "sum"}, bias=(False, True))
    found = problem.critical_sets()
    assert found.complete
    assert {s.inactive for s in found.sets if s.units == "0+" and not s.active} == {("(00)",), ("(--)",)}
    assert all(problem.at({"W1": [[w]], "W2": [[0]], "b2": [1]}).clarke_critical().answer == a for w, a in ANSWERS)


def test_a_certificate_with_very_long_numbers_is_not_expanded() -> None:
    for name in ("bias", "hinge"):
        certificate = json.loads(CERTIFIED[name]().critical_sets().certificate().dumps())
        certificate["problem"]["loss"]["weights"] = ["1" + "0" * 150_000, 1]
        verdict = check(certificate)
        assert not verdict.accepted and "too large" in verdict.reason


def test_the_command_lists_the_sets_and_its_certificate_is_accepted(tmp_path: Path, capsys: Any) -> None:
    path, out = tmp_path / "p.json", tmp_path / "c.json"
    path.write_text(Problem.example("liu-two-samples").dumps())
    assert main(["atlas", str(path), "--critical", "--json", "--certificate", str(out)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["complete"] is True and len(found["critical_sets"]) == 17
    keys = {"value", "dimension", "parameter_dimension", "active", "inactive", "local_minimum", "witness"}
    assert set(found["critical_sets"][0]) >= keys
    assert check(json.loads(out.read_text())).accepted
    assert main(["atlas", str(path), "--critical"]) == 0
    assert "loss 1/2:\n    local minima, 2 sets of dimension 1, such as" in capsys.readouterr().out
    assert main(["atlas", str(path), "--critical", "--graph", str(tmp_path / "g.json")]) == 2
    assert main(["atlas", str(path), "--critical", "--budget", "0"]) == 3


@pytest.mark.parametrize("units", ["0", "00", "0000"])
def test_a_stratum_needs_one_sign_for_each_data_point(units: str) -> None:
    certificate = json.loads(between([0, 2, 1]).critical_sets().certificate().dumps())
    certificate["strata"][0]["units"] = units
    with pytest.raises(Malformed, match="not a sign for each data point"):
        check(certificate)


def test_the_parts_of_a_face_have_short_numbers() -> None:
    """Each vertex divides what the last two have left, a third from the one or the other end."""
    strata, ends, cuts = object.__new__(Strata), [Fraction(0), Fraction(1)], list[list[Fraction]]()
    for k in range(50):
        ends[k % 2] += (ends[1 - k % 2] - ends[k % 2]) / 3
        cuts.append([ends[k % 2], -1 + ends[k % 2]])
    strata.rows, strata.rays = [[1, 0], [0, 1]], [[1, 0], [0, 1]]  # type: ignore[list-item]
    strata.columns = [[1, 0], [-1, 0], [0, 1], [0, -1]]  # type: ignore[list-item]
    strata.faces = {"++": frozenset({0, 1})}
    strata.vertices = lambda *_: cuts
    found = list(strata.signs_of(frozenset(), "00", "(++)"))
    assert len(found) == len(set(found)) == 2 * len(cuts) + 1  # each line, and what is between two
