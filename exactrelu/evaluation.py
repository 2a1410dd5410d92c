"""The products of many points with the normals of many arrangements, in the narrowest safe integers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from exactrelu.restriction import Array, Batch, bit_lengths, largest, narrowed, widened

ENTRY_LIMIT = 1 << 19  # entries of one table of products
FEW = 4096  # so few points are not worth a division
WORD_BITS = (15, 31, 62)
WORD_TYPES: tuple[type, ...] = (np.int16, np.int32, np.int64)


@dataclass(frozen=True)
class Table:
    """The normals of a batch, padded with row 0: ``normals[c, a, i]`` is entry c of row i of arrangement a."""

    normals: Array
    widths: Array  # the sizes, rounded up to whole bytes
    reach: Array  # the largest absolute value in each column, shape (rank, arrangements)
    bound: int  # the largest of all

    @classmethod
    def of(cls, batch: Batch) -> Table:
        sizes = batch.sizes()
        widths = -(-sizes // 8) * 8
        place = np.arange(int(widths.max()))
        index = batch.first[:-1, None] + np.where(place < sizes[:, None], place, 0)
        reach = np.maximum.reduceat(np.abs(batch.normals), batch.first[:-1], axis=1)
        bound = largest(reach)
        return cls(batch.normals.astype(word_type(bound)).take(index, axis=1), widths, reach, bound)

    def portions(self, owner: Array, points: Array, factor_bits: Array | int = 0) -> Iterator[tuple[Array, Array]]:
        """Points as (indices, normals): of one width and one word size, their products fit in cache.

        ``factor_bits`` bounds the factor by which the points will have grown when they meet the normals.
        """
        bits = self.product_bits(points, factor_bits)
        if bits.ndim == 0 and len(owner) <= FEW:
            yield np.arange(len(owner)), self.normals
            return
        kind = np.searchsorted(WORD_BITS, bits, side="right")
        widths, group = np.unique(self.widths, return_inverse=True)
        code = group[owner] * 4 + kind
        present = np.flatnonzero(np.bincount(code, minlength=1))
        for value in present.tolist():
            chosen = np.flatnonzero(code == value) if len(present) > 1 else np.arange(len(owner))
            width = int(widths[value // 4])
            step = max(1, ENTRY_LIMIT // width)
            for start in range(0, len(chosen), step):
                yield chosen[start : start + step], self.normals[:, :, :width]

    def product_bits(self, points: Array, factor_bits: Array | int) -> Array:
        """Bounds for the bit lengths of the products with the normals, for each point or for all together."""
        fixed = (len(points) * self.bound).bit_length()
        common = fixed + largest(points).bit_length() + int(np.max(factor_bits))
        if common < WORD_BITS[1] or (points.shape[1] <= FEW and common < WORD_BITS[2]):
            return np.array(common)
        return bit_lengths(points) + factor_bits + fixed


def word_type(bound: int) -> type:
    """The narrowest type of integers, from 16 bits to Python's own, for absolute values up to ``bound``.

    >>> word_type(2**15 - 1), word_type(2**62)
    (<class 'numpy.int16'>, <class 'object'>)
    """
    return next((t for t, bits in zip(WORD_TYPES, WORD_BITS, strict=True) if bound < 1 << bits), object)


def products(normals: Array, bound: int, owner: Array, points: Array) -> Array:
    """The products of points with the rows of their arrangement, in the narrowest safe integers.

    ``normals``, of absolute values up to ``bound``, has shape (rank, arrangements, width), ``points`` (rank, points);
    the result has shape (points, width).
    """
    kind = word_type(len(points) * largest(points) * bound)
    points = points.astype(kind)
    if normals.shape[1] == 1 and kind is not object:
        return np.asarray(np.einsum("nc,ci->ni", np.ascontiguousarray(points.T), normals[:, 0].astype(kind)))
    total: Array = np.zeros((points.shape[1], normals.shape[2]), dtype=kind)
    for entries, coordinate in zip(normals, points, strict=True):
        rows = entries.take(owner, axis=0).astype(kind, copy=False)
        total += np.multiply(rows, coordinate[:, None], out=rows)
    return total


def shortened(table: Table, owner: Array, points: Array, least_bits: int) -> Array:
    """The points, those of more than ``least_bits`` bits rounded as far as they certainly keep their signs.

    Halving t times and rounding divides a product <h, p> by 2^t and then changes it by at most |h|_1 / 2. So the
    signs stay if 2^t |h|_1 < 2 |<h, p>| for all h.
    """
    if largest(points).bit_length() <= least_bits:
        return points
    long = np.flatnonzero(bit_lengths(points) > least_bits)
    if not len(long):
        return points
    norm = np.abs(widened(table.normals, len(points) * table.bound)).sum(axis=0).max(axis=1)
    result = points.copy()
    for part, rows in table.portions(owner[long], points[:, long]):
        chosen = long[part]
        least = np.abs(products(rows, table.bound, owner[chosen], points[:, chosen])).min(axis=1)
        ratio = (2 * least.astype(norm.dtype if least.dtype != object else object) - 1) // norm[owner[chosen]]
        times = bit_lengths(ratio[None]) - 1
        result[:, chosen] = np.where(times > 0, halved(points[:, chosen], np.maximum(times, 1)), points[:, chosen])
    return narrowed(result)


def halved(points: Array, times: Array) -> Array:
    """The points, each halved so many times (at least once) and rounded, ties away from 0.

    >>> halved(np.array([[5, 3], [-2, -1]]), np.array([2, 1])).tolist()
    [[1, 2], [-1, -1]]
    """
    if points.dtype == object:
        times = times.astype(object)
    return np.asarray(np.sign(points) * ((np.abs(points) + (1 << (times - 1))) >> times))
