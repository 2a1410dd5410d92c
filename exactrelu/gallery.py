"""Named arrangements, whose numbers of chambers are known or have been looked for.

Sources: Stanley, *An Introduction to Hyperplane Arrangements* (2007); for thresholds OEIS A000609,
for resonance OEIS A034997.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, product

from exactrelu.arrangement import Arrangement
from exactrelu.errors import MalformedInput
from exactrelu.rational import matrix


def boolean(n: int) -> Arrangement:
    """The coordinate hyperplanes x_i = 0 of Q^n: 2^n chambers.

    >>> boolean(3).count()
    8
    """
    _at_least(n, 0)
    return Arrangement([_unit(n, {i: 1}) for i in range(n)], dimension=n)


def braid(n: int) -> Arrangement:
    """The hyperplanes x_i = x_j of Q^n: n! chambers, one for each order of the coordinates.

    >>> braid(4).count(), braid(4).rank
    (24, 3)
    """
    _at_least(n, 1)
    return Arrangement([_unit(n, {i: 1, j: -1}) for i, j in combinations(range(n), 2)], dimension=n)


def type_d(n: int) -> Arrangement:
    """The hyperplanes x_i = x_j and x_i = -x_j of Q^n: 2^(n-1) n! chambers for n > 1.

    >>> type_d(3).count()
    24
    """
    _at_least(n, 1)
    pairs = list(combinations(range(n), 2))
    return Arrangement([_unit(n, {i: 1, j: s}) for s in (-1, 1) for i, j in pairs], dimension=n)


def type_b(n: int) -> Arrangement:
    """The hyperplanes x_i = 0, x_i = x_j and x_i = -x_j of Q^n: 2^n n! chambers.

    >>> type_b(3).count()
    48
    """
    return Arrangement([*boolean(n).normals, *type_d(n).normals])


def resonance(n: int) -> Arrangement:
    """The hyperplanes sum of x_i over S = 0, for all non-empty S (the all-subsets arrangement of Q^n).

    Chambers for n = 1, 2, ..: 2, 6, 32, 370, 11292, 1066044.

    >>> resonance(4).count()
    370
    """
    _at_least(n, 1)
    return Arrangement([row for row in product((0, 1), repeat=n) if any(row)])


def threshold(n: int) -> Arrangement:
    """The hyperplanes w_0 + <w, x> = 0 of Q^(n+1), for all x in {-1, 1}^n.

    The chambers are the threshold functions of n variables: 4, 14, 104, 1882, 94572, .. (OEIS A000609).

    >>> threshold(3).count()
    104
    """
    _at_least(n, 0)
    return data(product((1, -1), repeat=n)) if n else Arrangement([[1]])


def data(points: Iterable[Iterable[object]], bias: bool = True) -> Arrangement:
    """The hyperplanes <w, x_i> + b = 0 in the weights of one neuron, for data points x_i; no b if not ``bias``.

    The chambers are the ways in which a hyperplane can separate the points.

    >>> data([[0, 0], [1, 0], [0, 1], [1, 1]]).count()
    14
    """
    rows = matrix(points, "points")
    return Arrangement([(*row, 1) if bias else row for row in rows])


def generic(hyperplanes: int, dimension: int) -> Arrangement:
    """Hyperplanes in general position: the normals (1, t, .., t^(d-1)), t = 1, 2, .., on the moment curve.

    There are 2 * sum over i < d of binomial(m - 1, i) chambers (Schläfli; Cover 1965, theorem 1).

    >>> generic(5, 3).count()
    22
    """
    _at_least(dimension, 1)
    return Arrangement(
        [[t**power for power in range(dimension)] for t in range(1, hyperplanes + 1)], dimension=dimension
    )


def catalan(n: int) -> Arrangement:
    """The affine hyperplanes x_i - x_j = -1, 0, 1 of Q^n: n! times a Catalan number of chambers.

    >>> catalan(3).count()
    30
    """
    return _deformation(n, (-1, 0, 1))


def shi(n: int) -> Arrangement:
    """The affine hyperplanes x_i - x_j = 0, 1 (i < j) of Q^n: (n + 1)^(n - 1) chambers (Shi 1986).

    >>> shi(3).count()
    16
    """
    return _deformation(n, (0, 1))


def linial(n: int) -> Arrangement:
    """The affine hyperplanes x_i - x_j = 1 (i < j) of Q^n: 1, 2, 7, 36, 246, .. chambers (OEIS A007889).

    >>> linial(4).count()
    36
    """
    return _deformation(n, (1,))


def _deformation(n: int, offsets: tuple[int, ...]) -> Arrangement:
    _at_least(n, 1)
    pairs = list(combinations(range(n), 2))
    return Arrangement(
        [_unit(n, {i: 1, j: -1}) for i, j in pairs for _ in offsets],
        [offset for _ in pairs for offset in offsets],
        dimension=n,
    )


def _unit(n: int, entries: dict[int, int]) -> list[int]:
    return [entries.get(i, 0) for i in range(n)]


def _at_least(n: int, least: int) -> None:
    if isinstance(n, bool) or not isinstance(n, int) or n < least:
        raise MalformedInput("n", repr(n), f"an integer, {least} or larger")
