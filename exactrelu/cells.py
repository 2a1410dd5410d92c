"""The cells of parameter space: the open sets on which the signature is constant, and their adjacency graph.

Laurent and von Brecht, ICML 2018, section 2.1. Where every kink is in the first layer the cells are products of
chambers of a hyperplane arrangement; on a sheet they are found by splitting; elsewhere they are explored.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from gmpy2 import mpq

from exactrelu import display
from exactrelu import signature as signatures
from exactrelu.arrangement import Arrangement
from exactrelu.budget import no_tick
from exactrelu.errors import BudgetExceeded, InternalContradiction, Unsupported
from exactrelu.forms import CellForm, Forms
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector
from exactrelu.refinement import FacetFinder, Walk, crosses_only, forms_on
from exactrelu.sheets import (
    InputSheet,
    LiftedSheet,
    Place,
    Sheet,
    kinks_in_first_layer_only,
    parameter_sheets,
)
from exactrelu.signature import Columns
from exactrelu.simplex import Simplex

if TYPE_CHECKING:
    import networkx

Edge = tuple[int, int, tuple[int, ...]]
"""Two cells by index, and the positions in the signature of the units that switch."""


@dataclass(frozen=True)
class Cell:
    """An open cell: its signature and a point of it.

    ``witness`` is a flat parameter vector (an input for linear regions).

    >>> from exactrelu import example
    >>> cell = example("liu-two-samples").cells()[1]
    >>> cell, cell.point
    (Cell('+;-'), {'W1': [['1', '-1']], 'W2': [['1']]})
    """

    forms: Forms
    columns: Columns
    witness: Vector
    sheet: Sheet | None = None

    @property
    def signature(self) -> str:
        """The signature, for example ``++,+;-+,-``."""
        return signatures.write(self.columns)

    @cached_property
    def form(self) -> CellForm:
        """The loss on the cell. Raises `Unsupported` for a linear region of input space."""
        if isinstance(self.sheet, InputSheet):
            raise Unsupported("a linear region of input space has no loss: its signature is that of one input")
        return self.forms.on(self.columns)

    @property
    def is_flat(self) -> bool:
        """Whether the loss is constant on the cell, for the parameters (or the input) that move in the space."""
        return self.form.is_flat if self.sheet is None else self.sheet.is_flat(self.columns)

    @property
    def point(self) -> dict[str, Any]:
        """The witness as named arrays of strings."""
        if isinstance(self.sheet, InputSheet):
            return {"x": [str(value) for value in self.witness]}
        return self.forms.instance.network.write(self.witness)

    def _repr_html_(self) -> str:
        rows = [("signature", display.code(self.signature, 200)), ("witness", self._witness_html())]
        return display.table("Cell", rows)

    def _witness_html(self) -> str:
        if isinstance(self.sheet, InputSheet):
            return display.vector(self.witness)
        return display.arrays(self.forms.instance.network.blocks, self.witness)

    def __repr__(self) -> str:
        return f"Cell({self.signature!r})"


class Cells(Sequence[Cell]):
    """A sequence of cells in a fixed order: by signature (``+`` before ``-`` before ``0``), products neuron by neuron.

    ``complete`` says whether these are all cells of the space; ``proof`` is what certificates say about that.

    >>> from exactrelu import example
    >>> cells = example("liu-two-samples").cells()
    >>> cells, cells.complete, [cell.signature for cell in cells]
    (Cells(4 cells), True, ['+;+', '+;-', '-;+', '-;-'])
    """

    forms: Forms
    complete: bool
    space: Mapping[str, Any]

    @property
    def number(self) -> int:
        """The number of cells; unlike ``len`` it may exceed the largest machine integer."""
        return len(self)

    @abstractmethod
    def edges(self, tick: Callable[[], None] = no_tick) -> Iterator[Edge]:
        """The pairs of cells that share a boundary of codimension one, in order."""

    @property
    @abstractmethod
    def proof(self) -> dict[str, Any] | None:
        """The proof that the list is complete, in the form that certificates use."""

    def graph(self, tick: Callable[[], None] = no_tick) -> networkx.Graph:
        """The adjacency graph: nodes are indices with a ``signature``, edges carry the ``units`` that switch.

        >>> from exactrelu import example
        >>> list(example("liu-two-samples").cells().graph().edges(data="units"))
        [(0, 1, (1,)), (0, 2, (0,)), (1, 3, (0,)), (2, 3, (1,))]
        """
        import networkx

        graph = networkx.Graph()
        graph.add_nodes_from((i, {"signature": cell.signature}) for i, cell in enumerate(self))
        graph.add_edges_from((i, j, {"units": units}) for i, j, units in self.edges(tick))
        return graph

    @overload
    def __getitem__(self, index: int) -> Cell: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Cell]: ...
    def __getitem__(self, index: int | slice) -> Cell | Sequence[Cell]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self.number))]
        if not -self.number <= index < self.number:
            raise IndexError(f"cell {index} of {self.number}")
        return self._cell(index % self.number)

    @abstractmethod
    def _cell(self, index: int) -> Cell:
        """The cell at an index from 0 on."""

    def _repr_html_(self) -> str:
        first = [self._cell(index) for index in range(min(self.number, display.ROWS))]
        rows = [(str(index), display.code(cell.signature), cell._witness_html()) for index, cell in enumerate(first)]
        caption = f"All cells: {self.number}" if self.complete else f"{self.number} cells, not known to be all"
        more = display.left_out(len(rows), self.number, "cells")
        return display.table(caption, rows, ("", "signature", "witness"), more)

    def __repr__(self) -> str:
        return f"Cells({self.number} cells{'' if self.complete else ', incomplete'})"


class ProductCells(Cells):
    """The cells where all kinks are in the first layer: products of chambers, made when asked for.

    A dense layer gives the same arrangement of the (augmented) data points to each of its K neurons, so the cells are
    the K-fold product of its chambers; a structured layer gives one arrangement in the space of its parameters.
    """

    complete = True

    def __init__(self, instance: Instance, tick: Callable[[], None] = no_tick) -> None:
        self.forms = Forms(instance)
        self.space = {"kind": "parameters"}
        layer = instance.network.layers[0]
        self.factors = layer.outputs if layer.kind == "dense" else 1
        self.arrangement = first_layer_arrangement(instance)
        self.chambers = self.arrangement.chambers(tick=tick)

    @property
    def number(self) -> int:
        return int(len(self.chambers) ** self.factors)

    def __len__(self) -> int:
        return self.number

    def _digits(self, index: int) -> list[int]:
        digits = []
        for _ in range(self.factors):
            index, digit = divmod(index, len(self.chambers))
            digits.append(digit)
        return digits[::-1]

    def _cell(self, index: int) -> Cell:
        instance = self.forms.instance
        layer = instance.network.layers[0]
        chosen = [self.chambers[digit] for digit in self._digits(index)]
        width, points = layer.outputs, len(instance.x)
        value = {"+": 1, "-": -1, "0": 0}
        if layer.kind == "dense":
            columns = tuple((tuple(value[c.signs[i]] for c in chosen),) for i in range(points))
            weights = [entry for c in chosen for entry in c.witness[: layer.inputs]]
            first = (*weights, *(entry for c in chosen for entry in c.witness[layer.inputs :]))
        else:
            signs = chosen[0].signs
            columns = tuple((tuple(value[s] for s in signs[i * width : (i + 1) * width]),) for i in range(points))
            first = tuple(chosen[0].witness)
        rest = (mpq(1),) * (instance.network.parameters - len(first))
        return Cell(self.forms, columns, (*first, *rest))

    def edges(self, tick: Callable[[], None] = no_tick) -> Iterator[Edge]:
        count, width = len(self.chambers), self.forms.instance.network.layers[0].outputs
        classes = self.arrangement.parallel_classes
        walls = [(int(i), int(j), classes[c]) for i, j, c in zip(*self.chambers.walls(), strict=True)]
        for place in range(self.factors):
            block = count ** (self.factors - 1 - place)
            for high in range(count**place):
                for i, j, hyperplanes in walls:
                    tick()
                    units = tuple(h * width + place if self.factors > 1 else h for h in hyperplanes)
                    if self.factors == 1 and self.forms.instance.network.layers[0].kind == "dense":
                        units = tuple(h * width for h in hyperplanes)
                    start = high * count * block
                    for low in range(block):
                        yield start + i * block + low, start + j * block + low, units

    @property
    def proof(self) -> dict[str, Any]:
        chambers = [{"signs": c.signs, "witness": [str(v) for v in c.witness]} for c in self.chambers]
        return {"rule": "product", "chambers": chambers, "count": str(self.number)}


def first_layer_arrangement(instance: Instance) -> Arrangement:
    """The arrangement of the first layer: of one neuron if the layer is dense, else of all its parameters.

    >>> from exactrelu.examples import example
    >>> first_layer_arrangement(example("liu-two-samples")).count()
    4
    """
    layer = instance.network.layers[0]
    if layer.kind == "dense":
        tail = (mpq(1),) if layer.bias else ()
        return Arrangement([(*x, *tail) for x in instance.x])
    normals: list[list[Rational]] = []
    for x in instance.x:
        rows = [[mpq(0)] * layer.parameters for _ in range(layer.outputs)]
        for row, column, weight, coefficient in layer.entries:
            rows[row][weight] += coefficient * x[column]
        if layer.bias:
            for row in range(layer.outputs):
                rows[row][layer.size + row] += 1
        normals.extend(rows)
    return Arrangement(normals, dimension=layer.parameters)


class ListedCells(Cells):
    """Cells that were found by splitting sheets, or by exploring."""

    def __init__(self, forms: Forms, found: Sequence[Cell], space: Mapping[str, Any]) -> None:
        self.forms = forms
        self.space = space
        self.complete = False
        self._cells = sorted(found, key=lambda cell: order_key(cell.columns))
        self._index = {cell.columns: index for index, cell in enumerate(self._cells)}

    def __len__(self) -> int:
        return len(self._cells)

    def _cell(self, index: int) -> Cell:
        return self._cells[index]

    @property
    def proof(self) -> dict[str, Any] | None:
        return None


def order_key(columns: Columns) -> tuple[int, ...]:
    """The key by which cells are sorted: signatures letter by letter, + before - before 0."""
    return tuple({1: 0, -1: 1, 0: 2}[s] for _, _, _, s in signatures.places(columns))


class SheetCells(ListedCells):
    """All cells that have points on the given sheets, found by splitting them.

    When ``tick`` raises `BudgetExceeded`, the cells found until then stay, and ``complete`` is False.
    """

    def __init__(
        self, instance: Instance, sheets: Iterable[Sheet], space: Mapping[str, Any],
        tick: Callable[[], None] = no_tick,
    ) -> None:  # fmt: skip
        self.sheets: list[Sheet] = []
        self.on_sheet: list[dict[Columns, Vector]] = []
        self.trees: list[list[Any]] = []
        forms = Forms(instance)
        found: dict[Columns, Cell] = {}
        complete = True
        try:
            for sheet in sheets:
                tick()
                walk = Walk(sheet, tick)
                self.sheets.append(sheet)
                self.on_sheet.append({})
                self.trees.append(walk.tokens)
                for leaf in walk:
                    point = leaf.point(short=leaf.columns not in found)
                    if leaf.columns not in found:
                        found[leaf.columns] = Cell(forms, leaf.columns, sheet.lift(point), sheet)
                        verify_witness(sheet, leaf.columns, found[leaf.columns].witness)
                    self.on_sheet[-1][leaf.columns] = point
        except BudgetExceeded:
            complete = False
        super().__init__(forms, list(found.values()), space)
        self.complete = complete

    @property
    def proof(self) -> dict[str, Any] | None:
        return {"rule": "refinement", "trees": self.trees} if self.complete else None

    def edges(self, tick: Callable[[], None] = no_tick) -> Iterator[Edge]:
        edges: dict[tuple[int, int], tuple[int, ...]] = {}
        for sheet, here in zip(self.sheets, self.on_sheet, strict=False):
            for first, second, units in sheet_edges(sheet, here, edges, self._index, tick, self.complete):
                edges[first, second] = units
        if self.complete:
            for first, second, units in sign_change_edges(self.sheets, self.on_sheet, self._index, tick):
                edges[first, second] = units
        for i, j in sorted(edges):
            yield i, j, edges[i, j]


def sheet_edges(
    sheet: Sheet, cells: Mapping[Columns, Vector], known: Mapping[tuple[int, int], tuple[int, ...]],
    index: Mapping[Columns, int], tick: Callable[[], None], complete: bool = True,
) -> Iterator[Edge]:  # fmt: skip
    """The pairs of cells on a sheet that share a facet there, without those that are known already.

    Two cells that differ only in units of the last group lie in one convex set, so the segment between generic points
    of them crosses nothing else: they are adjacent. For the others the segment between their witnesses is tried, then
    an LP decides. What lies behind a wall is told by flipping its units when they are of one group and no unit vanishes
    identically; else (|x| = s(x) + s(-x) vanishes at 0 and keeps its sign) by a germ at a point of the facet.
    """
    degenerate = any(s == 0 for columns in cells for _, _, _, s in signatures.places(columns))
    last = len(sheet.sizes) - 1
    finder = FacetFinder(sheet)
    for columns, point in cells.items():
        tick()
        i = index[columns]
        walls = finder.walls(columns)
        for number, wall in enumerate(walls):
            beyond = flipped(columns, wall.units)
            groups = {g for _, g, _ in wall.units}
            if len(groups) == 1 and beyond in cells:
                if index[beyond] < i or (i, index[beyond]) in known:
                    continue
                if groups == {last} or crosses_only(walls, number, point, cells[beyond]):
                    yield i, index[beyond], positions(sheet, columns, beyond)
                    continue
            elif len(groups) == 1 and not degenerate:
                continue
            facet = finder.facet(columns, walls, number)
            if facet is not None:
                if facet.beyond not in cells:
                    if not complete:
                        continue
                    raise InternalContradiction("the cell behind a facet is missing in a complete list")
                j = index[facet.beyond]
                if i < j:
                    yield i, j, positions(sheet, columns, facet.beyond)


def sign_change_edges(
    sheets: Sequence[Sheet], on_sheet: Sequence[Collection[Columns]], index: Mapping[Columns, int],
    tick: Callable[[], None],
) -> Iterator[Edge]:  # fmt: skip
    """The adjacencies across {v_k = 0}, a boundary where an activated output has no part but that of neuron k.

    Then output = v_k s(<w_k, x_i>) changes its sign with v_k. On the lifted sheets this is the set {R_k = 0}, which is
    too small to be a facet, although its preimage in (v, w) has codimension one.
    """
    lifted = {sheet.signs: number for number, sheet in enumerate(sheets) if isinstance(sheet, LiftedSheet)}
    for signs, number in lifted.items():
        sheet = sheets[number]
        if not isinstance(sheet, LiftedSheet) or not sheet.instance.network.output_activation:
            return
        for k in (k for k, s in enumerate(signs) if s > 0):
            partner = set(on_sheet[lifted[(*signs[:k], -1, *signs[k + 1 :])]])
            for columns in on_sheet[number]:
                tick()
                beyond = beyond_sign_change(sheet, columns, k)
                if beyond in partner and beyond != columns:
                    i, j = sorted((index[columns], index[beyond]))
                    yield i, j, positions(sheet, columns, beyond)


def beyond_sign_change(sheet: LiftedSheet, columns: Columns, k: int) -> Columns | None:
    """The signature that a cell of a sheet turns into when v_k changes its sign, None if it has no such boundary."""
    block = range(k * sheet.block, (k + 1) * sheet.block)
    simplex = Simplex(sheet.variables)
    switching = []
    for place, s, form in forms_on(sheet, columns):
        if place[1] == 0 and place[2] == k:
            continue  # the chamber of w_k itself is not touched
        rest = tuple(mpq(0) if j in block else entry for j, entry in enumerate(form))
        handle = simplex.form(rest[:-1])
        if not any(rest):
            if s:
                switching.append(place)
        elif s > 0:
            simplex.assert_lower(handle, -rest[-1], strict=True, tag=place)
        elif s < 0:
            simplex.assert_upper(handle, -rest[-1], strict=True, tag=place)
    return flipped(columns, switching) if switching and simplex.check() is None else None


def flipped(columns: Columns, units: Sequence[Place]) -> Columns:
    """The signature with the signs of some units reversed."""
    result = [list(column) for column in columns]
    for i, g, u in units:
        group = result[i][g]
        result[i][g] = (*group[:u], -group[u], *group[u + 1 :])
    return tuple(tuple(column) for column in result)


def positions(sheet: Sheet, first: Columns, second: Columns) -> tuple[int, ...]:
    """The positions in the signature at which two cells differ."""
    return tuple(
        sheet.position[i, g, u]
        for (i, g, u, s), (*_, t) in zip(signatures.places(first), signatures.places(second), strict=True)
        if s != t
    )


def verify_witness(sheet: Sheet, columns: Columns, witness: Vector) -> None:
    """Evaluate the network at a witness and compare the signs; raises `InternalContradiction` if they differ."""
    if isinstance(sheet, InputSheet):
        pre = sheet.instance.network.preactivations(sheet.base, witness)
        depth = len(sheet.instance.network.activated)
        found: Columns = (tuple(tuple(signatures.sign(v) for v in layer) for layer in pre[:depth]),)
    else:
        found = signatures.of_point(sheet.instance, witness)
    if found != columns:
        raise InternalContradiction("a witness does not have the signature of its cell")


def parameter_cells(instance: Instance, tick: Callable[[], None] = no_tick) -> Cells:
    """All cells of parameter space, where their boundaries allow it.

    Raises `Unsupported`, with the reason, for networks whose boundaries are polynomial of higher degree.
    """
    if instance.network.hidden_layers == 1 and kinks_in_first_layer_only(instance):
        return ProductCells(instance, tick)
    return SheetCells(instance, parameter_sheets(instance), {"kind": "parameters"}, tick)
