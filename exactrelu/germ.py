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
    from flint import fmpq_poly

    def lowest(p: Any) -> int:
        for c in p.coeffs():
            if c != 0:
                return 1 if c > 0 else -1
        return 0

    columns = zip(point, *curve, strict=True)
    values = [fmpq_poly([to_flint(c) for c in column]) for column in columns]
    network = instance.network
    slopes = {s: to_flint(network.slope(s)) for s in (1, 0, -1)}
    zero = fmpq_poly([])
    total = zero
    for i, x in enumerate(instance.x):
        features: list[Any] = [fmpq_poly([to_flint(v)]) for v in x]
        for number, (layer, start, stop) in enumerate(network.spans()):
            pre = [zero] * layer.outputs
            for row, column, weight, coefficient in layer.entries:
                pre[row] += values[start + weight] * features[column] * to_flint(coefficient)
            if layer.bias:
                pre = [p + b for p, b in zip(pre, values[start + layer.size : stop], strict=True)]
            active = number < len(network.activated)
            features = [p * slopes[lowest(p)] for p in pre] if active else pre
        target = instance.y[i]
        if isinstance(target, tuple):
            weight = to_flint(instance.loss.weight(i, 0, len(instance.x)))
            for output, t in zip(features, target, strict=True):
                total += weight * (output - to_flint(t)) ** 2
        for unit in instance.units[i]:
            argument = fmpq_poly([1])
            for r, c in unit.terms:
                argument += c * features[r]
            if lowest(argument) > 0:
                total += argument * to_flint(unit.weight)
    for c, k, j in instance.squares:
        total += to_flint(c) * (values[k] - (zero if j is None else values[j])) ** 2
    return [from_flint(c) for c in total.coeffs()] or [mpq(0)]


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
