"""A point of parameter space and what is near it: signs, kinks, the polynomial of the loss, its derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from exactrelu import signature as signatures
from exactrelu.budget import no_tick
from exactrelu.forms import TERMS, CellForm, Forms
from exactrelu.problem import Instance
from exactrelu.rational import Matrix, Rational, Vector
from exactrelu.shallow import Shallow
from exactrelu.signature import Columns, Signs

VARIABLES = 120
KINK = "the point lies on a boundary between cells"


@dataclass(frozen=True)
class Neighbourhood:
    """What is known near a point without deciding anything; everything is computed when asked for, and kept."""

    forms: Forms
    parameters: Vector
    name: str = ""
    tick: Callable[[], None] = no_tick

    @property
    def instance(self) -> Instance:
        """The problem."""
        return self.forms.instance

    @cached_property
    def columns(self) -> Columns:
        """The signs of all units, zeros included."""
        return signatures.of_point(self.instance, self.parameters)

    @property
    def signature(self) -> str:
        """The signature of the point."""
        return signatures.write(self.columns)

    @cached_property
    def loss(self) -> Rational:
        """The exact loss."""
        return self.instance.evaluate(self.parameters)

    @cached_property
    def shallow(self) -> Shallow | None:
        """The neurons and the items near the point, None where the theory of one hidden layer does not apply."""
        return Shallow.at(self.instance, self.parameters)

    @cached_property
    def kinks(self) -> tuple[tuple[int, int, int], ...]:
        """The units (data point, group, unit) that vanish at the point without vanishing identically near it.

        Hidden units with s+ = s- are no kinks. A unit counts when its polynomial on the cells around, as far as the
        signs below determine it, is not zero.
        """
        return tuple(
            (i, g, u)
            for i, column in enumerate(self._smoothed)
            for g, group in enumerate(column)
            for u, s in enumerate(group)
            if s is None
        )

    @cached_property
    def vanishing(self) -> tuple[tuple[int, int, int], ...]:
        """The units that vanish at the point and are not known to vanish identically near it, kinks or not."""
        return tuple(
            (i, g, u)
            for i, column in enumerate(self.columns)
            for g, group in enumerate(column)
            for u, s in enumerate(group)
            if s == 0 and self._smoothed[i][g][u] != 0
        )

    @cached_property
    def _smoothed(self) -> tuple[tuple[tuple[int | None, ...], ...], ...]:
        """The signs, with + for vanishing units that are no kinks, and None for kinks (and what lies above them)."""
        network = self.instance.network
        depth = len(network.activated)
        linear = network.slopes[0] == network.slopes[1]
        result: list[tuple[tuple[int | None, ...], ...]] = []
        for i, column in enumerate(self.columns):
            below: list[Signs] = []
            new: list[tuple[int | None, ...]] = []
            for g, group in enumerate(column):
                signs: list[int | None] = []
                for u, s in enumerate(group):
                    if s or (g < depth and len(below) < g):
                        signs.append(s or None)
                    elif g == depth:
                        signs.append(None)
                    elif self.forms.preactivation(i, tuple(below), u).is_zero:
                        signs.append(0)
                    else:
                        signs.append(1 if linear else None)
                new.append(tuple(signs))
                if len(below) == g and None not in signs:
                    below.append(tuple(s for s in signs if s is not None))
            result.append(tuple(new))
        return tuple(result)

    @cached_property
    def obstacle(self) -> str:
        """Why the loss near the point is not known as one polynomial; empty if it is."""
        terms = self.forms.output_terms()
        if terms > TERMS:
            return (
                f"the outputs near the point have too many terms to be expanded (up to {terms}, the limit is {TERMS})"
            )
        return KINK if self.kinks else ""

    @cached_property
    def second_order_obstacle(self) -> str:
        """Why the Hessian near the point is not looked at; empty if it is."""
        size = len(self.parameters)
        if size > VARIABLES:
            return f"the Hessian in {size} variables is too large (the limit is {VARIABLES})"
        return ""

    @cached_property
    def hessian(self) -> Matrix | None:
        """The Hessian matrix, None where the form is, or where it is too large."""
        if self.form is None or self.second_order_obstacle:
            return None
        return self.form.hessian(self.parameters)

    @cached_property
    def form(self) -> CellForm | None:
        """The polynomial of the loss near the point, None on a kink, or where it is too large."""
        if self.obstacle:
            return None
        columns = tuple(
            tuple(tuple(s for s in group if s is not None) for group in column) for column in self._smoothed
        )
        return self.forms.on(columns)

    @cached_property
    def gradient(self) -> Vector | None:
        """The gradient, None where the form is."""
        return self.form.gradient(self.parameters) if self.form else None
