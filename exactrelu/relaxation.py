"""Gradients of the polynomials of cells at a point, and bounds for them when some signs are open.

A vanishing unit with an open sign has the slope s- + e (s+ - s-) with e between 0 and 1. Then <u, gradient> is a
polynomial in all e, of degree <= 1 in each; its constant and its negative coefficients give a bound, so that no 2^n
patterns are listed. With one hidden layer, where no e multiplies another, the bound is attained.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.incidence import Decided, Incidence
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector
from exactrelu.signature import Columns

ZERO, ONE = mpq(0), mpq(1)
MultiAffine: TypeAlias = "dict[tuple[int, ...], Rational]"
"""A polynomial of degree <= 1 in each of some variables between 0 and 1, one for each position in the signature."""


def cell_gradient(instance: Instance, point: Vector, columns: Columns) -> Vector:
    """The gradient at a point of the polynomial that the loss is on a cell with these signs.

    The point may lie on the boundary of the cell, and the signs of a unit that vanishes there may be any.
    """
    network, total = instance.network, [ZERO] * len(point)
    spans = tuple(network.spans())
    for i, x in enumerate(instance.x):
        layers = network.preactivations(point, x)
        inputs: list[Sequence[Rational]] = [x]
        for signs, pre in zip(columns[i], layers[:-1], strict=False):
            inputs.append([network.slope(s) * z for s, z in zip(signs, pre, strict=True)])
        back = _output_slopes(instance, i, network.output(layers), columns[i])
        for number in range(len(spans) - 1, -1, -1):
            layer, start, stop = spans[number]
            if number < len(network.activated):
                back = [b * network.slope(s) for b, s in zip(back, columns[i][number], strict=True)]
            if layer.bias:
                for row, b in enumerate(back):
                    total[stop - layer.outputs + row] += b
            below = [ZERO] * layer.inputs
            for row, column, weight, coefficient in layer.entries:
                if back[row]:
                    total[start + weight] += coefficient * back[row] * inputs[number][column]
                    below[column] += coefficient * back[row] * point[start + weight]
            back = below
    for c, k, j in instance.squares:
        slope = 2 * c * (point[k] - (ZERO if j is None else point[j]))
        total[k] += slope
        if j is not None:
            total[j] -= slope
    return tuple(total)


def _output_slopes(instance: Instance, i: int, outputs: Sequence[Rational], column: Any) -> list[Rational]:
    """The derivative of the loss at a data point by each output."""
    target = instance.y[i]
    if isinstance(target, tuple):
        weight = 2 * instance.loss.weight(i, 0, len(instance.x))
        return [weight * (o - t) for o, t in zip(outputs, target, strict=True)]
    back = [ZERO] * len(outputs)
    for unit, s in zip(instance.units[i], column[-1], strict=True):
        for r, c in unit.terms if s > 0 else ():
            back[r] += c * unit.weight
    return back


def columns_with(incidence: Incidence, signs: Decided) -> Columns:
    """The signs at the point, with these in the places of some of its zeros."""
    place = iter(range(len(incidence.near.columns) * incidence.width))
    return tuple(
        tuple(tuple(signs.get(p, s) for s, p in zip(group, place, strict=False)) for group in column)
        for column in incidence.near.columns
    )


class Relaxation:
    """Lower bounds of <u, gradient> over all ways to complete the signs, each vanishing unit by itself."""

    def __init__(self, incidence: Incidence) -> None:
        self.incidence, self.instance, self.point = incidence, incidence.instance, incidence.parameters
        self.open = {incidence.position(*place) for place in incidence.near.vanishing}
        network = self.instance.network
        self.inputs, self.outputs = [], []
        for x in self.instance.x:
            layers = network.preactivations(self.point, x)
            self.inputs.append([x, *([network.slope(z) * z for z in pre] for pre in layers[:-1])])
            self.outputs.append(network.output(layers))

    def bound(self, u: Vector, signs: Decided) -> tuple[Rational, dict[int, Rational]]:
        """The bound, and for each open unit by how much its sign + adds to <u, gradient> more than -."""
        total, lean = ZERO, dict[int, Rational]()
        for c, k, j in self.instance.squares:
            there = (ZERO, ZERO) if j is None else (self.point[j], u[j])
            total += 2 * c * (self.point[k] - there[0]) * (u[k] - there[1])
        for i in range(len(self.instance.x)):
            total += self._data_point(i, u, signs, lean)
        return total, lean

    def _data_point(self, i: int, u: Vector, signs: Decided, lean: dict[int, Rational]) -> Rational:
        network, column = self.instance.network, self.incidence.near.columns[i]
        first, second = network.slopes
        dots: list[MultiAffine] = [{} for _ in self.instance.x[i]]
        for number, (layer, start, stop) in enumerate(network.spans()):
            new: list[MultiAffine] = [{} for _ in range(layer.outputs)]
            for row, source, weight, coefficient in layer.entries:
                if u[start + weight]:
                    add(new[row], {(): coefficient * self.inputs[i][number][source]}, u[start + weight])
                if dots[source]:
                    add(new[row], dots[source], coefficient * self.point[start + weight])
            if layer.bias:
                for row in range(layer.outputs):
                    add(new[row], {(): ONE}, u[stop - layer.outputs + row])
            dots = new
            for unit, s in enumerate(column[number] if number < len(network.activated) else ()):
                position = self.incidence.position(i, number, unit)
                sign = s or signs.get(position, 0)
                if sign or position not in self.open or first == second:
                    dots[unit] = scaled(dots[unit], network.slope(sign or 1))
                    continue
                result = scaled(dots[unit], second)
                add(result, {(*m, position): c for m, c in dots[unit].items()}, first - second)
                dots[unit] = result
        return self._loss(i, dots, signs, lean)

    def _loss(self, i: int, dots: list[MultiAffine], signs: Decided, lean: dict[int, Rational]) -> Rational:
        certain: MultiAffine = {}
        total = ZERO
        target = self.instance.y[i]
        if isinstance(target, tuple):
            weight = 2 * self.instance.loss.weight(i, 0, len(self.instance.x))
            for o, t, d in zip(self.outputs[i], target, dots, strict=True):
                add(certain, d, weight * (o - t))
        last = len(self.incidence.offsets) - 1
        for number, unit in enumerate(self.instance.units[i]):
            position = self.incidence.position(i, last, number)
            sign = self.incidence.near.columns[i][-1][number] or signs.get(position, 0)
            change: MultiAffine = {}
            for r, c in unit.terms:
                add(change, dots[r], c * unit.weight)
            if sign > 0:
                add(certain, change, ONE)
            elif sign == 0:
                low = lowest_value(change, lean)
                lean[position] = lean.get(position, ZERO) + low
                total += min(ZERO, low)
        return total + lowest_value(certain, lean)


def add(p: MultiAffine, q: Mapping[tuple[int, ...], Rational], factor: Rational) -> None:
    for monomial, c in q.items() if factor else ():
        p[monomial] = p.get(monomial, ZERO) + factor * c


def scaled(p: MultiAffine, factor: Rational) -> MultiAffine:
    return {monomial: factor * c for monomial, c in p.items()} if factor else {}


def lowest_value(p: MultiAffine, lean: dict[int, Rational]) -> Rational:
    """A lower bound of a polynomial: every monomial lies between 0 and 1."""
    total = p.get((), ZERO)
    for monomial, c in p.items():
        for position in monomial:
            lean[position] = lean.get(position, ZERO) + c
        if monomial and c < 0:
            total += c
    return total
