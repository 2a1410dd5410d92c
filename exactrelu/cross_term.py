"""The cross term of a Lagrange function, and whether it is constant where the units with positive multipliers are 0.

With the squares of the loss replaced by their tangents at the point, the Lagrange function of a piece is a polynomial,
the cross term. That it is constant on the manifold where some units are 0 is shown by solving for one parameter after
the other: each time one that enters a unit by itself, with a constant factor. Layer 1 is linear, so there it goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from exactrelu.forms import TERMS, Forms
from exactrelu.jets import Below
from exactrelu.polynomial import to_flint
from exactrelu.rational import Vector


@dataclass(frozen=True)
class CrossTerm:
    """The polynomials on a piece, given for each data point by the signs of its hidden units, 0 where these do not
    matter.
    """

    forms: Forms
    parameters: Vector
    below: Sequence[Below]

    @property
    def is_known(self) -> bool:
        """Whether the polynomials are not too large to be expanded."""
        return self.forms.output_terms() * len(self.below) <= TERMS

    def unit(self, i: int, number: int, unit: int) -> Any:
        """The pre-activation of a unit of a layer at a data point."""
        linear = self.forms.instance.network.slopes[0] == self.forms.instance.network.slopes[1]
        below = tuple(tuple(s or int(linear) for s in signs) for signs in self.below[i][:number])
        return self.forms.preactivation(i, below, unit).value

    def outputs(self, i: int) -> list[Any]:
        """The outputs at a data point."""
        network = self.forms.instance.network
        last, found = network.hidden_layers, []
        for r in range(network.widths[-1]):
            s = self.below[i][last][r] if network.output_activation else 0
            slope = network.slopes[1 if s < 0 else 0] if network.output_activation else mpq(1)
            found.append(self.unit(i, last, r) * to_flint(slope))
        return found

    def margin(self, i: int, u: int) -> Any:
        """The argument of a loss unit."""
        outputs, one = self.outputs(i), self.forms.ring.context.constant(1)
        return sum((c * outputs[r] for r, c in self.forms.instance.units[i][u].terms), one)

    def tangent(self, active: Sequence[tuple[int, int]]) -> Any:
        """The loss on the piece with tangents for squares, and of the loss units only those that are active."""
        instance, total = self.forms.instance, self.forms.ring.context.constant(0)
        generators = self.forms.ring.context.gens()
        for i, target in enumerate(instance.y):
            weight = instance.loss.weight(i, 0, len(instance.x)) if isinstance(target, tuple) else mpq(0)
            for output, t in zip(self.outputs(i), target, strict=True) if isinstance(target, tuple) else ():
                residual = output - to_flint(t)
                total += residual * (2 * to_flint(weight) * residual(*map(to_flint, self.parameters)))
        for i, u in active:
            total += self.margin(i, u) * to_flint(instance.units[i][u].weight)
        for c, p, q in instance.squares:
            difference = self.parameters[p] - (0 if q is None else self.parameters[q])
            total += (generators[p] - (0 if q is None else generators[q])) * to_flint(2 * c * difference)
        return total

    def is_constant(self, cross: Any, tight: Sequence[Any]) -> bool:
        """Whether a polynomial is constant where the others are 0, as far as these can be solved for."""
        rest = list(tight)
        while rest:
            form, *rest = rest
            pivot = _pivot(form)
            if pivot is not None:
                generators = list(self.forms.ring.context.gens())
                v, factor = pivot
                generators[v] = generators[v] - form / factor
                cross, *rest = (p.compose(*generators) for p in (cross, *rest))
        return bool(cross.is_constant())


def _pivot(form: Any) -> tuple[int, Any] | None:
    """The first variable that occurs in one term only, which is linear, and its coefficient."""
    terms = list(form.terms())
    for v in range(form.context().nvars()):
        found = [(powers, c) for powers, c in terms if powers[v]]
        if len(found) == 1 and sum(found[0][0]) == 1:
            return v, found[0][1]
    return None
