"""The cells whose closure contains a point: each with a curve into it, all others with a refutation.

Complete where the units that vanish at the point, but not identically, are units of the first layer, or loss units of a
problem that `exactrelu.shallow` knows. On such a unit of neuron k the sign is that of <row, d> for a move d of (w, b),
on a loss unit that of the change of an output, which `exactrelu.small_moves` decides. A search through the signs of
the vanishing units either meets a cell or ends with a tree whose leaves are refuted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, TypeAlias, overload

from gmpy2 import mpq

from exactrelu import display
from exactrelu.arrangement import Arrangement
from exactrelu.errors import BudgetExceeded, InternalContradiction
from exactrelu.germ import Curve, signs_along
from exactrelu.moves import Level, curve_of
from exactrelu.neighbourhood import Neighbourhood
from exactrelu.rational import Rational, Vector, combination
from exactrelu.shallow import Neuron, Shallow, why_not_shallow
from exactrelu.signature import SYMBOLS, Columns, groups, unit_name, write
from exactrelu.simplex import Simplex
from exactrelu.small_moves import Row, levels

ZERO = mpq(0)
LISTED = 500
SHOWN = 50  # when it is known beforehand that there are more than LISTED
Decided: TypeAlias = "Mapping[int, int]"
"""Signs of some of the vanishing units, by their positions in the signature."""


@dataclass(frozen=True)
class IncidentCell:
    """A cell whose closure contains the point, and a curve that starts there and lies in it for all small t > 0."""

    columns: Columns
    curve: Curve

    @property
    def signature(self) -> str:
        """The signature of the cell."""
        return write(self.columns)

    def __repr__(self) -> str:
        return f"IncidentCell({self.signature!r})"


@dataclass(frozen=True)
class IncidentCells(Sequence[IncidentCell]):
    """Cells whose closure contains a point. A ``tree`` proves that they are all; without one, ``reason`` says why.

    ``number`` is that of all incident cells, None where it is not known.
    """

    cells: tuple[IncidentCell, ...]
    tree: dict[str, Any] | None
    reason: str = ""
    number: int | None = None

    @property
    def complete(self) -> bool:
        """Whether these are proved to be all."""
        return self.tree is not None

    def __len__(self) -> int:
        return len(self.cells)

    @overload
    def __getitem__(self, index: int) -> IncidentCell: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[IncidentCell, ...]: ...
    def __getitem__(self, index: int | slice) -> IncidentCell | tuple[IncidentCell, ...]:
        return self.cells[index]

    def _repr_html_(self) -> str:
        rows = [(str(index), display.code(cell.signature)) for index, cell in enumerate(self[: display.ROWS])]
        caption = f"{len(self)} incident cells, not known to be all: {display.text(self.reason, 400)}"
        caption = f"All incident cells: {len(self)}" if self.complete else caption
        more = display.left_out(len(rows), len(self), "incident cells")
        return display.table(caption, rows, ("", "signature"), more)

    def __repr__(self) -> str:
        return f"IncidentCells({len(self)} cells{'' if self.complete else ', not known to be all'})"


@dataclass(frozen=True)
class Pattern:
    """Signs of vanishing units that are those of an incident cell."""

    signs: Decided


@dataclass(frozen=True)
class Fan:
    """Vanishing units of the first layer that depend on the same parameters: one neuron, or a structured layer.

    ``rows`` maps the position of each unit to its linear form in the parameters at the places ``inputs``.
    """

    inputs: tuple[int, ...]
    rows: Mapping[int, Vector]


class Incidence:
    """The cells around a point. ``reason`` says why completeness cannot be shown; it is empty where it can.

    Along the ``directions`` cells are looked for where not all can be known.
    """

    def __init__(self, near: Neighbourhood, directions: Sequence[Vector] = ()) -> None:
        self.directions = directions
        self.near, self.instance, self.parameters, self.tick = near, near.instance, near.parameters, near.tick
        self.width = sum(groups(self.instance))
        self.offsets = [sum(groups(self.instance)[:g]) for g in range(len(groups(self.instance)))]
        self.shallow = near.shallow
        self._simplices: dict[int, Simplex] = {}
        self._witnesses: dict[tuple[int, ...], Vector] = {}
        self._moves: tuple[Decided, list[Level]] = {}, []

    def position(self, i: int, group: int, unit: int) -> int:
        """The position of a unit in the signature."""
        return i * self.width + self.offsets[group] + unit

    # ---------------------------------------------------------------- what vanishes

    @cached_property
    def reason(self) -> str:
        """Why the list of incident cells is not known to be complete; empty where it is."""
        network = self.instance.network
        if self.shallow is not None:
            return ""
        for i, g, u in self.near.vanishing:
            if g or not network.hidden_layers:
                why = why_not_shallow(self.instance)
                return f"{unit_name(self.instance, i, g, u)} vanishes at the point; {why}"
        return ""

    @cached_property
    def fans(self) -> tuple[Fan, ...]:
        """The vanishing units of the first layer, neuron by neuron (a structured layer counts as one neuron)."""
        network = self.instance.network
        if not network.activated:
            return ()
        layer = network.layers[0]
        dense = layer.kind == "dense"
        rows: list[dict[int, Vector]] = [{} for _ in range(layer.outputs if dense else 1)]
        one = (mpq(1),) if layer.bias else ()
        for i, x in enumerate(self.instance.x):
            for u, s in enumerate(self.near.columns[i][0]):
                if s:
                    continue
                row: Vector = (*x, *one)
                if not dense:
                    entries = [ZERO] * layer.parameters
                    for r, column, weight, coefficient in layer.entries:
                        entries[weight] += coefficient * x[column] if r == u else ZERO
                    if layer.bias:
                        entries[layer.size + u] = mpq(1)
                    row = tuple(entries)
                if any(row):
                    rows[u if dense else 0][self.position(i, 0, u)] = row
        places = [range(k * layer.inputs, (k + 1) * layer.inputs) for k in range(layer.outputs)]
        inputs = [(*place, *([layer.size + k] if layer.bias else [])) for k, place in enumerate(places)]
        return tuple(Fan(inputs[k] if dense else tuple(range(layer.parameters)), row) for k, row in enumerate(rows))

    @cached_property
    def owner(self) -> dict[int, int]:
        """The fan of each vanishing unit of the first layer."""
        return {position: k for k, fan in enumerate(self.fans) for position in fan.rows}

    @cached_property
    def kinks(self) -> dict[int, int]:
        """The items with a kink in the loss at the point, by the positions of their loss units."""
        if self.shallow is None or not self.shallow.kinks:
            return {}
        units = [(i, u) for i, row in enumerate(self.instance.units) for u in range(len(row))]
        return {self.position(units[j][0], len(self.offsets) - 1, units[j][1]): j for j in self.shallow.kinks}

    @cached_property
    def touched(self) -> tuple[int, ...]:
        """The neurons whose moves change, to first order in R, an output at a loss unit that vanishes."""
        shallow = self.shallow
        if shallow is None:
            return ()
        first, second = shallow.slopes
        found = []
        for k, neuron in enumerate(shallow.neurons):
            values = dict(zip(neuron.items, neuron.values, strict=True))
            here = [j for j in self.kinks.values() if j in values and any(shallow.items[j].x)]
            if any(shallow.slope(values[j]) if values[j] else first or second for j in here):
                found.append(k)
        return tuple(found)

    def order(self, fans: Sequence[int], kinks: bool) -> list[int]:
        """The positions of the units of some neurons, and of the loss units last."""
        return [position for k in fans for position in self.fans[k].rows] + (list(self.kinks) if kinks else [])

    @cached_property
    def everything(self) -> list[int]:
        """The positions of all vanishing units: neurons that touch loss units are just before the loss units."""
        free = [k for k in range(len(self.fans)) if k not in self.touched]
        return self.order([*free, *self.touched], True)

    # ---------------------------------------------------------------- the search

    def search(
        self, order: Sequence[int], leaf: Callable[[Decided], Any], first: Callable[[Decided, int], int] | None = None
    ) -> dict[str, Any] | Pattern:
        """A tree of sign conditions in which all leaves are refuted or closed by ``leaf``; or a pattern that is not.

        ``leaf`` gets the signs so far and returns a proof, or None to go on. ``first`` chooses the sign to be tried
        first. With loss units in the order, the neurons that touch them must stand before them.
        """
        found: dict[str, Any] | Pattern = self._descend(order, 0, {}, leaf, first)
        return found

    def _descend(
        self, order: Sequence[int], depth: int, signs: dict[int, int], leaf: Callable[[Decided], Any], first: Any
    ) -> Any:
        self.tick()
        proof = leaf(signs)
        if proof is not None:
            return proof
        if depth == len(order):
            return Pattern(signs)
        position = order[depth]
        result: dict[str, Any] = {"split": position}
        start = first(signs, position) if first else 1
        for side in (start, -start):
            below = self._restrict({**signs, position: side}, position)
            if below is None:
                below = self._descend(order, depth + 1, {**signs, position: side}, leaf, first)
            if position in self.owner:
                self._simplex(self.owner[position]).pop()
            if isinstance(below, Pattern):
                return below
            result[SYMBOLS[side]] = below
        return {"split": position, "+": result["+"], "-": result["-"]}

    def _simplex(self, k: int) -> Simplex:
        if k not in self._simplices:
            self._simplices[k] = Simplex(len(self.fans[k].inputs))
        return self._simplices[k]

    def _restrict(self, signs: Decided, position: int) -> dict[str, Any] | None:
        """The refutation of the signs, if there is one; for a hidden unit after a push of its simplex."""
        if position not in self.owner:
            found = self._coupled(signs, {})
            if isinstance(found, dict):
                return found
            self._moves = signs, found
            return None
        k = self.owner[position]
        simplex = self._simplex(k)
        simplex.push()
        row = simplex.form(self.fans[k].rows[position])
        if signs[position] > 0:
            simplex.assert_lower(row, 0, strict=True, tag=position)
        else:
            simplex.assert_upper(row, 0, strict=True, tag=position)
        refuted = simplex.check()
        return None if refuted is None else _empty(refuted)

    # ---------------------------------------------------------------- loss units

    def _coupled(self, signs: Decided, sides: dict[int, int]) -> dict[str, Any] | list[Level]:
        """Moves of the neurons that touch the loss units, or a refutation, which may split on signs of v."""
        shallow = self._certainly_shallow
        free = [k for k in self.touched if shallow.neurons[k].v == 0]
        chosen = {k: sides.get(k, shallow.neurons[k].sides[0]) for k in self.touched}
        rows = self._rows(signs, chosen)
        found = levels(shallow, rows, chosen, self.tick)
        if isinstance(found, list):
            return found
        size = len(self.fans[0].inputs) if self.fans else 0
        for k in free:
            used = [(found.get(p, ZERO), row.blocks[k]) for p, row in rows.items() if k in row.blocks]
            parts = [(m, row) for m, row in used if m]
            hidden = [m for p in self.fans[k].rows if (m := found.get(p, ZERO))]
            if k not in sides and (hidden or any(combination(parts, size))):
                proof: dict[str, Any] = {"sign": k}
                for side in (1, -1):
                    below = self._coupled(signs, {**sides, k: side})
                    if isinstance(below, list):
                        return below
                    proof[SYMBOLS[side]] = below
                return proof
        return _empty(found)

    @property
    def _certainly_shallow(self) -> Shallow:
        if self.shallow is None:
            raise InternalContradiction("loss units are searched only in problems with at most one hidden layer")
        return self.shallow

    def _rows(self, signs: Decided, sides: Mapping[int, int]) -> dict[int, Row]:
        """The strict inequalities of the touched neurons and the loss units with these signs."""
        shallow = self._certainly_shallow
        rows: dict[int, Row] = {}
        for k in self.touched:
            for position, x in self.fans[k].rows.items():
                rows[position] = Row({k: tuple(signs[position] * a for a in x)})
        for position, j in self.kinks.items():
            if position not in signs:
                continue
            item = shallow.items[j]
            sense = signs[position] * (1 if item.high > 0 else -1)
            blocks = {}
            for k in self.touched:
                neuron = shallow.neurons[k]
                if j in neuron.items:
                    slope = self._slope(signs, neuron, k, j, position)
                    blocks[k] = tuple(sense * sides[k] * slope * a for a in item.x)
            linear = {place: sense * row[j] for place, row in shallow.linear.items() if row.get(j)}
            rows[position] = Row({k: block for k, block in blocks.items() if any(block)}, linear)
        return rows

    def _slope(self, signs: Decided, neuron: Neuron, k: int, j: int, position: int) -> Rational:
        value = neuron.values[neuron.items.index(j)]
        here = position // self.width * self.width + self.offsets[0] + k
        return self._certainly_shallow.slope(value or mpq(signs.get(here, 1)))

    # ---------------------------------------------------------------- curves

    def curve(self, signs: Decided) -> Curve:
        """A curve into an incident cell on which the units have these signs.

        The signs are those of whole neurons, and of all loss units and the neurons that touch them, or of none.
        """
        moves: list[Level] = []
        if self.kinks:
            if not all(position in signs for position in self.kinks):
                signs = {**signs, **self.default}
            found = self._moves[1] if signs == self._moves[0] else self._coupled(signs, {})
            if isinstance(found, dict):
                raise InternalContradiction("a pattern that was found is refuted")
            moves = found
        size = len(self.parameters)
        steps = [list(step) for step in (curve_of(self._certainly_shallow, moves) if moves else ())]
        steps = steps or [[ZERO] * size]
        for k, fan in enumerate(self.fans):
            if k in self.touched or not fan.rows:
                continue
            for place, value in zip(fan.inputs, self._witness(k, signs), strict=True):
                steps[0][place] += value
        return tuple(tuple(step) for step in steps)

    @cached_property
    def default(self) -> Decided:
        """Signs of the loss units and of the neurons that touch them that are those of an incident cell."""
        found = self.search(self.order(self.touched, True), lambda _: None)
        if not isinstance(found, Pattern):
            raise InternalContradiction("a point with vanishing loss units touches no cell")
        return found.signs

    def _witness(self, k: int, signs: Decided) -> Vector:
        """A direction in which the vanishing units of a neuron have these signs, or any."""
        fan = self.fans[k]
        if not all(position in signs for position in fan.rows):
            found = self.search(list(fan.rows), lambda _: None)
            if not isinstance(found, Pattern):
                raise InternalContradiction("an arrangement of hyperplanes has no chamber")
            signs = found.signs
        key = (k, *(signs[position] for position in fan.rows))
        if key in self._witnesses:
            return self._witnesses[key]
        simplex = Simplex(len(fan.inputs))
        for position, row in fan.rows.items():
            bound = simplex.assert_lower if signs[position] > 0 else simplex.assert_upper
            bound(simplex.form(row), 0, True, position)
        if simplex.check() is not None:
            raise InternalContradiction("a chamber that was found is empty")
        self._witnesses[key] = simplex.model()
        return self._witnesses[key]

    def cell(self, signs: Decided) -> IncidentCell:
        """An incident cell with these signs, verified along its curve."""
        curve = self.curve(signs)
        columns = signs_along(self.instance, self.parameters, curve)
        flat = [s for column in columns for group in column for s in group]
        if any(flat[position] != s for position, s in signs.items()):
            raise InternalContradiction("a curve does not lead into the cell that it was made for")
        return IncidentCell(columns, curve)

    # ---------------------------------------------------------------- all of them

    @cached_property
    def listed(self) -> IncidentCells:
        """The incident cells, in the order of the search, and the proof that there are no others."""
        found: list[IncidentCell] = []
        whole, limit, number = len(self.everything), LISTED, None

        def leaf(signs: Decided) -> dict[str, Any] | None:
            if len(signs) < whole or len(found) == limit:
                return None
            found.append(self.cell(signs))
            return {}

        try:
            if self.reason:
                return IncidentCells(self.sampled, None, self.reason)
            number = self._product()
            limit = LISTED if number is None or number <= LISTED else SHOWN
            tree = self.search(self.everything, leaf)
        except BudgetExceeded as error:
            return IncidentCells(tuple(found), None, str(error))
        if isinstance(tree, Pattern):
            return IncidentCells(tuple(found), None, f"there are more than {LISTED} incident cells", number)
        return IncidentCells(tuple(found), tree, number=len(found))

    def _product(self) -> int | None:
        """The number of incident cells if no loss unit vanishes: the product of the numbers of chambers."""
        if self.kinks:
            return None
        return prod(Arrangement(fan.rows.values()).count(tick=self.tick) for fan in self.fans if fan.rows)

    @cached_property
    def sampled(self) -> tuple[IncidentCell, ...]:
        """Cells that are found along fixed directions, in the order in which they are found."""
        found: dict[Columns, IncidentCell] = {}
        for direction in self.directions:
            cell = self.entered((direction,))
            if cell is not None:
                found.setdefault(cell.columns, cell)
        return tuple(found.values())

    def entered(self, curve: Curve) -> IncidentCell | None:
        """The cell in which a curve lies for all small t > 0, None if it lies on a boundary."""
        self.tick()
        columns = signs_along(self.instance, self.parameters, curve)
        return IncidentCell(columns, curve) if self.near.forms.is_open(columns) else None

    def __repr__(self) -> str:
        return f"Incidence({len(self.everything)} vanishing units)"


def _empty(multipliers: Mapping[Any, Rational]) -> dict[str, Any]:
    return {"empty": {str(position): str(m) for position, m in sorted(multipliers.items())}}
