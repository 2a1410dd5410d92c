"""Milne, Lemma 7: linear networks, and the rotations of a hidden layer in its proof."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from gmpy2 import mpq

from exactrelu.facts import facts
from exactrelu.landscape import Problem
from exactrelu.linear import product, transpose
from exactrelu.point import Point
from exactrelu.problem import Instance
from exactrelu.rational import Matrix, Rational, Vector
from exactrelu.theorems.claim import (
    Claim,
    Outcome,
    Tick,
    not_applicable,
    on_all_points,
)
from exactrelu.theorems.milne.region import DEEP, about_points
from exactrelu.theorems.milne.setting import alone, layers, scope
from exactrelu.theorems.milne.vacuity import nothing_critical_in_the_region

LINEAR = "milne-linear"
SLOPE = mpq(1, 100)
ANGLES = (SLOPE, mpq(1, 2), mpq(1))


def is_linear(problem: Instance) -> bool:
    """Whether the activation is the identity, up to a factor."""
    return bool(problem.network.slopes[0] == problem.network.slopes[1])


def rotation(size: int, p: int, q: int, slope: Rational = SLOPE) -> Matrix:
    """The rotation of the plane (p, q) by the angle 2 atan(slope): rational.

    >>> rotation(2, 0, 1, mpq(1, 2))
    ((mpq(3,5), mpq(-4,5)), (mpq(4,5), mpq(3,5)))
    """
    c, s = (1 - slope**2) / (1 + slope**2), 2 * slope / (1 + slope**2)
    entries = {(p, p): c, (q, q): c, (p, q): -s, (q, p): s}
    return tuple(tuple(entries.get((i, j), mpq(int(i == j))) for j in range(size)) for i in range(size))


def turned(problem: Instance, parameters: Vector, layer: int, turn: Matrix) -> Vector:
    """The point after a rotation of a hidden layer (from 1): R W_layer, and W_(layer + 1) R^T."""
    matrices = list(layers(problem, parameters))
    matrices[layer - 1] = product(turn, matrices[layer - 1])
    matrices[layer] = product(matrices[layer], transpose(turn))
    return tuple(v for matrix in matrices for row in matrix for v in row)


def rotations(problem: Instance, parameters: Vector, slope: Rational = SLOPE) -> Iterator[Vector]:
    """The point after a rotation of each plane of each hidden layer, where that moves it."""
    for layer, width in enumerate(problem.network.widths[1:-1], 1):
        for p, q in combinations(range(width), 2):
            moved = turned(problem, parameters, layer, rotation(width, p, q, slope))
            if moved != parameters:
                yield moved


def lemma_7(problem: Problem, tick: Tick) -> Outcome:
    """A linear network with n_i > 1 has no critical point W != 0 in U(lambda)."""
    if not is_linear(problem) or min(problem.network.widths[1:-1], default=0) < 2:
        return not_applicable("a linear network with hidden layers of more than one unit is needed")
    return about_points(nothing_critical_in_the_region)(problem, tick)


def rotation_as_printed(problem: Problem, tick: Tick) -> Outcome:
    """For any W_i != 0, R W_i and W_(i+1) R^T for a rotation R: but the last layer has no next one."""
    if scope(problem, decay=False) or not is_linear(problem):
        return not_applicable(scope(problem, decay=False) or "a linear network is needed")

    def judge(point: Point) -> Outcome:
        matrices = layers(problem, point.parameters)
        moving = [k for k, matrix in enumerate(matrices, 1) if any(map(any, matrix))]
        if not moving:
            return not_applicable("W = 0")
        last = len(matrices)
        embedded = alone(problem, W=point.parameters)
        if moving != [last]:
            return Outcome(
                "verified",
                f"W{moving[0]} != 0",
                (
                    facts(
                        embedded,
                        "A layer that is not the last is not 0.",
                        [f"norm2(parameter('W', 'W{moving[0]}')) > 0"],
                    ),
                ),
            )
        relations = [f"norm2(parameter('W', 'W{k}')) {'==' if k < last else '>'} 0" for k in range(1, last + 1)]
        words = f"only the last layer W{last} is not 0, and there is no layer after it"
        return Outcome("refuted", words, (facts(embedded, f"{words}.", relations),))

    return on_all_points(problem, tick, judge)


def rotation_corrected(problem: Problem, tick: Tick) -> Outcome:
    """n_i > 1: near every W != 0 there is another point of equal loss, from a rotation of a hidden layer."""
    if scope(problem, decay=False) or not is_linear(problem) or min(problem.network.widths[1:-1]) < 2:
        return not_applicable(scope(problem, decay=False) or "a linear network with hidden widths > 1 is needed")

    def judge(point: Point) -> Outcome:
        moved = next(rotations(problem, point.parameters), None)
        if moved is None:
            return not_applicable("W = 0" if not any(point.parameters) else "no rotation moves the point")
        return _compared(problem, point, moved, "==")

    return on_all_points(problem, tick, judge)


def nonlinear_rotation(problem: Problem, tick: Tick) -> Outcome:
    """In a ReLU or leaky network a rotation of a hidden layer may change the loss."""
    if scope(problem, decay=False) or is_linear(problem):
        return not_applicable(scope(problem, decay=False) or "a network that is not linear is needed")

    def judge(point: Point) -> Outcome:
        tried = (moved for slope in ANGLES for moved in rotations(problem, point.parameters, slope))
        for moved in tried:
            if problem.evaluate(moved) != point.loss:
                return _compared(problem, point, moved, "!=")
        return not_applicable("no rotation that was tried changes the loss")

    return on_all_points(problem, tick, judge)


def _compared(problem: Problem, point: Point, moved: Vector, sign: str) -> Outcome:
    count = len(problem.network.layers)
    distance = " + ".join(f"norm2(parameter('turned', 'W{k}') - parameter('W', 'W{k}'))" for k in range(1, count + 1))
    size = " + ".join(f"norm2(parameter('W', 'W{k}'))" for k in range(1, count + 1))
    near = f" < ({size})/1000" if sign == "==" else ""
    relations = [f"loss('turned') {sign} loss('W')", f"0 < distance{near}"]
    words = (
        "a small rotation of a hidden layer keeps the loss" if near else "a rotation of a hidden layer changes the loss"
    )
    embedded = alone(problem, W=point.parameters, turned=moved)
    return Outcome("verified", words, (facts(embedded, f"{words}.", relations, {"distance": distance}),))


CLAIMS = (
    Claim(
        "MIL-L7", "Milne, Lemma 7",
        "For a linear network with n_i > 1, l_lambda has no critical point W != 0 in U(lambda).",
        lemma_7, (LINEAR,), family="milne",
    ),
    Claim(
        "MIL-L7-rotation", "Milne, proof of Lemma 7, as printed",
        "If W_i != 0, rotating W_i and W_(i+1) gives points of equal loss near W, other than W.",
        rotation_as_printed, (LINEAR,),
        "Not for the last layer, after which there is none; rotate it and the layer before it.", "milne",
    ),
    Claim(
        "MIL-L7-turned", "Milne, proof of Lemma 7, corrected",
        "In a linear network with n_i > 1 a rotation of a hidden layer moves any W != 0 a little and keeps the loss.",
        rotation_corrected, (LINEAR,), family="milne",
    ),
    Claim(
        "MIL-R7", "Milne, remark after the proof of Lemma 7",
        "In a network that is not linear the switches may interfere with a rotation: the loss may change.",
        nonlinear_rotation, (DEEP,), family="milne",
    ),
)  # fmt: skip
