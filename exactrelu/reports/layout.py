"""Where the cells of a page's graph are drawn: as in pictures (`exactrelu.pictures.stress`), but with room for numbers.

Nodes that would overlap are pushed apart. Coordinates are rounded, so that the same graph has the same page.
"""

from __future__ import annotations

from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING

from exactrelu.pictures import stress

if TYPE_CHECKING:
    import networkx

APART = 0.62  # nodes closer than this (an edge is about 1 long) are pushed apart
ROUNDS = 60
DECIMALS = 3

Places = dict[int, tuple[float, float]]


def layout(graph: networkx.Graph) -> Places:
    """Coordinates of the nodes, rounded to `DECIMALS`: one edge is about 1 long, the least x and y are 0.

    >>> import networkx
    >>> layout(networkx.path_graph(2))
    {0: (0.0, 0.0), 1: (1.0, 0.0)}
    """
    places = {node: [round(x, DECIMALS), round(y, DECIMALS)] for node, (x, y) in sorted(stress.layout(graph).items())}
    for _ in range(ROUNDS):
        close = [(a, b) for a, b in combinations(places.values(), 2) if _gap(a, b) < APART]
        if not close:
            break
        for a, b in close:
            _push(a, b)
    left, low = (min(place[axis] for place in places.values()) for axis in (0, 1))
    return {node: (round(x - left, DECIMALS), round(y - low, DECIMALS)) for node, (x, y) in places.items()}


def _gap(a: list[float], b: list[float]) -> float:
    return sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2)


def _push(a: list[float], b: list[float]) -> None:
    """Move two places along their line until they are a little more than `APART` from each other."""
    gap = _gap(a, b)
    dx, dy, gap = (a[0] - b[0], a[1] - b[1], gap) if gap > 0.001 else (0.001, 0.001, 0.0014)
    move = max(1.02 * APART - gap, 0) / (2 * gap)
    a[0], a[1], b[0], b[1] = a[0] + move * dx, a[1] + move * dy, b[0] - move * dx, b[1] - move * dy
