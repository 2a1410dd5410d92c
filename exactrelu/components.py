"""Which sets of local minima hang together: connected components in parameter space, modulo permuting the neurons.

Two closed optimal polyhedra of equal loss are joined where they share a local minimum. Around it one gets from one
piece to the other through pieces that contain it and differ at one wall of one neuron, so only such pairs are looked
at. A neuron with v = 0 whose w is in a harmless chamber joins: those with w in an adjacent harmless chamber; those with
the others elsewhere; where the activation is 0 in the chamber, those with v > 0 and v < 0; and if all chambers are
harmless, also w = 0, and then v > 0 and v < 0 with w = 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from exactrelu.pieces import Piece, Pieces
from exactrelu.thin_neurons import is_harmless

if TYPE_CHECKING:
    import networkx

Cells = tuple[int, ...]
Node = tuple[Piece, Cells]


def components(
    pieces: Pieces, inside: Mapping[Piece, Piece | None], thin: Mapping[tuple[Piece, Cells], Any], neurons: int
) -> dict[Node, int]:
    """The number of the component of each set: of a piece, and the chambers of the neurons with v = 0.

    ``inside`` knows of each piece whether its optima lie in another one; ``thin`` the sets with v = 0: those with the
    value None are all harmless. Others are in no component: they fill only part of their chambers.
    """
    import networkx

    graph = networkx.Graph()
    nodes = [
        *((p, ()) for p in inside if len(p) == neurons and _is_set(pieces, inside, p)),
        *(n for n, good in thin.items() if not good),
    ]
    graph.add_nodes_from(nodes)
    for node in nodes:
        graph.add_edges_from((node, other) for other in _joined(pieces, inside, graph, node))
    return {node: number for number, part in enumerate(networkx.connected_components(graph)) for node in part}


def _is_set(pieces: Pieces, inside: Mapping[Piece, Piece | None], piece: Piece) -> bool:
    other = inside[piece]
    return other is None or pieces.value(other) == pieces.value(piece)


def _joined(pieces: Pieces, inside: Mapping[Piece, Piece | None], graph: networkx.Graph, node: Node) -> Iterator[Node]:
    piece, cells = node
    host = inside[piece]
    if host is not None:
        yield tuple(sorted(host)), cells
    for k, q in enumerate(piece):
        for chamber in pieces.walls[q // 2]:
            other = tuple(sorted((*piece[:k], 2 * chamber + q % 2, *piece[k + 1 :])))
            if ((other, cells) in graph and other > piece) and _share(pieces, piece, k, 2 * chamber + q % 2, cells):
                yield other, cells
    for k, chamber in enumerate(cells):
        rest = (*cells[:k], *cells[k + 1 :])
        for wall in pieces.walls[chamber]:
            yield from (n for n in [(piece, tuple(sorted((*rest, wall))))] if n in graph)
        lively = any(pieces.slopes[s] for s in pieces.lifted.chambers[chamber])
        chambers = range(len(pieces.lifted.chambers))
        everywhere = all((piece, tuple(sorted((*rest, c)))) in graph for c in chambers)
        for q in pieces.signed if everywhere else () if lively else (2 * chamber, 2 * chamber + 1):
            yield from (n for n in [(tuple(sorted((*piece, q))), rest)] if n in graph)


def _share(pieces: Pieces, piece: Piece, k: int, q: int, cells: Cells) -> bool:
    """Whether a piece and the one with the signed chamber q for neuron k share a local minimum."""
    if pieces.value(piece) != pieces.value((*piece[:k], q, *piece[k + 1 :])):
        return False
    own = [set(pieces.columns(p)) for p in piece]
    own[k] &= set(pieces.columns(q))
    shared = pieces.shared(piece, own)
    if shared is None or pieces.lower(piece, shared.faces) is not None:
        return False
    return is_harmless(pieces, piece, shared.faces, cells)
