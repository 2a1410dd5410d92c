"""Where the nodes of a graph go: the layout whose distances are nearest to those in the graph.

Stress majorisation (Gansner, Koren, North 2004) from a fixed start, without chance.
"""

from __future__ import annotations

from math import cos, pi, sin
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import networkx

ROUNDS = 150


def layout(graph: networkx.Graph) -> dict[Any, tuple[float, float]]:
    """A place in the plane for each node, components side by side; the same for the same graph.

    >>> import networkx
    >>> places = layout(networkx.path_graph(3))
    >>> round(places[2][0] - places[0][0], 1)
    2.0
    """
    import networkx

    result: dict[Any, tuple[float, float]] = {}
    left = 0.0
    for part in networkx.connected_components(graph):
        nodes = [node for node in graph if node in part]
        places = _component(graph.subgraph(nodes), nodes)
        places -= places.min(axis=0)
        for node, (x, y) in zip(nodes, places, strict=True):
            result[node] = (round(left + float(x), 4), round(float(y), 4))
        left += float(places[:, 0].max()) + 1.0
    return result


def _component(graph: networkx.Graph, nodes: list[Any]) -> Any:
    import networkx

    count = len(nodes)
    if count == 1:
        return np.zeros((1, 2))
    lengths = dict(networkx.all_pairs_shortest_path_length(graph))
    distance = np.array([[lengths[a][b] for b in nodes] for a in nodes], dtype=float)
    weight = np.divide(1.0, distance**2, out=np.zeros_like(distance), where=distance > 0)
    laplacian = np.diag(weight.sum(axis=1)) - weight
    inverse = np.linalg.inv(laplacian + 1.0 / count)  # the constant vectors are out of the way
    places = _start(distance)
    for _ in range(ROUNDS):
        gaps = np.linalg.norm(places[:, None] - places[None, :], axis=2)
        ratio = np.divide(weight * distance, gaps, out=np.zeros_like(gaps), where=gaps > 1e-9)
        pull = np.diag(ratio.sum(axis=1)) - ratio
        places = inverse @ (pull @ places)
    return _turned(places)


def _start(distance: Any) -> Any:
    """Distances to a few nodes far from one another, spread over directions; a small spiral parts what coincides."""
    count = len(distance)
    pivots = [0]
    while len(pivots) < min(6, count):
        pivots.append(int(np.argmax(distance[pivots].min(axis=0))))
    places = np.zeros((count, 2))
    for k, pivot in enumerate(pivots):
        angle = pi * k / len(pivots)
        places += np.outer(distance[pivot], (cos(angle), sin(angle)))
    spiral = np.array([(cos(2.4 * k), sin(2.4 * k)) for k in range(count)])
    return places + 0.05 * np.sqrt(np.arange(count) + 1)[:, None] * spiral


def _turned(places: Any) -> Any:
    """Turned so that the picture is wider than high, the first node to the left and not above the middle."""
    places = places - places.mean(axis=0)
    a, b, c = (places[:, 0] ** 2).sum(), (places[:, 0] * places[:, 1]).sum(), (places[:, 1] ** 2).sum()
    angle = 0.5 * np.arctan2(2 * b, a - c) if abs(a - c) + abs(b) > 1e-6 * (a + c) else 0.0
    turn = np.array(((np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))))
    places = places @ turn
    return places * np.where(places[0] > 1e-9, -1.0, 1.0)
