"""The graph of the cells (or of the chambers, or of the pieces of an atlas), coloured by the best loss in each."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Any

import networkx
from gmpy2 import mpq

from exactrelu.arrangement import Arrangement
from exactrelu.cell_infimum import CellInfima
from exactrelu.cells import first_layer_arrangement
from exactrelu.errors import Unsupported
from exactrelu.lifted import why_not_lifted
from exactrelu.pictures import style
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.pictures.stress import layout
from exactrelu.pictures.weight_slice import short
from exactrelu.rational import Rational
from exactrelu.sheets import why_not_complete

if TYPE_CHECKING:
    from exactrelu.landscape import Problem
    from exactrelu.pictures.picture import Subject

LIMIT = 300
"""More nodes are not drawn."""
EXPLORED = 60
NUMBERED, KEYED = 64, 26


@dataclass(frozen=True)
class Drawing:
    """A graph with nodes 0, 1, ..: texts, best losses (None: not known), which are ringed, words."""

    graph: networkx.Graph
    texts: tuple[str, ...]
    best: tuple[Rational | None, ...]
    ringed: frozenset[int]
    ring: str
    value: str
    caption: str


def why_not(subject: Subject) -> str:
    """The graph of cells or chambers is always there; large ones are refused when they are drawn."""
    return ""


def why_no_pieces(subject: Subject) -> str:
    """Why there is no graph of the pieces; empty when there is."""
    if isinstance(subject, Arrangement):
        return "an arrangement has no loss; a problem file has"
    if subject.loss.is_regularised:
        return "the loss has weight decay or a penalty"
    return why_not_lifted(subject)


def draw(subject: Subject, wishes: Wishes) -> Picture:
    """The tope graph of an arrangement, or the cell graph of a problem."""
    if isinstance(subject, Arrangement):
        return drawn(_topes(subject, wishes), wishes)
    return drawn(_cells(subject, wishes), wishes)


def draw_pieces(subject: Subject, wishes: Wishes) -> Picture:
    """The graph of the pieces of the atlas."""
    problem: Problem = subject  # type: ignore[assignment]
    neurons = problem.network.widths[1]
    count = comb(2 * first_layer_arrangement(problem).count(wishes.tick) + neurons - 1, neurons)
    _demand_small(count, "pieces", wishes, "exactrelu atlas FILE --graph OUT.graphml")
    found = problem.atlas(tick=wishes.tick)
    if not found.complete:
        raise Unsupported(f"the atlas is not complete: {found.reason}")
    graph = found.graph()
    names = list(graph)
    number = {name: k for k, name in enumerate(names)}
    plain = networkx.relabel_nodes(graph, number)
    best = tuple(mpq(graph.nodes[name]["best"]) for name in names)
    ringed = frozenset(number[name] for name in names if graph.nodes[name]["minimum"])
    caption = (
        f"{problem.name or 'problem'}. The {len(names)} pieces of the landscape (for each neuron the sign of its "
        "output weight, and in brackets its signs at the data points), modulo permutations of the neurons; an edge: "
        f"one wall or one sign apart. Colour: the least loss on the piece, exact. Ringed: pieces with local minima "
        f"({len(ringed)} of them). Global minimum {short(found.minimum)}."
    )
    return drawn(
        Drawing(plain, tuple(names), best, ringed, "piece with local minima", "least loss on the piece", caption),
        wishes,
    )


def _topes(arrangement: Arrangement, wishes: Wishes) -> Drawing:
    count = arrangement.count(wishes.tick)
    _demand_small(count, "chambers", wishes, "exactrelu arrangement FILE --json")
    graph = arrangement.tope_graph(tick=wishes.tick)
    texts = tuple(graph.nodes[k]["signs"] for k in range(count))
    hyperplanes = f"{len(arrangement)} hyperplane{'' if len(arrangement) == 1 else 's'} in dimension"
    caption = (
        f"The tope graph of {hyperplanes} {arrangement.dimension}: {count} chambers, an edge for each wall between two "
        f"({graph.number_of_edges()} of them). The list is complete."
    )
    return Drawing(graph, texts, (None,) * count, frozenset(), "", "", caption)


def _cells(problem: Problem, wishes: Wishes) -> Drawing:
    complete = not why_not_complete(problem)
    limit = wishes.limit or EXPLORED
    hint = "exactrelu cells FILE --graph OUT.graphml, or --kind pieces where it applies"
    layer = problem.network.layers[0]
    if complete and layer.kind == "dense":  # every choice of chambers for the neurons is in some cell
        least = first_layer_arrangement(problem).count(wishes.tick) ** layer.outputs
        _demand_small(least, "cells", wishes, hint)
    cells = problem.cells(at=None if complete else wishes.at, limit=limit, tick=wishes.tick)
    _demand_small(cells.number, "cells", wishes, hint)
    graph = cells.graph(wishes.tick)
    texts = tuple(cell.signature for cell in cells)
    best: tuple[Rational | None, ...]
    reason = ""
    try:
        infima = CellInfima(problem, wishes.tick)
        best = tuple(infima.on(cell.columns) for cell in cells)
    except Unsupported as error:
        best, reason = (None,) * len(texts), str(error).rpartition(": ")[2]
    ringed = frozenset(k for k in graph if best[k] is not None and all(best[k] <= best[other] for other in graph[k]))
    known = "all of them" if cells.complete else "not known to be all: explored from a point"
    sentences = [
        f"{problem.name or 'problem'}. The graph of the cells of parameter space: {len(texts)}, {known};",
        "an edge is a common wall.",
    ]
    if reason:
        sentences.append(f"The best loss in a cell is not known: {reason}.")
    else:
        least = min(value for value in best if value is not None)
        sentences.append(
            f"Colour: the infimum of the loss on the cell, exact; the least is {short(least)}. "
            f"Ringed: no neighbour is better ({len(ringed)} of them)."
        )
    return Drawing(
        graph,
        texts,
        best,
        ringed,
        "no neighbouring cell is better",
        "infimum of the loss in the cell",
        " ".join(sentences),
    )


def _demand_small(count: int, what: str, wishes: Wishes, hint: str) -> None:
    limit = wishes.limit or LIMIT
    if count > limit:
        raise Unsupported(
            f"at least {count} {what} are too many for a legible graph (the limit is {limit}); use {hint}"
        )


# ---------------------------------------------------------------------- the figure


def drawn(drawing: Drawing, wishes: Wishes) -> Picture:
    """The figure of a graph."""
    wishes.tick()
    places = layout(drawing.graph)
    with style.styled():
        figure = style.new_figure(*(wishes.size or (style.WIDTH, style.HEIGHT)))
        axes = figure.add_subplot()
        axes.set_axis_off()
        axes.set_aspect("equal")
        _paint(figure, axes, drawing, places)
        handles = _handles(drawing)
        style.legend_below(axes, handles, down=0.1)
        _key(axes, drawing)
        style.settled(figure)
    nodes = [
        {"signature": text, "best": None if value is None else str(value), "ringed": k in drawing.ringed}
        for k, (text, value) in enumerate(zip(drawing.texts, drawing.best, strict=True))
    ]
    edges = sorted([min(a, b), max(a, b)] for a, b in drawing.graph.edges)
    return Picture(figure, drawing.caption, {"nodes": nodes, "edges": edges})


def _paint(figure: Any, axes: Any, drawing: Drawing, places: dict[Any, tuple[float, float]]) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.colors import Normalize

    count = len(drawing.texts)
    size = 190 if count <= 30 else 110 if count <= NUMBERED else max(14, 4200 / count)
    segments = [[places[a], places[b]] for a, b in sorted(drawing.graph.edges)]
    axes.add_collection(LineCollection(segments, colors=style.GREY, linewidths=0.7 if count <= 100 else 0.4, zorder=1))
    xs, ys = ([places[k][axis] for k in range(count)] for axis in (0, 1))
    known = [float(value) for value in drawing.best if value is not None]
    if known:
        low, high = min(known), max(known)
        norm = Normalize(low, high if high > low else low + 1)
        values = [low if value is None else float(value) for value in drawing.best]
        dots = axes.scatter(
            xs, ys, s=size, c=values, cmap=style.VALUES, norm=norm, edgecolors=style.BLACK, linewidths=0.6, zorder=3
        )
        bar = figure.colorbar(dots, ax=axes, label=drawing.value, aspect=30, shrink=0.8)
        bar.outline.set_linewidth(0.5)
    else:
        norm = None
        axes.scatter(xs, ys, s=size, c=style.PALE[1], edgecolors=style.BLACK, linewidths=0.6, zorder=3)
    ringed = sorted(drawing.ringed)
    axes.scatter(
        [xs[k] for k in ringed], [ys[k] for k in ringed], s=size * 1.9 + 12, facecolors="none",
        edgecolors=style.VERMILION, linewidths=1.8, zorder=2,
    )  # fmt: skip
    if count <= NUMBERED:
        for k in range(count):
            value = drawing.best[k]
            dark = norm is not None and value is not None and float(norm(float(value))) < 0.55
            colour = style.WHITE if dark else style.BLACK
            axes.text(
                xs[k], ys[k], str(k + 1), ha="center", va="center_baseline", fontsize=7 if count <= 30 else 5.5,
                color=colour, zorder=4,
            )  # fmt: skip
    for points, limit in ((xs, axes.set_xlim), (ys, axes.set_ylim)):
        middle, half = (min(points) + max(points)) / 2, (max(points) - min(points)) / 2
        limit(middle - 1.08 * half - 0.35, middle + 1.08 * half + 0.35)


def _handles(drawing: Drawing) -> list[Any]:
    from matplotlib.lines import Line2D

    if not drawing.ringed:
        return []
    look: dict[str, Any] = {"marker": "o", "ls": "", "mfc": "none", "mec": style.VERMILION, "mew": 1.8, "ms": 10}
    return [Line2D([], [], label=drawing.ring, **look)]


def _key(axes: Any, drawing: Drawing) -> None:
    """What the numbers stand for, beside the picture, if it is short."""
    if len(drawing.texts) > KEYED or max(map(len, drawing.texts), default=0) > 48:
        return
    lines = []
    for k, (text, value) in enumerate(zip(drawing.texts, drawing.best, strict=True), 1):
        lines.append(f"{k:2}  {text}" + ("" if value is None else f"  {short(value)}"))
    width = max(map(len, lines), default=0)
    axes.text(
        -0.04, 1.0, "\n".join(line.ljust(width) for line in lines), transform=axes.transAxes, fontsize=6.5, va="top",
        ha="right", family="DejaVu Sans Mono", linespacing=1.3,
    )  # fmt: skip
