"""Where the nodes of a cell graph are drawn: distances in the plane that are close to those in the graph.

The stress sum (|p_i - p_j| - d_ij)^2 / d_ij^2 is lowered pair by pair (Zheng, Pawar, Goodman, "Graph drawing by
stochastic gradient descent", 2018). Only + - * / and square roots of floats are used, which IEEE 754 rounds alike on
every machine, in an order that a fixed seed gives: the same graph has the same picture everywhere.
"""

from __future__ import annotations

from math import sqrt
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx

STEPS, COOLING, SEED = 60, 0.87, 20180714
APART = 0.62  # nodes closer than this (an edge is about 1 long) are pushed apart
DECIMALS = 3

Places = dict[int, tuple[float, float]]


def layout(graph: networkx.Graph) -> Places:
    """Coordinates of the nodes, rounded to `DECIMALS`: one edge is about 1 long, the least x and y are 0.

    >>> import networkx
    >>> layout(networkx.path_graph(2))
    {0: (1.0, 0.0), 1: (0.0, 0.0)}
    """
    import networkx

    places: dict[int, list[float]] = {}
    right = 0.0
    for component in sorted(networkx.connected_components(graph), key=lambda c: (-len(c), min(c))):
        here = _upright(_component(graph.subgraph(component)))
        left, low = (min(p[axis] for p in here.values()) for axis in (0, 1))
        places |= {node: [x - left + right, y - low] for node, (x, y) in here.items()}
        right = max(p[0] for p in places.values()) + 1.5
    return {node: (round(places[node][0], DECIMALS), round(places[node][1], DECIMALS)) for node in sorted(places)}


def _component(graph: networkx.Graph) -> dict[int, list[float]]:
    import networkx

    nodes = sorted(graph)
    random = Random(SEED)
    spread = sqrt(len(nodes))
    places = {node: [spread * random.random(), spread * random.random()] for node in nodes}
    pairs = [
        (i, j, float(d)) for i, row in networkx.all_pairs_shortest_path_length(graph) for j, d in row.items() if i < j
    ]
    pairs.sort()
    rate = max((d for *_, d in pairs), default=1.0) ** 2
    for _ in range(STEPS):
        random.shuffle(pairs)
        for i, j, d in pairs:
            _pull(places[i], places[j], d, min(1.0, rate / (d * d)))
        rate *= COOLING
    close = [(i, j) for i, j, _ in sorted(pairs)]
    for _ in range(STEPS):
        for i, j in close:
            a, b = places[i], places[j]
            if (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) < APART * APART:
                _pull(a, b, APART, 1.0)
    return places


def _pull(a: list[float], b: list[float], wanted: float, share: float) -> None:
    """Move two places along their line so that their distance comes nearer to the one that is wanted."""
    dx, dy = a[0] - b[0], a[1] - b[1]
    length = sqrt(dx * dx + dy * dy)
    if length == 0:
        dx, dy, length = 0.001, 0.0, 0.001
    move = share * (length - wanted) / (2 * length)
    a[0] -= move * dx
    a[1] -= move * dy
    b[0] += move * dx
    b[1] += move * dy


def _upright(places: dict[int, list[float]]) -> dict[int, list[float]]:
    """The places turned so that they spread most along the x-axis."""
    n = len(places)
    cx, cy = (sum(p[axis] for p in places.values()) / n for axis in (0, 1))
    centred = {node: [x - cx, y - cy] for node, (x, y) in places.items()}
    xx, xy, yy = (sum(p[a] * p[b] for p in centred.values()) for a, b in ((0, 0), (0, 1), (1, 1)))
    root = sqrt((xx - yy) * (xx - yy) + 4 * xy * xy)
    c, s = (xx - yy + root) / 2, xy  # an axis of the larger eigenvalue (of the form root/2 + ...)
    size = sqrt(c * c + s * s)
    if size == 0:
        return centred
    c, s = c / size, s / size
    return {node: [x * c + y * s, y * c - x * s] for node, (x, y) in centred.items()}
