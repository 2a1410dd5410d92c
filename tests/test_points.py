"""Verdicts on points: the papers' instances, exact random search near them, germs recomputed, symmetries."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from problems import Oracle, random_point, random_problem
from strategies import problems, small_rationals
from sympy import QQ
from sympy.polys.rings import ring as sympy_ring

from exactrelu import Decision, Loss, Network, Problem, Unsupported, check
from exactrelu.point import Point

QUESTIONS = ("differentiable", "clarke_critical", "local_minimum", "local_maximum", "global_minimum")


def neurons(
    x: Sequence[Any], y: Sequence[Any], points: dict[str, tuple[Any, Any, Any]], kind: str = "squared",
    slopes: tuple[Any, Any] = (1, 0), bias: tuple[bool, bool] = (True, True), weights: str = "mean", factor: Any = 1,
) -> Problem:  # fmt: skip
    """A problem with one hidden layer; points are (v, rows (w, b) or w, c)."""
    count, width = len(next(iter(points.values()))[0]), len(x[0])
    arrays = {}
    for name, (v, rows, c) in points.items():
        arrays[name] = {"W1": [row[:width] for row in rows], "W2": [v]}
        if bias[0]:
            arrays[name]["b1"] = [row[width] for row in rows]
        if bias[1]:
            arrays[name]["b2"] = [c]
    network = Network.dense([width, count, 1], slopes, bias)
    return Problem(network, x, y, Loss(kind, factor, weights), arrays)  # type: ignore[arg-type]


def assert_verdicts(point: Point, loss: Any, **answers: str) -> None:
    """The loss, the expected answers, and a certificate that the checker accepts."""
    assert point.loss == mpq(loss)
    for question, answer in answers.items():
        assert point.decision(question).answer == answer, question
    verdict = check(point.certificate())
    assert verdict.accepted, verdict.reason


def assert_better(problem: Problem, better: dict[str, Any], loss: Any, than: Any) -> None:
    """A better point of the instance has the loss that the instance says."""
    point = problem.at(better)
    assert point.loss == mpq(loss) < mpq(than)


# ---------------------------------------------------------------- instances of the papers


LIU = {"r1": ["-1", "-1"], "r2": ["-1", "1"], "r3": ["1", "-1"], "r4": ["1", "1"]}


@pytest.mark.parametrize(
    ("y", "name", "loss", "minimum", "maximum", "critical"),
    [
        (["1", "1"], "r1", "1", "yes", "yes", "yes"),
        (["1", "1"], "r2", "1/2", "yes", "no", "yes"),
        (["1", "1"], "r3", "1/2", "yes", "no", "yes"),
        (["1", "1"], "r4", "0", "yes", "no", "yes"),
        (["1", "-1"], "r1", "1", "yes", "yes", "yes"),
        (["1", "-1"], "r2", "5/2", "no", "no", "no"),
        (["1", "-1"], "r3", "1/2", "yes", "no", "yes"),
        (["1", "-1"], "r4", "2", "no", "no", "no"),
    ],
)
def test_the_interior_points_of_lius_two_samples(
    y: list[str], name: str, loss: str, minimum: str, maximum: str, critical: str
) -> None:
    """Liu, section 4.2 and appendix B; K = 1, no bias, z = 1."""
    points = {key: (["1"], [w], "0") for key, w in LIU.items()}
    problem = neurons([["1", "0"], ["0", "1"]], y, points, bias=(False, False))
    assert_verdicts(
        problem.at(name), loss, differentiable="yes", clarke_critical=critical, local_minimum=minimum,
        local_maximum=maximum,
    )  # fmt: skip
    kind = problem.at(name).kind().answer
    assert kind == (None if minimum == "no" else "flat" if name == "r1" else "sharp")
    best = {("1", "1"): "r4", ("1", "-1"): "r3"}[tuple(y)]
    is_best = problem.at(name).loss == problem.at(best).loss
    assert problem.at(name).global_minimum().answer == ("yes" if is_best else "no")


def test_the_differentiable_saddles_of_lius_theorem_2() -> None:
    """Liu, Theorem 2: critical, smooth, not minimal, with better points nearby."""
    a = neurons([["1", "0"], ["0", "1"]], ["1", "-1"], {"a": (["0"], [["1", "1"]], "0")}, bias=(False, False))
    assert_verdicts(a.at("a"), "1", differentiable="yes", clarke_critical="yes", local_minimum="no", local_maximum="no")
    assert_better(a, {"W1": [["1001/1000", "999/1000"]], "W2": [["1/512"]]}, "262143976001/262144000000", 1)
    b = neurons(
        [["1", "0"], ["0", "1"], ["-1", "1"], ["1", "1"]], ["1", "-1", "1", "-1"],
        {"b": (["1", "0"], [["1", "-2"], ["-2", "4"]], "0")}, bias=(False, False),
    )  # fmt: skip
    assert_verdicts(
        b.at("b"), "3/4", differentiable="yes", clarke_critical="yes", local_minimum="no", local_maximum="no"
    )
    better = {"W1": [["16383/16384", "-32769/16384"], ["-2001/1000", "3999/1000"]], "W2": [["1", "1/16384"]]}
    assert_better(b, better, "161061265336001/214748364800000", "3/4")


def test_a_strict_minimum_at_v_zero_in_the_interior_is_a_minimum() -> None:
    """Liu, (11) and (12) with R*: R* = 0, and (z, w) = (0, 1) is a differentiable local minimum."""
    problem = neurons([["1"], ["2"], ["3"]], ["1", "1", "-1"], {"p": (["0"], [["1"]], "0")}, bias=(False, False))
    assert_verdicts(
        problem.at("p"), "1", differentiable="yes", clarke_critical="yes", local_minimum="yes", local_maximum="no"
    )
    assert problem.at("p").kind().answer == "sharp"


def test_a_dead_neuron_is_both_a_minimum_and_a_maximum() -> None:
    """Liu, Theorem 1: a dead neuron is a local maximum and a local minimum."""
    problem = neurons([["1"]], ["1"], {"dead": (["1"], [["-1"]], "0")}, bias=(False, False))
    assert_verdicts(problem.at("dead"), "1", local_minimum="yes", local_maximum="yes", kind="flat")


FIGURE_4 = neurons(
    [["2", "0"], ["3", "1"], ["0", "2"], ["-2", "0"], ["-3", "-1"], ["0", "-2"]], [1, 1, 1, -1, -1, -1],
    {
        "a": (["1", "-1"], [["1", "1", "0"], ["-1", "-1", "0"]], "0"),
        "c": (["1", "-1"], [["-1", "0", "-4"], ["1", "0", "-4"]], "0"),
        "worse": (["-1", "1"], [["1", "1", "0"], ["-1", "-1", "0"]], "0"),
    },
    "hinge", bias=(True, False),
)  # fmt: skip


def test_the_flat_minima_of_laurent_and_von_brechts_figure_4() -> None:
    """Laurent, von Brecht 2018, figure 4 (a) and (c)."""
    flat = {"local_minimum": "yes", "local_maximum": "yes", "clarke_critical": "yes", "kind": "flat"}
    assert_verdicts(FIGURE_4.at("a"), "0", global_minimum="yes", **(flat | {"kind": "flat"}))
    assert_verdicts(FIGURE_4.at("c"), "1", global_minimum="no", **flat)
    assert FIGURE_4.at("c").certificate().to_dict()["spurious"] is True
    assert FIGURE_4.at("worse").loss == mpq(11, 3)
    assert FIGURE_4.at("worse").local_minimum().answer == "no"


def test_a_flat_cell_with_positive_loss_of_leaky_units() -> None:
    """Laurent, von Brecht 2018, Theorem 3: rare data, slopes (1, 1/2), weights (1/4, 1/2, 1/4)."""
    loss = Loss("hinge", weights=((mpq(1, 4),), (mpq(1, 2),), (mpq(1, 4),)))
    point = {"W1": [[1]], "b1": [5], "W2": [["1/10"]], "b2": [0]}
    problem = Problem(Network.dense([1, 1, 1], (1, "1/2")), [[0], [1], [2]], [1, -1, 1], loss, {"p": point})
    assert_verdicts(problem.at("p"), "1", local_minimum="yes", local_maximum="yes", clarke_critical="yes", kind="flat")


THREE = ([["1", "0"], ["0", "1"], ["1/2", "1/2"]], ["0", "0", "1"])


@pytest.mark.parametrize("slopes", [(1, "1/2"), (1, 0)])
def test_yuns_three_points_have_a_spurious_minimum(slopes: tuple[Any, Any]) -> None:
    """Yun, Sra, Jadbabaie 2018, Theorem 7, A9: loss 1/3, a local minimum, and another point has loss 0."""
    points = {
        "bad": (["2/3", "2/3"], [["1/4", "1/4", "0"], ["1/4", "1/4", "0"]], "0"),
        "zero": (["-2", "-2"], [["1", "-2", "0"], ["-2", "1", "0"]], "0"),
        "zero a": (["-3", "1"], [["1", "-1", "0"], ["3", "-1", "0"]], "0"),
        "zero b": (["-2", "-2"], [["0", "1", "-1/2"], ["0", "-1", "1/2"]], "1"),
        "step 1": (["1", "0"], [["0", "0", "4/3"], ["0", "0", "1"]], "-1"),
        "step 2": (["1", "-1"], [["-16/273", "0", "2/39"], ["16/273", "0", "-10/273"]], "79/273"),
    }
    problem = neurons(*THREE, points, slopes=slopes, weights="sum", factor="1/2")
    assert_verdicts(
        problem.at("bad"), "1/3", differentiable="yes", clarke_critical="yes", local_minimum="yes",
        local_maximum="no", global_minimum="no", kind="sharp",
    )  # fmt: skip
    certificate = problem.at("bad").certificate()
    assert certificate.to_dict()["spurious"] is True
    assert "spurious" in certificate.statement
    assert problem.at("zero").loss == 0 if slopes[1] else problem.at("zero").loss != 0
    if not slopes[1]:
        for name in ("zero a", "zero b"):
            assert_verdicts(problem.at(name), 0, local_minimum="yes", global_minimum="yes")
        assert_verdicts(problem.at("step 1"), "1/3", local_minimum="yes", global_minimum="no")
        assert_verdicts(problem.at("step 2"), "271/819", local_minimum="no")


@pytest.mark.parametrize(
    ("x", "y", "slopes", "minimum", "loss", "better", "lower"),
    [
        ([["0"], ["1"], ["2"]], ["0", "0", "1"], (1, "1/2"),
         (["1", "0"], [["1/2", "5/6"], ["0", "1"]], "-1"), "1/12",
         (["2/3", "-2/3"], [["1/2", "-3/8"], ["-1/2", "1/8"]], "1/12"), "83/1152"),
        ([["0"], ["1"], ["2"]], ["0", "0", "1"], (1, 0),
         (["1", "0"], [["1/2", "5/6"], ["0", "1"]], "-1"), "1/12",
         (["1", "-1"], [["1/2", "-13/36"], ["-1/2", "5/36"]], "1/12"), "7/108"),
        ([["0", "-1"], ["0", "0"], ["0", "1"], ["1", "0"]], ["1", "-2", "1", "1"], (1, 0),
         (["1", "0"], [["1", "0", "1"], ["0", "0", "1"]], "-1"), "3",
         (["1", "-1"], [["1", "1/4", "1/16"], ["-1", "-1/4", "-3/16"]], "-1/8"), "373/128"),
        (*THREE, (1, "1/2"),
         (["1", "0"], [["1/9", "1/9", "11/9"], ["0", "0", "1"]], "-1"), "1/3",
         (["2/3", "-2/3"], [["67/747", "1/9", "-23/249"], ["-67/747", "-1/9", "73/747"]], "79/249"), "2239/6723"),
    ],
)  # fmt: skip
def test_yuns_theorem_6_constructs_spurious_minima(
    x: Any, y: Any, slopes: Any, minimum: Any, loss: str, better: Any, lower: str
) -> None:
    """Yun, Sra, Jadbabaie 2018, Theorem 6, cases 1 and 2; half sum of squares.

    The points of case 1 lie where all data are active, except that case 2 of the instance has a kink at w x + b = 0.
    """
    problem = neurons(x, y, {"min": minimum, "better": better}, slopes=slopes, weights="sum", factor="1/2")
    point = problem.at("min")
    assert point.loss == mpq(loss)
    assert problem.at("better").loss == mpq(lower) < mpq(loss)
    if point.form is not None:
        assert_verdicts(point, loss, local_minimum="yes", global_minimum="no", local_maximum="no")
    else:
        assert point.local_minimum().answer != "no"


DIAGONAL = ([["1", "0"], ["0", "1"]], [["2", "0"], ["0", "1"]])


def linear_network(widths: list[int], matrices: list[Any]) -> Problem:
    """A deep linear network with half the sum of squares, Yun, Sra, Jadbabaie, Theorem 1."""
    point = {f"W{l}": matrix for l, matrix in enumerate(matrices, 1)}
    network = Network.dense(widths, (1, 1), False)
    return Problem(network, *DIAGONAL, Loss("squared", "1/2", "sum"), {"p": point})  # type: ignore[arg-type]


def test_critical_points_of_deep_linear_networks_are_saddles_or_global_minima() -> None:
    """Yun, Sra, Jadbabaie, Theorem 1; the third point has a vanishing Hessian."""
    saddle = linear_network([2, 2, 2], [[["2", "0"], ["0", "0"]], [["1", "0"], ["0", "0"]]])
    assert_verdicts(saddle.at("p"), "1/2", clarke_critical="yes", local_minimum="no", local_maximum="no")
    best = linear_network([2, 2, 2], [[["2", "0"], ["0", "1"]], [["1", "0"], ["0", "1"]]])
    assert_verdicts(best.at("p"), "0", clarke_critical="yes", local_minimum="yes", global_minimum="yes")
    zero = [["0", "0"], ["0", "0"]]
    origin = linear_network([2, 2, 2, 2], [zero, zero, zero]).at("p")
    assert origin.form is not None
    assert not any(map(any, origin.form.hessian(origin.parameters)))
    assert_verdicts(origin, "5/2", differentiable="yes", clarke_critical="yes", local_minimum="no", local_maximum="no")
    bottleneck = linear_network([2, 1, 2], [[["2", "0"]], [["1"], ["0"]]]).at("p")
    assert_verdicts(bottleneck, "1/2", clarke_critical="yes", local_maximum="no")
    assert bottleneck.local_minimum().answer != "no"  # it is a global minimum


MILNE = [
    ([1, 2, 2, 1], [["1"], ["2"]], ["1", "1"],
     [["1/40", "1/60"], [["1/40", "0"], ["0", "1/40"]], ["1/40", "1/80"]], "921542401/1843200000", "1/2", (8, 0, 0)),
    ([1, 2, 2, 1], [["1"], ["2"]], ["3", "1"],
     [["1", "1/2"], [["1/10", "0"], ["0", "1/10"]], ["1", "1/2"]], "565/256", "0", (5, 3, 0)),
    ([1, 2, 1], [["1"]], ["3"], [["1/4", "1/8"], ["1/4", "1/8"]], "34969/8192", "0", (2, 2, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("widths", "x", "y", "w", "loss", "theta", "expected"), MILNE)
def test_milnes_hessians_with_weight_decay(
    widths: Any, x: Any, y: Any, w: Any, loss: str, theta: str, expected: tuple[int, int, int]
) -> None:
    """Milne, Definition 2, Theorem 3: W^[i] there is n_i x n_{i+1}, lambda = 1.

    The instance's l is the loss without the decay, its H the Hessian with it.
    """
    from exactrelu.linear import inertia

    if len(w) == 3:
        arrays = {"W1": [[w[0][0]], [w[0][1]]], "W2": [list(r) for r in zip(*w[1], strict=True)], "W3": [w[2]]}
    else:
        arrays = {"W1": [[w[0][0]], [w[0][1]]], "W2": [w[1]]}
    network = Network.dense(widths, (1, 0), False, True)
    point = Problem(network, x, y, Loss("squared", "1/2", weight_decay=mpq(1)), {"p": arrays}).at("p")  # type: ignore[arg-type]
    decay = sum(v * v for v in point.parameters) / 2
    assert point.loss - decay == mpq(loss)
    assert point.form is not None
    hessian = [list(row) for row in point.form.hessian(point.parameters)]
    for j in range(len(hessian)):
        hessian[j][j] -= mpq(theta)
    assert tuple(vars(inertia(hessian)).values()) == expected
    assert_verdicts(point, point.loss, differentiable="yes", clarke_critical="no", local_minimum="no")


def test_milnes_equality_case_is_critical() -> None:
    """Milne, Theorem 2, an equality case: lambda = 3/4, W = (1/2, 1/2), loss 9/32 without the decay of 6/32."""
    network = Network.dense([1, 1, 1], (1, 0), False, True)
    loss = Loss("squared", "1/2", weight_decay=mpq(3, 4))
    problem = Problem(network, [[1]], [1], loss, {"p": {"W1": [["1/2"]], "W2": [["1/2"]]}})  # type: ignore[arg-type]
    point = problem.at("p")
    assert point.loss == mpq(9, 32) + mpq(3, 8) * mpq(1, 2)
    assert point.gradient == (0, 0)
    assert point.clarke_critical().answer == "yes"
    # o = zw, L = (zw - 1)^2 / 2 + 3/8 (z^2 + w^2); Hessian [[1, -1/2 ..]]: z^2 + lambda = 1 and 2 zw - 1 = -1/2
    assert point.form is not None
    assert point.form.hessian(point.parameters) == ((1, mpq(-1, 2)), (mpq(-1, 2), 1))
    assert_verdicts(point, "15/32", local_minimum="yes", local_maximum="no")


def test_one_versus_all_and_multiclass_instances_of_laurent_and_von_brecht() -> None:
    """Laurent, von Brecht 2018, equation (11): sum of three hinge losses 2 at the point, 399/200 at a better one."""
    x = [["-1", "1"], ["-1", "-1"], ["1", "1"], ["1", "-1"]]
    problem = Problem(
        Network.dense([2, 1, 3]), x, [0, 1, 2, 2], Loss("one-vs-all-hinge"),
        {"p": {"W1": [["0", "1"]], "b1": ["3"], "W2": [["1"], ["-1"], ["0"]], "b2": ["-4", "2", "0"]},
         "q": {"W1": [["-1/10", "1"]], "b1": ["3"], "W2": [["11/10"], ["-1"], ["0"]], "b2": ["-22/5", "2", "0"]}},
    )  # fmt: skip
    assert_verdicts(
        problem.at("p"), "2", differentiable="yes", clarke_critical="yes", local_minimum="no", local_maximum="no"
    )
    assert problem.at("q").loss == mpq(399, 200)


def test_the_kinks_of_later_issues_are_at_least_not_decided_wrongly() -> None:
    """Verdicts on kinks from the papers: what is decided must agree (undecided is allowed by the issue)."""
    eye = [["1", "0"], ["0", "1"]]
    edges = {"r3/r4": (["1"], [["1", "0"]], "0"), "r1/r2": (["1"], [["-1", "0"]], "0"),
             "r1/r3": (["1"], [["0", "-1"]], "0"), "r2/r4": (["1"], [["0", "1"]], "0"),
             "origin": (["1"], [["0", "0"]], "0")}  # fmt: skip
    expected = {
        ("1", "1"): {"r3/r4": (0, 0, 1), "r1/r2": (0, 1, 1), "r1/r3": (0, 1, 1), "r2/r4": (0, 0, 1),
                     "origin": (0, 1, 1)},
        ("1", "-1"): {"r3/r4": (1, 0, 1), "r1/r2": (1, 0, 1), "r1/r3": (0, 1, 1), "r2/r4": (0, 0, 0),
                      "origin": (0, 0, 1)},
    }  # fmt: skip
    decided = 0
    for y, verdicts in expected.items():
        problem = neurons(eye, list(y), edges, bias=(False, False))
        for name, verdict in verdicts.items():
            point = problem.at(name)
            for question, truth in zip(("local_minimum", "local_maximum", "clarke_critical"), verdict, strict=True):
                answer = point.decision(question).answer
                assert answer in ("undecided", "yes" if truth else "no"), (y, name, question)
                decided += answer != "undecided"
    assert decided >= 8
    for alpha in (0, "1/2", 1):  # lvb_unbalanced_v0.json: a sharp local minimum on hinge kinks at v = 0
        problem = neurons(
            [["1", "1"], ["1", "-1"], ["-1", "0"]], [1, 1, -1], {"p": (["0"], [["0", "1", "2"]], "1"),
            "zero": (["1"], [["2", "0", "3"]], "-3")}, "hinge", (1, alpha),
        )  # fmt: skip
        assert problem.at("p").loss == mpq(2, 3)
        assert problem.at("p").local_minimum().answer in ("yes", "undecided")
        assert problem.at("p").local_maximum().answer in ("no", "undecided")
        assert problem.at("p").global_minimum().answer == "no"
        assert problem.at("zero").loss == 0


# ---------------------------------------------------------------- properties


def germ(oracle: Oracle, point: Sequence[Any], curve: Sequence[Sequence[Any]]) -> list[Fraction]:
    """The loss for small t > 0 along a curve, computed with sympy's univariate ring from the definition."""
    ring, t = sympy_ring("t", QQ)

    def number(value: Fraction) -> Any:
        return ring.ground_new(QQ(value.numerator, value.denominator))

    def lowest(p: Any) -> Any:
        return min(((powers[0], c) for powers, c in p.terms()), default=(0, QQ(0)))[1]

    def activate(_layer: int, _unit: int, value: Any) -> Any:
        return value * number(oracle.above if lowest(value) > 0 else oracle.below)

    values = []
    for j, start in enumerate(point):
        total = number(Fraction(str(start)))
        for power, direction in enumerate(curve, 1):
            total += t**power * number(Fraction(str(direction[j])))
        values.append(total)
    loss = sum((v**2 for v in values), ring.zero) * number(Fraction(oracle.loss.get("weight_decay", 0)) / 2)
    for i, x in enumerate(oracle.x):
        _, outputs = oracle.run(values, [number(v) for v in x], activate, ring.zero)
        if oracle.is_squared:
            for o, y in zip(outputs, oracle.y[i], strict=True):
                loss += (o - number(y)) ** 2 * number(oracle.weight(i))
        else:
            for weight, unit in oracle.loss_units(i, outputs):
                loss += unit * number(weight) if lowest(unit) > 0 else ring.zero
    found = {powers[0]: Fraction(int(c.numerator), int(c.denominator)) for powers, c in loss.terms()}
    return [found.get(j, Fraction(0)) for j in range(max(found, default=0) + 1)]


def assert_proof_of_no(problem: Problem, point: Point, decision: Decision, sense: int) -> None:
    """The curve of a refutation: order and coefficient recomputed, and the other point evaluated."""
    oracle = Oracle(problem)
    proof = dict(decision.proof)
    curve = [problem.network.read(direction) for direction in proof["curve"]]
    coefficients = germ(oracle, point.parameters, curve)
    order = proof["order"]
    assert order >= 1
    assert not any(coefficients[1:order])
    assert coefficients[order] == Fraction(proof["coefficient"])
    assert coefficients[order] * sense > 0
    other = proof["better" if sense < 0 else "worse"]
    t = Fraction(other["t"])
    assert t > 0
    moved = [
        Fraction(str(v)) + sum((t**k * Fraction(str(d[j])) for k, d in enumerate(curve, 1)), Fraction(0))
        for j, v in enumerate(point.parameters)
    ]
    value = oracle.value(moved)
    assert value == Fraction(other["loss"])
    assert (value - oracle.value(point.parameters)) * sense > 0


def assert_no_contradiction(problem: Problem, point: Point, rng: random.Random, rounds: int = 40) -> None:
    """Every decided answer of a point survives a second look."""
    oracle = Oracle(problem)
    here = oracle.value(point.parameters)
    minimum, maximum = point.local_minimum(), point.local_maximum()
    if minimum.answer == "no":
        assert_proof_of_no(problem, point, minimum, -1)
    if maximum.answer == "no":
        assert_proof_of_no(problem, point, maximum, 1)
    if point.differentiable().answer == "yes" and "no" not in (minimum.answer, maximum.answer):
        assert point.clarke_critical().answer != "no" or "undecided" in (minimum.answer, maximum.answer)
    for answer, sense in ((minimum.answer, 1), (maximum.answer, -1)):
        if answer != "yes":
            continue
        for k in range(rounds):
            radius = Fraction(1, 10 ** (4 + k % 3))
            near = [Fraction(str(v)) + radius * Fraction(rng.randint(-99, 99), 99) for v in point.parameters]
            assert (oracle.value(near) - here) * sense >= 0
    best = point.global_minimum()
    if best.answer == "yes":
        for _ in range(rounds):
            elsewhere = [Fraction(rng.randint(-9, 9), rng.randint(1, 3)) for _ in point.parameters]
            assert oracle.value(elsewhere) >= here
    if best.answer == "no":
        better = [Fraction(str(v)) for v in problem.network.read(best.proof["point"])]
        assert oracle.value(better) == Fraction(best.proof["loss"]) < here
    verdict = check(point.certificate())
    assert verdict.accepted, verdict.reason


@settings(deadline=None, max_examples=60)
@given(problem=problems(), seed=st.integers(0, 10**6), grid=st.sampled_from([1, 1, 2, 97]))
def test_a_decided_answer_is_never_contradicted(problem: Problem, seed: int, grid: int) -> None:
    """Coarse grids put the point on kinks and make critical points likely."""
    rng = random.Random(seed)
    place = [mpq(v) for v in random_point(rng, problem, 1, grid)]
    assert_no_contradiction(problem, problem.at(problem.network.write(place)), rng, 12)


@pytest.mark.parametrize("style", ["dense", "conv", "deep-conv", "linear"])
@pytest.mark.parametrize("kind", ["squared", "hinge", "multiclass-hinge", "one-vs-all-hinge"])
def test_decisions_about_structured_networks_are_never_contradicted(kind: str, style: str) -> None:
    rng = random.Random(f"{kind} {style}")
    for grid in (1, 97):
        problem = random_problem(rng, kind, (2, 2, 2, 1), style, decay=grid == 1)
        place = [mpq(v) for v in random_point(rng, problem, 1, grid)]
        assert_no_contradiction(problem, problem.at(problem.network.write(place)), rng, 5)


def least_squares(rows: list[list[Fraction]], y: list[Fraction]) -> list[Fraction]:
    """A minimiser of sum (row . beta - y)^2, by elimination on the normal equations."""
    size = len(rows[0])
    system = [
        [sum((r[i] * r[j] for r in rows), Fraction(0)) for j in range(size)]
        + [sum((r[i] * t for r, t in zip(rows, y, strict=True)), Fraction(0))]
        for i in range(size)
    ]
    pivots: list[int] = []
    for column in range(size):
        row = next((r for r in range(len(pivots), size) if system[r][column]), None)
        if row is None:
            continue
        system[len(pivots)], system[row] = system[row], system[len(pivots)]
        lead = system[len(pivots)]
        system[len(pivots)] = lead = [v / lead[column] for v in lead]
        for r in range(size):
            if r != len(pivots) and system[r][column]:
                factor = system[r][column]
                system[r] = [a - factor * b for a, b in zip(system[r], lead, strict=True)]
        pivots.append(column)
    beta = [Fraction(0)] * size
    for r, column in enumerate(pivots):
        beta[column] = system[r][-1]
    return beta


@st.composite
def planted(draw: st.DrawFn) -> tuple[Problem, str]:
    """One hidden layer, one output, squared loss, and a point that is likely to be critical.

    Either the output weights are the least-squares fit to fixed hidden features (then only the hidden layer may have a
    slope), or all hidden weights but one fit are zeroed: v_k = 0 and dead neurons are likely.
    """
    d, count, size = draw(st.integers(1, 2)), draw(st.integers(1, 4)), draw(st.integers(1, 2))
    x = draw(st.lists(st.lists(small_rationals, min_size=d, max_size=d), min_size=count, max_size=count))
    y = [Fraction(v) for v in draw(st.lists(small_rationals, min_size=count, max_size=count))]
    bias = (draw(st.booleans()), draw(st.booleans()))
    slopes = draw(st.sampled_from([(1, 0), (1, "1/2"), (2, 1), (1, 1)]))
    style = draw(st.sampled_from(["fit", "affine", "dead", "zero"]))
    rows = draw(st.lists(st.lists(small_rationals, min_size=d + 1, max_size=d + 1), min_size=size, max_size=size))
    w = [[Fraction(v) for v in row] for row in rows]
    if style in ("affine", "dead") and bias[0]:
        sign = 1 if style == "affine" else -1
        for row in w:
            row[-1] = sign * (50 + abs(row[-1]))
    above, below = (Fraction(s) for s in slopes)
    features = []
    for row in x:
        inputs = [*(Fraction(v) for v in row), Fraction(int(bias[0]))]
        pre = [sum((a * b for a, b in zip(r, inputs, strict=True)), Fraction(0)) for r in w]
        features.append([above * max(p, 0) + below * min(p, 0) for p in pre])
    if style == "zero":
        features = [[Fraction(0)] * size for _ in features]
    beta = least_squares([[*f, Fraction(int(bias[1]))] for f in features], y)
    if style == "affine" and bias[0]:  # replace v, w by an affine fit with all data active: no slope is left
        fit = least_squares([[*(Fraction(v) for v in row), Fraction(1)] for row in x], y)
        if any(fit[:-1]) and bias[1]:
            w = [[v / size for v in fit[:-1]] + [Fraction(50)] for _ in range(size)]
            beta = [Fraction(1) / above] * size + [fit[-1] - 50 * size]
    arrays: dict[str, Any] = {"W1": [r[:d] for r in w], "W2": [beta[:size]]}
    if bias[0]:
        arrays["b1"] = [r[d] for r in w]
    if bias[1]:
        arrays["b2"] = [beta[size]]
    network = Network.dense([d, size, 1], slopes, bias)
    return Problem(network, x, y, Loss("squared"), {"p": arrays}), style  # type: ignore[arg-type]


@settings(deadline=None, max_examples=150)
@given(planted(), st.integers(0, 999))
def test_interior_points_of_one_hidden_layer_and_one_output_are_always_decided(
    case: tuple[Problem, str], seed: int
) -> None:
    problem, _ = case
    point = problem.at("p")
    assume(point.form is not None)
    for question in QUESTIONS[:-1]:
        assert point.decision(question).answer in ("yes", "no"), question
    assert point.kind().answer != "undecided"
    assert_no_contradiction(problem, point, random.Random(seed), 6)


@settings(deadline=None, max_examples=40)
@given(
    problem=problems(hidden=(1,), decay=False, one_output=True), seed=st.integers(0, 999), grid=st.sampled_from([1, 97])
)
def test_random_interior_points_of_one_hidden_layer_are_always_decided(problem: Problem, seed: int, grid: int) -> None:
    place = [mpq(v) for v in random_point(random.Random(seed), problem, 2, grid)]
    point = problem.at(problem.network.write(place))
    assume(point.form is not None)
    for question in QUESTIONS[:-1]:
        assert point.decision(question).answer in ("yes", "no"), question


def test_the_affine_fit_with_all_data_active_is_a_minimum_by_the_structural_identity() -> None:
    """The construction of Yun, Sra, Jadbabaie, Theorem 6, step 1: residuals orthogonal to 1 and x."""
    fit = least_squares([[Fraction(v), Fraction(1)] for v in (0, 1, 3)], [Fraction(v) for v in (1, 5, 2)])
    arrays = {"W1": [[fit[0]]], "b1": [50], "W2": [[1]], "b2": [fit[1] - 50]}
    problem = Problem(Network.dense([1, 1, 1]), [[0], [1], [3]], [1, 5, 2], Loss("squared"), {"p": arrays})  # type: ignore[arg-type]
    decision = problem.at("p").local_minimum()
    assert (decision.answer, decision.rule) == ("yes", "sum-of-squares")
    assert check(decision.certificate).accepted


# ---------------------------------------------------------------- symmetries


def answers(problem: Problem, parameters: Sequence[Any]) -> dict[str, str | None]:
    point = problem.at(problem.network.write([mpq(str(v)) for v in parameters]))
    found = {question: point.decision(question).answer for question in QUESTIONS[:-1]}
    return {**found, "kind": point.kind().answer, "loss": str(point.loss)}


def assert_same(first: dict[str, str | None], second: dict[str, str | None], interior: bool) -> None:
    """In the interior the answers are the same; on a kink none may turn into its opposite."""
    for question, answer in first.items():
        if interior or question == "loss":
            assert second[question] == answer, question
        else:
            assert {answer, second[question]} not in ({"yes", "no"}, {"flat", "sharp"}), question


@settings(deadline=None, max_examples=60)
@given(case=planted(), seed=st.integers(0, 999))
def test_decisions_do_not_depend_on_the_names_of_neurons_their_scale_or_the_order_of_the_data(
    case: tuple[Problem, str], seed: int
) -> None:
    problem, rng = case[0], random.Random(seed)
    parameters = problem.point("p")
    interior = problem.at("p").form is not None
    here = answers(problem, parameters)
    arrays = problem.network.write(parameters)
    order = list(range(problem.network.widths[1]))
    rng.shuffle(order)
    scale = [mpq(rng.randint(1, 9), rng.randint(1, 9)) for _ in order]
    moved: dict[str, Any] = {
        "W1": [[str(mpq(v) * scale[k]) for v in arrays["W1"][k]] for k in order],
        "W2": [[str(mpq(arrays["W2"][0][k]) / scale[k]) for k in order]],
    }
    if "b1" in arrays:
        moved["b1"] = [str(mpq(arrays["b1"][k]) * scale[k]) for k in order]
    if "b2" in arrays:
        moved["b2"] = arrays["b2"]
    assert_same(here, answers(problem, problem.network.read(moved)), interior)
    shuffled = list(range(len(problem.x)))
    rng.shuffle(shuffled)
    permuted = Problem(
        problem.network, [problem.x[i] for i in shuffled], [problem.y[i] for i in shuffled], problem.loss  # type: ignore[arg-type]
    )  # fmt: skip
    assert_same(here, answers(permuted, parameters), interior)
    n = len(problem.x)
    halves = ((mpq(1, 2 * n),), *((mpq(1, n),) for _ in range(n - 1)), (mpq(1, 2 * n),))
    split = Problem(
        problem.network, [*problem.x, problem.x[0]], [*problem.y, problem.y[0]], Loss("squared", weights=halves)  # type: ignore[arg-type]
    )  # fmt: skip
    assert_same(here, answers(split, parameters), interior)


@settings(deadline=None, max_examples=30)
@given(problem=problems(kinds=("hinge",), hidden=(1, 2), output_activation=False), seed=st.integers(0, 999))
def test_decisions_about_a_hinge_loss_survive_swapping_all_labels_and_the_sign_of_the_output(
    problem: Problem, seed: int
) -> None:
    rng = random.Random(seed)
    place = [mpq(v) for v in random_point(rng, problem, 1, rng.choice([1, 97]))]
    start = problem.network.offsets[-2]
    mirrored = [*place[:start], *(-v for v in place[start:])]
    other = Problem(problem.network, problem.x, [-y for y in problem.y], problem.loss)  # type: ignore[operator,arg-type]
    interior = problem.at(problem.network.write(place)).form is not None and not problem.loss.weight_decay
    assert_same(answers(problem, place), answers(other, mirrored), interior)


# ---------------------------------------------------------------- the shape of an answer


def test_a_decision_has_no_truth_value() -> None:
    decision = FIGURE_4.at("c").local_minimum()
    with pytest.raises(TypeError, match="yes, no or undecided"):
        bool(decision)
    assert repr(decision) == "Decision(local_minimum: yes, constant)"


def test_a_point_can_be_given_by_named_arrays() -> None:
    point = FIGURE_4.at({"W1": [[1, 1], [-1, -1]], "b1": [0, 0], "W2": [[1, -1]]})
    assert point.loss == 0
    assert point.signature == FIGURE_4.at("a").signature
    assert repr(point) == f"Point(loss 0, signature {point.signature})"


def test_a_point_on_a_kink_is_named_not_differentiable_with_a_direction() -> None:
    problem = neurons([["1"]], ["2"], {"kink": (["1"], [["1", "-1"]], "0")})
    decision = problem.at("kink").differentiable()
    assert decision.answer == "no"
    direction = problem.network.read(decision.proof["direction"])
    oracle = Oracle(problem)
    slopes = [germ(oracle, problem.point("kink"), [[s * d for d in direction]]) for s in (1, -1)]
    assert sum(c[1] if len(c) > 1 else Fraction(0) for c in slopes) != 0


def test_a_smooth_point_is_no_kink_when_both_slopes_are_equal() -> None:
    problem = neurons([["1"]], ["2"], {"p": (["1"], [["1", "-1"]], "0")}, slopes=(1, 1))
    assert problem.at("p").signature == "0"
    assert problem.at("p").differentiable().answer == "yes"
    assert problem.at("p").gradient == (-4, -4, 0, -4)


def test_each_decision_has_a_certificate_of_its_own() -> None:
    point = FIGURE_4.at("worse")
    for question in QUESTIONS:
        decision = point.decide(question)
        if decision.answer == "undecided":
            assert decision.certificate is None
            assert decision.reason
        else:
            verdict = check(decision.certificate)
            assert verdict.accepted, verdict.reason


def test_the_form_at_a_point_of_a_too_large_network_is_refused_by_name() -> None:
    network = Network.dense([30, 40, 40, 1], bias=False)
    problem = Problem(network, [[1] * 30], [0], Loss("squared"), {"a": network.default_point()})
    with pytest.raises(Unsupported, match="too many terms"):
        problem.cell_at("a")
    assert problem.at("a").clarke_critical().answer == "undecided"
