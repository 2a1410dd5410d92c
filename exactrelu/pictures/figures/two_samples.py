"""Liu, figures 2 and A1: one neuron, two samples, the output weight fixed at 1; the landscape for both labels.

The shipped problems ``liu-two-samples`` (y_2 = 1) and ``liu-two-samples-opposite`` (y_2 = -1). On each quadrant of the
plane of w the loss is one quadratic polynomial, a sum of squares in w_1 and in w_2: its least set there is a product.
Since (w, z) and (c w, z / c) are the same network, what is a local minimum for z = 1 is one when z moves too.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction
from exactrelu.landscape import Problem
from exactrelu.pictures import style
from exactrelu.pictures.curves import RING
from exactrelu.pictures.figures.level_lines import level_lines
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.pictures.planes import Slice, Spot
from exactrelu.pictures.polygon import Polygon, box, segment
from exactrelu.polynomial import Polynomial, from_flint
from exactrelu.rational import Rational

NAMES = ("liu-two-samples", "liu-two-samples-opposite")
WINDOW = (mpq(-5, 2), mpq(5, 2))
CELLS = {"r_1": (-1, -1), "r_2": (-1, 1), "r_3": (1, -1), "r_4": (1, 1)}
COLORS = dict(zip(CELLS, (style.PALE[7], style.PALE[0], style.PALE[1], style.PALE[2]), strict=True))
HATCHED = dict(zip(CELLS, ("", "\\\\\\\\", "////", "...."), strict=True))
LEVELS = tuple(mpq(k, 8) for k in (1, 3, 5, 7, 10, 14, 20, 28))
MESH = 14


class Quadrant(NamedTuple):
    """A cell: its name, its part of the window, the loss on it, and where that is least on the closed cell."""

    name: str
    polygon: Polygon
    loss: Any
    least: tuple[tuple[Rational, Rational], tuple[Rational, Rational]]  # the ranges of w_1 and w_2
    value: Rational

    def at(self, s: Rational, t: Rational) -> Rational:
        """The loss at a point of the closed cell."""
        return sum((from_flint(c) * s ** int(i) * t ** int(j) for (i, j), c in self.loss.to_dict().items()), mpq(0))


def quadrants(problem: Problem) -> tuple[Quadrant, ...]:
    """The four cells of the plane z = 1, and the least sets of the loss on them within the window."""
    plane = Slice.of_axes(problem, problem.points["r1"], ("W1_1_1", "W1_1_2"), "r1")
    found = []
    for name, signs in CELLS.items():
        loss = plane.loss(tuple(((s,),) for s in signs))
        ranges = tuple((min(mpq(0), s * WINDOW[1]), max(mpq(0), s * WINDOW[1])) for s in signs)
        first, second = (_least_on(loss, j, ends) for j, ends in enumerate(ranges))
        cell = Quadrant(name, box(*ranges[0], *ranges[1]), loss, (first, second), mpq(0))
        found.append(cell._replace(value=cell.at(first[0], second[0])))
    return tuple(found)


def _least_on(loss: Any, variable: int, ends: tuple[Rational, Rational]) -> tuple[Rational, Rational]:
    """Where a sum of convex quadratics in one variable each is least on an interval: a point, or all of it."""
    terms = {tuple(int(k) for k in powers): from_flint(c) for powers, c in loss.to_dict().items()}
    if (1, 1) in terms:
        raise InternalContradiction("on a quadrant the two weights meet different samples only")
    square = terms.get((2, 0) if variable == 0 else (0, 2), mpq(0))
    linear = terms.get((1, 0) if variable == 0 else (0, 1), mpq(0))
    if not square:
        return ends
    place = min(max(-linear / (2 * square), ends[0]), ends[1])
    return place, place


class Minima(NamedTuple):
    """Local minima: a cell with its least set, and which of the ends of the set within the window are minima too."""

    cell: Quadrant
    ends: tuple[tuple[Spot, bool], ...]

    @property
    def is_plateau(self) -> bool:
        """Whether the set is the whole cell."""
        return all(a != b for a, b in self.cell.least)

    @property
    def words(self) -> str:
        """The set in words; a plateau without its border."""
        cell = self.cell
        if self.is_plateau:
            return f"L = {cell.value} inside {cell.name.replace('_', '')}"
        closed = all(decided for _, decided in self.ends)
        parts = []
        for j, (low, high) in enumerate(cell.least):
            sign = "<" if low < 0 else ">"
            parts.append(f"w_{j + 1} = {low}" if low == high else f"w_{j + 1} {sign}{'=' if closed else ''} 0")
        return f"L = {cell.value} at {', '.join(parts)}"


def local_minima(problem: Problem, cells: tuple[Quadrant, ...]) -> list[Minima]:
    """The least sets that are local minima of the whole loss, as decided at a point inside and at each end."""

    def is_minimum(spot: Spot) -> bool:
        return problem.at({"W1": [list(spot)], "W2": [[1]]}).local_minimum().answer == "yes"

    found = []
    for cell in cells:
        (a, b), (c, d) = cell.least
        if is_minimum(((a + b) / 2, (c + d) / 2)):
            ends = sorted({(a, c), (b, d)}) if a == b or c == d else []
            inside = [spot for spot in ends if all(abs(value) < WINDOW[1] for value in spot)]
            found.append(Minima(cell, tuple((spot, is_minimum(spot)) for spot in inside)))
    return found


def draw_2(wishes: Wishes) -> Picture:
    """Figure 2: the landscape for the labels (1, 1) and (1, -1), as a surface and with its level lines."""
    facts: dict[str, Any] = {}
    words = []
    with style.styled():
        figure = style.new_figure(*(wishes.size or (8.4, 7.6)))
        grid = figure.add_gridspec(2, 2, height_ratios=(1, 1.08))
        for k, name in enumerate(NAMES):
            wishes.tick()
            problem = Problem.example(name)
            cells = quadrants(problem)
            minima = local_minima(problem, cells)
            title = f"({'ab'[k]}) $y_1 = 1$, $y_2 = {(1, -1)[k]}$"
            _draw_surface(figure.add_subplot(grid[0, k], projection="3d"), cells, minima, title)
            _draw_map(figure.add_subplot(grid[1, k]), cells, minima)
            facts[name] = {
                "cells": [
                    {
                        "cell": cell.name.replace("_", ""),
                        "loss": str(Polynomial(RING, cell.loss)),
                        "least": str(cell.value),
                        "at": [[str(end) for end in ends] for ends in cell.least],
                        "local_minima": cell in [each.cell for each in minima],
                    }
                    for cell in cells
                ]
            }
            words.append(f"({'ab'[k]}) " + "; ".join(each.words for each in minima))
    caption = (
        "After Liu, figure 2: one ReLU neuron, x_1 = (1, 0), x_2 = (0, 1), z = 1, the mean of squared errors. Walls: "
        f"the two axes. Local minima of the whole loss, drawn bold, decided exactly: {'. '.join(words)}. A ring is an "
        "end that is no minimum. In (b) the quadratic of r4 has its vertex (1, -1) outside of r4, which holds no "
        "minimum in its interior; on the walls there are minima at which the loss is not differentiable. Level lines "
        f"at {', '.join(map(str, LEVELS))}, from isolated roots."
    )
    return Picture(figure, caption, facts)


def _draw_surface(axes: Any, cells: tuple[Quadrant, ...], minima: list[Minima], title: str) -> None:
    import numpy as np

    for cell in cells:
        (left, low), _, (right, high), _ = cell.polygon
        places = [[a + (b - a) * mpq(k, MESH) for k in range(MESH + 1)] for a, b in ((left, right), (low, high))]
        x, y = np.meshgrid([float(s) for s in places[0]], [float(t) for t in places[1]])
        z = np.array([[float(cell.at(s, t)) for s in places[0]] for t in places[1]])
        axes.plot_surface(
            x, y, z, color=COLORS[cell.name], linewidth=0.25, edgecolor="#777777", shade=False, rcount=MESH, ccount=MESH
        )
    for each in minima:
        (a, b), (c, d) = each.cell.least
        height = float(each.cell.value) + 0.03
        if not each.is_plateau:
            line = [(float(s), float(t), height) for s, t in ((a, c), (b, d))]
            axes.plot(*zip(*line, strict=True), color=style.VERMILION, linewidth=2.4, zorder=10)
        for (s, t), decided in each.ends:
            axes.plot([float(s)], [float(t)], [height], zorder=11, **_end(decided, 4))
    axes.view_init(elev=38, azim=-60)
    axes.locator_params(nbins=5)
    axes.set_title(title)
    axes.set_xlabel("$w_1$")
    axes.set_ylabel("$w_2$")
    axes.set_zlabel("$L$")
    axes.set_box_aspect((1, 1, 0.7))


def _draw_map(axes: Any, cells: tuple[Quadrant, ...], minima: list[Minima]) -> None:
    low, high = float(WINDOW[0]), float(WINDOW[1])
    for cell in cells:
        corners = [(float(s), float(t)) for s, t in cell.polygon]
        axes.fill(
            *zip(*corners, strict=True), facecolor=COLORS[cell.name], hatch=HATCHED[cell.name], linewidth=0, zorder=0
        )
        x, y = (0.86 * low if corners[0][j] < 0 else 0.86 * high for j in (0, 1))
        note = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.9}
        axes.text(x, y, f"${cell.name}$", ha="center", va="center", fontsize=9, bbox=note, zorder=6)
        for level in LEVELS:
            for line in level_lines(cell.loss, cell.polygon, level):
                axes.plot(*zip(*line, strict=True), color=style.GREY, linewidth=0.7, zorder=2)
    for wall in ((low, high), (0, 0)), ((0, 0), (low, high)):
        axes.plot(*wall, color=style.BLACK, linewidth=1.3, zorder=3)
    for each in minima:
        (a, b), (c, d) = ((float(p), float(q)) for p, q in each.cell.least)
        middle, words = ((a + b) / 2, (c + d) / 2), f"$L = {each.cell.value}$"
        if each.is_plateau:
            axes.text(*middle, f"plateau of minima\n{words}", ha="center", va="center", fontsize=8)
            continue
        axes.plot([a, b], [c, d], color=style.VERMILION, linewidth=2.6, zorder=5)
        for (s, t), decided in each.ends:
            axes.plot([float(s)], [float(t)], zorder=6, **_end(decided, 6))
        note = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.9}
        axes.annotate(words, middle, (6, 6), textcoords="offset points", fontsize=8, zorder=7, bbox=note)
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    axes.set_aspect("equal")
    axes.set_xlabel("$w_1$")
    axes.set_ylabel("$w_2$")


def _end(decided: bool, size: float) -> dict[str, Any]:
    """How the end of a line of minima is marked: a disc if it is a minimum too, else a ring."""
    face = style.VERMILION if decided else style.WHITE
    return {
        "marker": "o", "markersize": size, "markerfacecolor": face, "markeredgecolor": style.VERMILION,
        "markeredgewidth": 1.3, "linestyle": "",
    }  # fmt: skip


def draw_a1(wishes: Wishes) -> Picture:
    """Figure A1: the two samples cut the plane of the weight into four cells."""
    problem = Problem.example(NAMES[0])
    with style.styled():
        figure = style.new_figure(*(wishes.size or (4.0, 4.0)))
        axes = figure.add_subplot()
        for name, signs in CELLS.items():
            s, t = (float(WINDOW[1]) * sign for sign in signs)
            axes.fill([0, s, s, 0], [0, 0, t, t], facecolor=COLORS[name], hatch=HATCHED[name], linewidth=0, zorder=0)
            note = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": "none", "alpha": 0.9}
            words = f"${name}$\n$I_{{11}} = {int(signs[0] > 0)}$, $I_{{21}} = {int(signs[1] > 0)}$"
            axes.text(0.55 * s, 0.55 * t, words, ha="center", va="center", bbox=note)
        for k, (x, y) in enumerate(problem.x, 1):
            end = float(x), float(y)
            axes.annotate(
                "", end, (0, 0), zorder=5,
                arrowprops={"arrowstyle": "-|>", "linewidth": 2, "color": style.BLUE, "shrinkA": 0, "shrinkB": 0},
            )  # fmt: skip
            axes.annotate(f"$x_{k}$", end, (7, 7), textcoords="offset points", color=style.BLUE, fontsize=11, zorder=6)
            wall = segment(box(*WINDOW, *WINDOW), x, y, mpq(0))
            axes.plot(
                *zip(*((float(s), float(t)) for s, t in wall), strict=True), color=style.BLACK, linewidth=1.3, zorder=3
            )
        axes.set_xlim(*map(float, WINDOW))
        axes.set_ylim(*map(float, WINDOW))
        axes.set_aspect("equal")
        axes.set_xlabel("$w_1$")
        axes.set_ylabel("$w_2$")
    caption = (
        "After Liu, figure A1: the samples x_1 = (1, 0) and x_2 = (0, 1) cut the plane of the weight w into four "
        "cells, along the lines <w, x_i> = 0. I_i1 says whether the neuron is active at x_i."
    )
    listed = {name.replace("_", ""): list(pair) for name, pair in CELLS.items()}
    return Picture(figure, caption, {"problem": problem.name, "cells": listed})
