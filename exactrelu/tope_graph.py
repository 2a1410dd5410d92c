"""The tope graph: a node for each chamber, an edge for each wall between two. Built only on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exactrelu.chambers import Chambers

if TYPE_CHECKING:
    import networkx


def tope_graph(chambers: Chambers) -> networkx.Graph:
    """The adjacency graph; nodes have the attribute `signs`, edges `walls`, the hyperplanes crossed.

    All members of the class of equal hyperplanes are crossed together. Source: Björner et al., *Oriented
    Matroids*, 4.2.

    >>> from exactrelu.hyperplanes import Hyperplanes
    >>> graph = tope_graph(Chambers.of(Hyperplanes.read([[1, 0], [0, 1], [2, 0]])))
    >>> graph.edges[0, 2]["walls"], graph.nodes[0]["signs"]
    ((0, 2), '+++')
    """
    import networkx

    graph = networkx.Graph()
    letters = bytes.maketrans(bytes((0, 1, 255)), b"0+-")
    for index, row in enumerate(chambers.sign_matrix()):
        graph.add_node(index, signs=row.tobytes().translate(letters).decode("ascii"))
    classes = chambers.hyperplanes.classes
    i, j, wall = chambers.walls()
    graph.add_edges_from(
        (start, end, {"walls": classes[number]})
        for start, end, number in zip(i.tolist(), j.tolist(), wall.tolist(), strict=True)
    )
    return graph
