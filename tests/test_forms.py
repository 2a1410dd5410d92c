"""The loss on a cell: against its definition, against another library, against the printed example of the papers."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy
import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st
from problems import Oracle, random_point, random_problem
from strategies import problems
from sympy import QQ
from sympy.polys.rings import ring as sympy_ring

from exactrelu import ExactReluError, Loss, MalformedInput, Network, Problem, check
from exactrelu.germ import loss_germ
from exactrelu.landscape import forms_certificate
from exactrelu.polynomial import Ring

KINDS = ("squared", "hinge", "multiclass-hinge", "one-vs-all-hinge")
STYLES = ("dense", "deep", "conv", "deep-conv", "linear")


def sample(seed: int, kind: str, style: str, **options: Any) -> tuple[Problem, list[Any]]:
    """A random problem of a style and a point in the interior of one of its cells."""
    rng = random.Random(f"{seed} {kind} {style}")
    widths = (2, 2, 2, 1) if style == "deep" else (2, 3, 1)
    problem = random_problem(rng, kind, widths, "dense" if style == "deep" else style, points=3, **options)
    while True:
        point = [mpq(v) for v in random_point(rng, problem)]
        if problem.at(problem.network.write(point)).form is not None:
            return problem, point


def terms(value: Any, names: list[str]) -> dict[str, Fraction]:
    """The terms of a `sympy.polys.rings` element as in certificates: names with repetition, to coefficients."""
    return {
        " ".join(name for name, power in zip(names, powers, strict=True) for _ in range(power)): Fraction(
            int(c.numerator), int(c.denominator)
        )
        for powers, c in value.terms()
    }


def plain(polynomial: Any) -> dict[str, Fraction]:
    return {key: Fraction(c) for key, c in polynomial.to_dict().items()}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_form_is_what_sympy_rings_expands_from_the_definition(kind: str, style: str) -> None:
    for seed in range(3):
        options = {"decay": seed == 1, "output_activation": seed == 2 and kind != "multiclass-hinge"}
        problem, point = sample(seed, kind, style, **options)
        oracle = Oracle(problem)
        names = oracle.names()
        assert tuple(names) == problem.network.names
        ring = sympy_ring(names, QQ)[0]
        signature = oracle.signature(point)
        assert problem.at(problem.network.write(point)).signature == signature
        form = problem.form(signature)
        expanded = terms(oracle.expand(signature, ring), names)
        assert plain(form.polynomial) == expanded
        total: dict[str, Fraction] = {}
        if kind != "squared":  # the blocks are a partition of the terms
            for block in form.blocks.values():
                for key, c in plain(block).items():
                    total[key] = total.get(key, Fraction(0)) + c
            assert {key: c for key, c in total.items() if c} == expanded


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("kind", KINDS)
def test_residuals_and_outputs_are_those_of_sympy_rings(kind: str, style: str) -> None:
    problem, point = sample(7, kind, style)
    oracle = Oracle(problem)
    names = oracle.names()
    ring = sympy_ring(names, QQ)[0]
    signature = oracle.signature(point)
    form = problem.form(signature)

    def number(value: Fraction) -> Any:
        return ring.ground_new(QQ(value.numerator, value.denominator))

    _, outputs = oracle.units(signature, list(ring.gens), ring.zero, number)
    assert [[plain(p) for p in row] for row in form.outputs] == [[terms(p, names) for p in row] for row in outputs]
    if kind == "squared":
        residuals = [
            terms(o - number(t), names)
            for row, y in zip(outputs, oracle.y, strict=True)
            for o, t in zip(row, y, strict=True)
        ]
        assert [plain(block) for name, block in form.blocks.items() if name.startswith("r_")] == residuals


@given(problem=problems(), seed=st.integers(0, 10**6))
def test_the_loss_on_a_cell_is_its_polynomial(problem: Problem, seed: int) -> None:
    rng = random.Random(seed)
    oracle = Oracle(problem)
    point = [mpq(v) for v in random_point(rng, problem)]
    here = problem.at(problem.network.write(point))
    assert here.signature == oracle.signature(point)
    assert Fraction(str(here.loss)) == oracle.value(point)
    if here.form is None:
        return
    form = here.form
    assert Fraction(str(form.value(point))) == oracle.value(point)
    near = [v + mpq(rng.randint(-9, 9), 10**6) for v in point]
    if oracle.signature(near) == here.signature:
        assert Fraction(str(form.value(near))) == oracle.value(near)


@given(problem=problems(), seed=st.integers(0, 10**6))
def test_the_gradient_is_the_limit_of_difference_quotients(problem: Problem, seed: int) -> None:
    """Second oracle: central differences of the real-arithmetic loss, exact up to the known order of the error."""
    rng = random.Random(seed)
    oracle = Oracle(problem)
    point = [mpq(v) for v in random_point(rng, problem)]
    here = problem.at(problem.network.write(point))
    if here.form is None:
        return
    gradient = here.form.gradient(point)
    assert here.gradient == gradient
    direction = [mpq(rng.randint(-3, 3)) for _ in point]
    slope = sum((g * d for g, d in zip(gradient, direction, strict=True)), mpq(0))
    germ = [*loss_germ(problem, point, [direction]), mpq(0), mpq(0)]
    assert germ[1] == slope
    curvature = sum(
        a * h * b
        for a, row in zip(direction, here.form.hessian(point), strict=True)
        for h, b in zip(row, direction, strict=True)
    )
    assert 2 * germ[2] == curvature
    h = mpq(1, 10**9)
    there, back = ([v + s * h * d for v, d in zip(point, direction, strict=True)] for s in (1, -1))
    if {oracle.signature(there), oracle.signature(back)} == {here.signature}:
        quotient = (oracle.value(there) - oracle.value(back)) / (2 * Fraction(1, 10**9))
        assert abs(quotient - Fraction(str(slope))) <= Fraction(1, 10**9)
        second = (oracle.value(there) + oracle.value(back) - 2 * oracle.value(point)) * 10**18
        assert abs(second - Fraction(str(curvature))) <= Fraction(1, 10**9)
        along = here.form.polynomial.along(point, direction)
        assert [Fraction(str(c)) for c in germ[: len(along)]] == [Fraction(str(c)) for c in along]


def two_hidden_layers() -> Problem:
    return Problem(
        Network.dense([1, 2, 1, 2], (1, "1/2")), [["1"], ["-2"], ["1/2"]], [0, 1, 1],
        Loss("multiclass-hinge", weights=((mpq(1, 4),), (mpq(1, 4),), (mpq(1, 2),))),
        {"start": {"W1": [[1], [-1]], "b1": ["1/3", "1/4"], "W2": [[1, -2]], "b2": ["1/5"],
                   "W3": [["1/10"], ["-1/10"]], "b3": [0, "1/11"]}},
    )  # fmt: skip


def test_the_blocks_of_theorem_1_with_two_hidden_layers() -> None:
    """Laurent, von Brecht 2018, Theorem 1 with L = 2 (checked by hand)."""
    start = two_hidden_layers().at("start")
    form = start.form
    assert form is not None
    assert {name: str(block) for name, block in form.blocks.items()} == {
        "phi_0": "-1/8*W1_1_1*W2_1_1*W3_1_1 + 1/8*W1_1_1*W2_1_1*W3_2_1"
        " - 1/4*W1_2_1*W2_1_2*W3_1_1 + 1/4*W1_2_1*W2_1_2*W3_2_1",
        "phi_1": "5/16*b1_1*W2_1_1*W3_1_1 - 5/16*b1_1*W2_1_1*W3_2_1 + 1/4*b1_2*W2_1_2*W3_1_1 - 1/4*b1_2*W2_1_2*W3_2_1",
        "phi_2": "3/8*b2_1*W3_1_1 - 3/8*b2_1*W3_2_1",
        "phi_3": "1/2*b3_1 - 1/2*b3_2",
        "phi_4": "1",
    }
    assert form.is_multilinear
    assert form.is_trace_zero
    assert start.loss == mpq(11093, 13200)
    assert vars(form.inertia(start.parameters)) == {"positive": 3, "negative": 3, "zero": 5}
    assert start.local_minimum().answer == start.local_maximum().answer == "no"


def test_lemma_2_gives_the_coefficients_of_one_hidden_layer() -> None:
    """Laurent, von Brecht 2018, Lemma 2, (8) to (12), by hand: data 1, 2 with labels 1, -1; slopes (1, 1/2)."""
    problem = Problem(Network.dense([1, 2, 1], (1, "1/2")), [["1"], ["2"]], [1, -1], Loss("hinge"))
    form = problem.form("+-,+;--,+")
    coefficients = form.lemma_2
    assert coefficients is not None
    # a_k = sum_i mu_i y_i slope_ik x_i: neuron 1: (1*1*1 - 1/2*2)/2 = 0, neuron 2: (1/2*1 - 1/2*2)/2 = -1/4
    assert coefficients.a == ((mpq(0),), (mpq(-1, 4),))
    assert coefficients.alpha == (mpq(1, 4), mpq(0))
    assert (coefficients.gamma, coefficients.delta) == (mpq(0), mpq(1))
    assert str(form.polynomial) == "1 + 1/4*W1_2_1*W2_1_2 - 1/4*b1_1*W2_1_1"


@given(
    problem=problems(kinds=("hinge",), hidden=(1,), decay=False, output_activation=False), seed=st.integers(0, 10**6)
)
def test_lemma_2_sums_to_the_loss(problem: Problem, seed: int) -> None:
    point = [mpq(v) for v in random_point(random.Random(seed), problem)]
    form = problem.at(problem.network.write(point)).form
    if form is None:
        return
    found = form.lemma_2
    assert found is not None
    arrays = problem.network.write(point)
    b = [mpq(v) for v in arrays.get("b1", ["0"] * len(found.alpha))]
    c = mpq(arrays.get("b2", ["0"])[0])
    total = found.delta - found.gamma * c
    for k, v in enumerate(arrays["W2"][0]):
        inner = sum((a * mpq(w) for a, w in zip(found.a[k], arrays["W1"][k], strict=True)), mpq(0))
        total -= mpq(v) * (inner + found.alpha[k] * b[k])
    assert Fraction(str(total)) == Oracle(problem).value(point)


def test_lemma_2_does_not_apply_to_other_losses_and_deeper_networks() -> None:
    form = two_hidden_layers().at("start").form
    assert form is not None and form.lemma_2 is None


@given(problem=problems(kinds=("hinge", "multiclass-hinge", "one-vs-all-hinge"), decay=False), seed=st.integers(0, 999))
def test_hinge_losses_are_multilinear_and_harmonic_on_every_cell(problem: Problem, seed: int) -> None:
    """Laurent, von Brecht 2018, Theorem 1 and Corollary 2: blocks multilinear, the Hessian zero or indefinite."""
    point = [mpq(v) for v in random_point(random.Random(seed), problem)]
    form = problem.at(problem.network.write(point)).form
    if form is None:
        return
    assert form.is_multilinear
    assert form.is_trace_zero
    hessian = form.hessian(point)
    assert sum(hessian[j][j] for j in range(len(hessian))) == 0
    found = form.inertia(point)
    assert (found.positive > 0) == (found.negative > 0)
    assert found.positive + found.negative + found.zero == len(point)


def test_a_squared_loss_is_not_multilinear_and_a_decay_not_harmonic() -> None:
    squared = Problem(Network.dense([1, 1, 1]), [["1"]], ["1"], Loss("squared")).form("+")
    assert not squared.is_multilinear
    assert not squared.is_trace_zero
    decayed = Problem(Network.dense([1, 1, 1]), [["1"]], [1], Loss("hinge", weight_decay=mpq(2))).form("+,+")
    assert decayed.is_multilinear  # without the decay, as the contract of the flag says
    assert not decayed.is_trace_zero
    assert str(decayed.laplacian) == "8"  # four parameters, lambda = 2
    assert not decayed.is_flat


def test_a_dead_squared_cell_is_flat_harmonic_and_multilinear() -> None:
    dead = Problem(Network.dense([1, 1, 1], bias=False), [["1"]], ["3"], Loss("squared")).form("-")
    assert dead.is_flat
    assert dead.is_trace_zero
    assert str(dead.polynomial) == "9"


@given(problem=problems(kinds=("squared",)), seed=st.integers(0, 999))
def test_the_laplacian_of_a_squared_loss_is_the_sum_of_the_squared_slopes(problem: Problem, seed: int) -> None:
    """Milne, Lemma 2: Delta L = sum_i 2 weight_i |grad o_i|^2 + lambda n, recomputed from the Hessian at a point."""
    point = [mpq(v) for v in random_point(random.Random(seed), problem)]
    form = problem.at(problem.network.write(point)).form
    if form is None:
        return
    assert form.laplacian_is_sum_of_squares
    hessian = form.hessian(point)
    trace = sum((hessian[j][j] for j in range(len(point))), mpq(0))
    assert form.laplacian.evaluate(point) == trace
    decay = problem.loss.weight_decay * len(point)
    assert trace == decay + sum((c * q.evaluate(point) ** 2 for c, q in form.laplacian_squares), mpq(0))
    assert trace >= decay


def test_a_hinge_loss_has_no_sum_of_squares() -> None:
    form = Problem(Network.dense([1, 1, 1]), [["1"]], [1], Loss("hinge")).form("+,+")
    assert not form.laplacian_is_sum_of_squares


@pytest.mark.parametrize("seed", range(12))
def test_the_inertia_agrees_with_numerical_eigenvalues_where_these_are_well_separated(seed: int) -> None:
    kind = KINDS[seed % 4]
    problem, point = sample(seed, kind, STYLES[seed % 3], decay=seed % 5 == 0)
    form = problem.at(problem.network.write(point)).form
    assert form is not None
    hessian = numpy.array([[float(v) for v in row] for row in form.hessian(point)])
    values = numpy.linalg.eigvalsh(hessian)
    small = numpy.abs(values) < 1e-9
    assert not numpy.any((numpy.abs(values) > 1e-11) & (numpy.abs(values) < 1e-6)), "choose another seed"
    assert vars(form.inertia(point)) == {
        "positive": int(numpy.sum(~small & (values > 0))),
        "negative": int(numpy.sum(~small & (values < 0))),
        "zero": int(numpy.sum(small)),
    }


def test_the_hessian_is_symmetric_and_that_of_the_expanded_polynomial() -> None:
    problem, point = sample(3, "squared", "deep", decay=True)
    form = problem.at(problem.network.write(point)).form
    assert form is not None
    hessian = form.hessian(point)
    for i in range(len(point)):
        for j in range(len(point)):
            second = form.polynomial.derivative(i).derivative(j)
            assert hessian[i][j] == hessian[j][i] == second.evaluate(point)


def test_a_form_demands_the_sign_zero_for_exactly_the_units_that_vanish_identically() -> None:
    """A dead layer below a layer without bias silences the units above it: issue, section Problems."""
    problem = Problem(Network.dense([1, 1, 1, 1], bias=[True, False, True]), [["1"]], [1], Loss("hinge"))
    assert str(problem.form("-,0,+").polynomial) == "1 - b3_1"
    for wrong in ("-,+,+", "-,-,+", "+,0,+", "0,0,+", "+,+,0"):
        with pytest.raises(MalformedInput) as error:
            problem.form(wrong)
        assert error.value.where == "signature"


@pytest.mark.parametrize("text", ["", "+", "+,+;", "++,+", "+;+", "+,*", "+,+;+,+;+,+", " +,+;+,+"])
def test_a_signature_that_does_not_fit_is_refused(text: str) -> None:
    problem = Problem(Network.dense([1, 1, 1]), [["1"], ["2"]], [1, -1], Loss("hinge"))
    with pytest.raises(MalformedInput) as error:
        problem.form(text)
    assert error.value.where == "signature"


def test_the_sympy_expression_of_a_form_is_its_polynomial() -> None:
    import sympy

    problem, point = sample(1, "hinge", "deep")
    form = problem.at(problem.network.write(point)).form
    assert form is not None
    values = {sympy.Symbol(n): sympy.Rational(str(v)) for n, v in zip(problem.network.names, point, strict=True)}
    assert str(form.sympy().xreplace(values)) == str(form.value(point))


def test_polynomials_print_in_a_stable_order_and_calculate() -> None:
    x, y = Ring(("x", "y")).variables
    p = x * x * y - y + x.ring.constant("1/2")
    assert str(p) == "1/2 - y + x**2*y"
    assert p.derivative(0).evaluate([mpq(2), mpq(5)]) == 20
    assert p.along([mpq(1), mpq(1)], [mpq(1), mpq(-1)]) == [mpq(1, 2), 2, -1, -1]
    assert (p - p).is_zero
    assert p == x * x * y - y + x.ring.constant("1/2")
    assert p != x
    assert hash(p) == hash(p + x - x)


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_of_forms_is_accepted(kind: str) -> None:
    problem, point = sample(5, kind, "deep", decay=kind == "squared")
    named = Problem(problem.network, problem.x, problem.y, problem.loss, {"here": point})
    verdict = check(forms_certificate(named, [named.cell_at("here")]))
    assert verdict.accepted, verdict.reason


def test_a_linear_region_has_no_form_of_the_loss() -> None:
    """Its signature is that of one input, not of the data: two data points, so no loss is fixed by it."""
    problem = Problem(
        Network.dense([1, 1, 1]), [["1"], ["-2"]], ["1", "5"], Loss("squared"), {"a": [mpq(1), mpq(0), mpq(1), mpq(0)]}
    )
    region = problem.cells(space="input", at="a")[0]
    with pytest.raises(ExactReluError):
        str(region.form.polynomial)
