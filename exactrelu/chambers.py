"""The chambers of an arrangement: the components of its complement, each with its signs and a witness.

The sequence holds sign vectors as packed words and witnesses as integer arrays; of a central arrangement,
one chamber of each opposite pair. A `Chamber` is made when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from gmpy2 import mpq

from exactrelu import display, last_facet
from exactrelu.deletion_restriction import count, fewest_chambers
from exactrelu.errors import BudgetExceeded, InternalContradiction, MalformedInput
from exactrelu.evaluation import Table, halved, products, shortened
from exactrelu.hyperplanes import Hyperplanes
from exactrelu.rational import Vector
from exactrelu.restriction import Array, Batch, bit_lengths, largest, narrowed, widened
from exactrelu.signs import as_text, checked, pack, unpack
from exactrelu.walls import adjacencies

LIMIT = 5_000_000
MANY = 1 << 16  # of so many witnesses, only those with more than SHORT bits are shortened at the end
SHORT = 12
FEW = 1 << 16  # entries of the witnesses, times hyperplanes, for which the simplest witnesses are sought


@dataclass(frozen=True)
class Chamber:
    """An open cell of the complement: its sign at each hyperplane, in the given order, and a point in it."""

    signs: str
    witness: Vector

    def __repr__(self) -> str:
        return f"{self.signs} at ({', '.join(map(str, self.witness))})"


@dataclass(frozen=True, eq=False, repr=False)
class Chambers(Sequence[Chamber]):
    """All chambers, ordered lexicographically by their signs, '+' before '-'.

    Of a central arrangement, chamber ``-1 - i`` is the opposite of chamber ``i``.

    >>> Chambers.of(Hyperplanes.read([[1, 0], [0, 1]]))[0]
    ++ at (1, 1)
    """

    hyperplanes: Hyperplanes
    words: Array  # the signs at one hyperplane of each class (at infinity first if affine), shape (n, words)
    points: Array  # shape (n, rank of the cone)

    @classmethod
    def of(
        cls,
        hyperplanes: Hyperplanes,
        *,
        limit: int = LIMIT,
        tick: Callable[[], None] | None = None,
        verify: bool = False,
    ) -> Chambers:
        """Enumerates the chambers, and evaluates the signs of every witness again.

        ``tick`` is called regularly and may raise, to stop. With ``verify``, the number is compared with the
        count by deletion and restriction. Raises `BudgetExceeded` when there are more than ``limit``
        chambers.
        """
        rows = hyperplanes.essential_rows
        share = 2 if hyperplanes.is_central else 1

        def watch(pairs: int) -> None:
            """`pairs` is a lower bound for the number of opposite pairs (of the cone, if affine)."""
            if tick is not None:
                tick()
            if share * pairs > limit:
                raise BudgetExceeded(
                    f"at least {share * pairs} chambers, above the limit of {limit}: "
                    "give a larger limit, or ask for the count alone"
                )

        if not rows:
            return cls(hyperplanes, np.zeros((1, 1), dtype=np.uint64), np.zeros((1, 0), dtype=np.int64))
        watch(fewest_chambers(len(rows), len(rows[0])) // 2)
        normals = np.ascontiguousarray(_integers(rows).T)
        order = np.lexsort(np.abs(normals)[::-1]) if normals.dtype != object else np.arange(len(rows))
        batch = Batch(normals.take(order, axis=1), np.array([0, len(rows)]))
        table = Table.of(Batch(normals, batch.first))
        found = [_signed(table, points, len(rows)) for _, points in last_facet.chambers(batch, watch)]
        words = np.concatenate([part for part, _ in found])
        points = np.concatenate([part.T for _, part in found])
        watch(len(words))
        by_signs = np.lexsort(words.T[::-1]) if words.shape[1] > 1 else np.argsort(words[:, 0])
        words, points = words[by_signs], points[by_signs]
        if bool(np.any(np.all(words[1:] == words[:-1], axis=1))):
            raise InternalContradiction("two chambers found by the last-facet lemma have the same signs")
        result = cls(hyperplanes, words, points)
        if verify:
            needed = count(hyperplanes.essential_rows, tick or (lambda: None)) // (3 - share)
            if len(result) != needed:
                raise InternalContradiction(f"{len(result)} chambers found, {needed} by deletion-restriction")
        return result

    def __len__(self) -> int:
        return len(self.words) * (2 if self._paired else 1)

    @overload
    def __getitem__(self, index: int) -> Chamber: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Chamber, ...]: ...
    def __getitem__(self, index: int | slice) -> Chamber | tuple[Chamber, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(len(self))))
        place = range(len(self))[index]
        opposite = place >= len(self.words)
        half = len(self) - 1 - place if opposite else place
        signs = as_text(self._letters(self.words[half : half + 1], opposite)[0])
        entries = [mpq(0)] * (self.hyperplanes.dimension + (not self.hyperplanes.is_central))
        for column, entry in zip(self.hyperplanes.independent_columns, self.points[half], strict=True):
            entries[column] = mpq(-int(entry) if opposite else int(entry))
        if not self.hyperplanes.is_central:
            entries = [entry / entries[-1] for entry in entries[:-1]]
        return Chamber(signs, tuple(entries))

    def __repr__(self) -> str:
        planes = self.hyperplanes
        return f"{len(self)} chambers of {len(planes.normals)} hyperplanes in Q^{planes.dimension}"

    def _repr_html_(self) -> str:
        rows = [(str(i), display.code(c.signs), display.vector(c.witness)) for i, c in enumerate(self[: display.ROWS])]
        more = display.left_out(len(rows), len(self), "chambers")
        return display.table(display.text(repr(self)), rows, ("", "signs", "witness"), more)

    def sign_matrix(self) -> Array:
        """The signs of all chambers as integers 1, -1, 0, shape (chambers, hyperplanes), int8.

        >>> Chambers.of(Hyperplanes.read([[1], [-2]])).sign_matrix().tolist()
        [[1, -1], [-1, 1]]
        """
        signs = self._letters(self.words, False)
        return np.concatenate((signs, self._letters(self.words[::-1], True))) if self._paired else signs

    def witness_array(self) -> Array:
        """The witnesses of all chambers as integers (int64, or Python integers if they are longer).

        Central: shape (chambers, dimension). Affine: homogeneous, shape (chambers, dimension + 1); the last
        entry is a positive common denominator.

        >>> Chambers.of(Hyperplanes.read([[2]], [1])).witness_array().tolist()
        [[1, 1], [-1, 1]]
        """
        width = self.hyperplanes.dimension + (not self.hyperplanes.is_central)
        result = np.zeros((len(self.points), width), dtype=self.points.dtype)
        result[:, list(self.hyperplanes.independent_columns)] = self.points
        return np.concatenate((result, -result[::-1])) if self._paired else result

    def index_of(self, signs: str) -> int:
        """The index of the chamber with these signs; raises `MalformedInput` if there is none.

        >>> Chambers.of(Hyperplanes.read([[1, 0], [0, 1]])).index_of("-+")
        2
        """
        planes = self.hyperplanes
        checked(signs, len(planes.normals))
        first = [signs[members[0]] == "-" for members in planes.classes]
        opposite = self._paired and first[0]
        bits = [False] * (not planes.is_central) + [bit != opposite for bit in first]
        word = pack(np.array([bits], dtype=bool))[0]
        low, high = 0, len(self.words)
        for column, entry in zip(self.words.T, word, strict=True):
            part = column[low:high]
            high = low + int(np.searchsorted(part, entry, "right"))
            low += int(np.searchsorted(part, entry, "left"))
        index = len(self) - 1 - low if opposite else low
        if low == high or self[index].signs != signs:
            raise MalformedInput("signs", f'"{signs}"', "the signs of a chamber")
        return index

    def walls(self) -> tuple[Array, Array, Array]:
        """The pairs of adjacent chambers: arrays (i, j, class) with i < j, sorted.

        The class, the only one at which the signs differ, is an index into the ``classes`` of
        the hyperplanes.

        >>> [part.tolist() for part in Chambers.of(Hyperplanes.read([[1, 0], [0, 1]])).walls()]
        [[0, 0, 1, 2], [1, 2, 3, 3], [1, 0, 0, 1]]
        """
        return adjacencies(self.words, len(self.hyperplanes.cone_rows), self._paired)

    @property
    def _paired(self) -> bool:
        return self.hyperplanes.is_central and bool(self.hyperplanes.classes)

    def _letters(self, words: Array, opposite: bool) -> Array:
        """The signs at all hyperplanes, out of those at the classes."""
        planes = self.hyperplanes
        minus = unpack(words, len(planes.cone_rows)).astype(np.int8)[:, 0 if planes.is_central else 1 :]
        signs = np.concatenate((1 - 2 * minus, np.ones((len(words), 1), dtype=np.int8)), axis=1)
        factor = np.array([sign for _, sign in planes.orientations], dtype=np.int8)
        result = signs[:, [number for number, _ in planes.orientations]] * factor
        return -result if opposite else result


def _integers(rows: Sequence[tuple[int, ...]]) -> Array:
    exact = np.array(rows, dtype=object)
    return widened(exact, largest(exact))


def _signed(table: Table, points: Array, rows: int) -> tuple[Array, Array]:
    """Packed signs, made positive at the first row, and the witnesses for them, shortened and primitive."""
    owner = np.zeros(points.shape[1], dtype=np.int64)
    words = np.empty((points.shape[1], -(-rows // 64)), dtype=np.uint64)
    points = shortened(table, owner, points, 1 if points.shape[1] < MANY else SHORT)
    content = np.gcd.reduce(points, axis=0)
    if bool(np.any(content != 1)):
        points = points // content
    for part, normals in table.portions(owner, points):
        values = products(normals, table.bound, owner[part], points[:, part])[:, :rows]
        if bool(np.any(values == 0)):
            raise InternalContradiction("a witness found by the last-facet lemma lies on a hyperplane")
        negative = values[:, 0] < 0
        points[:, part] = np.where(negative, -points[:, part], points[:, part])
        words[part] = pack((values < 0) != negative[:, None])
    return words, points if points.size * rows > FEW else _simplest(table, points, words, rows)


def _simplest(table: Table, points: Array, words: Array, rows: int) -> Array:
    """The points, each rounded to the fewest bits, up to 5, that leave it in its chamber."""
    owner = np.zeros(points.shape[1], dtype=np.int64)
    result = points.copy()
    for bits in (5, 4, 3, 2, 1):
        excess = bit_lengths(points) - bits
        rounded = np.where(excess > 0, halved(points, np.maximum(excess, 1)), points)
        content = np.gcd.reduce(rounded, axis=0)
        rounded = rounded // np.where(content == 0, 1, content)
        values = products(table.normals, table.bound, owner, rounded)[:, :rows]
        good = (pack(values < 0) == words).all(axis=1) & (values != 0).all(axis=1)
        result[:, good] = rounded[:, good]
    return narrowed(result)
