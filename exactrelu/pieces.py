"""The pieces of a lifted landscape: products of closed chambers with signs of v, and where the loss is least on each.

On a piece the loss is convex, so what is least there is a closed polyhedron. Let beta(P) be the least loss on a piece
P. A point with v_k != 0 for all k lies in finitely many pieces, which fill a neighbourhood: it is a local minimum iff
its loss is beta(P') for each piece P' that contains it. So the local minima in P are the points of its optimal
polyhedron that are in no P' with beta(P') < beta(P). These P' cut out faces of the polyhedron. Hence, if there are
local minima in P at all, every point in the relative interior of the polyhedron is one; and they form a convex set.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations_with_replacement, product
from typing import Any

from gmpy2 import mpq

from exactrelu.conic_fit import Fit
from exactrelu.errors import InternalContradiction, MalformedInput
from exactrelu.lifted import ZERO, Lifted
from exactrelu.linear import kernel, rank
from exactrelu.lp import Constraint, Optimum, maximise
from exactrelu.rational import Rational, Vector, combination, dot, rational, vector

Piece = tuple[int, ...]  # sorted; 2 c stands for chamber c with v > 0, 2 c + 1 for chamber c with v < 0
Face = tuple[int, ...]  # the signs of a vector at the data points


@dataclass(frozen=True)
class Optimal:
    """A point in the relative interior of the optimal polyhedron of a piece.

    ``weights`` of the columns, positive for all that some optimum uses; ``vectors`` R_k and their ``faces``; the
    ``kinks`` are the data points at which the hinge loss has its kink at all optima.
    """

    weights: dict[int, Rational]
    bias: Rational
    vectors: tuple[Vector, ...]
    faces: tuple[Face, ...]
    outputs: Vector
    kinks: tuple[int, ...]


@dataclass(eq=False)
class Pieces:
    """The least loss on each piece of a problem, and where it is attained; everything is found when it is asked for."""

    lifted: Lifted
    _best: dict[Piece, Fit] = field(default_factory=dict)
    _optimal: dict[Piece, Optimal] = field(default_factory=dict)
    _around: dict[Face, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sides = [_sides(row) for row in self.lifted.products]
        self.rays: list[list[int]] = []
        for chamber in self.lifted.chambers:
            self.lifted.tick()
            above, below = _sides(chamber)
            self.rays.append([r for r, (up, down) in enumerate(sides) if not (up & below or down & above)])
        plus, minus = self.lifted.instance.network.slopes
        self.slopes = {1: plus, -1: minus, 0: ZERO}

    # ------------------------------------------------------------------ chambers

    @property
    def signed(self) -> range:
        """All chambers with both signs of v."""
        return range(2 * len(self.lifted.chambers))

    def columns(self, signed: int) -> list[int]:
        """The columns of a chamber with a sign of v."""
        return [2 * r + signed % 2 for r in self.rays[signed // 2]]

    def face(self, vector: Sequence[Rational]) -> Face:
        """The signs of a vector at the data points."""
        values = (dot(row, vector) for row in self.lifted.rows)
        return tuple(int(v > 0) - int(v < 0) for v in values)

    def around(self, face: Face) -> tuple[int, ...]:
        """The closed chambers that contain a face."""
        if face not in self._around:
            chambers = enumerate(self.lifted.chambers)
            found = (c for c, signs in chambers if all(not f or f == s for f, s in zip(face, signs, strict=True)))
            self._around[face] = tuple(found)
        return self._around[face]

    def neighbours(self, piece: Piece, faces: Sequence[Face]) -> Iterator[Piece]:
        """The pieces, neuron by neuron and not sorted, that contain the vectors with these faces and the signs of v."""
        choices = [[2 * c + q % 2 for c in self.around(face)] for q, face in zip(piece, faces, strict=True)]
        for found in product(*choices):
            self.lifted.tick()
            yield found

    @cached_property
    def walls(self) -> list[list[int]]:
        """For each chamber those on the other side of one of its walls."""
        found: list[list[int]] = [[] for _ in self.lifted.chambers]
        for i, j, _ in zip(*(part.tolist() for part in self.lifted.arrangement.walls()), strict=True):
            found[i].append(j)
            found[j].append(i)
        return found

    def form(self, chamber: int, dual: Sequence[Rational]) -> Vector:
        """sum_i g_i slope_i x_i: how sum_i g_i o_i changes with R in a chamber, for v > 0."""
        signs = self.lifted.chambers[chamber]
        terms = ((g * self.slopes[s], row) for g, s, row in zip(dual, signs, self.lifted.rows, strict=True))
        return combination(terms, len(self.lifted.rows[0]))

    # ------------------------------------------------------------------ the least loss on a piece

    def best(self, piece: Piece) -> Fit:
        """The least loss on a piece, with its dual vector."""
        piece = tuple(sorted(piece))
        if piece not in self._best:
            self.lifted.tick()
            allowed = sorted({j for q in set(piece) for j in self.columns(q)})
            self._best[piece] = self.lifted.conic.fit(allowed, ())
        return self._best[piece]

    def known(self, piece: Piece) -> tuple[Fit, Optimal | None] | None:
        """What has been found out about a piece."""
        return (self._best[piece], self._optimal.get(piece)) if piece in self._best else None

    def restore(self, certificate: Mapping[str, Any], neurons: int) -> None:
        """Take over what a certificate of the kind ``atlas`` knows of the least losses; raises `MalformedInput`."""
        levels = certificate.get("levels")
        expected = [list(combinations_with_replacement(self.signed, m)) for m in range(neurons + 1)]
        if not isinstance(levels, list) or [len(e) if isinstance(e, list) else -1 for e in levels] != [
            *map(len, expected)
        ]:
            raise MalformedInput("levels", "another number of pieces", "the certificate of an atlas of this problem")
        for m, (level, known) in enumerate(zip(expected, levels, strict=True)):
            for n, (piece, entry) in enumerate(zip(level, known, strict=True)):
                if entry is not None:
                    self._restore(piece, entry, f"levels[{m}][{n}]")

    def _restore(self, piece: Piece, entry: Any, where: str) -> None:
        own, conic = [set(self.columns(q)) for q in piece], self.lifted.conic
        allowed = set().union(*own)
        try:
            dual = vector(entry["dual"], f"{where}.dual")
            face = vector(entry.get("face", entry["dual"]), f"{where}.face")
            weights = {int(j): rational(y, f"{where}.weights") for j, y in entry["weights"].items()}
            bias = rational(entry["bias"], f"{where}.bias")
        except (KeyError, TypeError, ValueError, AttributeError):
            raise MalformedInput(where, "no optimum of a piece", "dual, weights and bias") from None
        fits = conic.proves(dual, sorted(allowed)) and set(weights) <= allowed and all(y > 0 for y in weights.values())
        if not fits or (bias and not conic.has_bias):
            raise MalformedInput(where, "no optimum of this piece", "the certificate of an atlas of this problem")
        optimal = self._at(own, weights, bias)
        if conic.loss(optimal.outputs) != conic.bound(dual):
            raise MalformedInput(
                where, "a loss that differs from its bound", "the certificate of an atlas of this problem"
            )
        self._best[piece] = Fit(conic.bound(dual), dual, tuple(weights.items()), bias)
        strict = all(dot(face, self.lifted.columns[j]) for j in allowed - set(weights))
        if "inside" in entry or (strict and all(0 < abs(dual[i]) < conic.summands[i].weight for i in optimal.kinks)):
            self._optimal[piece] = optimal  # of other pieces it may be no relative interior point

    def value(self, piece: Piece) -> Rational:
        """The least loss on a piece."""
        return self.best(piece).value

    def optimal(self, piece: Piece) -> Optimal:
        """A relative interior point of the optimal polyhedron."""
        if piece not in self._optimal:
            self.lifted.tick()
            found = self.shared(piece, [set(self.columns(q)) for q in piece])
            if found is None:
                raise InternalContradiction("a piece has an optimum")
            self._optimal[piece] = found
        return self._optimal[piece]

    def _at(self, own: Sequence[set[int]], weights: dict[int, Rational], bias: Rational) -> Optimal:
        """The point with these weights, each shared equally by the neurons that own the column."""
        vectors = []
        for columns in own:
            used = (
                (y / sum(j in c for c in own), self.lifted.rays[j // 2]) for j, y in weights.items() if j in columns
            )
            vectors.append(combination(used, len(self.lifted.rows[0])))
        outputs = self.lifted.conic.outputs(weights.items(), bias)
        kinks = tuple(i for i, s in enumerate(self.lifted.conic.summands) if s.target * outputs[i] == 1)
        faces = tuple(map(self.face, vectors))
        return Optimal(weights, bias, tuple(vectors), faces, outputs, kinks if self.lifted.conic.is_hinge else ())

    def shared(self, piece: Piece, own: Sequence[set[int]]) -> Optimal | None:
        """A relative interior point of the optima of the piece whose neurons use only the columns that they own.

        One linear program: y_j >= z_j, 0 <= z_j <= 1, optimality of the point y / t with t >= 1, maximise sum_j z_j;
        scaled up far enough, every optimum has z_j = 1 where it can. Slacks of margins count like columns.
        """
        allowed = sorted(set().union(*own))
        fit, conic = self.best(piece), self.lifted.conic
        tight = [j for j in allowed if not dot(fit.dual, self.lifted.columns[j])]
        data, n = range(len(conic.summands)), len(tight)
        outputs = conic.outputs(fit.weights, fit.bias)
        slack: dict[int, int] = {}
        if conic.is_hinge:
            for i in data:
                theta = abs(fit.dual[i])
                if theta in (0, conic.summands[i].weight):
                    slack[i] = 1 if theta else -1
        size = 2 * n + len(slack) + 2  # y, z, slacks, bias, t
        bias, t = size - 2, size - 1
        rows: list[Constraint] = [Constraint(unit(size, {t: 1}), ">=", mpq(1))]
        if not conic.has_bias:
            rows.append(Constraint(unit(size, {bias: 1}), "==", ZERO))
        for number in range(n):
            rows.append(Constraint(unit(size, {number: 1, n + number: -1}), ">=", ZERO))
        for z in range(n, bias):
            rows += [Constraint(unit(size, {z: 1}), ">=", ZERO), Constraint(unit(size, {z: 1}), "<=", mpq(1))]
        order = list(slack)
        for i in data:
            output = {number: self.lifted.columns[j][i] for number, j in enumerate(tight)} | {bias: mpq(1)}
            target = conic.summands[i].target
            if not conic.is_hinge:
                rows.append(Constraint(unit(size, output | {t: -outputs[i]}), "==", ZERO))
                continue
            margin = {v: -target * a for v, a in output.items()} | {t: mpq(1)}
            if i in slack:
                signed = {v: slack[i] * a for v, a in margin.items()} | {2 * n + order.index(i): -1}
                rows.append(Constraint(unit(size, signed), ">=", ZERO))
            else:
                rows.append(Constraint(unit(size, margin), "==", ZERO))
        found = maximise(unit(size, dict.fromkeys(range(n, bias), 1)), rows)
        if not isinstance(found, Optimum):
            return None
        scale = found.point[t]
        weights = {j: found.point[number] / scale for number, j in enumerate(tight) if found.point[number]}
        return self._at(own, weights, found.point[bias] / scale)

    # ------------------------------------------------------------------ local minima

    def lower(self, piece: Piece, faces: Sequence[Face]) -> Piece | None:
        """A piece that contains the vectors with these faces, and on which the loss is less somewhere; None: none."""
        value = self.value(piece)
        return next((other for other in self.neighbours(piece, faces) if self.value(other) < value), None)

    def dimension(self, piece: Piece) -> int:
        """The dimension of the optimal polyhedron, in the variables R and the bias."""
        optimal, conic = self.optimal(piece), self.lifted.conic
        size = len(self.lifted.rows[0])
        data = optimal.kinks if conic.is_hinge else range(len(conic.summands))
        moves: list[Vector] = [(mpq(1),) * len(data)] if conic.has_bias else []
        for q, face in zip(piece, optimal.faces, strict=True):
            zero = tuple(row for row, sign in zip(self.lifted.rows, face, strict=True) if not sign)
            for d in kernel(zero, size):
                moves.append(
                    tuple((1 - 2 * (q % 2)) * self.slopes[face[i]] * dot(self.lifted.rows[i], d) for i in data)
                )
        return len(moves) - (rank(tuple(moves)) if moves and data else 0)

    def interior_vector(self, piece: Piece) -> Vector:
        """A vector f that shows that the optimum of the piece that is given is in the relative interior of all."""
        optimal = self.optimal(piece)
        unused = sorted({j for q in piece for j in self.columns(q)} - set(optimal.weights))
        return self.face_vector(piece, unused, optimal.kinks)

    def face_vector(self, piece: Piece, excluded: Sequence[int], kinks: Sequence[int] = ()) -> Vector:
        """A vector f that shows that no optimum of the piece uses the excluded columns, or leaves the kinks.

        f . column >= 0 for all columns, > 0 for the excluded, sum_i f_i = 0 if there is a bias; hinge: f is an optimal
        dual vector, not at the ends of its range at the kinks; squared: f . o = 0 at the outputs o of the optima.
        """
        fit, optimal, conic = self.best(piece), self.optimal(piece), self.lifted.conic
        inside = all(0 < abs(fit.dual[i]) < conic.summands[i].weight for i in kinks)
        if inside and all(dot(fit.dual, self.lifted.columns[j]) > 0 for j in excluded):
            return fit.dual
        allowed = sorted({j for q in piece for j in self.columns(q)})
        n, m = len(conic.summands), len(excluded) + len(kinks)
        size, t = n + m + 1, n + m  # f, z, and the factor t >= 1 by which dual vectors of the hinge loss are scaled
        rows = [Constraint(unit(size, {t: 1}), ">=", mpq(1))]
        for z in range(n, n + m):
            rows += [Constraint(unit(size, {z: 1}), ">=", ZERO), Constraint(unit(size, {z: 1}), "<=", mpq(1))]
        if conic.has_bias:
            rows.append(Constraint(unit(size, dict.fromkeys(range(n), 1)), "==", ZERO))
        for i, s in enumerate(conic.summands) if conic.is_hinge else ():
            margin = 1 - s.target * optimal.outputs[i]
            low, high = s.weight if margin > 0 else ZERO, ZERO if margin < 0 else s.weight
            room = [n + len(excluded) + kinks.index(i)] if i in kinks else []
            rows.append(Constraint(unit(size, {i: -s.target, t: -low, **dict.fromkeys(room, -1)}), ">=", ZERO))
            rows.append(Constraint(unit(size, {i: -s.target, t: -high, **dict.fromkeys(room, 1)}), "<=", ZERO))
        tight = [j for j in allowed if conic.is_hinge or not dot(fit.dual, self.lifted.columns[j])]
        for j in tight:
            entries = {
                **dict(enumerate(self.lifted.columns[j])),
                **({n + excluded.index(j): -1} if j in excluded else {}),
            }
            rows.append(Constraint(unit(size, entries), "==" if j in optimal.weights else ">=", ZERO))
        found = maximise(unit(size, dict.fromkeys(range(n, n + m), 1)), rows)
        if not isinstance(found, Optimum):
            raise InternalContradiction("what no optimum uses has a proof")
        f = found.point[:n]
        if conic.is_hinge:
            return tuple(a / found.point[t] for a in f)
        others = [self.lifted.columns[j] for j in allowed if j not in tight]
        scale = max((-dot(f, column) / dot(fit.dual, column) for column in others), default=ZERO)
        return tuple((max(scale, ZERO) + 1) * g + a for g, a in zip(fit.dual, f, strict=True))

    def excluded(self, piece: Piece, other: Piece) -> list[int]:
        """The columns of a piece, neuron by neuron, that are not in the other piece."""
        pairs = zip(piece, other, strict=True)
        return sorted({j for p, q in pairs if p != q for j in set(self.columns(p)) - set(self.columns(q))})


def unit(size: int, entries: Mapping[int, Any]) -> Vector:
    """The vector with these entries, and 0 elsewhere."""
    return tuple(mpq(entries.get(k, 0)) for k in range(size))


def _sides(values: Sequence[Any]) -> tuple[int, int]:
    """The places of the positive numbers and those of the negative ones, as bits."""
    return sum(1 << i for i, v in enumerate(values) if v > 0), sum(1 << i for i, v in enumerate(values) if v < 0)
