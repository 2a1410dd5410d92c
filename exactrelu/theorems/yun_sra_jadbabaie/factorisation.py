"""Tuples of weight matrices W_1, .., W_{H+1}, their products, and what Lemmas 3, 4 and 5 construct from them.

Yun, Sra, Jadbabaie, section 2 and appendices A3 to A5. W_i has shape (d_i, d_{i-1}), and W_{i:j} = W_i .. W_j, the
identity for i = j - 1. No root is taken: a bound s <= sigma_min(A) of a singular value is used through s^2, and
s^2 <= sigma_min(A)^2 says that A A^T - s^2 is positive semidefinite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod

from gmpy2 import isqrt, mpq

from exactrelu.errors import MalformedInput
from exactrelu.linear import Congruence, certify_positive_semidefinite, inverse, product, rank, transpose
from exactrelu.rational import Matrix, Rational

BITS = 24


@dataclass(frozen=True)
class Weights:
    """The matrices (W_1, .., W_{H+1}) of a network without biases.

    >>> w = Weights((((1, 2), (0, 1)), ((3, 4),)))
    >>> w.widths, w.between(2, 1), w.between(0, 1)
    ((2, 2, 1), ((mpq(3,1), mpq(10,1)),), ((mpq(1,1), mpq(0,1)), (mpq(0,1), mpq(1,1))))
    """

    matrices: tuple[Matrix, ...]

    @property
    def depth(self) -> int:
        """The number H + 1 of matrices."""
        return len(self.matrices)

    @property
    def widths(self) -> tuple[int, ...]:
        """d_0 = d_x, d_1, .., d_{H+1} = d_y."""
        return (len(self.matrices[0][0]), *map(len, self.matrices))

    def between(self, i: int, j: int) -> Matrix:
        """W_{i:j}, of shape (d_i, d_{j-1})."""
        return product(*self.matrices[j - 1 : i][::-1]) if i >= j else diagonal(self.widths[i], self.widths[i])

    @property
    def whole(self) -> Matrix:
        """The product R = W_{H+1:1} of all, of shape (d_y, d_x)."""
        return self.between(self.depth, 1)

    @property
    def transposed(self) -> Weights:
        """The tuple (W_{H+1}^T, .., W_1^T), whose product is the transpose."""
        return Weights(tuple(transpose(w) for w in reversed(self.matrices)))

    def full_rank_place(self) -> int | None:
        """The first j for which W_{H+1:j+1} has full row rank and W_{j-1:1} full column rank (Theorem 1, part 3)."""
        ranks = (
            (rank(self.between(self.depth, j + 1)), rank(self.between(j - 1, 1))) for j in range(1, self.depth + 1)
        )
        return next((j for j, r in enumerate(ranks, 1) if r == (self.widths[-1], self.widths[0])), None)


def diagonal(rows: int, columns: int) -> Matrix:
    """The matrix with ones on the diagonal and zeros elsewhere.

    >>> diagonal(1, 2)
    ((mpq(1,1), mpq(0,1)),)
    """
    return tuple(tuple(mpq(i == j) for j in range(columns)) for i in range(rows))


def factors(r: Matrix, hidden: Sequence[int]) -> Weights:
    """Lemma 4: W_1, .., W_{H+1} with the product R and these hidden widths, all >= min(d_x, d_y).

    If d_x >= d_y, then W_1 holds R in its first rows, and the others are diagonal; else W_{H+1} holds R.

    >>> factors(((1, 2),), [2]).matrices
    (((mpq(1,1), mpq(2,1)), (mpq(0,1), mpq(0,1))), ((mpq(1,1), mpq(0,1)),))
    """
    d_y, d_x = len(r), len(r[0])
    for k, width in enumerate(hidden):
        if width < min(d_x, d_y):
            raise MalformedInput(f"hidden[{k}]", str(width), f"at least min(d_x, d_y) = {min(d_x, d_y)}")
    if d_x < d_y:
        return factors(transpose(r), hidden[::-1]).transposed
    widths = [*hidden, d_y]
    first = product(diagonal(widths[0], d_y), r)
    return Weights((first, *(diagonal(m, n) for n, m in pairwise(widths))))


def lifted(weights: Weights, j: int, r: Matrix) -> Weights:
    """Lemma 5: the tuple with product R that differs in W_j only.

    V_j = W_j + A^T (A A^T)^-1 (R - W_{H+1:1}) (B^T B)^-1 B^T, where A = W_{H+1:j+1} has full row rank and
    B = W_{j-1:1} full column rank; j counts from 1. Raises `MalformedInput` where the ranks are not full.

    >>> lifted(Weights((((1,),), ((2,),))), 1, ((6,),)).matrices
    (((mpq(3,1),),), ((2,),))
    """
    a, b = right_inverse(weights.between(weights.depth, j + 1)), left_inverse(weights.between(j - 1, 1))
    change = product(a, difference(r, weights.whole), b)
    moved = difference(weights.matrices[j - 1], scaled(-1, change))
    return Weights((*weights.matrices[: j - 1], moved, *weights.matrices[j:]))


def right_inverse(a: Matrix) -> Matrix:
    """A^T (A A^T)^-1; raises `MalformedInput` unless A has full row rank."""
    return product(transpose(a), inverse(product(a, transpose(a))))


def left_inverse(b: Matrix) -> Matrix:
    """(B^T B)^-1 B^T; raises `MalformedInput` unless B has full column rank."""
    return transpose(right_inverse(transpose(b)))


def singular_bound(a: Matrix) -> Rational:
    """A rational s >= 0, the greatest multiple of 2^-24 with s <= sigma_min(A), for A of full row rank.

    >>> singular_bound(((3, 4),))
    mpq(5,1)
    """
    gram = product(a, transpose(a))

    def holds(steps: int) -> bool:
        square = mpq(steps * steps, 4**BITS)
        shifted = difference(gram, scaled(square, diagonal(len(gram), len(gram))))
        return isinstance(certify_positive_semidefinite(shifted), Congruence)

    low, high = 0, int(norm_bound(a) * 2**BITS) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return mpq(low, 2**BITS)


def norm_bound(a: Matrix) -> Rational:
    """A rational number n >= |A|_F, at most 2^-24 above it where n > 0, and exact where |A|_F is a multiple of 2^-24.

    >>> norm_bound(((3,), (4,)))
    mpq(5,1)
    """
    scaled_square = norm2(a) * 4**BITS
    root = isqrt(int(-(-scaled_square.numerator // scaled_square.denominator)))
    return mpq(root if root * root >= scaled_square else root + 1, 2**BITS)


def printed_radii(weights: Weights, epsilon: Rational) -> tuple[Rational, ...]:
    """Lemma 3 as printed: eps_i <= eps / (2 (H+1) max(|W_{H+1:i+1}|_F |W_{i-1:1}|_F, 1)), rational from below."""
    depth = weights.depth
    products = [
        norm_bound(weights.between(depth, i + 1)) * norm_bound(weights.between(i - 1, 1)) for i in range(1, depth + 1)
    ]
    return tuple(epsilon / (2 * depth * max(n, 1)) for n in products)


def radii(weights: Weights, epsilon: Rational) -> tuple[Rational, ...]:
    """Lemma 3 with "small" made precise: if all |V_i - W_i|_F <= eps_i, then |V_{H+1:1} - W_{H+1:1}|_F <= eps.

    The eps_i are equal; they satisfy the printed bound, and prod_i (n_i + eps_i) - prod_i n_i <= eps for bounds
    n_i of |W_i|_F.

    >>> radii(Weights((((0,),), ((0,),))), mpq(100))
    (mpq(25,4), mpq(25,4))
    """
    norms = [norm_bound(w) for w in weights.matrices]
    radius = min(printed_radii(weights, epsilon))
    while prod((n + radius for n in norms), start=mpq(1)) - prod(norms, start=mpq(1)) > epsilon:
        radius /= 2
    return (radius,) * weights.depth


def norm2(a: Matrix) -> Rational:
    """The square of the Frobenius norm."""
    return sum((mpq(v) * v for row in a for v in row), mpq(0))


def difference(a: Matrix, b: Matrix) -> Matrix:
    """A - B."""
    return tuple(tuple(p - q for p, q in zip(r, s, strict=True)) for r, s in zip(a, b, strict=True))


def scaled(factor: Rational | int, a: Matrix) -> Matrix:
    """The multiple of a matrix."""
    return tuple(tuple(factor * mpq(v) for v in row) for row in a)
