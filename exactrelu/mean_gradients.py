"""Mean gradients: combinations of the derivatives of the hinge loss by the outputs, over the cells around a point.

Let the active neurons be in the faces F_k, and the units 1 - y_i z_i have given signs. A cell around the point is in
some choice C of chambers around the F_k, and the derivatives g of the loss by the outputs are known there but where the
unit is 0: let I be these data points. A *mean gradient* is g = sum_C m_C g_C with m_C >= 0, sum_C m_C = 1, each (g_C)_i
between the two derivatives for i in I, such that sum_C m_C (form of g_C in C_k) is 0 for each k (see
`exactrelu.faces`), and sum_i g_i = 0, if there is an output bias. These g are a polytope.

Let further neurons j have v_j = 0. As the derivative by v_j is <g, h(w_j)>, whatever C, at a critical point

    <g, h(w_j)> = 0 for all j, for some mean gradient g.                                                          (1)

This is bilinear. But <g, h(w)> is linear on a face, so it is 0 at some w in it iff it is 0 at all its rays, or has both
signs there. A tree over the signs of <g, h(ray)> so finds a mean gradient that is 0 somewhere in each of some faces, or
proves that there is none: then no w_j in these faces are critical, in whatever number.

(1) is sufficient too, if what the rays around the F_k add to the outputs agrees on I with vectors of V, the space of
what the spans of the F_k and the output bias add (so it is if all F_k are open chambers). For let U be, on I, the sum
of V and the span of the h(w_j): the moves change the outputs on I in U only, whatever C, and by all vectors of U, as
those in the spans of F_k have both directions. The loss is there a convex function on U, whose subdifferential consists
of all g between the derivatives, restricted to U. (Changes of w_j change the outputs on I in the second order; what is
new in the signs that this gives the units are again some g between the derivatives.) Then the critical points are the
union, over all mean gradients g, of the products of the polyhedra {w in the face of j: <g, h(w)> = 0}.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, product
from typing import Any

from gmpy2 import mpq

from exactrelu.faces import Face, Faces
from exactrelu.lifted import ZERO
from exactrelu.lp import Constraint, Relation
from exactrelu.pieces import unit
from exactrelu.rational import Rational, Vector, combination, dot, texts
from exactrelu.simplex import Multipliers, Simplex

ONE = mpq(1)
Signs = dict[int, int]  # of <g, h(ray)>, by ray


@dataclass(eq=False)
class MeanGradients:
    """The polytope for faces and signs of the units, in the variables m_C and m_C (g_C)_i, i in I, for each C."""

    faces: Faces
    chosen: tuple[Face, ...]
    units: tuple[int, ...]
    refuted: dict[frozenset[Face], Any] = field(default_factory=dict)  # the trees of faces in which no g has zeros
    _found: dict[frozenset[Face], Vector | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        conic = self.faces.pieces.lifted.conic
        self.slopes = [-s.target * s.weight for s in conic.summands]
        self.kinks = [i for i, s in enumerate(self.units) if not s]
        self.known = [s * (u > 0) for s, u in zip(self.slopes, self.units, strict=True)]
        self.has_bias = conic.has_bias

    @cached_property
    def around(self) -> list[tuple[int, ...]]:
        """All C."""
        return list(product(*(face.chambers for face in self.chosen)))

    @cached_property
    def system(self) -> list[Constraint]:
        """First the equations of the forms, and of the bias."""
        pieces, many = self.faces.pieces, 1 + len(self.kinks)
        pieces.lifted.tick()
        size = len(self.around) * many
        equations = [[ZERO] * size for _ in range(len(self.chosen) * len(pieces.lifted.rows[0]) + self.has_bias)]
        total, bounds = [ZERO] * size, []
        for start, chambers in zip(range(0, size, many), self.around, strict=True):
            total[start] = ONE
            for place, i in enumerate((-1, *self.kinks), start):
                given = self.known if i < 0 else unit(len(self.units), {i: ONE})
                forms = (a for chamber in chambers for a in pieces.form(chamber, given))
                for row, a in zip(equations, (*forms, *[sum(given, ZERO)] * self.has_bias), strict=True):
                    row[place] = a
                if i >= 0:
                    relations: tuple[Relation, Relation] = (">=", "<=") if self.slopes[i] > 0 else ("<=", ">=")
                    bounds.append(Constraint(unit(size, {place: ONE}), relations[0], ZERO))
                    bounds.append(Constraint(unit(size, {place: ONE, start: -self.slopes[i]}), relations[1], ZERO))
        system = [Constraint(tuple(row), "==", ZERO) for row in equations]
        system += [Constraint(tuple(total), "==", ONE), *bounds]
        return system + [Constraint(unit(size, {c: ONE}), ">=", ZERO) for c in range(0, size, many)]

    def form(self, added: Sequence[Rational]) -> Vector:
        """<g, added> of the mean gradient g, as a form in the variables."""
        return (dot(self.known, added), *(added[i] for i in self.kinks)) * len(self.around)

    def dual(self, multipliers: Sequence[Rational]) -> dict[str, Any]:
        """The multipliers of the equations, for a certificate."""
        size, many = len(self.faces.pieces.lifted.rows[0]), len(self.chosen)
        normals = [texts(multipliers[k * size : (k + 1) * size]) for k in range(many)]
        return {"normals": normals, "bias": str(multipliers[many * size] if self.has_bias else ZERO)}

    def cells(self, point: Vector) -> list[tuple[tuple[int, ...], Rational, Vector]]:
        """The C with m_C > 0, m_C, and g_C."""
        many, found = 1 + len(self.kinks), []
        for start, chambers in zip(range(0, len(point), many), self.around, strict=True):
            weight, *own = point[start : start + many]
            if weight:
                at = dict(zip(self.kinks, own, strict=True))
                g = tuple(at[i] / weight if i in at else a for i, a in enumerate(self.known))
                found.append((chambers, weight, g))
        return found

    # ------------------------------------------------------------------ zeros

    def with_zeros(self, faces: Collection[Face]) -> Iterator[Vector]:
        """Mean gradients g such that <g, h(w)> = 0 for some w in each face; none only if there are none at all."""
        together = frozenset(faces)
        fewer = (frozenset[Face](), *(frozenset([face]) for face in faces))
        first = self._first(together) if all(self._first(some) is not None for some in fewer) else None
        if first is not None:
            yield first
            yield from islice(self._search(together), 1, None)

    def _first(self, faces: frozenset[Face]) -> Vector | None:
        if faces not in self._found:
            self._found[faces] = None if faces in self.refuted else next(self._search(faces), None)
        return self._found[faces]

    def _search(self, faces: frozenset[Face]) -> Iterator[Vector]:
        """The same; the proof is kept if there are none."""
        simplex = Simplex(len(self.system[0].coefficients))
        for tag, row in enumerate(self.system):
            form = simplex.form(row.coefficients)
            if row.relation == "==":
                simplex.assert_equal(form, row.bound, tag=tag)
            elif row.relation == ">=":
                simplex.assert_lower(form, row.bound, tag=tag)
            else:
                simplex.assert_upper(form, row.bound, tag=tag)
        ordered = sorted(faces, key=lambda face: (len(face.rays), face.name))
        tree = yield from self._explore(simplex, ordered, {})
        if tree is not None:
            self.refuted[faces] = tree

    def _explore(self, simplex: Simplex, faces: Sequence[Face], signs: Signs) -> Generator[Vector, None, Any]:
        """The tree below these signs of <g, h(ray)>; None if it yields something."""
        self.faces.pieces.lifted.tick()
        absurd = simplex.check()
        if absurd is not None:
            return self._farkas(absurd)
        ray = None
        for face in reversed(faces):
            own = [signs.get(r) for r in face.rays]
            if set(own) in ({1}, {-1}, {1, 0}, {-1, 0}):
                return {"face": face.name}
            if None in own and not {1, -1} <= set(own):
                ray = face.rays[own.index(None)]
        if ray is None:
            yield self._mean(simplex.model())
            return None
        form, tree = simplex.form(self.form(self.faces.column(ray))), {"ray": ray}
        for name, sign in (("0", 0), ("+", 1), ("-", -1)):
            simplex.push()
            if sign >= 0:
                simplex.assert_lower(form, 0, strict=bool(sign), tag=("+", ray))
            if sign <= 0:
                simplex.assert_upper(form, 0, strict=bool(sign), tag=("-", ray))
            tree[name] = yield from self._explore(simplex, faces, {**signs, ray: sign})
            simplex.pop()
        return tree if None not in tree.values() else None

    def _farkas(self, absurd: Multipliers) -> dict[str, Any]:
        """The leaf of a tree: sum_r y_r <g, h(ray_r)> is too small for these signs, whatever g is."""
        rays = dict[str, Rational]()
        for tag, y in absurd.items():
            if isinstance(tag, tuple):
                sign, ray = tag
                rays[str(ray)] = rays.get(str(ray), ZERO) + (y if sign == "+" else -y)
        equations = len(self.chosen) * len(self.faces.pieces.lifted.rows[0]) + self.has_bias
        multipliers = [absurd.get(tag, ZERO) for tag in range(equations)]
        return {"rays": {r: str(y) for r, y in rays.items() if y}, **self.dual(multipliers)}

    def _mean(self, point: Vector) -> Vector:
        cells = self.cells(point)
        return combination(((weight, g) for _, weight, g in cells), len(self.units))
