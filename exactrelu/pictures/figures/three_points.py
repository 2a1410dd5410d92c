"""Yun, Sra, Jadbabaie, Theorem 7 and appendix A9: three points, a spurious minimum and a fit (the paper has no figure).

The shipped problem ``yun2018-three-point``: slopes 1 and 1/2, the loss half the sum of squares.
"""

from __future__ import annotations

from typing import Any

from gmpy2 import mpq

from exactrelu.landscape import Problem
from exactrelu.pictures import style
from exactrelu.pictures.figures.inputs import draw_neurons, key_below, neuron_lines, start_panel
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.pictures.polygon import Corner
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector, texts

WINDOW = (-1, 2, -1, 2)
FROM, TO = mpq(-1, 2), mpq(3, 2)
POINTS = (("bad", style.VERMILION, "--"), ("good", style.GREEN, "-"))


def along_the_segment(instance: Instance, parameters: Vector, start: Rational, stop: Rational) -> tuple[Corner, ...]:
    """The output at (1 - t, t), piecewise linear in t: its value at both ends and at every kink between, exactly."""
    kinks = set()
    for a, b, c in neuron_lines(instance, parameters):
        if a != b:
            kinks.add((a + c) / (a - b))  # a (1 - t) + b t + c = 0
    places = [start, *sorted(t for t in kinks if start < t < stop), stop]
    return tuple((t, _output(instance, parameters, (1 - t, t))) for t in places)


def _output(instance: Instance, parameters: Vector, x: Vector) -> Rational:
    return instance.network.output(instance.network.preactivations(parameters, x))[0]


def draw(wishes: Wishes) -> Picture:
    """The lines of the neurons at both points, and the outputs along the line through the three data points."""
    problem = Problem.example("yun2018-three-point")
    facts: dict[str, Any] = {"problem": problem.name}
    with style.styled():
        figure = style.new_figure(*(wishes.size or (9.4, 3.7)))
        left, middle, right = figure.subplots(1, 3)
        for letter, axes, (name, *_) in zip("ab", (left, middle), POINTS, strict=True):
            point = problem.at(name, wishes.tick)
            window = start_panel(axes, WINDOW, f"({letter}) {name}: $L = {point.loss}$")
            axes.plot(
                [float(1 - FROM), float(1 - TO)], [float(FROM), float(TO)], color=style.LIGHT, linewidth=4, zorder=0
            )
            draw_neurons(axes, window, neuron_lines(problem, point.parameters))
            for (x, y), target in zip(problem.x, _targets(problem), strict=True):
                axes.plot([float(x)], [float(y)], "D", color=style.BLACK, markersize=5, zorder=5)
                axes.annotate(f"$y = {target}$", (float(x), float(y)), (6, 6), textcoords="offset points", fontsize=8)
        for name, color, dashes in POINTS:
            point = problem.at(name, wishes.tick)
            graph = along_the_segment(problem, point.parameters, FROM, TO)
            words = f"{name}: $L = {point.loss}$"
            right.plot(*zip(*((float(t), float(y)) for t, y in graph), strict=True), dashes, color=color, label=words)
            facts[name] = {
                "loss": str(point.loss),
                "local_minimum": point.local_minimum().answer,
                "global_minimum": point.global_minimum().answer,
                "graph": texts(graph),
            }
        for (_, t), target in zip(problem.x, _targets(problem), strict=True):
            right.plot([float(t)], [float(target)], "D", color=style.BLACK, markersize=5, zorder=5, clip_on=False)
        right.set_title("(c) outputs on the line $(1 - t, t)$")
        right.set_xlabel("$t$")
        right.set_ylabel("output")
        right.legend(frameon=False, loc="lower center")
        handles, labels = left.get_legend_handles_labels()
        key_below(figure, 0.09, handles=handles, labels=labels, ncols=2)
    caption = (
        "Yun, Sra and Jadbabaie 2018, Theorem 7 and appendix A9 (the paper draws no figure): N = 3, slopes 1 and 1/2, "
        "the loss half the sum of squares. (a) At the point bad both neurons vanish on the line x1 + x2 = 0 and the "
        "output is 1/3 at all three data points, the best affine fit: L = 1/3, a local minimum that is not global. "
        "(b) At the point good L = 0. (c) Piecewise linear, with exact kinks; diamonds: the data. "
        "Grey: the line through the three data points. Arrows: the side with slope 1."
    )
    return Picture(figure, caption, facts)


def _targets(instance: Instance) -> list[Rational]:
    return [target[0] for target in instance.y if isinstance(target, tuple)]
