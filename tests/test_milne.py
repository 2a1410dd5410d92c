"""Milne, Piecewise strong convexity: the region, the pieces, what is critical, against SymPy, numpy and symmetries."""

import subprocess
import sys
from dataclasses import replace
from itertools import product as choices
from pathlib import Path

import numpy as np
import pytest
import sympy
from gmpy2 import mpq

from exactrelu import Loss, Network, Problem, check
from exactrelu.certificate import Certificate
from exactrelu.linear import inertia, product, transpose
from exactrelu.refinement import no_tick
from exactrelu.theorems.catalogue import CLAIMS, run, run_random, status
from exactrelu.theorems.claim import NO, YES
from exactrelu.theorems.milne.convexity import lemma_3
from exactrelu.theorems.milne.gradient_descent import flow
from exactrelu.theorems.milne.isolated_minima import isolated_minimum
from exactrelu.theorems.milne.linear_networks import is_linear, rotation, rotations
from exactrelu.theorems.milne.pieces import curvature, on_pieces, piece, shifted, sides
from exactrelu.theorems.milne.region import equation_7, in_region, largest_theta, norm_ball
from exactrelu.theorems.milne.setting import decay_rate, layers, radius2, scope, training_error
from exactrelu.theorems.milne.vacuity import critical, radial_derivatives
from exactrelu.theorems.random_instances import random_instance

OURS = [claim for claim in CLAIMS.values() if claim.id.startswith("MIL-")]
TRUE = [claim.id for claim in OURS if claim.family == "milne" and not claim.erratum and claim.id != "MIL-E1"]
INSTANCES = [random_instance("milne", 7, number) for number in range(40)]
DECAYED = [problem for problem in INSTANCES if problem.loss.weight_decay]


def points_of(problems):
    return [problem.at(name) for problem in problems for name in problem.points]


# ------------------------------------------------------------------ the region


def float_side(point):
    """lambda - sqrt2 H(H+1) r l^(1/2) ||W||_*^(H-1), by floating-point singular values."""
    problem, h = point.instance, point.instance.network.hidden_layers
    norm = max(np.linalg.norm(np.array(m, dtype=float), 2) for m in layers(problem, point.parameters))
    root = np.sqrt(float(2 * radius2(problem) * training_error(problem, point.parameters)))
    return float(decay_rate(problem)) - h * (h + 1) * root * norm ** (h - 1)


def test_membership_agrees_with_singular_values():
    inside = outside = 0
    for point in points_of(DECAYED):
        gap = float_side(point)
        if abs(gap) > 1e-9:
            inside, outside = inside + (gap > 0), outside + (gap < 0)
            assert in_region(point).answer == (YES if gap > 0 else NO)
    assert inside > 10 and outside > 10


def test_the_largest_theta_is_the_gap_up_to_a_sixteenth():
    for point in points_of(DECAYED[:15]):
        theta, gap = largest_theta(point), float_side(point)
        assert (theta is None) == (gap <= 0)
        if theta is not None:
            assert theta < gap + 1e-9 and gap < 17 / 16 * float(theta) + 1e-9


# The shipped values: the loss, lambda, whether the point is in U(lambda, 1/2), of three networks and an empty region.
KNOWN = {
    ("milne-deep", "inside"): ("921542401/1843200000", YES),
    ("milne-shallow", "critical"): ("9/32", NO),
    ("milne-shallow", "fit"): ("0", YES),
}


@pytest.mark.parametrize(("name", "place"), KNOWN)
def test_known_losses_and_memberships(name, place):
    point = Problem.example(name).at(place)
    error, answer = KNOWN[name, place]
    assert training_error(point.instance, point.parameters) == mpq(error)
    assert in_region(point, decay_rate(point.instance) / 2).answer == answer


def test_the_border_of_the_region_is_outside_it():
    """y = v w, l = lambda^2/(8 r^2) exactly: the inequality is strict."""
    network = Network.dense([1, 1, 1], bias=False)
    problem = Problem(network, [[1]], [mpq(1, 2)], Loss("squared", mpq(1, 2), weight_decay=mpq(1)), {"z": (0, 0)})
    assert training_error(problem, problem.point("z")) == mpq(1, 8)
    assert in_region(problem.at("z")).answer == NO
    nearer = replace(problem, y=((mpq(1, 2) - mpq(1, 10**30),),))
    assert in_region(nearer.at("z")).answer == YES


def permuted(problem):
    """Every hidden layer with its neurons in the opposite order."""
    network = problem.network

    def move(parameters):
        matrices = [list(map(list, m)) for m in layers(problem, parameters)]
        last = len(matrices) - 1
        for k, matrix in enumerate(matrices):
            rows = matrix[::-1] if k < last else matrix
            matrices[k] = [row[::-1] if k else row for row in rows]
        return tuple(v for m in matrices for row in m for v in row)

    assert network.hidden_layers
    return replace(problem, points={name: move(p) for name, p in problem.points.items()})


def turned_inputs(problem):
    """Data and first layer after a rational rotation of the inputs."""
    turn = rotation(problem.network.widths[0], 0, 1, mpq(1, 3))
    x = product(problem.x, transpose(turn))
    size = problem.network.layers[0].size

    def move(parameters):
        first = product(layers(problem, parameters)[0], transpose(turn))
        return (*(v for row in first for v in row), *parameters[size:])

    return replace(problem, x=x, points={name: move(p) for name, p in problem.points.items()})


@pytest.mark.parametrize("change", [permuted, turned_inputs])
def test_order_of_neurons_and_rotations_of_the_inputs_change_nothing(change):
    for problem in DECAYED[:20]:
        if change is turned_inputs and problem.network.widths[0] < 2:
            continue
        other = change(problem)
        for name in problem.points:
            p, q = problem.at(name), other.at(name)
            assert p.loss == q.loss
            assert largest_theta(p) == largest_theta(q)
            assert radial_derivatives(p) == radial_derivatives(q)
            assert norm_ball(p) == norm_ball(q)


def test_a_rotation_of_a_hidden_layer_keeps_a_linear_network():
    problem = Problem.example("milne-linear")
    for name, parameters in problem.points.items():
        for moved in rotations(problem, parameters):
            assert moved != parameters and problem.evaluate(moved) == problem.evaluate(parameters), name


# ------------------------------------------------------------------ pieces


def sympy_hessian(problem, parameters, signs):
    """The Hessian of l_lambda with switches held, by SymPy."""
    symbols = sympy.symbols(f"w0:{len(parameters)}")
    total, count = sympy.Integer(0), len(problem.x)
    for i, x in enumerate(problem.x):
        features, start = [sympy.Rational(str(v)) for v in x], 0
        for k, layer in enumerate(problem.network.layers):
            rows = [
                sum(symbols[start + r * layer.inputs + c] * features[c] for c in range(layer.inputs))
                for r in range(layer.outputs)
            ]
            start += layer.size
            switches = signs[i][k] if k < len(signs[i]) else None
            slopes = (
                [1] * len(rows) if switches is None else [problem.network.slopes[0 if s > 0 else 1] for s in switches]
            )
            features = [sympy.Rational(str(s)) * row for s, row in zip(slopes, rows, strict=True)]
        weight = sympy.Rational(str(problem.loss.weight(i, 0, count)))
        total += weight * (features[0] - sympy.Rational(str(problem.y[i][0]))) ** 2
    total += sympy.Rational(str(problem.loss.weight_decay)) / 2 * sum(s**2 for s in symbols)
    at = {s: sympy.Rational(str(v)) for s, v in zip(symbols, parameters, strict=True)}
    hessian = sympy.hessian(sympy.expand(total), symbols).subs(at)
    return tuple(tuple(mpq(str(hessian[i, j])) for j in range(len(symbols))) for i in range(len(symbols)))


def test_hessians_of_pieces_agree_with_sympy():
    for problem in INSTANCES[:6]:
        for name, parameters in problem.points.items():
            point = problem.at(name)
            signs = sides(point)[-1] if sides(point) else point.columns
            assert piece(point, signs).hessian(parameters) == sympy_hessian(problem, parameters, signs), name


# Inertia of the Hessian of l_lambda minus theta: Milne's Theorem 3 inside the region, and what may be outside.
INERTIA = [("milne-deep", "inside", "1/2", (8, 0, 0)), ("milne-shallow", "critical", "0", (2, 0, 0))]


@pytest.mark.parametrize(("name", "place", "theta", "expected"), INERTIA)
def test_known_inertia(name, place, theta, expected):
    point = Problem.example(name).at(place)
    assert point.form is not None
    found = inertia(shifted(point.form.hessian(point.parameters), -mpq(theta)))
    assert (found.positive, found.negative, found.zero) == expected


def test_the_certificate_of_a_piece_at_a_kink_is_a_sum_of_squares_and_cannot_be_changed():
    point = Problem.example("milne-deep").at("kink")
    fact = on_pieces(point, mpq(-1, 2), "strongly convex")
    assert fact.answer == YES and len(fact.certificates) == 16
    (proof, *_) = fact.certificates
    assert check(proof).accepted
    identity = proof.proof["facts"][1]
    wrong = identity.replace("(-1/2)*X2", "(-2)*X2")
    assert wrong != identity
    changed = Certificate(proof.kind, proof.problem, proof.statement, {**proof.proof, "facts": [wrong]})
    assert not check(changed).accepted


def test_a_shift_that_is_too_large_is_refuted_by_a_vector():
    point = Problem.example("milne-deep").at("inside")
    fact = curvature(point, point.columns, mpq(-2), "too much", strict=True)
    assert fact.answer == NO and all(check(proof).accepted for proof in fact.certificates)


def test_lemma_3_is_refuted_with_a_constant_that_is_too_small():
    """At (v, w) = 0 the bound with the constant H = 1 is attained; 0 in its place is refuted."""
    network = Network.dense([1, 1, 1], (1, 1), False)
    problem = Problem(network, [[1]], [1], Loss("squared", mpq(1, 2)), {"zero": (0, 0)})
    assert lemma_3(problem.at("zero"), 1).status == "verified"
    half = replace(problem, x=((mpq(1, 2),),), y=((mpq(2),),))  # r halves, f doubles: |f a| is the same
    assert lemma_3(half.at("zero"), 1).status == "verified"
    assert lemma_3(problem.at("zero"), 0).status == "refuted"


# ------------------------------------------------------------------ critical points


def test_a_point_is_critical_only_if_all_layers_have_one_norm():
    found = 0
    for point in points_of(DECAYED):
        if critical(point).answer == YES and any(point.parameters):
            found += 1
            norms = {sum(v * v for row in m for v in row) for m in layers(point.instance, point.parameters)}
            assert len(norms) == 1
            assert in_region(point).answer == NO
    assert found >= 3


def test_the_derivative_along_a_layer_is_the_gradient_times_the_layer():
    for point in points_of(DECAYED):
        if point.form is not None:
            gradient = point.form.gradient(point.parameters)
            spans = [(a, b) for _, a, b in point.instance.network.spans()]
            expected = [sum(point.parameters[j] * gradient[j] for j in range(a, b)) for a, b in spans]
            assert radial_derivatives(point) == expected


def test_no_neighbour_of_the_zero_network_is_lower():
    """Where W = 0 is said to be an isolated minimum, all small moves with entries -1, 0, 1 (scaled) raise the loss."""
    tried = 0
    for problem in DECAYED:
        point = problem.at("zero")
        if problem.network.parameters > 5 or isolated_minimum(point).answer != YES:
            continue
        for move in choices((-1, 0, 1), repeat=problem.network.parameters):
            if any(move):
                tried += 1
                assert problem.evaluate([mpq(m, 100) for m in move]) > point.loss
    assert tried > 100


def test_the_bound_is_attained_at_the_shipped_critical_point():
    point = Problem.example("milne-shallow").at("critical")
    error = training_error(point.instance, point.parameters)
    assert critical(point).answer == YES
    assert 2 * radius2(point.instance) * error == decay_rate(point.instance) ** 2


# ------------------------------------------------------------------ descent


def test_the_second_derivative_along_the_flow_agrees_with_small_steps():
    """(16) against differences of the loss along the flow, integrated in floating point."""
    point = Problem.example("milne-deep").at("outside")
    exact = mpq(flow(point).detail.split("= ")[-1])
    w, losses, step = np.array([float(v) for v in point.parameters]), [], 1e-4

    def gradient(v):
        return np.array([float(g) for g in point.form.gradient([mpq(*float(a).as_integer_ratio()) for a in v])])

    for _ in range(3):
        losses.append(float(point.form.value([mpq(*float(a).as_integer_ratio()) for a in w])))
        k1 = gradient(w)
        w = w - step * gradient(w - step / 2 * k1)
    second = (losses[0] - 2 * losses[1] + losses[2]) / step**2
    assert second == pytest.approx(float(exact), rel=1e-2)


def test_the_toy_experiment_repeats_with_its_seed_and_its_runs_end_at_zero():
    script = Path(__file__).parent.parent / "examples" / "milne_toy_experiment.py"
    command = [sys.executable, str(script), "3", "--seed", "5"]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert first == second
    rows = {line[:40].strip(): line[41:] for line in first.splitlines()}
    assert rows["runs that end at the zero network"] == rows["runs where theory allows no other end"] == "3"
    assert rows["first run, certificates accepted"] == "True"


# ------------------------------------------------------------------ claims


@pytest.mark.parametrize("name", TRUE)
def test_true_claims_are_not_refuted_on_random_networks(name):
    outcomes = run_random(CLAIMS[name], 8, 11, no_tick)
    assert all(outcome.status != "refuted" for _, outcome in outcomes)


@pytest.mark.slow
@pytest.mark.parametrize("name", TRUE)
def test_true_claims_are_not_refuted_on_many_random_networks(name):
    outcomes = run_random(CLAIMS[name], 60, 3, no_tick)
    assert all(outcome.status != "refuted" for _, outcome in outcomes)
    assert status(outcomes) == "verified" or not CLAIMS[name].instances


def test_the_errata_are_refuted_on_random_networks_too():
    for name in ("MIL-T1", "MIL-L2-any", "MIL-L7-rotation"):
        assert status(run_random(CLAIMS[name], 150, 2, no_tick)) == "refuted"


def test_a_claim_says_why_it_does_not_apply():
    hinge = Problem.example("laurent-brecht-one-neuron")
    (outcome,) = [o for _, o in run(CLAIMS["MIL-T3"], hinge, no_tick)]
    assert outcome.status == "not applicable" and outcome.detail == "dense layers without biases are needed"
    without_decay = Problem.example("milne-two-neurons")
    assert scope(without_decay) == "weight decay lambda > 0 is needed" and not scope(without_decay, decay=False)
    summed = replace(without_decay, loss=Loss("squared", mpq(1, 2), "sum", weight_decay=mpq(1)))
    assert "mean of half squares" in scope(summed)
    assert not is_linear(without_decay)


def test_a_ball_in_equation_7_contains_the_point():
    for point in points_of(DECAYED[:10]):
        square, norms = norm_ball(point), []
        for matrix in layers(point.instance, point.parameters):
            norms.append(float(np.linalg.norm(np.array(matrix, dtype=float), 2)) ** 2)
        assert max(norms) <= float(square) * (1 + 1e-12) and float(square) <= max(norms) * 1.07 + 1e-12
        assert equation_7(point).status in ("verified", "not applicable")
