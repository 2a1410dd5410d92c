"""Exact linear algebra over Q: rank, kernel, linear systems, pseudo-inverse, inertia.

Matrices are tuples of rows of exact numbers at the border and `flint.fmpq_mat` inside. A matrix without rows
does not tell its number of columns: functions for which it matters take it as ``columns``. Every answer is
checked before it is returned.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import reduce
from typing import Any

from flint import fmpq, fmpq_mat
from gmpy2 import mpq

from exactrelu.errors import InternalContradiction, MalformedInput
from exactrelu.rational import Matrix, Rational, Vector, matrix, primitive, vector


@dataclass(frozen=True)
class Solution:
    """A point x with A x = b."""

    point: Vector


@dataclass(frozen=True)
class Inconsistent:
    """A proof that A x = b has no solution: integers y with y^T A = 0 and y^T b = value, which is not 0."""

    multipliers: tuple[int, ...]
    value: Rational


@dataclass(frozen=True)
class Inertia:
    """How many eigenvalues of a symmetric matrix are positive, negative, zero, with multiplicity."""

    positive: int
    negative: int
    zero: int


@dataclass(frozen=True)
class Congruence:
    """An invertible matrix T and the diagonal d of T A T^T, for a symmetric matrix A.

    By Sylvester's law of inertia the signs of d are those of the eigenvalues of A.
    """

    transform: Matrix
    diagonal: Vector

    @property
    def inertia(self) -> Inertia:
        """The numbers of positive, negative and zero entries of the diagonal."""
        positive, negative = sum(d > 0 for d in self.diagonal), sum(d < 0 for d in self.diagonal)
        return Inertia(positive, negative, len(self.diagonal) - positive - negative)


@dataclass(frozen=True)
class Direction:
    """An integer vector x, not zero, and the value x^T A x."""

    vector: tuple[int, ...]
    value: Rational


def rank(a: Matrix) -> int:
    """The rank of a matrix.

    >>> rank(((1, 2), (2, 4), (0, 0)))
    1
    """
    return int(_inside(a).rank())


def kernel(a: Matrix, columns: int | None = None) -> tuple[tuple[int, ...], ...]:
    """A basis of {x : A x = 0}, of primitive integer vectors, one for each column that is no pivot.

    >>> kernel(((1, 2, "1/2"),))
    ((-2, 1, 0), (-1, 0, 2))
    >>> kernel((), columns=2)
    ((1, 0), (0, 1))
    """
    m = _inside(a, columns)
    n = m.ncols()
    reduced, pivots = _reduced(m)
    basis = []
    for free in range(n):
        if free in pivots:
            continue
        entries = [mpq(0)] * n
        entries[free] = mpq(1)
        for row, column in enumerate(pivots):
            entries[column] = -_outside(reduced[row, free])
        basis.append(primitive(entries))
    if len(pivots) + len(basis) != n or not _is_zero(m * _columns(basis, n)):
        raise InternalContradiction("rank-nullity theorem: the vectors found are no basis of the kernel")
    return tuple(basis)


def solve(a: Matrix, b: Vector, columns: int | None = None) -> Solution | Inconsistent:
    """A solution of A x = b, zero outside the pivot columns, or the proof that there is none.

    >>> solve(((1, 1), (1, -1)), (3, 1))
    Solution(point=(mpq(2,1), mpq(1,1)))
    >>> solve(((1, 1), (2, 2)), (3, 1))
    Inconsistent(multipliers=(-2, 1), value=mpq(-5,1))
    """
    m, right = _inside(a, columns), vector(b, "b")
    rows, n = m.nrows(), m.ncols()
    if len(right) != rows:
        raise MalformedInput("b", f"{len(right)} entries", f"{rows}, one for each row of the matrix")
    side = fmpq_mat(rows, 1, [_number(x) for x in right])
    joint = fmpq_mat(rows, n + 1, [x for i in range(rows) for x in (*(m[i, j] for j in range(n)), side[i, 0])])
    reduced, pivots = _reduced(joint)
    if n not in pivots:
        point = [mpq(0)] * n
        for row, column in enumerate(pivots):
            point[column] = _outside(reduced[row, n])
        if m * _columns([point], n) != side:
            raise InternalContradiction("the solution of a linear system does not solve it")
        return Solution(tuple(point))
    for multipliers in kernel(_matrix(m.transpose()), columns=rows):
        value = sum((y * x for y, x in zip(multipliers, right, strict=True)), mpq(0))
        if value:
            return Inconsistent(multipliers, value)
    raise InternalContradiction("Fredholm's alternative: A x = b has neither a solution nor a refutation")


def product(*factors: Matrix) -> Matrix:
    """The product of one or more matrices, from left to right.

    >>> product(((1, 2),), ((3,), (4,)))
    ((mpq(11,1),),)
    """
    return _matrix(reduce(operator.mul, map(_inside, factors)))


def transpose(a: Matrix) -> Matrix:
    """The transpose of a matrix that has rows.

    >>> transpose(((1, 2),))
    ((1,), (2,))
    """
    return tuple(zip(*a, strict=True))


def determinant(a: Matrix) -> Rational:
    """The determinant of a square matrix.

    >>> determinant(((1, 2), (3, 4))), determinant(())
    (mpq(-2,1), mpq(1,1))
    """
    return _outside(_square(a).det())


def inverse(a: Matrix) -> Matrix:
    """The inverse of a square matrix; raises `MalformedInput` if it is singular.

    >>> inverse(((1, 2), (3, 5)))
    ((mpq(-5,1), mpq(2,1)), (mpq(3,1), mpq(-1,1)))
    """
    m = _square(a)
    if m.rank() < m.nrows():
        raise MalformedInput("matrix", f"rank {m.rank()}", f"rank {m.nrows()}: a singular matrix has no inverse")
    result = m.inv()
    if m * result != _identity(m.nrows()):
        raise InternalContradiction("the inverse of a matrix is not its inverse")
    return _matrix(result)


def pseudo_inverse(a: Matrix, columns: int | None = None) -> Matrix:
    """The Moore-Penrose inverse: the one X for which A X A = A, X A X = X, and A X and X A are symmetric.

    From the full-rank factorisation A = B C (pivot columns times reduced rows):
    X = C^T (C C^T)^-1 (B^T B)^-1 B^T (Ben-Israel and Greville, Generalized Inverses, chapter 1, theorem 5).

    >>> pseudo_inverse(((1, 1), (1, 1)))
    ((mpq(1,4), mpq(1,4)), (mpq(1,4), mpq(1,4)))
    """
    m = _inside(a, columns)
    rows, n = m.nrows(), m.ncols()
    reduced, pivots = _reduced(m)
    r = len(pivots)
    b = fmpq_mat(rows, r, [m[i, j] for i in range(rows) for j in pivots])
    c = fmpq_mat(r, n, [reduced[i, j] for i in range(r) for j in range(n)])
    bt, ct = b.transpose(), c.transpose()
    x = ct * (c * ct).inv() * (bt * b).inv() * bt if r else fmpq_mat(n, rows)
    left, right = m * x, x * m
    if left * m != m or right * x != x or left != left.transpose() or right != right.transpose():
        raise InternalContradiction("Penrose: the four conditions fail for the pseudo-inverse found")
    return _matrix(x)


def diagonalise(a: Matrix) -> Congruence:
    """A congruence T A T^T = diag(d) of a symmetric matrix, by symmetric elimination, checked.

    Raises `MalformedInput` for a matrix that is not symmetric.

    >>> diagonalise(((0, 1), (1, 0)))
    Congruence(transform=((mpq(1,1), mpq(1,1)), (mpq(-1,2), mpq(1,2))), diagonal=(mpq(2,1), mpq(-1,2)))
    """
    original = _square(a)
    n = original.nrows()
    if original != original.transpose():
        i, j = next((i, j) for i in range(n) for j in range(i) if original[i, j] != original[j, i])
        raise MalformedInput(f"matrix[{i}][{j}]", str(original[i, j]), f"{original[j, i]}, as in [{j}][{i}]")
    rest = [list(row) for row in _matrix(original)]
    transform = [[mpq(int(i == j)) for j in range(n)] for i in range(n)]
    for k in range(n):
        chosen = next((i for i in range(k, n) if rest[i][i]), None)
        if chosen is None:  # the diagonal is zero: a row added to another makes it 2 rest[i][j]
            pair = next(((i, j) for i in range(k, n) for j in range(k, i) if rest[i][j]), None)
            if pair is None:
                break
            _add_row(rest, transform, pair[1], pair[0], mpq(1))
            chosen = pair[1]
        if chosen != k:
            for rows in (rest, transform):
                rows[k], rows[chosen] = rows[chosen], rows[k]
            for row in rest:
                row[k], row[chosen] = row[chosen], row[k]
        for i in range(k + 1, n):
            if rest[i][k]:
                _add_row(rest, transform, i, k, -rest[i][k] / rest[k][k])
    result = Congruence(tuple(map(tuple, transform)), tuple(rest[k][k] for k in range(n)))
    t = _inside(result.transform, n)
    diagonal = fmpq_mat(n, n)
    for k, d in enumerate(result.diagonal):
        diagonal[k, k] = _number(d)
    if t * original * t.transpose() != diagonal or t.rank() != n:
        raise InternalContradiction("symmetric elimination did not end in a diagonal congruence")
    return result


def inertia(a: Matrix) -> Inertia:
    """The numbers of positive, negative and zero eigenvalues of a symmetric matrix; proof: `diagonalise`.

    >>> inertia(((0, 1, 0), (1, 0, 0), (0, 0, 0)))
    Inertia(positive=1, negative=1, zero=1)
    """
    return diagonalise(a).inertia


def certify_positive_semidefinite(a: Matrix) -> Congruence | Direction:
    """A congruence to a diagonal >= 0, or an integer vector x with x^T A x < 0.

    >>> certify_positive_semidefinite(((1, 2), (2, 1)))
    Direction(vector=(-2, 1), value=mpq(-3,1))
    """
    return _certify(a, lambda d: d >= 0)


def certify_positive_definite(a: Matrix) -> Congruence | Direction:
    """A congruence to a diagonal > 0, or an integer vector x, not zero, with x^T A x <= 0.

    >>> certify_positive_definite(((1, 1), (1, 1)))
    Direction(vector=(-1, 1), value=mpq(0,1))
    """
    return _certify(a, lambda d: d > 0)


def _certify(a: Matrix, good: Any) -> Congruence | Direction:
    congruence = diagonalise(a)
    worst = min(range(len(congruence.diagonal)), key=lambda i: congruence.diagonal[i], default=None)
    if worst is None or good(congruence.diagonal[worst]):
        return congruence
    x = primitive(congruence.transform[worst])
    column = _columns([x], len(x))
    value = _outside((column.transpose() * _square(a) * column)[0, 0])
    if good(value) or not any(x):
        raise InternalContradiction("Sylvester's law of inertia: the direction found does not refute")
    return Direction(x, value)


def _add_row(rest: list[list[Any]], transform: list[list[Any]], i: int, k: int, factor: Rational) -> None:
    """Adds factor times row k to row i, and the same for the columns of the symmetric matrix."""
    for rows in (rest, transform):
        rows[i] = [u + factor * w if w else u for u, w in zip(rows[i], rows[k], strict=True)]
    for row in rest:
        if row[k]:
            row[i] += factor * row[k]


# -------------------------------------------------------------------- between tuples and flint


def _inside(a: Matrix, columns: int | None = None) -> Any:
    rows = matrix(a)
    n = len(rows[0]) if rows else (columns or 0)
    if columns is not None and n != columns:
        raise MalformedInput("matrix", f"{n} columns", f"{columns}, as said")
    return fmpq_mat(len(rows), n, [_number(x) for row in rows for x in row])


def _square(a: Matrix) -> Any:
    m = _inside(a)
    if m.nrows() != m.ncols():
        raise MalformedInput("matrix", f"{m.nrows()} rows and {m.ncols()} columns", "a square matrix")
    return m


def _reduced(m: Any) -> tuple[Any, list[int]]:
    """The reduced row echelon form and its pivot columns."""
    reduced, r = m.rref()
    pivots: list[int] = []
    for i in range(r):
        start = pivots[-1] + 1 if pivots else 0
        pivots.append(next(j for j in range(start, m.ncols()) if reduced[i, j] != 0))
    return reduced, pivots


def _columns(vectors: Any, n: int) -> Any:
    """The matrix with n rows whose columns are the given vectors."""
    return fmpq_mat(n, len(vectors), [_number(v[i]) for i in range(n) for v in vectors])


def _identity(n: int) -> Any:
    return fmpq_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])


def _is_zero(m: Any) -> bool:
    return bool(m == fmpq_mat(m.nrows(), m.ncols()))


def _number(x: Any) -> Any:
    return fmpq(int(x.numerator), int(x.denominator))


def _outside(x: Any) -> Rational:
    return mpq(int(x.p), int(x.q))


def _matrix(m: Any) -> Matrix:
    return tuple(tuple(_outside(m[i, j]) for j in range(m.ncols())) for i in range(m.nrows()))
