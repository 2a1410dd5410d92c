"""How small the loss gets on an open cell, for one dense hidden layer and one output: a convex program on each sheet.

On a sheet (the signs of the output weights are chosen) the outputs are linear in R = |v| (w, b) and the output bias,
and the cell is an open polyhedron. The hinge loss is linear on it, so its infimum is a linear program over the
closure; the squared loss is least on a piece (`exactrelu.pieces`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction, Unsupported
from exactrelu.lifted import Lifted, why_not_lifted
from exactrelu.lp import Constraint, Infeasible, Optimum, feasible, minimise
from exactrelu.pieces import Pieces
from exactrelu.problem import Instance
from exactrelu.rational import Rational
from exactrelu.refinement import forms_on
from exactrelu.sheets import LiftedSheet
from exactrelu.signature import Columns, Signs


@dataclass(eq=False)
class CellInfima:
    """The infimum of the loss on cells of one problem; raises `Unsupported` by name where the theory does not apply.

    >>> from exactrelu.examples import example
    >>> from exactrelu.signature import read
    >>> problem = example("liu-two-samples")
    >>> CellInfima(problem, lambda: None).on(read(problem, "+;-"))
    mpq(1,2)
    """

    instance: Instance
    tick: Callable[[], None]

    def __post_init__(self) -> None:
        why = why_not_lifted(self.instance)
        if not why and self.instance.loss.is_regularised:
            why = "the loss has weight decay"
        if why:
            raise Unsupported(f"the infimum of the loss on a cell: {why}")

    @cached_property
    def pieces(self) -> Pieces:
        """The pieces of the lifted landscape."""
        return Pieces(Lifted(self.instance, self.tick))

    def on(self, columns: Columns) -> Rational:
        """The infimum of the loss on the cell with a signature, which must not be empty."""
        on_sheet = self._hinge if self.instance.loss.is_hinge else self._squared
        values = []
        for sides in product((1, -1), repeat=self.instance.network.widths[1]):
            self.tick()
            value = on_sheet(columns, sides)
            if value is not None:
                values.append(value)
        if not values:
            raise InternalContradiction("a cell is empty on every sheet")
        return min(values)

    def _squared(self, columns: Columns, sides: Signs) -> Rational:
        chambers = zip(*(column[0] for column in columns), strict=True)  # neuron by neuron
        numbers = (self.pieces.lifted.chambers.index(signs) for signs in chambers)
        return self.pieces.best(tuple(2 * c + (s < 0) for c, s in zip(numbers, sides, strict=True))).value

    def _hinge(self, columns: Columns, sides: Signs) -> Rational | None:
        """The infimum on one sheet, None if the cell is empty there."""
        sheet = LiftedSheet(self.instance, sides)
        units = [u for u in forms_on(sheet, columns) if u[1]]
        inside = [Constraint(form[:-1], ">" if s > 0 else "<", -form[-1]) for _, s, form in units]
        if isinstance(feasible(inside, sheet.variables), Infeasible):
            return None
        closed = [Constraint(form[:-1], ">=" if s > 0 else "<=", -form[-1]) for _, s, form in units]
        total = [mpq(0)] * (sheet.variables + 1)
        loss_group = len(self.instance.network.activated)
        for (i, group, unit), s, form in units:
            if group == loss_group and s > 0:
                weight = self.instance.units[i][unit].weight
                total = [a + weight * b for a, b in zip(total, form, strict=True)]
        found = minimise(total[:-1], closed)
        if not isinstance(found, Optimum):
            raise InternalContradiction("a loss that is not negative is bounded")
        return found.value + total[-1]
