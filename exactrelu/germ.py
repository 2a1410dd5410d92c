"""The loss along a polynomial curve that starts at a point: exact, for all small t > 0, on kinks too.

Every unit is a polynomial in t on the germ, and its sign for small t > 0 is that of its lowest coefficient. So the loss
is one polynomial in t on (0, t0], whatever the depth of the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.polynomial import from_flint, to_flint
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector
from exactrelu.signature import Columns

Curve: TypeAlias = "tuple[Vector, ...]"
"""The directions d_1, d_2, .. of the curve t -> point + t d_1 + t^2 d_2 + .."""


def loss_germ(instance: Instance, point: Sequence[Rational], curve: Sequence[Sequence[Rational]]) -> list[Rational]:
    """The coefficients of the loss along a curve for small t > 0, constant term first.

    >>> from exactrelu.examples import example
    >>> problem = example("liu-two-samples")
    >>> origin = problem.point("origin")
    >>> [str(c) for c in loss_germ(problem, origin, [(mpq(1), mpq(0), mpq(0))])]
    ['1', '-1', '1/2']
    """
    values, germs = _germs(instance, point, curve)
    total = values[0] * 0
    for i, (_, features, arguments) in enumerate(germs):
        target = instance.y[i]
        if isinstance(target, tuple):
            weight = to_flint(instance.loss.weight(i, 0, len(instance.x)))
            for output, t in zip(features, target, strict=True):
                total += weight * (output - to_flint(t)) ** 2
        for unit, argument in zip(instance.units[i], arguments, strict=True):
            if lowest(argument) > 0:
                total += argument * to_flint(unit.weight)
    for c, k, j in instance.squares:
        total += to_flint(c) * (values[k] - (0 if j is None else values[j])) ** 2
    return [from_flint(c) for c in total.coeffs()] or [mpq(0)]


def signs_along(instance: Instance, point: Sequence[Rational], curve: Sequence[Sequence[Rational]]) -> Columns:
    """The signs of all units along a curve for all small t > 0.

    >>> from exactrelu.examples import example
    >>> problem = example("liu-two-samples")
    >>> signs_along(problem, problem.point("origin"), [(mpq(1), mpq(-1), mpq(0))])
    (((1,),), ((-1,),))
    """
    _, germs = _germs(instance, point, curve)
    depth = len(instance.network.activated)
    columns = []
    for layers, _, arguments in germs:
        column = [*layers[:depth], *([arguments] if instance.loss.is_hinge else [])]
        columns.append(tuple(tuple(lowest(p) for p in group) for group in column))
    return tuple(columns)


def lowest(p: Any) -> int:
    """The sign of a flint polynomial in t for all small t > 0."""
    for c in p.coeffs():
        if c != 0:
            return 1 if c > 0 else -1
    return 0


def _germs(
    instance: Instance, point: Sequence[Rational], curve: Sequence[Sequence[Rational]]
) -> tuple[list[Any], list[tuple[list[list[Any]], list[Any], list[Any]]]]:
    """The parameters, and for each data point the pre-activations, the outputs, the arguments of the loss units."""
    from flint import fmpq_poly

    values = [fmpq_poly([to_flint(c) for c in column]) for column in zip(point, *curve, strict=True)]
    network = instance.network
    slopes = {s: to_flint(network.slope(s)) for s in (1, 0, -1)}
    germs = []
    for i, x in enumerate(instance.x):
        features: list[Any] = [fmpq_poly([to_flint(v)]) for v in x]
        layers = []
        for number, (layer, start, stop) in enumerate(network.spans()):
            pre = [fmpq_poly([])] * layer.outputs
            for row, column, weight, coefficient in layer.entries:
                pre[row] += values[start + weight] * features[column] * to_flint(coefficient)
            if layer.bias:
                pre = [p + b for p, b in zip(pre, values[start + layer.size : stop], strict=True)]
            layers.append(pre)
            active = number < len(network.activated)
            features = [p * slopes[lowest(p)] for p in pre] if active else pre
        arguments = [sum((c * features[r] for r, c in unit.terms), fmpq_poly([1])) for unit in instance.units[i]]
        germs.append((layers, features, arguments))
    return values, germs


def lowest_change(germ: Sequence[Rational]) -> tuple[int, Rational]:
    """The order and the coefficient of the first change along a germ; (0, 0) if the loss is constant on it.

    >>> lowest_change([mpq(3), mpq(0), mpq(-1, 2)])
    (2, mpq(-1,2))
    """
    for order, coefficient in enumerate(germ):
        if order and coefficient:
            return order, coefficient
    return 0, mpq(0)


def on_curve(point: Sequence[Rational], curve: Sequence[Sequence[Rational]], t: Rational) -> Vector:
    """The point of a curve at t."""
    result = list(point)
    power = mpq(1)
    for direction in curve:
        power *= t
        result = [value + power * d for value, d in zip(result, direction, strict=True)]
    return tuple(result)
