"""All chambers of a central arrangement from the chambers of its restrictions, without a linear program.

Lemma (last facet). Let h_1..h_m span the space, C a chamber, k the largest index such that h_k is a facet
of C, and C' the chamber of h_1..h_k that contains C. No later hyperplane cuts C' (a cut would give C a
later facet), so C = C'; and the facet on h_k is a chamber of the restriction of h_1..h_(k-1) to the
hyperplane h_k = 0.

So every chamber is found by a step off h_k, to either side, from a point p inside such a facet. If p lies
on a later hyperplane, nothing is lost by dropping it: that one cuts both sides. Otherwise both sides are
chambers, with the witnesses K p + q and K p - q, for a q off h_k and K large enough. Chambers come in
opposite pairs; one of each is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from exactrelu.evaluation import WORD_BITS, Table, products, shortened
from exactrelu.restriction import (
    INT64_LIMIT,
    Array,
    Batch,
    Flags,
    bit_lengths,
    first_of_each,
    flags,
    largest,
    narrowed,
    parts,
    restrictions,
    widened,
)
from exactrelu.signs import pack

LONGEST = 40  # witnesses of more bits are always shortened
SHORTEST = 8  # those of fewer bits never
Tick = Callable[[int], None]
Piece = tuple[Array, Array]


def lifted(found: Flags, flag: Array, points: Array) -> Array:
    """Points of the restrictions in the coordinates of the surrounding space, shape (rank, points)."""
    others, value, pivot = found.others.take(flag, axis=1), found.value[flag], found.pivot[flag]
    rank = len(points) + 1
    bound = rank * largest(points) * max(largest(others), largest(value))
    points, others, value = widened(points, bound), widened(others, bound), widened(value, bound)
    last = -(points * others).sum(axis=0)
    unit = bool(np.all(value == 1))
    if not unit:
        points = points * value
    result = np.empty((rank, points.shape[1]), dtype=points.dtype)
    for column in range(rank):
        result[column] = points[min(column, rank - 2)]
        if column:
            result[column] = np.where(pivot < column, points[column - 1], result[column])
        result[column] = np.where(pivot == column, last, result[column])
    if not unit:
        content = np.abs(result[0])
        for entries in result[1:]:
            content = np.gcd(content, entries)
        if bool(np.any(content != 1)):
            result //= content
    return narrowed(result)


def scaled(points: Array, factor: Array) -> Array:
    """The points, each times its factor; room is left to add 1 to an entry."""
    bound = largest(points) * largest(factor) + 1
    if bound >= INT64_LIMIT and points.dtype != object and factor.dtype != object:
        bound = 1 << int((bit_lengths(points) + bit_lengths(factor[None])).max())
    return widened(points, bound) * widened(factor, bound)


def stride(table: Table, owner: Array, least: Array) -> Array:
    """How far to step: 1, or half as far as is sure to cross no hyperplane, so as not to stay near the facet."""
    longest = least // (2 * widened(table.reach, 2 * table.bound).max(axis=0)[owner])
    return np.asarray(np.clip(longest, 1, INT64_LIMIT // 2).astype(np.int64))


def long_bits(table: Table) -> int:
    """The length above which witnesses are shortened, so that the next level (smaller normals) fits into 64 bits."""
    room = WORD_BITS[-1] - 2 * (table.bound.bit_length() + (len(table.normals) + 1).bit_length())
    return max(SHORTEST, min(LONGEST, room))


def planar(batch: Batch, tick: Tick) -> list[Piece]:
    """The chambers of lines through the origin: one next to each ray, always on the same side."""
    normals, sizes = batch.normals, batch.sizes()
    owner = np.repeat(np.arange(len(sizes)), sizes)
    table = Table.of(batch)
    rays = np.stack((-normals[1], normals[0]))
    axis = np.where(normals[0] != 0, 0, 1)
    sign = np.sign(np.where(axis == 0, normals[0], normals[1]))
    reach = table.reach[axis, owner]
    pieces = []
    for part, rows in table.portions(owner, rays):
        tick(len(sizes))
        size = np.abs(products(rows, table.bound, owner[part], rays[:, part]))
        size[size == 0] = largest(size)  # the ray's own line, and padding with it
        least = size.min(axis=1)
        points = scaled(rays[:, part], reach[part] // least + 1)
        points[axis[part], np.arange(len(part))] += sign[part] * stride(table, owner[part], least)
        pieces.append((owner[part], shortened(table, owner[part], points, long_bits(table))))
    return pieces


@dataclass(frozen=True)
class Steps:
    """Points on last facets, from which a step along +-axis leads into the two chambers next to the facet."""

    owner: Array
    words: Array  # the signs of the chamber on the positive side, shape (steps, words)
    own_bit: Array  # the bit of the facet's hyperplane
    points: Array
    axis: Array
    step: Array


def steps(batch: Batch, table: Table, found: Flags, piece: Piece) -> Iterator[Steps]:
    """The last facets that hold the given points; points on a later hyperplane are dropped."""
    flag, below = piece
    parent = found.parent
    place = found.row - batch.first[parent]
    index = np.arange(len(place))
    own_bit = np.zeros((len(place), -(-int(table.widths.max()) // 64)), dtype=np.uint64)
    own_bit[index, place // 64] = np.uint64(1) << (63 - place % 64).astype(np.uint64)
    usable = batch.normals[:, found.row] != 0
    reach = np.where(usable, table.reach[:, parent], largest(table.reach) + 1)
    axis = reach.argmin(axis=0)
    reach = reach[axis, index]
    sign = np.sign(batch.normals[axis, found.row])
    growth = bit_lengths(np.concatenate((found.others, found.value[None]))) + len(below).bit_length()
    for part, rows in table.portions(parent[flag], below, growth[flag]):
        which = flag[part]
        points = lifted(found, which, below.take(part, axis=1))
        values = products(rows, table.bound, parent[which], points)
        values[np.arange(len(part)), place[which]] = largest(values)
        least = np.abs(values).min(axis=1)
        words = pack(values < 0)
        kept = np.flatnonzero(least)
        if len(kept) < len(least):
            words, points, which, least = words[kept], points.take(kept, axis=1), which[kept], least[kept]
        negative = words[:, 0] >> np.uint64(63) != 0
        complement = pack(np.ones((1, rows.shape[2]), dtype=bool)) & ~own_bit[which, : words.shape[1]]
        words = np.where(negative[:, None], words ^ complement, words)
        if words.shape[1] < own_bit.shape[1]:
            words = np.pad(words, ((0, 0), (0, own_bit.shape[1] - words.shape[1])))
        points = scaled(np.where(negative, -points, points), reach[which] // least + 1)
        step = sign[which] * stride(table, parent[which], least)
        yield Steps(parent[which], words, own_bit[which], points, axis[which], step)


def chambers(batch: Batch, tick: Tick) -> list[Piece]:
    """One chamber of each opposite pair: pieces (arrangement, witnesses of shape (rank, n)).

    ``tick`` is called regularly with a number that the arrangements at hand have at least as pairs of
    chambers; it may raise, to stop. Pairs of chambers of the restrictions are pairs of facets, of different
    chambers: their number is a lower bound already.
    """
    tick(len(batch.first) - 1)
    rank = len(batch.normals)
    if rank == 1:
        return [(np.arange(len(batch.first) - 1), np.ones((1, len(batch.first) - 1), dtype=np.int64))]
    if rank == 2:
        return planar(batch, tick)
    found = flags(batch)
    if not len(found.row):
        return []
    table = Table.of(batch)
    stepped: list[Steps] = []
    steps_found = 0
    for part in parts(batch, found):
        restricted, kept = restrictions(batch, part)
        if not len(kept):
            continue
        for owner, points in chambers(restricted, tick):
            for found_steps in steps(batch, table, part, (kept[owner], points)):
                stepped.append(found_steps)
                steps_found += len(found_steps.owner)
                tick(steps_found)
    return different(stepped, table) if stepped else []


def different(stepped: list[Steps], table: Table) -> list[Piece]:
    """The chambers on both sides of each step, without repetitions."""
    stepped = sorted(stepped, key=lambda part: part.points.dtype == object)
    owner = np.concatenate([part.owner for part in stepped])
    words = np.concatenate([part.words for part in stepped])
    own_bit = np.concatenate([part.own_bit for part in stepped])
    axis = np.concatenate([part.axis for part in stepped])
    length = np.concatenate([part.step for part in stepped])
    count = len(owner)
    columns = [np.concatenate((word, word | bit)) for word, bit in zip(words.T, own_bit.T, strict=True)]
    if table.normals.shape[1] > 1:
        columns.append(np.concatenate((owner, owner)))

    def same(x: Array, y: Array) -> bool:
        return all(bool(np.all(column[x] == column[y])) for column in columns)

    chosen = np.sort(first_of_each(columns, same))
    step = chosen % count
    direction = np.where(chosen < count, length[step], -length[step])
    pieces = []
    begin = 0
    for kind in (False, True):
        points = [part.points for part in stepped if (part.points.dtype == object) == kind]
        if not points:
            continue
        joined = points[0] if len(points) == 1 else np.concatenate(points, axis=1)
        end = begin + joined.shape[1]
        inside = np.flatnonzero((step >= begin) & (step < end)) if end - begin < count else slice(None)
        which = step[inside]
        witnesses = joined.take(which - begin, axis=1)
        witnesses[axis[which], np.arange(len(which))] += direction[inside]
        witnesses = shortened(table, owner[which], witnesses, long_bits(table))
        if witnesses.dtype == object:  # the few that are really long shall not slow down the others
            small = bit_lengths(witnesses) < INT64_LIMIT.bit_length()
            pieces.append((owner[which[small]], witnesses[:, small].astype(np.int64)))
            which, witnesses = which[~small], witnesses[:, ~small]
        pieces.append((owner[which], witnesses))
        begin = end
    return [piece for piece in pieces if len(piece[0])]
