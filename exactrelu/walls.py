"""Which chambers are adjacent: those whose signs differ at one class of hyperplanes only. A look-up."""

from __future__ import annotations

import numpy as np

from exactrelu.errors import InternalContradiction
from exactrelu.restriction import HASH_FACTORS, Array


def adjacencies(words: Array, columns: int, paired: bool) -> tuple[Array, Array, Array]:
    """The adjacent pairs (i, j, class), i < j, sorted, of chambers with these packed signs.

    The words are sorted and have ``columns`` signs. With ``paired``, they are one of each opposite pair,
    positive at the first hyperplane: the opposite of chamber i has the index 2n - 1 - i. Without, the first
    hyperplane is the one at infinity and no wall, the classes count from the one after it.

    >>> adjacencies(np.array([[0], [1 << 62]], dtype=np.uint64), 2, True)[2].tolist()
    [1, 0, 0, 1]
    """
    count = len(words)
    lookup = Lookup(words)
    starts, ends, classes = [], [], []
    for column in range(1, columns):
        here, there = lookup.across(column)
        starts.append(here)
        ends.append(there)
        classes.append(np.full(len(here), column if paired else column - 1))
        if paired:
            starts.append(2 * count - 1 - there)
            ends.append(2 * count - 1 - here)
            classes.append(classes[-1])
    if paired:
        here, there = lookup.opposite(columns)
        starts.append(here)
        ends.append(2 * count - 1 - there)
        classes.append(np.zeros(len(here), dtype=np.int64))
    if not starts:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none
    i, j, wall = np.concatenate(starts), np.concatenate(ends), np.concatenate(classes)
    bits, class_bits = (2 * count).bit_length(), columns.bit_length()
    if 2 * bits + class_bits < 64:
        key = (i << (bits + class_bits)) | (j << class_bits) | wall
        key.sort()
        return (
            key >> (bits + class_bits),
            (key >> class_bits) & ((1 << bits) - 1),
            key & ((1 << class_bits) - 1),
        )
    order = np.lexsort((j, i))
    return i[order], j[order], wall[order]


class Lookup:
    """Finds sign vectors among sorted ones: by a table of hashes, which excludes most, then by bisection."""

    def __init__(self, words: Array) -> None:
        self.words = words
        for self.factor in HASH_FACTORS:
            keys = self.key(words)
            if words.shape[1] == 1 or len(np.unique(keys)) == len(words):
                break
        else:
            raise InternalContradiction("no hash separates the sign vectors")
        self.order = np.argsort(keys) if words.shape[1] > 1 else np.arange(len(words))
        self.keys = keys[self.order]
        self.shift = np.uint64(64 - min(23, max(8, (8 * len(words)).bit_length())))
        self.present = np.zeros(1 << (64 - int(self.shift)), dtype=bool)
        self.present[self._slot(keys)] = True

    def key(self, words: Array) -> Array:
        """One 64-bit number for each sign vector: its only word, or a hash of all."""
        result: Array = words[:, 0].copy()
        for place in range(1, words.shape[1]):
            result *= np.uint64(self.factor)
            result ^= result >> np.uint64(29)
            result += words[:, place]
        return result

    def _slot(self, keys: Array) -> Array:
        return np.asarray((keys * np.uint64(HASH_FACTORS[0])) >> self.shift)

    def find(self, keys: Array) -> tuple[Array, Array]:
        """The candidates (which key, row with that key); their words are still to be compared."""
        likely = np.flatnonzero(self.present[self._slot(keys)])
        place = np.minimum(np.searchsorted(self.keys, keys[likely]), len(self.keys) - 1)
        equal = self.keys[place] == keys[likely]
        return likely[equal], self.order[place[equal]]

    def across(self, column: int) -> tuple[Array, Array]:
        """The pairs of rows that differ in this column only, the one with '+' first."""
        word, bit = column // 64, np.uint64(1) << np.uint64(63 - column % 64)
        plus = np.flatnonzero((self.words[:, word] & bit) == 0)
        beyond = self.words[plus]
        beyond[:, word] |= bit
        which, there = self.find(self.key(beyond))
        here = plus[which]
        return self._verified(here, there, word, bit)

    def opposite(self, columns: int) -> tuple[Array, Array]:
        """The pairs (row, row) that are opposite in all columns but the first."""
        mask = np.zeros(64 * self.words.shape[1], dtype=bool)
        mask[1:columns] = True
        full = np.packbits(mask).view(">u8").astype(np.uint64)
        here, there = self.find(self.key(self.words ^ full))
        good = (self.words[here] ^ full == self.words[there]).all(axis=1)
        return here[good], there[good]

    def _verified(self, here: Array, there: Array, word: int, bit: np.uint64) -> tuple[Array, Array]:
        if self.words.shape[1] == 1:
            return here, there
        difference = self.words[here] ^ self.words[there]
        expected = np.zeros(self.words.shape[1], dtype=np.uint64)
        expected[word] = bit
        good = (difference == expected).all(axis=1)
        return here[good], there[good]
