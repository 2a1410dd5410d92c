"""The cells that occur around points of a face, and the proof that no point of it is critical (hinge loss).

Let one neuron have v = 0 and w in a face G, the others v_k != 0, and R_k in faces F_k; let I be the data points whose
unit 1 - y_i z_i is 0. A cell near the point is in chambers C_k around the F_k, and has signs of the units in I. There
v has a sign t, w' is near w, and the changes of the outputs in I are t |v| h(w') plus a vector of the cone K of what
moves of the R_k within the C_k, and of the output bias, add. So if a cell occurs near points with w arbitrarily near w:

- these signs are strictly those of a vector of K + t cone{h(ray): ray of the chambers around G};
- they are weakly those of a vector of K + t h(w) (divide by |v|; K is closed).

By Farkas' lemma a cell is *excluded* for the sign t, where one of these fails, by a vector mu = sum_i f_i sign_i e_i,
f >= 0, that is <= 0 on K and t mu <= 0 on the rays around G; or t <mu, h(w)> < 0. The other cells have means as in
`exactrelu.mean_gradients`, with fewer g. On a cone P in G that no <mu, h> divides, the means are the same for all w. If
none has <g, h(w)> = 0, this has one sign for all means and all w in P, as both are connected: it is >= 0 (<= 0) at the
rays of P, and > 0 (< 0) at their sum. So a tree that divides G by such mu finds a critical point, or proves that there
is none. (If G is no open chamber, the rays of different chambers around it are mixed, and cells may be kept that do not
occur. Then a point may be found that is not critical; what is proved holds all the same.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction
from exactrelu.faces import Face, Faces, Support, balancing
from exactrelu.lifted import ZERO
from exactrelu.lp import Constraint, Feasible, Infeasible, Optimum, feasible, maximise
from exactrelu.mean_gradients import MeanGradients
from exactrelu.pieces import unit
from exactrelu.rational import Rational, Vector, combination, dot, primitive, texts
from exactrelu.rays import products, rays
from exactrelu.thin_neurons import activations

Cell = tuple[tuple[int, ...], tuple[int, ...]]  # the chambers of the active neurons, and the signs of all units
Splits = tuple[tuple[Vector, int], ...]  # vectors mu, and the sign of <mu, h(w)>
WORK = 50_000  # cells, times their entries; the checker looks at ten times as many


@dataclass(frozen=True)
class Cone:
    """What the rays of a cone in a face add to the outputs, and these rays."""

    added: tuple[Vector, ...]
    rays: tuple[Vector, ...]


@dataclass(eq=False)
class OccurringCells:
    """Of active neurons, one for each entry, and one neuron with v = 0 in a face; for signs of the units."""

    faces: Faces
    active: Support
    units: tuple[int, ...]
    face: Face
    critical: Vector | None = None
    _known: dict[tuple[Cell, int], list[Vector]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pieces = self.faces.pieces
        self.means = MeanGradients(self.faces, tuple(face for face, _ in self.active), self.units)
        self.targets = [s.target for s in self.pieces.lifted.conic.summands]

    def search(self) -> Any:
        """The tree that proves that there is no critical point; None if one was found, or there are too many cells."""
        many = (len(self.means.around) << len(self.means.kinks)) * (1 + len(self.active)) * len(self.units)
        return self._explore(()) if many <= WORK else None

    @cached_property
    def cells(self) -> dict[Cell, Vector]:
        """All cells, with the derivatives by the outputs."""
        found = dict[Cell, Vector]()
        for chambers in self.means.around:
            for signs in product((1, -1), repeat=len(self.means.kinks)):
                at = dict(zip(self.means.kinks, signs, strict=True))
                units = tuple(at.get(i, s) for i, s in enumerate(self.units))
                found[chambers, units] = tuple(s * (u > 0) for s, u in zip(self.means.slopes, units, strict=True))
        return found

    # ------------------------------------------------------------------ what is excluded

    def _moves(self, chambers: Sequence[int]) -> tuple[list[Vector], list[Vector]]:
        """What moves add: in both directions, and in one."""
        both = [self.faces.column(r) for face, _ in self.active for r in face.rays]
        both += [(mpq(1),) * len(self.units)] * self.means.has_bias
        one = [
            tuple(side * a for a in self.faces.column(r))
            for (face, side), c in zip(self.active, chambers, strict=True)
            for r in set(self.pieces.rays[c]) - set(face.rays)
        ]
        return both, one

    def _farkas(self, cell: Cell, one_way: Sequence[Vector], fixed: Vector | None) -> Vector | None:
        """f that proves that a cell does not occur, with more moves in one direction, and a fixed change."""
        self.pieces.lifted.tick()
        both, one = self._moves(cell[0])
        one = [*one, *one_way]
        size = len(both) + len(one)
        rows = []
        for i in self.means.kinks:
            sense = -self.targets[i] * cell[1][i]
            row = tuple(sense * column[i] for column in (*both, *one))
            rows.append(Constraint(row, ">=" if fixed else ">", -sense * fixed[i] if fixed else ZERO))
        rows += [Constraint(unit(size, {j: mpq(1)}), ">=", ZERO) for j in range(len(both), size)]
        found = feasible(rows, size)
        if isinstance(found, Feasible):
            return None
        at = dict(zip(self.means.kinks, found.multipliers, strict=False))
        return tuple(at.get(i, ZERO) for i in range(len(self.units)))

    def _mu(self, cell: Cell, f: Vector) -> Vector:
        return tuple(-t * s * a for t, s, a in zip(self.targets, cell[1], f, strict=True))

    @cached_property
    def _everywhere(self) -> dict[tuple[Cell, int], Vector]:
        """The f that exclude cells at all w of the face."""
        found = dict[tuple[Cell, int], Vector]()
        for cell, t in product(self.cells, (1, -1)):
            around = [tuple(t * a for a in self.faces.column(r)) for r in self.face.star]
            f = self._farkas(cell, around, None)
            if f is not None:
                found[cell, t] = f
        return found

    def _excluded(self, cone: Cone) -> dict[Cell, dict[str, Vector]]:
        """The cells that are known not to occur at any w of the cone, with f for both signs of v."""
        found = dict[Cell, dict[str, Vector]]()
        for cell in self.cells:
            own = dict[str, Vector]()
            for name, t in (("+", 1), ("-", -1)):
                everywhere = self._everywhere.get((cell, t))
                for f in [everywhere] if everywhere else self._known.get((cell, t), []):
                    slopes = [t * dot(self._mu(cell, f), added) for added in cone.added]
                    if everywhere or (max(slopes) <= 0 and min(slopes) < 0):
                        own[name] = f
                        break
            if len(own) == 2:
                found[cell] = own
        return found

    def _excluded_at(self, added: Vector) -> set[Cell]:
        """The cells that do not occur at a w; why is kept."""
        found = set[Cell]()
        for cell in self.cells:
            answers = []
            for t in (1, -1):
                f = self._everywhere.get((cell, t))
                if f is None and (f := self._farkas(cell, [], tuple(t * a for a in added))) is not None:
                    self._known.setdefault((cell, t), []).append(f)
                answers.append(f is not None)
            found |= {cell} if all(answers) else set()
        return found

    # ------------------------------------------------------------------ means of the other cells

    def _system(self, cells: Sequence[Cell]) -> list[Constraint]:
        """The weights of these cells in a mean: first the equations of the forms, and of the bias."""
        columns = []
        for chambers, units in cells:
            g = self.cells[chambers, units]
            forms = [a for chamber in chambers for a in self.pieces.form(chamber, g)]
            columns.append([*forms, *[sum(g, ZERO)] * self.means.has_bias])
        equations = len(self.active) * len(self.pieces.lifted.rows[0]) + self.means.has_bias
        rows = [Constraint(tuple(column[p] for column in columns), "==", ZERO) for p in range(equations)]
        rows.append(Constraint((mpq(1),) * len(cells), "==", mpq(1)))
        return rows + [Constraint(unit(len(cells), {j: mpq(1)}), ">=", ZERO) for j in range(len(cells))]

    def _refutation(self, cone: Cone, excluded: dict[Cell, dict[str, Vector]]) -> dict[str, Any] | Vector:
        """A leaf of the tree; else a w of the cone at which <g, h(w)> = 0 for some mean of the other cells."""
        cells = [cell for cell in self.cells if cell not in excluded]
        system, n = self._system(cells), len(self.units)
        leaf = {"excluded": [self._exclusion(cell, own) for cell, own in excluded.items()]}
        middle = combination(((mpq(1), added) for added in cone.added), n)
        for name, side in (("-", 1), ("+", -1)):
            ends: list[dict[str, Any]] = []
            for added in (middle, *cone.added):
                end = maximise(tuple(side * dot(self.cells[cell], added) for cell in cells), system)
                if isinstance(end, Infeasible):
                    return {**leaf, "empty": self.means.dual(end.multipliers)}
                if not isinstance(end, Optimum):
                    raise InternalContradiction("the means of the derivatives of the hinge loss are bounded")
                if end.value >= 0 and not ends:
                    break
                if end.value > 0:
                    g = combination(((y, self.cells[c]) for c, y in zip(cells, end.point, strict=True)), n)
                    return self._zero(cone, [dot(g, a) for a in cone.added])
                ends.append(self.means.dual(end.dual))
            if ends:
                return {**leaf, "sign": name, "duals": ends}
        return self._zero(cone, [ZERO] * len(cone.rays))

    def _zero(self, cone: Cone, values: Sequence[Rational]) -> Vector:
        """A w of the cone at which a linear form with these values at its rays is 0."""
        weights = balancing(values)
        if weights is None:
            raise InternalContradiction("values that are all 0, or of both signs, can be balanced")
        return combination(zip(weights, cone.rays, strict=True), len(self.pieces.lifted.rows[0]))

    def _exclusion(self, cell: Cell, own: dict[str, Vector]) -> dict[str, Any]:
        units = "".join("-0+"[s + 1] for s in cell[1])
        return {"chambers": list(cell[0]), "units": units, "farkas": {name: texts(f) for name, f in own.items()}}

    # ------------------------------------------------------------------ the tree

    def _explore(self, splits: Splits) -> Any:
        """The tree below these splits; None if there is a critical point."""
        cone = self._cone(splits)
        while True:
            excluded = self._excluded(cone)
            found = self._refutation(cone, excluded)
            if isinstance(found, dict):
                return found
            added = activations(self.pieces, self.face.chambers[0], found)
            out = self._excluded_at(added)
            cells = [cell for cell in self.cells if cell not in out]
            row = Constraint(tuple(dot(self.cells[cell], added) for cell in cells), "==", ZERO)
            if isinstance(feasible([*self._system(cells), row], len(cells)), Feasible):
                self.critical = found
                return None
            if set(self._excluded(cone)) > set(excluded):
                continue
            mu = next(mu for mu in self._mixed(cone, out - set(excluded)))
            tree: dict[str, Any] = {"split": texts(mu)}
            for name, sign in (("+", 1), ("-", -1), ("0", 0)):
                tree[name] = self._explore((*splits, (mu, sign)))
                if tree[name] is None:
                    return None
            return tree

    def _mixed(self, cone: Cone, cells: Iterable[Cell]) -> Iterator[Vector]:
        """The mu that exclude some of these cells on one side only of a plane that divides the cone."""
        for cell in sorted(cells):
            for f in (*self._known.get((cell, 1), ()), *self._known.get((cell, -1), ())):
                slopes = [dot(self._mu(cell, f), added) for added in cone.added]
                if min(slopes) < 0 < max(slopes):
                    yield self._mu(cell, f)

    def _cone(self, splits: Splits) -> Cone:
        """A part of the face, by its rays; sorted, and scaled, by the primitive products with the data."""
        lifted, chamber = self.pieces.lifted, self.face.chambers[0]
        rows = (*lifted.rows, *(self.pieces.form(chamber, mu) for mu, _ in splits))
        signs = (*self.face.signs, *(sign for _, sign in splits))
        found = dict[tuple[int, ...], Vector]()
        for ray in rays(rows, lifted.tick):
            values = products(ray, rows)
            if all(a * s > 0 or not a for a, s in zip(values, signs, strict=True)):
                own = values[: len(lifted.rows)]
                key = primitive(own)
                scale = next(mpq(b) / a for a, b in zip(own, key, strict=True) if a)
                found[key] = tuple(scale * a for a in ray)
        ordered = tuple(found[key] for key in sorted(found))
        return Cone(tuple(activations(self.pieces, chamber, w) for w in ordered), ordered)
