"""The hyperplanes <normal, x> = offset as data: read, grouped into classes, coned, made essential.

The enumeration works on primitive integer normals that are pairwise not parallel and span their space. This
module makes them out of what is given: repeated and opposite hyperplanes share a class, hyperplanes with a
zero normal have a constant sign, affine hyperplanes become linear ones in one more coordinate, and
superfluous coordinates are fixed at 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from gmpy2 import mpq

from exactrelu.errors import MalformedInput
from exactrelu.rational import Matrix, Vector, matrix, primitive, vector

Row = tuple[int, ...]


@dataclass(frozen=True)
class Hyperplanes:
    """The hyperplanes <normals[i], x> = offsets[i] of Q^dimension.

    >>> Hyperplanes.read([[1, 0], [0, 1], [-2, 0]]).classes
    ((0, 2), (1,))
    """

    normals: Matrix
    offsets: Vector
    dimension: int

    @classmethod
    def read(
        cls,
        normals: Iterable[Iterable[object]],
        offsets: Iterable[object] | None = None,
        dimension: int | None = None,
        where: str = "",
    ) -> Hyperplanes:
        """Reads exact numbers; raises `MalformedInput`, which names the place, or `InexactError`."""
        rows = matrix(_rows(normals, f"{where}normals"), f"{where}normals")
        if dimension is None:
            if not rows:
                raise MalformedInput(f"{where}normals", "no hyperplanes", "at least one, or dimension= as well")
            dimension = len(rows[0])
        elif isinstance(dimension, bool) or not isinstance(dimension, int) or dimension < 0:
            raise MalformedInput(f"{where}dimension", repr(dimension), "an integer, 0 or larger")
        for index, row in enumerate(rows):
            if len(row) != dimension:
                raise MalformedInput(f"{where}normals[{index}]", f"{len(row)} entries", f"{dimension}, the dimension")
        if offsets is None:
            return cls(rows, (mpq(0),) * len(rows), dimension)
        if isinstance(offsets, (str, dict)) or not isinstance(offsets, Iterable):
            raise MalformedInput(f"{where}offsets", type(offsets).__name__, "a list of exact numbers")
        numbers = vector(offsets, f"{where}offsets")
        if len(numbers) != len(rows):
            raise MalformedInput(f"{where}offsets", f"{len(numbers)} entries", f"{len(rows)}, one for each normal")
        return cls(rows, numbers, dimension)

    @cached_property
    def is_central(self) -> bool:
        """Whether all offsets are 0."""
        return not any(self.offsets)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Primitive integer normals; if affine, those of the cone, <normal, x> = offset * t."""
        if self.is_central:
            return tuple(primitive(normal) for normal in self.normals)
        return tuple(primitive((*normal, -offset)) for normal, offset in zip(self.normals, self.offsets, strict=True))

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], ...]:
        """The hyperplanes grouped into equal ones, by first member; zero normals are left out."""
        members: dict[Row, list[int]] = {}
        for index, row in enumerate(self.rows):
            if any(row[: self.dimension]):
                members.setdefault(canonical(row), []).append(index)
        return tuple(tuple(indices) for indices in members.values())

    @cached_property
    def orientations(self) -> tuple[tuple[int, int], ...]:
        """For each hyperplane its class and 1 or -1, as it is oriented like the first of its class or not.

        A hyperplane with a zero normal has class -1 and its constant sign.
        """
        result = [(-1, -1 if offset > 0 else 1 if offset < 0 else 0) for offset in self.offsets]
        for number, indices in enumerate(self.classes):
            for index in indices:
                result[index] = (number, 1 if self.rows[index] == self.rows[indices[0]] else -1)
        return tuple(result)

    @cached_property
    def independent_columns(self) -> tuple[int, ...]:
        """The first coordinates (of the cone, if affine) on which the normals keep their rank."""
        return independent_columns(self.cone_rows)

    @cached_property
    def cone_rows(self) -> tuple[Row, ...]:
        """One row for each class; if affine, the hyperplane at infinity t = 0 stands before them."""
        rows = tuple(self.rows[indices[0]] for indices in self.classes)
        return rows if self.is_central else ((*(0,) * self.dimension, 1), *rows)

    @cached_property
    def essential_rows(self) -> tuple[Row, ...]:
        """`cone_rows` on the independent columns, again primitive: they span, and no two are parallel."""
        columns = self.independent_columns
        return tuple(primitive([mpq(row[column]) for column in columns]) for row in self.cone_rows)

    @cached_property
    def rank(self) -> int:
        """The rank of the normals."""
        return len(independent_columns([self.rows[indices[0]][: self.dimension] for indices in self.classes]))


def canonical(row: Row) -> Row:
    """The row or its negative, whichever has its first non-zero entry positive.

    >>> canonical((0, -2, 1))
    (0, 2, -1)
    """
    return row if next((entry for entry in row if entry), 1) > 0 else tuple(-entry for entry in row)


def independent_columns(rows: Sequence[Row]) -> tuple[int, ...]:
    """The first columns that form a basis of the column space.

    >>> independent_columns([(1, 2, 0), (2, 4, 1)])
    (0, 2)
    """
    remaining = [[mpq(entry) for entry in row] for row in rows]
    found = []
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in remaining if row[column]), None)
        if pivot is None:
            continue
        found.append(column)
        remaining = [
            [x - row[column] / pivot[column] * y for x, y in zip(row, pivot, strict=True)] if row[column] else row
            for row in remaining
            if row is not pivot
        ]
    return tuple(found)


def _rows(normals: object, where: str) -> list[Iterable[object]]:
    if isinstance(normals, (str, dict)) or not isinstance(normals, Iterable):
        raise MalformedInput(where, type(normals).__name__, "a list of rows of exact numbers")
    rows = list(normals)
    for index, row in enumerate(rows):
        if isinstance(row, (str, dict)) or not isinstance(row, Iterable):
            raise MalformedInput(f"{where}[{index}]", type(row).__name__, "a row of exact numbers")
    return rows
