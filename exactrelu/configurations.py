"""Small labelled configurations: data sets with rationals of bounded height, and which of them have one landscape.

A network with one hidden layer meets a data point x_i only in <w, x_i> + b = <(w, b), (x_i, 1)>. So when a linear map
takes the *rows* (x_i, 1), or x_i where that layer has no bias, of a data set to those of another with the same labels,
the landscapes are the same, up to a linear change of w that opens and closes no cell. So are, with equal weights, those
of data sets that differ in the order of the points. Other signs of all labels change the signs of v and of the output
bias; with the squared loss labels may be scaled (v and the loss scale with them) and, if there is an output bias,
shifted. `key` names a data set up to all this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement, permutations, product
from math import gcd
from typing import NamedTuple

from gmpy2 import mpq

from exactrelu.errors import MalformedInput
from exactrelu.linear import inverse, kernel
from exactrelu.linear import product as matrix_product
from exactrelu.rational import Matrix, Rational, Vector

BOUNDS = ("points", "dimension", "neurons", "height")


class Size(NamedTuple):
    """How large a data set and its network are: points, input dimension, hidden neurons, height of the numbers."""

    points: int
    dimension: int
    neurons: int
    height: int

    def __str__(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in zip(BOUNDS, self, strict=True))


class Labelled(NamedTuple):
    """A data set: rows of x, labels."""

    x: Matrix
    y: Vector


def numbers(height: int) -> tuple[Rational, ...]:
    """The rationals p / q in lowest terms with |p|, |q| <= height, the simplest first.

    >>> [str(number) for number in numbers(2)]
    ['0', '1', '-1', '1/2', '-1/2', '2', '-2']
    """
    fractions = [(p, q) for q in range(1, height + 1) for p in range(1, height + 1) if gcd(p, q) == 1]
    ordered = sorted(fractions, key=lambda f: (max(f), f))
    return (mpq(0), *(sign * mpq(*f) for f in ordered for sign in (1, -1)))


def sizes(bounds: dict[str, tuple[int, int]], order: Sequence[str]) -> list[Size]:
    """All sizes within the bounds, smallest first: compared in the first of the order, then the second, and so on.

    >>> bounds = {"points": (1, 2), "dimension": (1, 1), "neurons": (1, 1), "height": (1, 2)}
    >>> [str(size) for size in sizes(bounds, ["height", "points", "dimension", "neurons"])][1]
    'points 2, dimension 1, neurons 1, height 1'
    """
    if sorted(order) != sorted(BOUNDS):
        raise MalformedInput("order", ",".join(order), f"each of {', '.join(BOUNDS)}")
    ranges = [range(bounds[name][0], bounds[name][1] + 1) for name in order]
    found = (dict(zip(order, values, strict=True)) for values in product(*ranges))
    return [Size(**values) for values in found]


def data_sets(size: Size, least_height: int, *, is_hinge: bool) -> Iterator[Labelled]:
    """The data sets of a size, up to the order of the points; those of a smaller height, if in bounds, left out."""
    known = set(numbers(size.height - 1)) if size.height > least_height else set()
    entries = numbers(size.height)
    labels = (mpq(1), mpq(-1)) if is_hinge else entries
    for points in combinations_with_replacement(
        list(product(product(entries, repeat=size.dimension), labels)), size.points
    ):
        x, y = zip(*points, strict=True)
        if not known or not (known.issuperset(a for row in x for a in row) and (is_hinge or known.issuperset(y))):
            yield Labelled(x, y)


Key = tuple[tuple[Vector, Rational], ...]


def key(rows: Matrix, labels: Vector, *, is_hinge: bool, has_bias: bool) -> Key:
    """A name of a data set up to symmetry: its rows in the coordinates of a basis of rows, with the labels, sorted.

    Of all bases, orders of their members, and permitted labels the one that comes first. ``has_bias``: of the output.

    >>> one = key(((mpq(1),), (mpq(2),)), (mpq(1), mpq(-1)), is_hinge=True, has_bias=True)
    >>> one == key(((mpq(-4),), (mpq(-2),)), (mpq(1), mpq(-1)), is_hinge=True, has_bias=True)
    True
    """
    columns = [tuple(row[c] for row in rows) for c in independent(tuple(zip(*rows, strict=True)))]
    reduced = tuple(zip(*columns, strict=True)) or ((),) * len(rows)
    rank = len(columns)
    choices = {tuple(sign * a for a in normal_labels(labels, is_hinge, has_bias)) for sign in (1, -1)}
    candidates: list[Key] = []
    for basis in combinations(sorted(set(reduced)), rank):
        if len(independent(basis)) < rank:
            continue
        coordinates = matrix_product(reduced, inverse(basis)) if rank else reduced
        for order in permutations(range(rank)):
            placed = [tuple(row[k] for k in order) for row in coordinates]
            candidates += [tuple(sorted(zip(placed, choice, strict=True))) for choice in choices]
    return min(candidates)


def normal_labels(labels: Vector, is_hinge: bool, has_bias: bool) -> Vector:
    """The labels, up to the sign of all: of the squared loss with mean 0 (given an output bias) and maximum 1."""
    if is_hinge:
        return labels
    mean = sum(labels, mpq(0)) / len(labels) if has_bias else mpq(0)
    shifted = tuple(label - mean for label in labels)
    largest = max(map(abs, shifted)) or mpq(1)
    return tuple(label / largest for label in shifted)


def independent(vectors: Matrix) -> list[int]:
    """The places of the vectors that do not depend on those before them.

    >>> independent(((1, 0), (2, 0), (1, 1)))
    [0, 2]
    """
    dependent = {max(k for k, a in enumerate(relation) if a) for relation in relations(vectors)}
    return [k for k in range(len(vectors)) if k not in dependent]


def relations(vectors: Matrix) -> Sequence[Sequence[int]]:
    """A basis of the linear relations between vectors, each with another last member."""
    if not vectors:
        return ()
    return kernel(tuple(zip(*vectors, strict=True)), len(vectors))
