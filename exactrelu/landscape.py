"""A problem together with the questions that one asks about it: cells, forms, points."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from exactrelu import examples
from exactrelu.atlas import Atlas, atlas
from exactrelu.audit import Audit
from exactrelu.budget import showing, shown
from exactrelu.cells import Cell, Cells, ProductCells, SheetCells, parameter_cells
from exactrelu.certificate import Certificate
from exactrelu.checkpoint import Checkpoint
from exactrelu.checkpoint_files import read_arrays
from exactrelu.critical_sets import CriticalSets, critical_sets
from exactrelu.emptiness import Empty, realise
from exactrelu.errors import MalformedInput, Unsupported
from exactrelu.exploration import LIMIT, ExploredCells
from exactrelu.forms import CellForm, Forms
from exactrelu.global_minimum import Minimum, global_minimum
from exactrelu.neighbourhood import KINK
from exactrelu.point import Point
from exactrelu.problem import Instance
from exactrelu.rational import Vector
from exactrelu.sheets import InputSheet, layer_sheet, parameter_sheets, why_not_complete
from exactrelu.signature import Columns, of_point, read, unit_name, write

Tick: TypeAlias = "Callable[[], None]"
"""What is called at every step of long work: it may show progress, or raise `BudgetExceeded` to stop."""


class Problem(Instance):
    """A training problem whose landscape can be asked about; see `exactrelu.problem.Instance` for its data.

    >>> p = Problem.example("yun2018-three-point")
    >>> p.cells()
    Cells(36 cells)
    >>> p.at("bad").local_minimum()
    Decision(local_minimum: yes, sum-of-squares)
    """

    @classmethod
    def example(cls, name: str) -> Problem:
        """A shipped problem; raises `MalformedInput` when there is none of that name.

        >>> Problem.example("liu-two-samples").network
        Network(2 -> 1 -> 1, slopes (1, 0), no bias in layer 1, 2)
        """
        return cls.loads(examples.text(name), name)

    @cached_property
    def forms(self) -> Forms:
        """The polynomial forms of the loss: ``problem.forms.on(signature)``."""
        return Forms(self)

    def form(self, signature: str) -> CellForm:
        """The loss on the cell with a signature, as a polynomial in the parameters.

        Raises `MalformedInput` when the signature does not fit the problem.

        >>> Problem.example("laurent-brecht-one-neuron").form("-,+;+,+;+,-")
        CellForm('-,+;+,+;+,-': Polynomial(2/3 - 1/3*b1_1*W2_1_1))
        """
        return self.forms.on(signature)

    def at(self, point: str | dict[str, object], tick: Tick | None = None) -> Point:
        """A point of parameter space, by its name in the problem file or as named arrays.

        Arrays have the names and the shapes of the problem file: ``W1`` of shape (units, inputs), ``b1`` of shape
        (units,), and so on. Raises `MalformedInput` for an unknown name or a wrong shape. ``tick`` is called at every
        step of a decision and may raise `BudgetExceeded`: the answer is ``undecided`` then.

        >>> Problem.example("liu-two-samples").at({"W1": [[1, "1/2"]], "W2": [[1]]})
        Point(loss 1/8, signature +;+)
        """
        tick = shown(f"point {point}" if isinstance(point, str) else "point", tick)
        if isinstance(point, str):
            return Point(self.forms, self.point(point), point, tick)
        return Point(self.forms, self.network.read(point), tick=tick)

    def audit(self, checkpoint: str | Checkpoint | Mapping[str, Any], tick: Tick | None = None) -> Audit:
        """What the point of a float checkpoint is, and the exact critical point near it; see `exactrelu.audit`.

        The checkpoint is a file (`exactrelu.checkpoint_files`), or named arrays such as a torch ``state_dict``.

        >>> floats = {"W1": [[0.25, 0.2500001]] * 2, "b1": [0.0, 0.0], "W2": [[0.667, 0.666]], "b2": [0.0]}
        >>> Problem.example("yun2018-three-point").audit(floats).snapped.point.local_minimum()
        Decision(local_minimum: yes, sum-of-squares)
        """
        if isinstance(checkpoint, str):
            checkpoint = Checkpoint.read(self.network, read_arrays(checkpoint), checkpoint)
        with showing("audit", tick) as steps:
            return Audit.of(self.forms, checkpoint, steps)

    def minimum(self, *, tick: Tick | None = None, resume: Mapping[str, Any] | None = None) -> Minimum:
        """The global minimum, or bounds of it, with a certificate; see `exactrelu.global_minimum`.

        >>> Problem.example("yun2018-three-point").minimum()
        Minimum(0, 1 of 78 pieces visited)
        """
        with showing("minimum", tick) as steps:
            return global_minimum(self, steps, resume=resume)

    def atlas(self, *, tick: Tick | None = None, resume: Mapping[str, Any] | None = None) -> Atlas:
        """Every local minimum, or those found before the budget ran out; see `exactrelu.atlas`.

        >>> Problem.example("liu-two-samples").atlas()
        Atlas(6 sets of local minima with loss 0, 1/2, 1)
        """
        with showing("atlas", tick) as steps:
            return atlas(self, steps, resume=resume)

    def critical_sets(self, *, tick: Tick | None = None, resume: Mapping[str, Any] | None = None) -> CriticalSets:
        """Every Clarke critical point, or those found before the budget ran out; see `exactrelu.critical_sets`.

        ``resume`` is the certificate of an earlier run, from which one goes on.

        >>> Problem.example("liu-two-samples").critical_sets()
        CriticalSets(17 sets with loss 0, 1/2, 1)
        """
        with showing("critical sets", tick) as steps:
            return critical_sets(self, steps, resume=resume)

    def cells(
        self,
        *,
        layer: int | None = None,
        at: str | None = None,
        space: str = "parameters",
        limit: int = LIMIT,
        tick: Tick | None = None,
    ) -> Cells:
        """The cells of parameter space; of one layer's parameters, the others frozen at a point; or of input space.

        One hidden layer with one output, or with all kinks in the first layer: all cells, ``complete`` is True. Where
        the boundaries are polynomial of higher degree the cells are explored from a point (``at``, else the first named
        point) until there are ``limit`` of them, and ``complete`` is False. ``tick`` is called at every step and may
        raise `BudgetExceeded`.

        >>> problem = Problem.example("yun2018-three-point")
        >>> problem.cells()[7], problem.cells(space="input", at="bad")
        (Cell('++;--;++'), Cells(2 cells))
        """
        with showing("cells", tick) as steps:
            return self._cells(layer, at, space, limit, steps)

    def _cells(self, layer: int | None, at: str | None, space: str, limit: int, tick: Tick) -> Cells:
        if space not in ("parameters", "input"):
            raise MalformedInput("space", f'"{space}"', '"parameters" or "input"')
        if space == "input" and layer is not None:
            raise MalformedInput("layer", str(layer), "no layer, since the input space has none of its own")
        if at is not None:
            self.point(at)
        if space == "input" or layer is not None:
            if at is None:
                raise MalformedInput("at", "nothing", "the name of a point: what is frozen is frozen there")
            base = self.point(at)
            frozen = {"at": self.network.write(base)}
            if space == "input":
                return SheetCells(self, [InputSheet(self, base)], {"kind": "input", **frozen}, tick)
            sheet = layer_sheet(self, layer or 0, base)
            return SheetCells(self, [sheet], {"kind": "layer", "layer": layer, **frozen}, tick)
        if not why_not_complete(self):
            return parameter_cells(self, tick)
        return ExploredCells(self, self._start(at), limit, tick)

    def cell_at(self, point: str) -> Cell:
        """The cell in which a named point lies, with the point as its witness.

        Raises `Unsupported` when the point lies on a boundary between cells, or the outputs are too large to expand.

        >>> Problem.example("yun2018-three-point").cell_at("bad").signature
        '++;++;++'
        """
        here = self.at(point)
        if here.form is None:
            if here.obstacle != KINK:
                raise Unsupported(here.obstacle)
            kink = unit_name(self, *here.kinks[0])
            raise Unsupported(f'the point "{point}" lies on a boundary between cells: {kink} vanishes there')
        return Cell(self.forms, here.form.columns, here.parameters)

    def cell(self, signature: str, *, limit: int = LIMIT, tick: Tick | None = None) -> Cell | Empty:
        """The cell with a signature, or the proof that there is none.

        Where no complete list of cells is known, the cell is looked for at the named points and by exploring from them;
        raises `Unsupported` when it is not found.

        >>> problem = Problem.example("yun2018-three-point")
        >>> problem.cell("++;++;+-"), problem.cell("++;++;++").witness[:4]
        (Empty('++;++;+-'), (mpq(1,1), mpq(1,1), mpq(1,1), mpq(1,1)))
        """
        columns = read(self, signature)
        with showing("cell", tick) as steps:
            return self._cell(columns, limit, steps)

    def _cell(self, columns: Columns, limit: int, tick: Tick) -> Cell | Empty:
        if not why_not_complete(self):
            found = realise(parameter_sheets(self), columns, tick)
            return found if isinstance(found, Empty) else Cell(self.forms, columns, found)
        self.forms.on(columns)
        for point in self.points.values():
            if of_point(self, point) == columns:
                return Cell(self.forms, columns, point)
        for start in list(self.points.values()) or [self.network.default_point()]:
            for cell in ExploredCells(self, start, limit, tick):
                if cell.columns == columns:
                    return cell
        raise Unsupported(f"no point with the signature {write(columns)} was found; whether there is one is open")

    def _start(self, at: str | None) -> Vector:
        if at is not None:
            return self.point(at)
        if self.points:
            return next(iter(self.points.values()))
        return self.network.default_point()


def cells_certificate(cells: Cells) -> Certificate:
    """The certificate that lists cells with witnesses, and proves the list complete if it is."""
    listed = [] if isinstance(cells, ProductCells) else list(cells)
    proof = {
        "space": dict(cells.space),
        "cells": [{"signature": cell.signature, "witness": cell.point} for cell in listed],
        "complete": cells.complete,
    }
    if cells.proof is not None:
        proof["proof"] = cells.proof
    what = "These are all cells" if cells.complete else "These are cells"
    statement = f"{what} of the space ({cells.space['kind']}): {cells.number} in number."
    return Certificate("cells", cells.forms.instance.to_dict(), statement, proof)


def forms_certificate(problem: Instance, cells: Iterable[Cell]) -> Certificate:
    """The certificate of the forms on some cells: blocks, multilinearity, traces, inertia at the witnesses."""
    entries = []
    for cell in cells:
        form = cell.form
        entry = {
            "signature": cell.signature,
            "witness": cell.point,
            "blocks": {name: block.to_dict() for name, block in form.blocks.items()},
            "multilinear": form.is_multilinear,
            "trace_zero": form.is_trace_zero,
            "flat": form.is_flat,
            "hessian": vars(form.inertia(cell.witness)),
        }
        if form.laplacian_is_sum_of_squares:
            entry["laplacian_sum_of_squares"] = True
        entries.append(entry)
    statement = f"The loss on {len(entries)} cells is the polynomial given by its blocks, with the facts stated."
    return Certificate("forms", problem.to_dict(), statement, {"cells": entries})
