"""Planes on which units are polynomials in (s, t): slices of parameter space, and the plane of the inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.errors import MalformedInput
from exactrelu.linear import rank
from exactrelu.network import Layer
from exactrelu.pictures.curves import RING, Curve, curves
from exactrelu.polynomial import from_flint, to_flint
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector, dot
from exactrelu.signature import Columns, Signs, groups, of_point, sign

Spot: TypeAlias = "tuple[Rational, Rational]"
"""A point (s, t) of a plane."""

ZERO = mpq(0)


@dataclass(frozen=True)
class Plane:
    """The common part: the pre-activations of every unit as flint polynomials in (s, t), layer by layer."""

    instance: Instance
    _cache: dict[tuple[int, tuple[Signs, ...]], list[Any]] = field(
        default_factory=dict, repr=False, compare=False, kw_only=True
    )
    _factored: dict[tuple[int, int, tuple[Signs, ...]], tuple[tuple[Curve, ...], ...]] = field(
        default_factory=dict, repr=False, compare=False, kw_only=True
    )

    @property
    def points(self) -> int:
        """The number of data points whose units are looked at."""
        return len(self.instance.x)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The sizes of the groups of units of a data point."""
        return groups(self.instance)

    @cached_property
    def values(self) -> tuple[Any, ...]:
        """The parameters as polynomials."""
        raise NotImplementedError

    def inputs(self, i: int) -> list[Any]:
        """The inputs at data point i as polynomials."""
        return [RING.context.constant(to_flint(value)) for value in self.instance.x[i]]

    def signs_at(self, spot: Spot) -> Columns:
        """The signs of all units at a point of the plane, by evaluating the network there."""
        raise NotImplementedError

    def units(self, i: int, group: int, below: tuple[Signs, ...]) -> list[Any]:
        """The units of a group at data point i, given the signs of the groups before it."""
        if group < len(self.instance.network.activated):
            return self._preactivations(i, below)
        return self._loss_units(i, self.outputs(i, below))

    def factors(self, i: int, group: int, below: tuple[Signs, ...]) -> tuple[tuple[Curve, ...], ...]:
        """The curves on which the units of a group vanish, unit by unit."""
        key = i, group, below
        if key not in self._factored:
            self._factored[key] = tuple(curves(unit) for unit in self.units(i, group, below))
        return self._factored[key]

    def outputs(self, i: int, hidden: tuple[Signs, ...]) -> list[Any]:
        """The outputs of the network at data point i, given the signs of all its activated layers."""
        if self.instance.network.output_activation:
            return self._features(i, hidden)
        return self._preactivations(i, hidden)

    def germ(self, spot: Spot, direction: Spot) -> Columns:
        """The signs of all units at spot + e direction for all small e > 0."""
        s, t = (
            RING.context.gens()[0] * to_flint(d) + RING.context.constant(to_flint(p))
            for p, d in zip(spot, direction, strict=True)
        )
        result: list[list[Signs]] = [[] for _ in range(self.points)]
        for group in range(len(self.sizes)):
            for i, column in enumerate(result):
                along = [unit.compose(s, t, ctx=RING.context) for unit in self.units(i, group, tuple(column))]
                column.append(tuple(_lowest_sign(p) for p in along))
        return tuple(tuple(column) for column in result)

    def _loss_units(self, i: int, outputs: list[Any]) -> list[Any]:
        result = []
        for unit in self.instance.units[i]:
            total = RING.context.constant(1)
            for r, coefficient in unit.terms:
                total += outputs[r] * coefficient
            result.append(total)
        return result

    def _features(self, i: int, signs: tuple[Signs, ...]) -> list[Any]:
        if not signs:
            return self.inputs(i)
        slope = self.instance.network.slope
        pre = self._preactivations(i, signs[:-1])
        return [p * to_flint(slope(s)) for p, s in zip(pre, signs[-1], strict=True)]

    def _preactivations(self, i: int, below: tuple[Signs, ...]) -> list[Any]:
        if (i, below) not in self._cache:
            layer, start, stop = tuple(self.instance.network.spans())[len(below)]
            self._cache[i, below] = _applied(layer, self.values[start:stop], self._features(i, below))
        return self._cache[i, below]


def _applied(layer: Layer, values: Sequence[Any], features: Sequence[Any]) -> list[Any]:
    pre = [RING.context.constant(0)] * layer.outputs
    for row, column, weight, coefficient in layer.entries:
        pre[row] += values[weight] * features[column] * to_flint(coefficient)
    return [p + b for p, b in zip(pre, values[layer.size :], strict=True)] if layer.bias else pre


def _lowest_sign(along: Any) -> int:
    """The sign, right of 0, of a polynomial in s alone."""
    terms = along.to_dict()
    return sign(from_flint(terms[min(terms)])) if terms else 0


@dataclass(frozen=True)
class Slice(Plane):
    """The plane theta(s, t) = origin + s * first + t * second in parameter space, all exact.

    ``labels`` name the two coordinates, ``equation`` says in words what plane it is.

    >>> from exactrelu.examples import example
    >>> problem = example("liu-two-samples")
    >>> plane = Slice.of_axes(problem, problem.point("r1"), ("W1_1_1", "W1_1_2"), "r1")
    >>> plane.equation
    'W1_1_1 = s, W1_1_2 = t, all else as at r1'
    >>> plane.units(0, 0, ())[0]
    s
    """

    origin: Vector
    first: Vector
    second: Vector
    labels: tuple[str, str]
    equation: str

    @classmethod
    def of_axes(cls, instance: Instance, base: Vector, axes: tuple[str, str], name: str) -> Slice:
        """Two parameters move, the others stay as at ``base``; (s, t) are their values."""
        names = instance.network.names
        for axis in axes:
            if axis not in names:
                known = ", ".join(names) if len(names) <= 20 else f"{names[0]}, {names[1]}, .., {names[-1]}"
                raise MalformedInput("--axes", f'"{axis}"', f"two of the parameters {known}")
        if axes[0] == axes[1]:
            raise MalformedInput("--axes", f'"{axes[0]}" twice', "two different parameters")
        units = [tuple(mpq(int(name == axis)) for name in names) for axis in axes]
        origin = tuple(ZERO if name in axes else value for name, value in zip(names, base, strict=True))
        rest = f", all else as at {name}" if len(names) > 2 else ""
        return cls(instance, origin, units[0], units[1], axes, f"{axes[0]} = s, {axes[1]} = t{rest}")

    @classmethod
    def through(cls, instance: Instance, a: Vector, b: Vector, c: Vector, names: tuple[str, str, str]) -> Slice:
        """The affine plane a + s (b - a) + t (c - a); raises `MalformedInput` when the points lie on a line."""
        first = tuple(q - p for p, q in zip(a, b, strict=True))
        second = tuple(q - p for p, q in zip(a, c, strict=True))
        if rank((first, second)) < 2:
            raise MalformedInput("--through", f"{', '.join(names)}, which lie on one line", "three points of a plane")
        zero = not any(a)
        one, two, three = names
        if zero:
            equation = f"theta = s {two} + t {three}"
        else:
            equation = f"theta = {one} + s ({two} - {one}) + t ({three} - {one})"
        return cls(instance, a, first, second, (f"s (towards {two})", f"t (towards {three})"), equation)

    @cached_property
    def values(self) -> tuple[Any, ...]:
        s, t = RING.context.gens()
        return tuple(
            RING.context.constant(to_flint(a)) + s * to_flint(b) + t * to_flint(c)
            for a, b, c in zip(self.origin, self.first, self.second, strict=True)
        )

    def parameters(self, spot: Spot) -> Vector:
        """The point of parameter space."""
        s, t = spot
        return tuple(a + s * b + t * c for a, b, c in zip(self.origin, self.first, self.second, strict=True))

    def signs_at(self, spot: Spot) -> Columns:
        return of_point(self.instance, self.parameters(spot))

    def spot(self, parameters: Sequence[Rational]) -> Spot | None:
        """Where a point of parameter space lies in the slice; None when it does not lie in it.

        >>> from exactrelu.examples import example
        >>> problem = example("liu-two-samples")
        >>> plane = Slice.of_axes(problem, problem.point("r1"), ("W1_1_1", "W1_1_2"), "r1")
        >>> plane.spot(problem.point("r2")) == problem.point("r2")[:2]
        True
        """
        rest = [p - a for p, a in zip(parameters, self.origin, strict=True)]
        ff, fs, ss = dot(self.first, self.first), dot(self.first, self.second), dot(self.second, self.second)
        fr, sr = dot(self.first, rest), dot(self.second, rest)
        determinant = ff * ss - fs * fs
        found = (fr * ss - sr * fs) / determinant, (sr * ff - fr * fs) / determinant
        return found if self.parameters(found) == tuple(parameters) else None

    def loss(self, columns: Columns) -> Any:
        """The loss as a polynomial in (s, t) where the units have these signs."""
        instance, depth = self.instance, len(self.instance.network.activated)
        total = RING.context.constant(0)
        for i, column in enumerate(columns):
            outputs, target = self.outputs(i, column[:depth]), instance.y[i]
            if isinstance(target, tuple):
                weight = to_flint(instance.loss.weight(i, 0, len(columns)))
                for output, y in zip(outputs, target, strict=True):
                    total += (output - to_flint(y)) ** 2 * weight
            else:
                units = zip(instance.units[i], self._loss_units(i, outputs), column[-1], strict=True)
                for unit, argument, s in units:
                    if s > 0:
                        total += argument * to_flint(unit.weight)
        for c, i, j in instance.squares:
            difference = self.values[i] if j is None else self.values[i] - self.values[j]
            total += difference**2 * to_flint(c)
        return total


@dataclass(frozen=True)
class InputPlane(Plane):
    """The inputs (s, t) of a network with two inputs, its parameters fixed: its units, and which output is largest.

    The last group holds the differences of the outputs, two by two, when there are several; of one output the numbers
    in ``levels`` are subtracted: their zeros are level lines. With one input t is idle.
    """

    base: Vector
    levels: tuple[Rational, ...] = ()

    @property
    def points(self) -> int:
        return 1

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        outputs = self.instance.network.widths[-1]
        last = len(self.levels) if outputs == 1 else outputs * (outputs - 1) // 2
        return (*self.instance.network.activated, last) if last else self.instance.network.activated

    @cached_property
    def values(self) -> tuple[Any, ...]:
        return tuple(RING.context.constant(to_flint(value)) for value in self.base)

    def inputs(self, i: int) -> list[Any]:
        return list(RING.context.gens())[: self.instance.network.widths[0]]

    def signs_at(self, spot: Spot) -> Columns:
        network = self.instance.network
        pre = network.preactivations(self.base, spot[: network.widths[0]])
        column = [tuple(map(sign, layer)) for layer in pre[: len(network.activated)]]
        if len(self.sizes) > len(column):
            column.append(tuple(map(sign, self._compared(network.output(pre), list(self.levels)))))
        return (tuple(column),)

    def _loss_units(self, i: int, outputs: list[Any]) -> list[Any]:
        return self._compared(outputs, [to_flint(level) for level in self.levels])

    def _compared(self, outputs: list[Any], levels: list[Any]) -> list[Any]:
        if len(outputs) == 1:
            return [outputs[0] - level for level in levels]
        return [outputs[q] - outputs[r] for q in range(len(outputs)) for r in range(q + 1, len(outputs))]
