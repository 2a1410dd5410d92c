"""The curves by which Theorem 1, part 1, shows that a critical tuple is a saddle: exact, and for any depth.

Let G = grad l_0 at the product R, not 0, and d_x >= d_y (else everything is transposed: appendix A2). The paper moves
W_1 and W_{i*+1}, .., W_{H+1} by t v v^T with vectors from null spaces, which leaves the product as it is, and makes

    C(t) = V_{H+1:i*+1}(t)^T G V_1(t)^T W_{i*-1:2}^T = C_k t^k + .., k >= 1, C_k != 0,

the derivative in W_{i*}, different from 0. Here moreover W_{i*} moves by +- t^(k+1) C_k, so that

    l(t) = l(0) +- |C_k|^2 t^(2k+1) + ...

The singular vectors of G are replaced by unit vectors at an entry of G that is not 0, and unit vectors of null spaces
by integer ones; so all is rational. Case 1 of section 2.3.1 is i* = H + 1, appendix A1 has the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gmpy2 import mpq

from exactrelu.linear import kernel, product, rank, transpose
from exactrelu.rational import Matrix, Rational
from exactrelu.theorems.yun_sra_jadbabaie.factorisation import Weights, norm2, scaled


@dataclass(frozen=True)
class SaddleCurve:
    """t -> W + t d_1 +- t^power step in W_place: along it the loss changes by +- |step|^2 t^(2 power - 1) + ...

    ``first`` is d_1, one matrix for each layer; ``place`` counts from 1.
    """

    first: tuple[Matrix, ...]
    place: int
    power: int
    step: Matrix

    @property
    def order(self) -> int:
        """The order of the first change of the loss."""
        return 2 * self.power - 1

    @property
    def coefficient(self) -> Rational:
        """The coefficient of the first change on the ascending side; on the other side it is the negative."""
        return norm2(self.step)

    def directions(self, sense: int) -> list[tuple[Matrix, ...]]:
        """The directions d_1, d_2, .. of the curve, which ascends for the sense 1 and descends for -1."""
        zero = tuple(scaled(0, matrix) for matrix in self.first)
        last = tuple(scaled(sense, self.step) if i == self.place else z for i, z in enumerate(zero, 1))
        steps = [self.first, *[zero] * (self.power - 2), last]
        if self.power == 1:
            steps = [tuple(plus(a, b) for a, b in zip(self.first, last, strict=True))]
        return steps

    @property
    def transposed(self) -> SaddleCurve:
        """The same for the tuple of the transposes in the opposite order."""
        first = tuple(transpose(matrix) for matrix in reversed(self.first))
        return SaddleCurve(first, len(first) + 1 - self.place, self.power, transpose(self.step))


def saddle_curve(weights: Weights, gradient: Matrix) -> SaddleCurve | None:
    """The curve at a critical tuple with grad l_0 = ``gradient`` (d_y, d_x), not 0; None where the null spaces are too
    small, which happens only if some hidden layer is narrower than min(d_x, d_y).

    >>> zero = ((mpq(0), mpq(0)), (mpq(0), mpq(0)))
    >>> saddle_curve(Weights((zero, zero)), ((0, 0), (0, -1)))
    SaddleCurve(first=(((mpq(0,1), mpq(1,1)), (mpq(0,1), mpq(0,1))), ((mpq(0,1), mpq(0,1)), (mpq(0,1), mpq(0,1)))), \
place=2, power=2, step=((mpq(0,1), mpq(0,1)), (mpq(-1,1), mpq(0,1))))
    """
    if weights.widths[0] < weights.widths[-1]:
        found = saddle_curve(weights.transposed, transpose(gradient))
        return found.transposed if found else None
    last = weights.depth
    ranks = {i: rank(weights.between(i, 2)) for i in range(1, last + 1)}
    place = max((i for i in range(2, last + 1) if ranks[i] < ranks[i - 1]), default=0)
    entry = next(((p, q) for p, row in enumerate(gradient) for q, value in enumerate(row) if value), None)
    if not place or entry is None:
        return None
    below = weights.between(place - 1, 2)
    grown = (v for v in kernel(weights.between(place, 2)) if any(map(any, product(below, _column(v)))))
    vectors: dict[int, Sequence[int]] = {
        0: [int(q == entry[1]) for q in range(weights.widths[0])],
        1: next(grown),
        last: [int(p == entry[0]) for p in range(weights.widths[-1])],
    }
    for i in range(place, last):
        null = kernel(transpose(weights.between(i, 2)))
        if not null:
            return None
        vectors[i] = null[0]
    moves = {1: _outer(vectors[1], vectors[0])}
    moves.update((i, _outer(vectors[i], vectors[i - 1])) for i in range(place + 1, last + 1))
    first = tuple(moves.get(i, scaled(0, matrix)) for i, matrix in enumerate(weights.matrices, 1))
    derivative = times([gradient], [transpose(weights.matrices[0]), transpose(first[0])])
    derivative = times(derivative, [transpose(below)])
    for i in range(last, place, -1):
        derivative = times([transpose(weights.matrices[i - 1]), transpose(first[i - 1])], derivative)
    k, step = next((k, c) for k, c in enumerate(derivative) if any(map(any, c)))
    return SaddleCurve(first, place, k + 1, step)


def times(p: list[Matrix], q: list[Matrix]) -> list[Matrix]:
    """The product of two matrices of polynomials in t, each given by its coefficients."""
    zero = scaled(0, product(p[0], q[0]))
    result = [zero] * (len(p) + len(q) - 1)
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            result[i + j] = plus(result[i + j], product(a, b))
    return result


def plus(a: Matrix, b: Matrix) -> Matrix:
    """A + B."""
    return tuple(tuple(p + q for p, q in zip(r, s, strict=True)) for r, s in zip(a, b, strict=True))


def _outer(u: Sequence[int], v: Sequence[int]) -> Matrix:
    return tuple(tuple(mpq(a * b) for b in v) for a in u)


def _column(v: Sequence[int]) -> Matrix:
    return tuple((mpq(a),) for a in v)
