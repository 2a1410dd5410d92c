"""Laurent and von Brecht, ICML 2018, figure 5: a sub-optimal minimum with several classes, where Theorem 6 fails.

The paper draws four classes and prints no numbers; the data are those of the shipped problem
``laurent-brecht-three-classes``, where three classes are enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from gmpy2 import mpq

from exactrelu.landscape import Problem
from exactrelu.pictures import style
from exactrelu.pictures.figures.inputs import (
    SHAPES,
    Line,
    data_key,
    draw_area,
    draw_datum,
    draw_neurons,
    floats,
    losses,
    neuron_lines,
    start_panel,
)
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.pictures.polygon import Polygon, area, clipped, segment
from exactrelu.problem import Instance
from exactrelu.rational import Vector, texts

PANELS = ("global", "active-unsolved")
WINDOW = (-5, 4, -4, 5)
COLORS = (style.PALE[0], style.PALE[4], style.PALE[6])
HATCHED = ("", "....", "////")
ZERO = mpq(0)


class Patch(NamedTuple):
    """A convex piece of the plane on which one class has the largest score, and the borders to the other classes."""

    winner: int
    polygon: Polygon
    borders: tuple[Polygon, ...]


def score_forms(instance: Instance, parameters: Vector, lines: tuple[Line, ...], active: list[bool]) -> list[Line]:
    """The scores of the classes as affine forms, where these neurons are active."""
    weights, biases = _output_layer(instance, parameters)
    forms = []
    for row, bias in zip(weights, biases, strict=True):
        used = [(v, line) for v, line, on in zip(row, lines, active, strict=True) if on]
        a, b, c = (sum((v * line[j] for v, line in used), ZERO) for j in range(3))
        forms.append((a, b, c + bias))
    return forms


def _output_layer(instance: Instance, parameters: Vector) -> tuple[list[Vector], Vector]:
    layer, start, stop = tuple(instance.network.spans())[-1]
    inputs = layer.inputs
    rows = [parameters[start + r * inputs : start + (r + 1) * inputs] for r in range(layer.outputs)]
    return rows, parameters[start + layer.size : stop]


def patches(instance: Instance, parameters: Vector, window: Polygon) -> Iterator[Patch]:
    """The plane cut along the neurons, then along the equalities of scores: exact polygons."""
    lines = neuron_lines(instance, parameters)
    pieces = [window]
    for a, b, c in lines:
        halves = (clipped(piece, s * a, s * b, s * c) for piece in pieces for s in (1, -1))
        pieces = [half for half in halves if len(half) > 2] if a or b else pieces
    for piece in pieces:
        x, y = (sum(corner[j] for corner in piece) / len(piece) for j in (0, 1))
        forms = score_forms(instance, parameters, lines, [a * x + b * y + c > 0 for a, b, c in lines])
        for r, form in enumerate(forms):
            leads = [tuple(p - q for p, q in zip(form, other, strict=True)) for k, other in enumerate(forms) if k != r]
            region = piece
            for a, b, c in leads:
                region = clipped(region, a, b, c) if len(region) > 2 else ()
            if len(region) > 2:
                yield Patch(r, region, tuple(side for a, b, c in leads if len(side := segment(region, a, b, c)) == 2))


def draw(wishes: Wishes) -> Picture:
    """Two panels in the plane of the inputs: which class has the largest score, and the data points."""
    problem = Problem.example("laurent-brecht-three-classes")
    found = []
    with style.styled():
        figure = style.new_figure(*(wishes.size or (7.4, 4.1)))
        for k, (name, axes) in enumerate(zip(PANELS, figure.subplots(1, 2, sharey=True), strict=True)):
            point = problem.at(name, wishes.tick)
            kind = "global minimum" if point.loss == 0 else "local minimum, not global"
            window = start_panel(axes, WINDOW, f"({'ab'[k]}) {kind}: $L = {point.loss}$")
            if k:
                axes.set_ylabel("")
            regions = list(patches(problem, point.parameters, window))
            _draw_regions(axes, regions)
            draw_neurons(axes, window, neuron_lines(problem, point.parameters))
            data = list(losses(problem, point.parameters))
            for at, label, _, loss in data:
                draw_datum(axes, at, SHAPES[label], loss == 0, f"loss {loss}" if loss else "")
            found.append(
                {
                    "point": name,
                    "loss": str(point.loss),
                    "local_minimum": point.local_minimum().answer,
                    "losses": [str(loss) for *_, loss in data],
                    "regions": [{"class": patch.winner, "polygon": texts(patch.polygon)} for patch in regions],
                }
            )
        data_key(figure.axes[0], [(SHAPES[r], f"class {r}") for r in range(3)], ncols=4, share=0.13)
    caption = (
        "After Laurent and von Brecht, ICML 2018, figure 5, which has four classes and prints no numbers: the shipped "
        "problem laurent-brecht-three-classes, multiclass hinge, N = 6, equal weights. Areas: the class with the "
        f"largest score, cut exactly. (a) L = {found[0]['loss']}. (b) L = {found[1]['loss']} is a local minimum: data "
        "points 3 and 4 are unsolved, yet they activate neuron 1, which is used, so that Theorem 6 does not extend. "
        "Each has the loss 8/3, and their pulls cancel. Neuron 2 is dead there and has no line. "
        "Arrows: active sides."
    )
    return Picture(figure, caption, {"problem": problem.name, "panels": found})


def _draw_regions(axes: Any, regions: list[Patch]) -> None:
    for patch in regions:
        draw_area(axes, patch.polygon, COLORS[patch.winner], HATCHED[patch.winner])
    largest: dict[int, Patch] = {}
    for patch in regions:
        for border in patch.borders:
            axes.plot(*zip(*floats(border), strict=True), color=style.BLACK, linewidth=0.9, zorder=1)
        held = largest.get(patch.winner)
        largest[patch.winner] = patch if held is None or area(patch.polygon) > area(held.polygon) else held
    for r, patch in sorted(largest.items()):
        x, y = (float(sum(corner[j] for corner in patch.polygon) / len(patch.polygon)) for j in (0, 1))
        box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
        axes.text(x, y, f"class {r}", ha="center", va="center", fontsize=8, style="italic", bbox=box, zorder=4)
