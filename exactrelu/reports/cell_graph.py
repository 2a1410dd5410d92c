"""The cells of a story for a page: coordinates, colours, walls, and what is shown when a cell is looked at.

Everything that is shown is exact. Strings of HTML that many cells share are kept once, in ``pieces``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from exactrelu.rational import Rational
from exactrelu.reports import mathml
from exactrelu.reports.layout import layout
from exactrelu.reports.story import CellStory, Story
from exactrelu.signature import places, read, unit_name

DRAWN = 300  # more cells are listed, not drawn
TERMS = 60  # a block with more terms is not printed on the page
STEP, RADIUS, MARGIN, LARGER = 58, 14, 26, 1.4  # an edge, a node, around all; how much larger it is shown
CIVIDIS = (
    (0, 34, 78), (8, 51, 112), (53, 69, 108), (79, 87, 108), (102, 105, 112), (125, 124, 120), (148, 142, 119),
    (174, 163, 113), (200, 184, 102), (229, 207, 82), (254, 232, 56),
)  # fmt: skip
"""Eleven colours of the map cividis, from dark to bright."""


@dataclass
class Pieces:
    """Strings by number, each kept once."""

    strings: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def __call__(self, text: str) -> int:
        if text not in self.numbers:
            self.numbers[text] = len(self.strings)
            self.strings.append(text)
        return self.numbers[text]


def colour(value: Rational | None, values: Sequence[Rational]) -> tuple[str, str]:
    """The colour of a value by its place among all values, and the colour of text on it; grey where it is not known."""
    if value is None:
        return "#d9d9d9", "#000"
    share = values.index(value) / max(len(values) - 1, 1) * (len(CIVIDIS) - 1)
    low = min(int(share), len(CIVIDIS) - 2)
    part = share - low
    red, green, blue = (round(a + part * (b - a)) for a, b in zip(CIVIDIS[low], CIVIDIS[low + 1], strict=True))
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    return f"#{red:02x}{green:02x}{blue:02x}", "#000" if light > 118 else "#fff"


def graph_of(story: Story) -> dict[str, Any] | None:
    """The nodes and walls of the cells that are listed, with coordinates; None when there are too many, or no walls."""
    cells = story.cells
    if cells is None or cells.edges is None or not 1 < len(cells.listed) <= DRAWN:
        return None
    import networkx

    listed = len(cells.listed)
    walls = [(i, j, units) for i, j, units in cells.edges if i < listed and j < listed]
    graph = networkx.Graph()
    graph.add_nodes_from(range(listed))
    graph.add_edges_from((i, j) for i, j, _ in walls)
    where = {node: (round(MARGIN + STEP * x, 1), round(MARGIN + STEP * y, 1)) for node, (x, y) in layout(graph).items()}
    values = known_values(cells.listed)
    names = units(story)
    points = _points(story)
    nodes = []
    for cell in cells.listed:
        fill, ink = colour(cell.infimum, values)
        x, y = where[cell.number]
        inside = [name for name, is_inside in points.get(cell.signature, []) if is_inside]
        node = {"cell": cell, "x": x, "y": y, "fill": fill, "ink": ink, "label": label(cell, inside), "points": inside}
        nodes.append(node)
    edges = [
        {"i": i, "j": j, "from": where[i], "to": where[j], "units": " and ".join(names[u] for u in between)}
        for i, j, between in walls
    ]
    width, height = (max(p[axis] for p in where.values()) + MARGIN for axis in (0, 1))
    size = {"width": round(width, 1), "height": round(height, 1), "shown": round(LARGER * width), "radius": RADIUS}
    return {"nodes": nodes, "edges": edges, "has_points": any(node["points"] for node in nodes), **size}


def known_values(listed: Sequence[CellStory]) -> list[Rational]:
    """The different infima of the loss on the cells, in increasing order."""
    return sorted({cell.infimum for cell in listed if cell.infimum is not None})


def legend(listed: Sequence[CellStory]) -> list[dict[str, str]]:
    """The colours of at most seven values of the infimum, the least and the greatest among them."""
    values = known_values(listed)
    chosen = [values[k * (len(values) - 1) // 6] for k in range(7)] if len(values) > 7 else values
    result = [{"fill": colour(v, values)[0], "text": mathml.number(v)} for v in chosen]
    if any(cell.infimum is None for cell in listed):
        result.append({"fill": colour(None, values)[0], "text": "not known"})
    return result


def label(cell: CellStory, inside: Sequence[str]) -> str:
    """What a screen reader says of a cell; ``inside`` are the named points in it."""
    value = "" if cell.infimum is None else f", infimum of the loss {cell.infimum}"
    points = f", with the points {', '.join(inside)}" if inside else ""
    return f"Cell {cell.number + 1}: {cell.signature}, {'flat' if cell.is_flat else 'not flat'}{value}{points}"


def units(story: Story) -> list[str]:
    """The names of all units, by their position in the signature."""
    problem = story.problem
    columns = read(problem, story.cells.listed[0].signature) if story.cells and story.cells.listed else ()
    return [unit_name(problem, i, g, u) for i, g, u, _ in places(columns)]


def details(story: Story) -> dict[str, Any]:
    """What a page shows of each cell, as plain data: strings by number in ``pieces``, cells by number in ``cells``."""
    cells, pieces = story.cells, Pieces()
    if cells is None or not cells.listed:
        return {"pieces": [], "units": [], "cells": []}
    around: dict[int, list[Any]] = {cell.number: [] for cell in cells.listed}
    for i, j, between in cells.edges or ():
        for here, there in ((i, j), (j, i)):
            if here in around:
                around[here].append([there, list(between)])
    points = _points(story)
    return {
        "units": units(story),
        "cells": [
            {
                "s": cell.signature,
                "flat": cell.is_flat,
                "least": None if cell.infimum is None else pieces(mathml.number(cell.infimum)),
                "inertia": list(vars(cell.inertia).values()),
                "blocks": [[pieces(chunk) for chunk in chunks] for chunks in block_chunks(cell)],
                "witness": [pieces(text) for text in mathml.arrays(story.problem.network, cell.witness)],
                "walls": sorted(around[cell.number]),
                "points": points.get(cell.signature, []),
            }
            for cell in cells.listed
        ],
        "pieces": pieces.strings,
    }


def block_chunks(cell: CellStory) -> list[list[str]]:
    """The blocks of the loss on a cell, each as chunks of an equation; those that are 0 come last, in one."""
    result, zero = [], []
    for name, block in cell.form.blocks.items():
        symbol = mathml.symbol(name)
        if block.is_zero:
            zero.append(symbol)
        elif len(block.terms) > TERMS:
            text = f'<span class="aside">a sum of {len(block.terms)} terms, not printed here</span>'
            result.append(mathml.equation([symbol], [text]))
        else:
            result.append(mathml.equation([symbol], mathml.polynomial(block)))
    if zero:
        result.append(mathml.equation(zero, [mathml.math("<mn>0</mn>")]))
    return result


def _points(story: Story) -> dict[str, list[list[Any]]]:
    """By signature the named points in a cell, and on its boundary: pairs (name, whether inside)."""
    result: dict[str, list[list[Any]]] = {}
    for point in story.points:
        if point.form is not None:
            result.setdefault(point.form.signature, []).append([point.name, True])
        else:
            for cell in point.incident or ():
                result.setdefault(cell.signature, []).append([point.name, False])
    return result
