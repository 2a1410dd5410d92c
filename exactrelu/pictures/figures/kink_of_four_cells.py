"""Laurent and von Brecht, ICML 2018, figure 3: Clarke's subdifferential at a minimum that four cells touch.

The paper prints no function. The shipped problem ``laurent-brecht-clarke`` has the loss 2 + (|w_1 - 1| + |w_2 - 1|)/2
around the point (1, 1); a path of gradient descent is computed in rationals.
"""

from __future__ import annotations

from typing import Any

from gmpy2 import mpq

from exactrelu import signature as signatures
from exactrelu.landscape import Problem
from exactrelu.pictures import style
from exactrelu.pictures.clarke_fan import draw_fan
from exactrelu.pictures.clarke_plane import Fan, Shadow
from exactrelu.pictures.figures.inputs import draw_area, floats
from exactrelu.pictures.figures.level_lines import level_lines
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.pictures.planes import Slice
from exactrelu.pictures.subdivision import Subdivision, subdivision
from exactrelu.rational import Rational, Vector, texts
from exactrelu.relaxation import cell_gradient

NAME, AXES = "laurent-brecht-clarke", ("W1_1_1", "W1_1_2")
WINDOW = (mpq(-1, 2), mpq(5, 2), mpq(-1, 2), mpq(5, 2))
LEVELS = tuple(2 + mpq(k, 4) for k in range(1, 6))
START, STEPS, LATER = (mpq(-1, 4), mpq(9, 5)), 60, 20
COLORS = (style.PALE[1], style.PALE[7], style.PALE[0], style.PALE[2])


def descent(problem: Problem, start: Vector, steps: int) -> tuple[tuple[Vector, ...], tuple[Rational, ...]]:
    """The path x - g / (j + 2), j = 0, 1, .., with g the gradient of the cell; and the steps. All rational.

    A unit that vanishes on the way counts as not active: the gradient is that of an incident cell.
    """
    path, lengths = [start], tuple(mpq(1, j + 2) for j in range(steps))
    for length in lengths:
        columns = signatures.of_point(problem, path[-1])
        sides = tuple(tuple(tuple(s or -1 for s in group) for group in column) for column in columns)
        gradient = cell_gradient(problem, path[-1], sides)
        path.append(tuple(x - length * g for x, g in zip(path[-1], gradient, strict=True)))
    return tuple(path), lengths


def draw(wishes: Wishes) -> Picture:
    """(a) the level lines, the gradients of the four cells, a path of descent; (b) the gradients and their hull."""
    problem = Problem.example(NAME)
    point = problem.at("kink", wishes.tick)
    fan = Fan.at(point)
    plane = Slice.of_axes(problem, point.parameters, AXES, "kink")
    parts = subdivision(plane, WINDOW)
    path, lengths = descent(problem, START, STEPS)
    total = sum(lengths[LATER:], mpq(0))
    mean = tuple((first - last) / total for first, last in zip(path[LATER], path[-1], strict=True))
    with style.styled():
        figure = style.new_figure(*(wishes.size or (8.6, 4.1)))
        left, right = figure.subplots(1, 2)
        _draw_levels(left, plane, parts)
        for ray in fan.rays:
            tip = [float(x + g) for x, g in zip(point.parameters, ray.gradient, strict=True)]
            look = {"arrowstyle": "-|>", "color": style.VERMILION, "linewidth": 1.8, "shrinkA": 0, "shrinkB": 0}
            left.annotate("", tip, [float(x) for x in point.parameters], arrowprops=look, zorder=5)
        steps = [(float(x), float(y)) for x, y in path]
        left.plot(*zip(*steps, strict=True), ".-", color=style.BLUE, linewidth=0.9, markersize=3, zorder=4)
        left.set_title("(a) level lines, gradients, a path")
        draw_fan(right, Shadow(fan, fan.named(AXES)))
        right.set_title(f"(b) {right.get_title()}")
    used = [(k + 1, ray.multiplier) for k, ray in enumerate(fan.rays) if ray.multiplier]
    combination = " + ".join(f"{m} g{k}" for k, m in used)
    caption = (
        "After Laurent and von Brecht, ICML 2018, figure 3, which prints no function: the shipped problem "
        f"{NAME}, L = 2 + (|w1 - 1| + |w2 - 1|)/2 near the point (1, 1), a minimum at which the loss has no gradient. "
        f"(a) Level lines at {', '.join(map(str, LEVELS))}; the gradients of the four cells there (vermilion); "
        f"{STEPS} steps of gradient descent with the lengths 1/2, 1/3, .. (blue). From step {LATER} on the gradients "
        f"on the path, weighted with the lengths, have the mean ({', '.join(f'{float(m):.3f}' for m in mean)}): the "
        f"path builds a combination near 0. (b) The gradients and their hull; {combination} = 0, so the point is "
        "critical in Clarke's sense."
    )
    facts = {
        "problem": NAME,
        "gradients": [texts(ray.gradient) for ray in fan.rays],
        "multipliers": [str(ray.multiplier) for ray in fan.rays],
        "path": texts(path),
        "mean": texts(mean),
    }
    return Picture(figure, caption, facts)


def _draw_levels(axes: Any, plane: Slice, parts: Subdivision) -> None:
    for region, color in zip(parts.regions, COLORS, strict=True):
        if region.polygon is None:
            continue
        corners = region.polygon.vertices
        draw_area(axes, corners, color)
        for level in LEVELS:
            for line in level_lines(plane.loss(region.columns), corners, level):
                axes.plot(*zip(*line, strict=True), color=style.GREY, linewidth=0.8, zorder=2)
    for wall in parts.walls:
        axes.plot(*zip(*floats(wall.points), strict=True), color=style.BLACK, linewidth=1.2, zorder=3)
    axes.set_xlim(float(WINDOW[0]), float(WINDOW[1]))
    axes.set_ylim(float(WINDOW[2]), float(WINDOW[3]))
    axes.set_aspect("equal")
    axes.set_xlabel("$w_1$")
    axes.set_ylabel("$w_2$")
