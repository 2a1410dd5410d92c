"""Taylor polynomials of degree 2 of the units and the loss at a point, on one pattern of signs of the kinks.

The sizes are those of Hessians, however many paths the network has: nothing else is expanded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeAlias

from gmpy2 import mpq

from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector
from exactrelu.signature import Signs

ZERO = mpq(0)
Below: TypeAlias = "tuple[Signs, ...]"  # the signs of the layers below, at one data point


class Jet(NamedTuple):
    """value + sum linear_i d_i + sum_(i <= j) quadratic_ij d_i d_j, a function of the displacement d from the point."""

    value: Rational
    linear: dict[int, Rational]
    quadratic: dict[tuple[int, int], Rational]

    @property
    def is_zero(self) -> bool:
        """Whether nothing is left of degree at most 2."""
        return not (self.value or any(self.linear.values()) or any(self.quadratic.values()))

    def slope(self, direction: Vector) -> Rational:
        """The derivative along a direction."""
        return sum((c * direction[k] for k, c in self.linear.items()), ZERO)

    def curvature(self, direction: Vector) -> Rational:
        """The quadratic part at a direction (half of the second derivative)."""
        return sum((c * direction[i] * direction[j] for (i, j), c in self.quadratic.items()), ZERO)


def total(terms: Iterable[tuple[Rational, Jet]]) -> Jet:
    """The sum of factor * jet."""
    value, linear, quadratic = ZERO, dict[int, Rational](), dict[tuple[int, int], Rational]()
    for factor, jet in terms:
        if factor:
            value += factor * jet.value
            for k, c in jet.linear.items():
                linear[k] = linear.get(k, ZERO) + factor * c
            for pair, c in jet.quadratic.items():
                quadratic[pair] = quadratic.get(pair, ZERO) + factor * c
    return Jet(value, linear, quadratic)


def product(p: Jet, q: Jet) -> Jet:
    """The product up to degree 2.

    >>> product(Jet(mpq(2), {0: mpq(1)}, {}), Jet(mpq(0), {0: mpq(3), 1: mpq(1)}, {})).quadratic
    {(0, 0): mpq(3,1), (0, 1): mpq(1,1)}
    """
    rest = Jet(ZERO, p.linear, p.quadratic)
    value, linear, quadratic = total([(p.value, q), (q.value, rest)])
    for i, a in p.linear.items():
        for j, b in q.linear.items():
            if a and b:
                pair = (i, j) if i < j else (j, i)
                quadratic[pair] = quadratic.get(pair, ZERO) + a * b
    return Jet(value, linear, quadratic)


@dataclass(frozen=True)
class Jets:
    """The jets of a problem at a point, computed when asked for, and kept."""

    instance: Instance
    parameters: Vector
    _known: dict[tuple[int, Below], list[Jet]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def variables(self) -> tuple[Jet, ...]:
        """The parameters."""
        return tuple(Jet(value, {k: mpq(1)}, {}) for k, value in enumerate(self.parameters))

    def layer(self, i: int, below: Below) -> list[Jet]:
        """The pre-activations at a data point of the layer that is above layers of these signs."""
        if (i, below) not in self._known:
            layer, start, stop = tuple(self.instance.network.spans())[len(below)]
            features = self.features(i, below)
            terms: list[list[tuple[Rational, Jet]]] = [[] for _ in range(layer.outputs)]
            for row, column, weight, coefficient in layer.entries:
                if not features[column].is_zero:
                    terms[row].append((coefficient, product(self.variables[start + weight], features[column])))
            for row, bias in enumerate(self.variables[start + layer.size : stop]):
                terms[row].append((mpq(1), bias))
            self._known[i, below] = [total(row) for row in terms]
        return self._known[i, below]

    def features(self, i: int, below: Below) -> list[Jet]:
        """What the layer above layers of these signs takes in; a sign 0 stands for a unit without a kink."""
        network = self.instance.network
        if not below:
            return [Jet(value, {}, {}) for value in self.instance.x[i]]
        if len(below) > len(network.activated):
            return self.layer(i, below[:-1])
        first, second = network.slopes
        pre = zip(below[-1], self.layer(i, below[:-1]), strict=True)
        return [total([(second if s < 0 else first, jet)]) for s, jet in pre]

    def outputs(self, i: int, hidden: Below) -> list[Jet]:
        """The outputs at a data point, where the activated layers have these signs."""
        return self.features(i, hidden) if self.instance.network.output_activation else self.layer(i, hidden)

    def loss_unit(self, outputs: list[Jet], terms: Iterable[tuple[int, int]]) -> Jet:
        """The argument of a loss unit."""
        return total([(mpq(1), Jet(mpq(1), {}, {})), *((mpq(c), outputs[r]) for r, c in terms)])

    @cached_property
    def decay(self) -> Jet:
        """Weight decay and penalty."""
        terms = []
        for c, i, j in self.instance.squares:
            form = total([(mpq(1), self.variables[i]), *([] if j is None else [(mpq(-1), self.variables[j])])])
            terms.append((c, product(form, form)))
        return total(terms)
