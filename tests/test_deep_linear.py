"""Deep linear networks: saddle curves, factors and bounds against SymPy and NumPy; the claims of Theorem 1."""

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import sympy
from gmpy2 import mpq

from exactrelu.checker import check
from exactrelu.errors import MalformedInput
from exactrelu.landscape import Problem
from exactrelu.loss import Loss
from exactrelu.network import Network
from exactrelu.rational import texts
from exactrelu.theorems.catalogue import CLAIMS
from exactrelu.theorems.random_instances import random_instance
from exactrelu.theorems.yun_sra_jadbabaie.factorisation import (
    Weights,
    difference,
    factors,
    lifted,
    norm2,
    norm_bound,
    printed_radii,
    radii,
    scaled,
    singular_bound,
)
from exactrelu.theorems.yun_sra_jadbabaie.linear_network import LinearPoint
from exactrelu.theorems.yun_sra_jadbabaie.saddle_curve import saddle_curve

T = sympy.Symbol("t")
DEEP = "yun2018-deep-linear-"
SADDLE = DEEP + "saddle"


def idle() -> None:
    """Nothing limits the work."""


def run(claim: str, problem: Problem | str) -> object:
    return CLAIMS[claim].run(Problem.example(problem) if isinstance(problem, str) else problem, idle)


def symbolic(matrix: object) -> sympy.Matrix:
    return sympy.Matrix([[sympy.Rational(str(a)) for a in row] for row in matrix])


def product(matrices: list[sympy.Matrix]) -> sympy.Matrix:
    """W_{H+1} .. W_1 by SymPy, which knows nothing of `Weights`."""
    result = matrices[0]
    for matrix in matrices[1:]:
        result = matrix * result
    return result


def random_weights(seed: int, widths: list[int], low_rank: bool = True) -> Weights:
    rng = random.Random(seed)
    matrices = []
    for n, m in pairwise(widths):
        kept = rng.randint(0, min(n, m)) if low_rank else n
        matrices.append(tuple(tuple(mpq(rng.randint(-2, 2) if c < kept else 0) for c in range(n)) for _ in range(m)))
    return Weights(tuple(matrices))


def critical_gradient(seed: int, weights: Weights) -> sympy.Matrix | None:
    """A matrix G, not 0, for which the tuple is critical, by the null space that SymPy finds; None if there is none."""
    rng = random.Random(seed)
    ws = [symbolic(w) for w in weights.matrices]
    d_y, d_x = weights.widths[-1], weights.widths[0]
    g = sympy.Matrix(d_y, d_x, sympy.symbols(f"g:{d_y * d_x}"))
    equations = []
    for i in range(len(ws)):
        above = product(ws[i + 1 :]) if i + 1 < len(ws) else sympy.eye(d_y)
        below = product(ws[:i]) if i else sympy.eye(d_x)
        equations += list(above.T * g * below.T)
    basis = sympy.Matrix([[e.coeff(v) for v in g] for e in equations]).nullspace()
    total = sympy.zeros(d_y * d_x, 1)
    for vector in basis:
        total += rng.choice([-1, 1, 2]) * vector
    return sympy.Matrix(d_y, d_x, list(total)) if any(total) else None


def critical_tuple(seed: int, widths: list[int]) -> tuple[Weights, sympy.Matrix]:
    """A tuple of low rank and a gradient, not 0, for which it is critical."""
    while True:
        weights = random_weights(seed, widths)
        gradient = critical_gradient(seed, weights)
        if gradient is not None:
            return weights, gradient
        seed += 1000


def moved(weights: Weights, directions: list[tuple[object, ...]]) -> list[sympy.Matrix]:
    return [
        symbolic(w)
        + sum((T ** (k + 1) * symbolic(d[i]) for k, d in enumerate(directions)), sympy.zeros(*symbolic(w).shape))
        for i, w in enumerate(weights.matrices)
    ]


CASES = [
    (seed, widths)
    for seed in range(4)
    for widths in ([2, 2, 2], [3, 2, 2], [2, 2, 3], [2, 3, 2, 2], [1, 2, 2, 2], [2, 2, 2, 2, 2], [3, 1, 2, 1, 1])
]


@pytest.mark.parametrize(("seed", "widths"), CASES)
def test_along_the_saddle_curves_the_loss_changes_by_the_stated_term(seed, widths):
    weights, gradient = critical_tuple(seed, widths)
    curve = saddle_curve(weights, tuple(tuple(mpq(str(a)) for a in row) for row in gradient.tolist()))
    target = product([symbolic(w) for w in weights.matrices]) - gradient  # l_0 = |R - target|^2 / 2
    for sense in (1, -1):
        off = product(moved(weights, curve.directions(sense))) - target
        loss = sympy.Poly(sympy.expand((off.T * off).trace() / 2), T)
        change = [(c, k) for (k,), c in loss.terms() if k]
        coefficient, order = min(change, key=lambda pair: pair[1])
        assert order == curve.order
        assert coefficient == sense * sympy.Rational(str(curve.coefficient))


@pytest.mark.parametrize(("seed", "widths"), CASES[::3])
def test_the_first_direction_alone_does_not_change_the_product(seed, widths):
    weights, gradient = critical_tuple(seed, widths)
    curve = saddle_curve(weights, tuple(tuple(mpq(str(a)) for a in row) for row in gradient.tolist()))
    path = moved(weights, [curve.first])
    assert sympy.expand(product(path) - product([symbolic(w) for w in weights.matrices])).is_zero_matrix


def test_behind_a_bottleneck_there_may_be_no_curve():
    weights = Weights((((mpq(2), mpq(0)),), ((mpq(1),), (mpq(0),))))
    assert saddle_curve(weights, ((mpq(0), mpq(0)), (mpq(0), mpq(-1)))) is None


def test_the_hessian_vanishes_at_zero_and_the_curve_is_of_order_five():
    # two hidden layers: the product is of degree 3, and so is the first term of the loss
    here = LinearPoint(Problem.example(DEEP + "two-hidden-layers"), "zero", idle)
    assert not any(map(any, here.point.hessian))
    decision = here.point.decide("saddle")
    assert decision.answer == "yes" and check(decision.certificate).accepted
    assert here.point.decision("local_minimum").proof["order"] == 5


@pytest.mark.parametrize("name", ["saddle", "zero"])
def test_values_at_the_two_saddles_of_one_hidden_layer(name):
    here = LinearPoint(Problem.example(SADDLE), name, idle)
    loss, gradient = {"saddle": ("1/2", [["0", "0"], ["0", "-1"]]), "zero": ("5/2", [["-2", "0"], ["0", "-1"]])}[name]
    assert str(here.point.loss) == loss
    assert texts(here.gradient) == gradient


@pytest.mark.parametrize("widths", [[2, 2, 2], [2, 3, 1], [1, 2, 2, 2], [2, 1, 2, 1, 2]])
@pytest.mark.parametrize("slope", [1, 2])
def test_the_gradient_formula_agrees_with_derivatives_by_sympy(widths, slope):
    network = Network.dense(widths, (slope, slope), False)
    rng = random.Random(7)
    x = [[rng.randint(-2, 2) for _ in range(widths[0])] for _ in range(3)]
    y = [[rng.randint(-2, 2) for _ in range(widths[-1])] for _ in range(3)]
    point = [rng.randint(-2, 2) for _ in range(network.parameters)]
    problem = Problem(network, x, y, Loss("squared", factor="1/3", weights="sum"), points={"p": point})
    names = sympy.symbols(network.names)
    places, ws, start = dict(zip(names, point, strict=True)), [], 0
    for n, m in pairwise(widths):
        ws.append(sympy.Matrix(m, n, names[start : start + n * m]))
        start += n * m
    r = product(ws)
    loss = sum(
        sum(e**2 for e in slope ** (len(ws) - 1) * r * sympy.Matrix(a) - sympy.Matrix(b)) / sympy.Integer(3)
        for a, b in zip(x, y, strict=True)
    )
    expected = [sympy.diff(loss, v).subs(places) for v in names]
    here = LinearPoint(problem, "p", idle)
    g = symbolic(here.gradient)
    values = [w.subs(places) for w in ws]
    found = []
    for i in range(len(ws)):
        above = product(values[i + 1 :]) if i + 1 < len(ws) else sympy.eye(widths[-1])
        below = product(values[:i]) if i else sympy.eye(widths[0])
        found += list(above.T * g * below.T)
    assert found == expected
    assert [sympy.Rational(str(a)) for a in here.point.gradient] == expected
    assert run("YSJ-grad", problem).status == "verified"


# ------------------------------------------------------------------ Lemmas 3, 4, 5


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (3, 2), (2, 2)])
@pytest.mark.parametrize("extra", [0, 1, 3])
@pytest.mark.parametrize("hidden", [1, 2, 3])
def test_every_matrix_is_the_product_of_its_factors(shape, extra, hidden):
    rng = random.Random(str((shape, extra, hidden)))
    r = tuple(tuple(mpq(rng.randint(-9, 9), rng.randint(1, 5)) for _ in range(shape[1])) for _ in range(shape[0]))
    widths = [min(shape) + rng.randint(0, extra) for _ in range(hidden)]
    found = factors(r, widths)
    assert found.widths == (shape[1], *widths, shape[0])
    assert product([symbolic(w) for w in found.matrices]) == symbolic(r)


def test_a_narrow_layer_has_no_factors_and_the_error_says_so():
    with pytest.raises(MalformedInput, match=r"hidden\[1\]: found 1, needed at least min\(d_x, d_y\) = 2"):
        factors(((mpq(1), mpq(0)), (mpq(0), mpq(1))), [2, 1])


@pytest.mark.parametrize("seed", range(12))
def test_a_lifted_tuple_has_the_product_and_moves_by_no_more_than_the_singular_values_allow(seed):
    rng = random.Random(seed)
    widths = rng.choice([[2, 2, 2], [1, 2, 3, 2], [2, 3, 3, 2], [1, 1, 2, 2], [2, 2, 1]])
    weights = random_weights(seed, widths, low_rank=False)
    j = weights.full_rank_place()
    if j is None:
        with pytest.raises(MalformedInput, match="a singular matrix has no inverse"):
            lifted(weights, 1, weights.whole)
        return
    r = tuple(tuple(a + mpq(rng.randint(-5, 5), 7) for a in row) for row in weights.whole)
    found = lifted(weights, j, r)
    assert product([symbolic(w) for w in found.matrices]) == symbolic(r)
    assert all(v == w for i, (v, w) in enumerate(zip(found.matrices, weights.matrices, strict=True), 1) if i != j)
    s = singular_bound(weights.between(weights.depth, j + 1))
    t = singular_bound(tuple(zip(*weights.between(j - 1, 1), strict=True)))
    change = norm2(difference(found.matrices[j - 1], weights.matrices[j - 1]))
    assert s > 0 and t > 0
    assert (s * t) ** 2 * change <= norm2(difference(r, weights.whole))


@pytest.mark.parametrize("seed", range(8))
def test_bounds_of_norms_and_singular_values_agree_with_numpy(seed):
    rng = random.Random(seed)
    rows = rng.randint(1, 3)
    columns = rows + rng.randint(0, 2)
    a = tuple(tuple(mpq(rng.randint(-9, 9), rng.randint(1, 4)) for _ in range(columns)) for _ in range(rows))
    array = np.array([[float(v) for v in row] for row in a])
    assert 0 <= float(norm_bound(a)) - np.linalg.norm(array) < 1e-6
    assert norm_bound(a) ** 2 >= norm2(a)
    assert 0 <= np.linalg.svd(array, compute_uv=False)[-1] - float(singular_bound(a)) + 1e-9 < 1e-6


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("epsilon", [mpq(1, 10), mpq(3), mpq(500)])
def test_within_the_radii_no_product_is_farther_than_epsilon(seed, epsilon):
    rng = random.Random(seed)
    weights = random_weights(seed, rng.choice([[2, 2, 2], [1, 2, 2, 3], [2, 2, 2, 2, 1]]))
    bounds = radii(weights, epsilon)
    assert all(0 < e <= p for e, p in zip(bounds, printed_radii(weights, epsilon), strict=True))
    for _ in range(20):
        tuples = []
        for w, e in zip(weights.matrices, bounds, strict=True):
            d = tuple(tuple(mpq(rng.randint(-9, 9)) for _ in row) for row in w)
            length = norm_bound(d)
            tuples.append(difference(w, scaled(-e / length, d)) if length else w)
        assert all(norm2(difference(v, w)) <= e * e for v, w, e in zip(tuples, weights.matrices, bounds, strict=True))
        assert norm2(difference(Weights(tuple(tuples)).whole, weights.whole)) <= epsilon**2


def test_the_printed_bound_of_lemma_3_allows_a_product_at_distance_625_for_epsilon_100():
    zero = ((mpq(0),),)
    bounds = printed_radii(Weights((zero, zero)), mpq(100))
    assert bounds == (25, 25) and bounds[0] * bounds[1] == 625 > 100
    assert run("YSJ-L3", SADDLE).status == "refuted"


# ------------------------------------------------------------------ the claims


STATUSES = {
    "YSJ-grad": "verified", "YSJ-T1.1": "verified", "YSJ-T1.1-width": "verified", "YSJ-T1.2a": "verified",
    "YSJ-T1.2b": "verified", "YSJ-T1.3": "verified", "YSJ-T1.3a": "verified", "YSJ-S1": "verified",
    "YSJ-C2": "verified", "YSJ-L3": "refuted", "YSJ-L3-small": "verified", "YSJ-L4": "verified",
    "YSJ-L5": "verified", "YSJ-S2": "verified", "YSJ-R1-last": "verified", "YSJ-S5": "refuted",
    "YSJ-S5-products": "verified", "YSJ-C2-proof": "refuted",
}  # fmt: skip


@pytest.mark.parametrize("claim", STATUSES)
def test_a_claim_has_this_status_on_each_of_its_instances(claim):
    found = {name: run(claim, name).status for name in CLAIMS[claim].instances}
    if claim == "YSJ-T1.1":  # one output and two inputs: zero is the one saddle
        assert run(claim, DEEP + "one-output").status == "verified"
    assert set(found.values()) == {STATUSES[claim]}, found


def test_biases_of_the_first_layer_are_a_column_and_others_are_not():
    assert run("YSJ-R1", DEEP + "first-bias").status == "verified"
    assert run("YSJ-R1", DEEP + "biases").status == "refuted"


@pytest.mark.parametrize("claim", [c for c in STATUSES if CLAIMS[c].family.startswith("deep-linear")])
def test_a_claim_is_not_refuted_on_random_networks(claim):
    found = {run(claim, random_instance(CLAIMS[claim].family, 5, k)).status for k in range(12)}
    wanted = {STATUSES[claim], "not applicable"} | ({"undecided"} if claim == "YSJ-T1.1-width" else set())
    assert found <= wanted


@pytest.mark.slow
@pytest.mark.parametrize("family", ["deep-linear", "deep-linear-biases"])
def test_every_planted_critical_point_is_a_saddle_or_a_global_minimum(family):
    claim = "YSJ-C2" if family == "deep-linear" else "YSJ-R1-last"
    found = [run(claim, random_instance(family, 1, k)).status for k in range(150)]
    assert set(found) <= {"verified", "not applicable"} and found.count("verified") > 100


@pytest.mark.parametrize("family", ["deep-linear", "deep-linear-biases"])
def test_a_planted_point_is_critical_and_a_global_one_has_the_loss_of_least_squares(family):
    for k in range(10):
        problem = random_instance(family, 3, k)
        assert not any(problem.at("planted").gradient)
        if "global" in problem.points:
            assert not any(problem.at("global").gradient)
            assert problem.at("global").loss <= problem.at("planted").loss


REASONS = [
    ("yun2018-three-point-relu", "linear units are needed"),
    ("laurent-brecht-unbalanced-linear", "the squared loss without weight decay is needed"),
    (DEEP + "biases", "a network without biases is needed"),
    (DEEP + "bottleneck", "a hidden layer has width 1"),
]


@pytest.mark.parametrize(("name", "reason"), REASONS)
@pytest.mark.parametrize("claim", ["YSJ-T1.1", "YSJ-C2", "YSJ-T1.2b"])
def test_where_a_hypothesis_fails_it_is_named(claim, name, reason):
    outcome = run(claim, name)
    assert outcome.status == "not applicable" and outcome.detail.startswith(reason)


def test_where_the_product_is_a_saddle_of_l_0_one_hidden_unit_and_two_inputs_are_needed():
    assert run("YSJ-S2", SADDLE).status == "not applicable"


def transposed(problem: Problem) -> Problem:
    """The problem with the transposed targets: the data are unit vectors."""
    widths = problem.network.widths[::-1]
    network = Network.dense(widths, problem.network.slopes, False)
    units = [[int(i == j) for j in range(widths[0])] for i in range(widths[0])]
    points = {}
    for name in problem.points:
        weights = LinearPoint(problem, name, idle).weights.transposed
        points[name] = [a for w in weights.matrices for row in w for a in row]
    return replace(problem, network=network, x=units, y=list(zip(*problem.y, strict=True)), points=points, name="")


def relabelled(problem: Problem) -> Problem:
    """The problem with the units of each hidden layer in the opposite order."""
    points = {}
    for name in problem.points:
        ws = LinearPoint(problem, name, idle).weights.matrices
        last = len(ws) - 1
        flipped = [w if i == last else w[::-1] for i, w in enumerate(ws)]
        flipped = [w if i == 0 else tuple(row[::-1] for row in w) for i, w in enumerate(flipped)]
        points[name] = [a for w in flipped for row in w for a in row]
    return replace(problem, points=points, name="")


@pytest.mark.parametrize("change", [transposed, relabelled])
@pytest.mark.parametrize("name", [SADDLE, DEEP + "two-hidden-layers", DEEP + "more-outputs"])
def test_transposing_and_relabelling_leave_the_type_of_every_point(change, name):
    problem = Problem.example(name)
    other = change(problem)
    for point in problem.points:
        here, there = LinearPoint(problem, point, idle), LinearPoint(other, point, idle)
        assert here.point.loss == there.point.loss
        assert [here.saddle.answer, here.is_stationary] == [there.saddle.answer, there.is_stationary]
        assert (here.weights.full_rank_place() is None) == (there.weights.full_rank_place() is None)
    assert run("YSJ-C2", other).status == "verified"


def test_the_last_bias_moves_so_that_the_effective_bias_stays():
    problem = Problem.example(DEEP + "biases")
    here = LinearPoint(problem, "saddle", idle)
    assert len(here.curves) == 2
    for curve in here.curves:
        w1, b1, w2, b2 = (
            sympy.Rational(str(a)) + sum(sympy.Rational(str(d[k])) * T ** (n + 1) for n, d in enumerate(curve))
            for k, a in enumerate(here.point.parameters)
        )
        assert sympy.expand(w2 * b1 + b2) == 1 and sympy.expand(w2 * w1) != 0


# ------------------------------------------------------------------ curves proposed to a point, and certificates


def test_a_proposed_curve_that_does_not_descend_changes_nothing():
    problem = Problem.example(SADDLE)
    plain = problem.at("saddle")
    flat = replace(plain, curves=(((mpq(0),) * 8,),))
    assert flat.local_minimum().answer == flat.local_maximum().answer == "no"
    assert replace(problem.at("global"), curves=flat.curves).local_minimum().answer == "yes"


def test_a_saddle_whose_curve_is_changed_is_rejected():
    here = LinearPoint(Problem.example(SADDLE), "saddle", idle)
    certificate = here.point.certificate("saddle").to_dict()
    assert check(certificate).accepted
    changed = dict(certificate["decisions"])
    descent, ascent = changed["local_minimum"], changed["local_maximum"]
    for wrong in (
        {"local_minimum": {**descent, "coefficient": "1"}},
        {"local_minimum": {**descent, "order": descent["order"] + 1}},
        {"local_minimum": {**descent, "curve": ascent["curve"]}},
        {"local_maximum": {**ascent, "curve": descent["curve"]}},
    ):
        assert not check({**certificate, "decisions": {**changed, **wrong}}).accepted


def test_a_fact_that_is_changed_is_rejected():
    outcome = run("YSJ-L5", SADDLE)
    certificate = outcome.certificates[0].to_dict()
    assert check(certificate).accepted
    larger = [[name, "3" if name == "s" else text] for name, text in certificate["definitions"]]
    assert not check({**certificate, "definitions": larger}).accepted
    least = LinearPoint(Problem.example(SADDLE), "saddle", idle).least.certificates[0]
    assert not check(least).accepted  # the product of a saddle is no global minimum of l_0
