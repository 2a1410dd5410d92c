"""Liu, figure A2: a local minimum at which the loss is not differentiable, on the boundary that a sample defines.

The paper prints no data. The shipped problem ``liu-minimum-on-a-boundary`` is of this kind: its point lies on the line
<w, x_3> = 0, and the gradients on both sides are positive multiples of -x_3 and x_3, as Lemma 2 asks.
"""

from __future__ import annotations

from gmpy2 import mpq

from exactrelu.landscape import Problem
from exactrelu.pictures import style
from exactrelu.pictures.clarke_plane import Fan, Ray
from exactrelu.pictures.figures.inputs import draw_area, floats
from exactrelu.pictures.figures.level_lines import level_lines
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.pictures.planes import Slice
from exactrelu.pictures.subdivision import subdivision
from exactrelu.rational import Rational, Vector, dot, texts

NAME, AXES = "liu-minimum-on-a-boundary", ("W1_1_1", "W1_1_2")
WINDOW = (mpq(-1, 4), mpq(3, 2), mpq(-3, 4), mpq(6, 5))
ABOVE = (mpq(1, 50), mpq(1, 15), mpq(2, 15), mpq(1, 4), mpq(2, 5), mpq(3, 5))  # the loss less that of the minimum
COLORS = (style.PALE[7], style.PALE[1], style.PALE[0], style.PALE[2])


def multiple(ray: Ray, x: Vector) -> Rational | None:
    """The number c for which the gradient by w is c x; None if there is none."""
    gradient = ray.gradient[: len(x)]
    c = dot(gradient, x) / dot(x, x)
    return c if all(g == c * value for g, value in zip(gradient, x, strict=True)) else None


def draw(wishes: Wishes) -> Picture:
    """The plane of w for z = 1: walls, level lines, the point, and the gradients on both sides."""
    problem = Problem.example(NAME)
    point = problem.at("minimum", wishes.tick)
    fan = Fan.at(point)
    ((sample, _, _),) = point.vanishing
    x = problem.x[sample]
    multiples = [multiple(ray, x) for ray in fan.rays]
    plane = Slice.of_axes(problem, point.parameters, AXES, "minimum")
    parts = subdivision(plane, WINDOW, tick=wishes.tick)
    levels = [point.loss + step for step in ABOVE]
    here = float(point.parameters[0]), float(point.parameters[1])
    with style.styled():
        figure = style.new_figure(*(wishes.size or (5.6, 4.8)))
        axes = figure.add_subplot()
        for k, region in enumerate(parts.regions):
            if region.polygon is not None:
                draw_area(axes, region.polygon.vertices, COLORS[k % len(COLORS)])
                value, corners = plane.loss(region.columns), region.polygon.vertices
                for line in (piece for level in levels for piece in level_lines(value, corners, level)):
                    axes.plot(*zip(*line, strict=True), color=style.GREY, linewidth=0.7, zorder=2)
        for wall in parts.walls:
            axes.plot(*zip(*floats(wall.points), strict=True), color=style.BLACK, linewidth=1.3, zorder=3)
        for ray, c in zip(fan.rays, multiples, strict=True):
            tip = here[0] + float(ray.gradient[0]), here[1] + float(ray.gradient[1])
            look = {"arrowstyle": "-|>", "color": style.VERMILION, "linewidth": 2, "shrinkA": 0, "shrinkB": 0}
            axes.annotate("", tip, here, arrowprops=look, zorder=5)
            words = f"${c}\\,x_{sample + 1}$" if c is not None else ""
            note = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
            axes.annotate(words, tip, (8, -3), textcoords="offset points", color=style.VERMILION, zorder=6, bbox=note)
        look = {"arrowstyle": "-|>", "color": style.BLUE, "linewidth": 1.8, "shrinkA": 0, "shrinkB": 0}
        end = float(x[0]), float(x[1])
        axes.annotate("", end, (0, 0), arrowprops=look, zorder=5)
        axes.annotate(f"$x_{sample + 1}$", end, (6, 0), textcoords="offset points", color=style.BLUE, fontsize=11)
        axes.plot(*([value] for value in here), "o", color=style.BLACK, markersize=7, zorder=7)
        axes.annotate("$w$", here, (8, 7), textcoords="offset points", fontsize=11, zorder=7)
        axes.set_xlim(float(WINDOW[0]), float(WINDOW[1]))
        axes.set_ylim(float(WINDOW[2]), float(WINDOW[3]))
        axes.set_aspect("equal")
        axes.set_xlabel("$w_1$")
        axes.set_ylabel("$w_2$")
    gradients = " and ".join(f"{c} x_{sample + 1}" for c in multiples)
    caption = (
        f"After Liu, figure A2, which prints no data: the shipped problem {NAME}, z = 1. The point w = "
        f"({', '.join(map(str, point.parameters[:2]))}) lies on the wall <w, x_{sample + 1}> = 0 and is a local "
        f"minimum, L = {point.loss}, decided exactly. The gradients by w in the two cells beside it are {gradients} "
        "(vermilion): opposite, and orthogonal to the wall. Level lines at "
        f"{point.loss} + {', '.join(map(str, ABOVE))}, from isolated roots, break at the walls."
    )
    facts = {
        "problem": NAME,
        "loss": str(point.loss),
        "local_minimum": point.local_minimum().answer,
        "sample": sample + 1,
        "gradients": [texts(ray.gradient) for ray in fan.rays],
        "multiples": [None if c is None else str(c) for c in multiples],
    }
    return Picture(figure, caption, facts)
