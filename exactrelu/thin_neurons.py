"""Neurons with v = 0 and w != 0 at local minima: for which w a point whose other neurons are optimal is one.

Let the other neurons be at a relative interior point of the optima of a piece Q, with loss beta. For w in the open
chamber tau the neuron moves R in thin cones around w and -w only. If the least loss on Q' x (tau, s) is beta for all
pieces Q' around the others and both signs s, then tau is *harmless*: every w in it will do. With the squared loss there
are no other w, because the dual vector is unique. With the hinge loss w will do iff it is in none of the closed cones

    N(Q', s) = {w in tau: some R' in Q', t > 0 have the loss <= beta at (R', s t w)},

for the (Q', s) with a smaller least loss, that is, iff some dual vector g that proves beta on Q' has s <g, h(w)> > 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction
from exactrelu.lifted import ZERO
from exactrelu.lp import Constraint, Optimum, maximise
from exactrelu.pieces import Face, Piece, Pieces, unit
from exactrelu.rational import Rational, Vector, dot, texts
from exactrelu.rays import products, rays

Danger = tuple[Piece, int]  # Q' and s


@dataclass(frozen=True)
class Good:
    """Vectors w that will do, and for all (Q', s) that matter, s the signs of the v, a dual vector with the proof."""

    w: tuple[Vector, ...]
    duals: tuple[tuple[Piece, tuple[int, ...], Vector], ...]


@dataclass(frozen=True)
class Bad:
    """The proof that no w in the chamber will do: a tree that divides it into parts of the cones N(Q', s)."""

    tree: dict[str, Any]


@dataclass(frozen=True)
class Thin:
    """One neuron with v = 0 and w in a chamber; the others in a piece, with these faces."""

    pieces: Pieces
    piece: Piece
    faces: tuple[Face, ...]
    chamber: int

    def decide(self) -> Good | Bad:
        """Whether some w in a chamber that is not harmless will do; hinge losses."""
        return self._explore(())

    @property
    def dangers(self) -> list[Danger]:
        """The pieces around, with the signs, on which the loss is less somewhere."""
        beta = self.pieces.value(self.piece)
        return [
            (other, side)
            for other in self.pieces.neighbours(self.piece, self.faces)
            for side in (1, -1)
            if self.pieces.value((*other, 2 * self.chamber + (side < 0))) < beta
        ]

    def _explore(self, splits: tuple[tuple[Vector, int], ...]) -> Good | Bad:
        self.pieces.lifted.tick()
        corners = self._rays(splits)
        middle = tuple(map(sum, zip(*corners, strict=True)))
        proofs = []
        for danger in self.dangers:
            dual = self._repels(danger, middle)
            if dual is not None:
                proofs.append((danger[0], (danger[1],), dual))
                continue
            for corner in corners:
                dual = self._repels(danger, corner)
                if dual is not None:
                    return self._split(splits, danger, dual)
            points = [{"ray": texts(corner), **self._point(danger, corner)} for corner in corners]
            return Bad({"piece": list(danger[0]), "sign": danger[1], "points": points})
        return Good((tuple(map(mpq, middle)),), tuple(proofs))

    def _split(self, splits: tuple[tuple[Vector, int], ...], danger: Danger, dual: Vector) -> Good | Bad:
        normal = self.pieces.form(self.chamber, dual)
        trees = {}
        for sign, side in (("+", 1), ("-", -1)):
            answer = self._explore((*splits, (normal, side)))
            if isinstance(answer, Good):
                return answer
            trees[sign] = answer.tree
        return Bad({"split": texts(normal), **trees})

    def _rays(self, splits: Sequence[tuple[Vector, int]]) -> list[tuple[int, ...]]:
        """The rays of the part of the closed chamber in these half-spaces."""
        rows = (*self.pieces.lifted.rows, *(normal for normal, _ in splits))
        sides = (*self.pieces.lifted.chambers[self.chamber], *(side for _, side in splits))
        found = rays(rows, self.pieces.lifted.tick)
        return [ray for ray in found if all(p * s >= 0 for p, s in zip(products(ray, rows), sides, strict=True))]

    def _change(self, side: int, w: Sequence[Rational]) -> Vector:
        """What the neuron adds to the outputs with R = w."""
        return tuple(side * a for a in activations(self.pieces, self.chamber, w))

    def _repels(self, danger: Danger, w: Sequence[Rational]) -> Vector | None:
        """A dual vector that proves beta on Q' and has s <g, h(w)> > 0; None if there is none."""
        change = self._change(danger[1], w)
        found = maximise(turned(self.pieces, change), proving(self.pieces, self.pieces.value(self.piece), [danger[0]]))
        if not isinstance(found, Optimum):
            raise InternalContradiction("a piece with the least loss beta has a dual vector")
        return turned(self.pieces, found.point) if found.value > 0 else None

    def _point(self, danger: Danger, w: Sequence[Rational]) -> dict[str, Any]:
        """A point (R', t w), t > 0, with a loss <= beta: the weights of the columns of Q', the bias, and t."""
        conic, beta = self.pieces.lifted.conic, self.pieces.value(self.piece)
        columns = sorted({j for q in danger[0] for j in self.pieces.columns(q)})
        data, n = range(len(conic.summands)), len(columns)
        size = n + 2 + len(data)  # weights, bias, t, losses
        rows = [Constraint(unit(size, {v: 1}), ">=", ZERO) for v in (*range(n), n + 1, *range(n + 2, size))]
        rows.append(Constraint(unit(size, {n + 1: 1}), "<=", mpq(1)))
        if not conic.has_bias:
            rows.append(Constraint(unit(size, {n: 1}), "==", ZERO))
        change = self._change(danger[1], w)
        for i in data:
            target = conic.summands[i].target
            output = {k: target * self.pieces.lifted.columns[j][i] for k, j in enumerate(columns)}
            row = unit(size, {**output, n: target, n + 1: target * change[i], n + 2 + i: mpq(1)})
            rows.append(Constraint(row, ">=", mpq(1)))
        rows.append(Constraint(unit(size, {n + 2 + i: conic.summands[i].weight for i in data}), "<=", beta))
        found = maximise(unit(size, {n + 1: mpq(1)}), rows)
        if not isinstance(found, Optimum) or not found.value:
            raise InternalContradiction("a vector that no dual vector repels can be reached")
        weights = {str(j): str(found.point[k]) for k, j in enumerate(columns) if found.point[k]}
        return {"weights": weights, "bias": str(found.point[n]), "t": str(found.value)}


def activations(pieces: Pieces, chamber: int, w: Sequence[Rational]) -> Vector:
    """h(w), for w in a closed chamber."""
    pairs = zip(pieces.lifted.chambers[chamber], pieces.lifted.rows, strict=True)
    return tuple(pieces.slopes[s] * dot(row, w) for s, row in pairs)


def turned(pieces: Pieces, values: Sequence[Rational]) -> Vector:
    """The values times -y_i: theta as a dual vector g, or <g, values> as a form in theta."""
    return tuple(-s.target * a for s, a in zip(pieces.lifted.conic.summands, values, strict=True))


def proving(pieces: Pieces, beta: Rational, proved: Sequence[Piece]) -> list[Constraint]:
    """The theta whose g, g_i = -y_i theta_i, proves the loss beta on these pieces.

    First 0 <= theta_i, theta_i <= weight_i, sum_i theta_i = beta, with an output bias sum_i y_i theta_i = 0; then
    g . column >= 0 for the columns of the pieces, in their order.
    """
    conic, size = pieces.lifted.conic, len(pieces.lifted.conic.summands)
    rows = [Constraint(unit(size, {i: 1}), ">=", ZERO) for i in range(size)]
    rows += [Constraint(unit(size, {i: 1}), "<=", s.weight) for i, s in enumerate(conic.summands)]
    rows.append(Constraint((mpq(1),) * size, "==", beta))
    if conic.has_bias:
        rows.append(Constraint(tuple(s.target for s in conic.summands), "==", ZERO))
    columns = sorted({j for piece in proved for q in piece for j in pieces.columns(q)})
    return rows + [Constraint(turned(pieces, pieces.lifted.columns[j]), ">=", ZERO) for j in columns]


def is_harmless(pieces: Pieces, piece: Piece, faces: Sequence[Face], chambers: Sequence[int]) -> bool:
    """Whether all neurons with v = 0 and w in these chambers leave a local minimum that the others are at one."""
    beta = pieces.value(piece)
    thin = [
        tuple(2 * c + s for c, s in zip(chambers, signs, strict=True))
        for signs in product((0, 1), repeat=len(chambers))
    ]
    return all(pieces.value((*other, *t)) == beta for other in pieces.neighbours(piece, faces) for t in thin)
