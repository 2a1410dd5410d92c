"""Laurent and von Brecht, ICML 2018, figure 1: a plane of parameters with four cells, flat minima and sharp minima.

The paper prints no function. The shipped problem ``laurent-brecht-four-cells`` has what its caption says: two
parameters w, v; four cells, and no others; flat minima in one of them, sharp minima with a positive loss between two
others.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gmpy2 import mpq

from exactrelu import signature as signatures
from exactrelu.landscape import Problem
from exactrelu.pictures import style
from exactrelu.pictures.curves import RING
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.pictures.planes import Slice
from exactrelu.pictures.regions import Region, Wall
from exactrelu.pictures.subdivision import Subdivision, subdivision
from exactrelu.polynomial import Polynomial, from_flint
from exactrelu.rational import Rational

NAME = "laurent-brecht-four-cells"
WINDOW = (mpq(-3, 2), mpq(5, 2), mpq(-2), mpq(2))
ORDER = ("-,+;-,+", "+,+;+,-", "+,+;+,+", "+,-;+,+")
COLORS = (style.PALE[7], style.PALE[0], style.PALE[1], style.PALE[2])
HATCHED = ("", "\\\\\\\\", "....", "////")
LABELS = ((-0.75, 0.6), (1.65, -1.25), (0.62, 0.25), (1.65, 1.35))
FLATS = 12  # parts of a patch of the surface, across


class Cell(NamedTuple):
    """One of the four cells: its number, its signature, its region in the window, the loss on it as a polynomial."""

    number: int
    signature: str
    region: Region
    loss: Any

    def value(self, s: Rational, t: Rational) -> float:
        """The loss at a point of the closed cell, computed exactly, as a drawing coordinate."""
        powers = self.loss.to_dict()
        return float(sum((from_flint(c) * s ** int(i) * t ** int(j) for (i, j), c in powers.items()), mpq(0)))

    @property
    def words(self) -> str:
        """The loss in w and v."""
        text = str(Polynomial(RING, self.loss)).replace("s", "w").replace("t", "v")
        return text.replace("*w*v", " wv")


def cells(problem: Problem) -> tuple[Subdivision, tuple[Cell, ...]]:
    """The exact subdivision of the window, and its cells in the order of the figure."""
    plane = Slice.of_axes(problem, problem.points["flat"], ("W1_1_1", "W2_1_1"), "flat")
    parts = subdivision(plane, WINDOW)
    found = {signatures.write(region.columns): region for region in parts.regions}
    listed = enumerate(ORDER, 1)
    return parts, tuple(Cell(k, name, found[name], plane.loss(found[name].columns)) for k, name in listed)


def draw(wishes: Wishes) -> Picture:
    """(a) the cells and their walls; (b) the loss over them."""
    problem = Problem.example(NAME)
    parts, found = cells(problem)
    sharp, flat = problem.at("sharp", wishes.tick), problem.at("flat", wishes.tick)
    with style.styled():
        figure = style.new_figure(*(wishes.size or (9.2, 4.2)))
        grid = figure.add_gridspec(1, 2, width_ratios=(1, 1.15))
        _draw_plane(figure.add_subplot(grid[0]), parts, found)
        _draw_surface(figure.add_subplot(grid[1], projection="3d"), parts, found)
    listed = "; ".join(f"on cell {cell.number} L = {cell.words}" for cell in found)
    caption = (
        "After Laurent and von Brecht, ICML 2018, figure 1, which prints no function: the shipped problem "
        f"{NAME} has two parameters, w (hidden weight) and v (output weight), and exactly {len(problem.cells())} "
        f"cells: {listed}. Cell 1 consists of flat minima with L = {flat.loss}; the wall vw = 1 between cells 3 and 4 "
        f"of sharp minima with L = {sharp.loss} > 0, here global ones. "
        "The walls are w = 0, vw = 1 and vw = -1/2 (w > 0)."
    )
    facts = {
        "problem": NAME,
        "cells": [{"number": c.number, "signature": c.signature, "loss": str(Polynomial(RING, c.loss))} for c in found],
        "walls": sorted({wall.curve.text for wall in parts.walls}),
        "points": {
            point.name: {
                "loss": str(point.loss),
                "local_minimum": point.local_minimum().answer,
                "kind": point.kind().answer,
            }
            for point in (flat, sharp)
        },
    }
    return Picture(figure, caption, facts)


def _is_sharp(wall: Wall) -> bool:
    """Whether the wall lies between cells 3 and 4."""
    return {signatures.write(columns) for columns in wall.beside} == set(ORDER[2:])


def _walls(parts: Subdivision) -> list[tuple[list[tuple[Rational, Rational]], bool]]:
    return [(list(wall.points), _is_sharp(wall)) for wall in parts.walls]


def _draw_plane(axes: Any, parts: Subdivision, found: tuple[Cell, ...]) -> None:
    for cell, color, hatch, place in zip(found, COLORS, HATCHED, LABELS, strict=True):
        look = {"facecolor": color, "hatch": hatch, "linewidth": 0, "zorder": 0}
        if cell.region.polygon is not None:
            axes.fill(*zip(*((float(s), float(t)) for s, t in cell.region.polygon.vertices), strict=True), **look)
        for strip in cell.region.strips:
            s, low, high = ([float(v) for v in values] for values in (strip.s, strip.low, strip.high))
            axes.fill_between(s, low, high, **look)
        box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.9}
        text = f"$\\Omega_{cell.number}$: $L = {cell.words.replace(' wv', chr(92) + ',wv')}$"
        axes.text(*place, text, ha="center", va="center", fontsize=8, bbox=box, zorder=6)
    for points, sharp in _walls(parts):
        color, width = (style.VERMILION, 2.6) if sharp else (style.BLACK, 1.3)
        axes.plot(*zip(*((float(s), float(t)) for s, t in points), strict=True), color=color, linewidth=width, zorder=4)
    axes.annotate(
        "sharp minima", (1.0, 1.0), (-0.55, 1.6), fontsize=8, ha="center", color=style.VERMILION, weight="bold",
        arrowprops={"arrowstyle": "->", "color": style.VERMILION, "linewidth": 0.9}, zorder=7,
    )  # fmt: skip
    axes.text(-0.75, 0.25, "flat minima", fontsize=8, ha="center", va="center", weight="bold", zorder=7)
    axes.set_xlim(float(WINDOW[0]), float(WINDOW[1]))
    axes.set_ylim(float(WINDOW[2]), float(WINDOW[3]))
    axes.set_aspect("equal")
    axes.set_title("(a) four cells and their walls")
    axes.set_xlabel("$w$")
    axes.set_ylabel("$v$")


def _draw_surface(axes: Any, parts: Subdivision, found: tuple[Cell, ...]) -> None:
    import numpy as np

    heights = {cell.signature: cell for cell in found}
    for cell, color in zip(found, COLORS, strict=True):
        for s, low, high in _patches(cell.region):
            t = [[b + (d - b) * mpq(k, FLATS) for k in range(FLATS + 1)] for b, d in zip(low, high, strict=True)]
            z = [[cell.value(a, b) for b in row] for a, row in zip(s, t, strict=True)]
            x = [[float(a)] * (FLATS + 1) for a in s]
            axes.plot_surface(
                np.array(x), np.array([[float(b) for b in row] for row in t]), np.array(z), color=color, ccount=FLATS,
                rcount=max(2, int(8 * (s[-1] - s[0]))), linewidth=0.25, edgecolor="#777777", shade=False,
            )  # fmt: skip
    for wall, (points, sharp) in zip(parts.walls, _walls(parts), strict=True):
        cell = heights[signatures.write(wall.beside[0])]
        if wall.curve.is_line:  # the wall w = 0, as seen from cell 1
            cell = found[0]
        color, width = (style.VERMILION, 2.4) if sharp else (style.BLACK, 1.2)
        along = [(float(a), float(b), cell.value(a, b) + 0.03) for a, b in points]
        axes.plot(*zip(*along, strict=True), color=color, linewidth=width, zorder=10)
    axes.view_init(elev=30, azim=-125)
    axes.locator_params(nbins=4)
    axes.set_title("(b) the loss")
    axes.set_xlabel("$w$")
    axes.set_ylabel("$v$")
    axes.set_zlabel("$L$")
    axes.set_box_aspect((1, 1, 0.7))


def _patches(region: Region) -> list[tuple[list[Rational], list[Rational], list[Rational]]]:
    """Places s with the range of t over each: of a polygon (here a rectangle) its sides, else the strips."""
    if region.polygon is not None:
        s, t = ({corner[j] for corner in region.polygon.vertices} for j in (0, 1))
        steps = [min(s) + (max(s) - min(s)) * mpq(k, FLATS) for k in range(FLATS + 1)]
        return [(steps, [min(t)] * len(steps), [max(t)] * len(steps))]
    return [(list(strip.s), list(strip.low), list(strip.high)) for strip in region.strips]
