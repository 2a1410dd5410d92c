"""Restrictions of many central arrangements at once, on integer arrays.

A `Batch` holds central arrangements of one rank, all their normals in one array. Restricting to a
hyperplane eliminates the coordinate of a pivot entry; the rows are divided by their content, and
parallel ones are merged. Every product has a bound, checked beforehand; beyond 64 bits the same
arrays hold Python integers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

INT64_LIMIT = 2**62
PAIR_LIMIT = 4_000_000  # rows that one restriction step may hold before parallel ones are merged
HASH_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F)


@dataclass(frozen=True)
class Batch:
    """Arrangements of one rank: `normals` has shape (rank, rows); first[a]:first[a+1] are those of a.

    >>> Batch(np.array([[1, 0, 1], [0, 1, 1]]), np.array([0, 3])).sizes()
    array([3])
    """

    normals: Array
    first: Array

    def sizes(self) -> Array:
        """The number of hyperplanes of each arrangement."""
        return np.diff(self.first)


@dataclass(frozen=True)
class Flags:
    """Hyperplanes to restrict to: for each its arrangement, its row, and the eliminated coordinate."""

    parent: Array
    row: Array
    pivot: Array
    others: Array  # the entries of the normal but the pivot, shape (rank - 1, flags)
    value: Array  # the pivot entry

    def part(self, start: int, stop: int) -> Flags:
        """A contiguous part of the hyperplanes."""
        return Flags(
            self.parent[start:stop],
            self.row[start:stop],
            self.pivot[start:stop],
            self.others[:, start:stop],
            self.value[start:stop],
        )


def largest(values: Array) -> int:
    """The largest absolute value, as a Python integer; 0 for an empty array.

    >>> largest(np.array([3, -5]))
    5
    """
    return max(int(values.max()), -int(values.min())) if values.size else 0


def bit_lengths(points: Array) -> Array:
    """The bit length of the largest entry of each point.

    >>> bit_lengths(np.array([[1, 0], [-4, 7]]))
    array([3, 3])
    """
    size = np.abs(points).max(axis=0)
    if size.dtype == object:
        return np.array([int(value).bit_length() for value in size])
    return np.asarray(np.searchsorted(2 ** np.arange(63, dtype=np.int64), size, side="right"))


def widened(values: Array, bound: int) -> Array:
    """The array in 64-bit integers if ``bound`` allows, else in Python integers."""
    if bound < INT64_LIMIT:
        return values if values.dtype == np.int64 else values.astype(np.int64)
    return values if values.dtype == object else values.astype(object)


def narrowed(values: Array) -> Array:
    """An array of Python integers back in 64 bits when all entries fit."""
    if values.dtype == object and largest(values) < INT64_LIMIT:
        return values.astype(np.int64)
    return values


def flags(batch: Batch) -> Flags:
    """The hyperplanes h_k of each arrangement that may be a last facet.

    The ones before h_k must span together with it: at least rank - 1 rows come before it, and no
    coordinate vanishes on all rows up to it. (What this leaves of too small a rank ends without chambers.)
    """
    normals, first = batch.normals, batch.first
    rank, rows = normals.shape
    arrangement = np.repeat(np.arange(len(first) - 1), batch.sizes())
    position = np.arange(rows)
    earliest = first[:-1] + (rank - 1)
    nonzero = np.where(normals != 0, position, rows)
    earliest = np.maximum(earliest, np.minimum.reduceat(nonzero, first[:-1], axis=1).max(axis=0))
    row = np.flatnonzero(position >= earliest[arrangement])
    chosen = normals[:, row]
    size = np.abs(chosen)
    pivot = np.where(size != 0, size, largest(normals) + 1).argmin(axis=0)
    column = np.arange(rank - 1)[:, None]
    flag = np.arange(len(row))
    others = chosen[column + (column >= pivot), flag]
    return Flags(arrangement[row], row, pivot, others, chosen[pivot, flag])


def parts(batch: Batch, found: Flags) -> Iterator[Flags]:
    """The flags in contiguous parts, each with a bounded number of rows before merging, padding included."""
    before = found.row - batch.first[found.parent]
    ends = np.cumsum(np.full(len(before), before.max()))
    start = 0
    while start < len(ends):
        done = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + PAIR_LIMIT, side="right")))
        yield found.part(start, stop)
        start = stop


def restrictions(batch: Batch, found: Flags) -> tuple[Batch, Array]:
    """For each flag h_k the hyperplanes before h_k, restricted to h_k; and which flags are kept.

    Flags whose restriction has too few hyperplanes for its rank are left out.
    """
    normals, first = batch.normals, batch.first
    rank, rows = normals.shape
    start = first[found.parent]
    before = found.row - start
    ends = np.cumsum(before)
    flag = np.repeat(np.arange(len(before)), before)
    left = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - before - start, before)
    bound = 2 * largest(normals) * max(largest(found.others), largest(found.value))
    normals = widened(normals, bound)
    flat = normals.ravel()
    pivot_entry = flat[found.pivot[flag] * rows + left]
    result = np.empty((rank - 1, len(left)), dtype=normals.dtype)
    value = widened(found.value, bound)
    others = widened(found.others, bound)
    unit = bool(np.all(value == 1))
    value_of_row = None if unit else value[flag]
    for column in range(rank - 1):
        source = (column + (column >= found.pivot)) * rows
        entries = flat[source[flag] + left]
        if value_of_row is not None:
            entries = entries * value_of_row
        result[column] = entries - pivot_entry * others[column][flag]
    merged, owner = distinct(primitive_rows(result), flag, len(before))
    sizes = np.bincount(owner, minlength=len(before))
    kept = sizes >= rank - 1
    if not kept.all():
        chosen = kept[owner]
        merged, sizes = merged[:, chosen], sizes[kept]
    return Batch(narrowed(merged), np.concatenate(([0], np.cumsum(sizes)))), np.flatnonzero(kept)


def primitive_rows(rows: Array) -> Array:
    """Each column of ``rows`` (a normal) divided by its content, the first non-zero entry positive.

    >>> primitive_rows(np.array([[0, 2], [-3, 4]])).tolist()
    [[0, 1], [1, 2]]
    """
    content = np.abs(rows[0])
    for entries in rows[1:]:
        content = np.gcd(content, entries)
    sign = np.sign(rows[0])
    for entries in rows[1:]:
        sign = np.where(sign == 0, np.sign(entries), sign)
    divisor = content * sign
    if bool(np.any(divisor == 0)):
        divisor = np.where(divisor == 0, 1, divisor)
    return rows if bool(np.all(divisor == 1)) else np.asarray(rows // divisor)


def distinct(rows: Array, owner: Array, owners: int) -> tuple[Array, Array]:
    """The different normals of each owner, sorted by owner: (normals, owner of each)."""
    count = rows.shape[1]
    if count == 0:
        return rows, owner
    bound = largest(rows)
    bits = (2 * bound + 1).bit_length()
    if rows.dtype != object and bits * len(rows) + owners.bit_length() <= 63:
        return _distinct_by_packing(rows, owner, bound, bits)
    words = [owner] + [_word(entries) for entries in rows]
    chosen = np.sort(first_of_each(words, lambda x, y: _same(rows, owner, x, y)))
    return rows[:, chosen], owner[chosen]


def _distinct_by_packing(rows: Array, owner: Array, bound: int, bits: int) -> tuple[Array, Array]:
    key = owner.astype(np.int64)
    for entries in rows:
        key = (key << bits) | (entries + bound)
    key.sort()
    key = key[np.concatenate(([True], key[1:] != key[:-1]))]
    result = np.empty((len(rows), len(key)), dtype=np.int64)
    mask = (1 << bits) - 1
    for column in range(len(rows) - 1, -1, -1):
        result[column] = (key & mask) - bound
        key >>= bits
    return result, key


def _word(entries: Array) -> Array:
    if entries.dtype != object:
        return entries
    numbered: dict[int, int] = {}
    return np.array([numbered.setdefault(int(entry), len(numbered)) for entry in entries], dtype=np.int64)


def _same(rows: Array, owner: Array, x: Array, y: Array) -> bool:
    return bool(np.all(owner[x] == owner[y])) and bool(np.all(rows[:, x] == rows[:, y]))


def first_of_each(words: list[Array], same: Callable[[Array, Array], bool]) -> Array:
    """The first index of each different tuple (words[0][i], words[1][i], ..), in some fixed order.

    A 64-bit hash is sorted, its low bits replaced by the index. ``same(x, y)`` decides whether the entries at
    the indices x equal those at y; so a collision is noticed, and another hash, then a sort by all words,
    takes over.

    >>> sorted(first_of_each([np.array([5, 7, 5])], lambda x, y: True).tolist())
    [0, 1]
    """
    count = len(words[0])
    low = np.uint64((1 << count.bit_length()) - 1)
    shift = np.uint64(count.bit_length())
    index = np.arange(count, dtype=np.uint64)
    for salt in range(3):
        key = words[0].astype(np.uint64) * np.uint64(HASH_FACTORS[salt])
        for word in words[1:]:
            key ^= key >> np.uint64(29)
            key += word.astype(np.uint64)
            key *= np.uint64(HASH_FACTORS[salt + 1])
        key &= ~low
        key |= index
        key.sort()
        order = (key & low).astype(np.int64)
        key >>= shift
        equal = key[1:] == key[:-1]
        if same(order[1:][equal], order[:-1][equal]):
            return order[np.concatenate(([True], ~equal))]
    order = np.lexsort(words)
    differs = np.zeros(count - 1, dtype=bool)
    for word in words:
        differs |= word[order][1:] != word[order][:-1]
    return np.minimum.reduceat(order, np.flatnonzero(np.concatenate(([True], differs))))
