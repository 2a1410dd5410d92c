"""Panels in the plane of the inputs: data points, the lines of the neurons with their active sides, blind regions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import hypot
from typing import Any, cast

from gmpy2 import mpq

from exactrelu.pictures import style
from exactrelu.pictures.polygon import Corner, Polygon, box, clipped, segment
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector

Line = tuple[Rational, Rational, Rational]
"""(a, b, c) for a x + b y + c = 0; the neuron is active where the form is positive."""
SHAPES = ("o", "^", "s", "D")
NEURONS = (style.BLUE, style.PURPLE, style.ORANGE, style.GREEN)
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.2)), (0, (5, 2, 1, 2)))


def neuron_lines(instance: Instance, parameters: Sequence[Rational]) -> tuple[Line, ...]:
    """The forms of the first layer of a network with two inputs, those that vanish identically left out."""
    layer, start, _ = next(instance.network.spans())
    rows = [[parameters[start + 2 * k], parameters[start + 2 * k + 1]] for k in range(layer.outputs)]
    biases = [parameters[start + layer.size + k] if layer.bias else mpq(0) for k in range(layer.outputs)]
    return tuple((a, b, c) for (a, b), c in zip(rows, biases, strict=True))


def blind_region(window: Polygon, lines: Sequence[Line]) -> Polygon:
    """The part of a window where no neuron is active."""
    region = window
    for a, b, c in lines:
        region = clipped(region, -a, -b, -c)
    return region


def losses(instance: Instance, parameters: Vector) -> Iterator[tuple[Corner, int, Rational, Rational]]:
    """Of each data point of a problem with a hinge loss: where it is, its class, its first output, its loss."""
    for x, target, units in zip(instance.x, instance.y, instance.units, strict=True):
        outputs = instance.network.output(instance.network.preactivations(parameters, x))
        arguments = [unit.argument(outputs) for unit in units]
        yield (x[0], x[1]), cast(int, target), outputs[0], sum((a for a in arguments if a > 0), mpq(0))


def start_panel(axes: Any, window: tuple[int, int, int, int], title: str) -> Polygon:
    """Limits, equal units, a title; the window as a polygon."""
    axes.set_xlim(window[0], window[1])
    axes.set_ylim(window[2], window[3])
    axes.set_aspect("equal")
    axes.set_title(title)
    axes.set_xlabel("$x_1$")
    axes.set_ylabel("$x_2$")
    return box(*map(mpq, window))


def floats(polygon: Sequence[Corner]) -> list[tuple[float, float]]:
    """Corners as drawing coordinates."""
    return [(float(x), float(y)) for x, y in polygon]


def draw_area(axes: Any, polygon: Sequence[Corner], color: str, hatch: str = "", **more: Any) -> None:
    """Fill an exact polygon."""
    if len(polygon) > 2:
        axes.fill(
            *zip(*floats(polygon), strict=True), facecolor=color, hatch=hatch, linewidth=0, **{"zorder": 0, **more}
        )


def draw_neurons(axes: Any, window: Polygon, lines: Sequence[Line]) -> None:
    """The zero line of each neuron, with a short arrow to its active side; lines that coincide share their place."""
    size = float(window[2][0] - window[0][0])
    for k, (a, b, c) in enumerate(lines):
        ends = segment(window, a, b, c)
        if len(ends) < 2:
            continue
        axes.plot(
            *zip(*floats(ends), strict=True), color=NEURONS[k], linestyle=DASHES[k], linewidth=1.5, zorder=2,
            label=f"neuron {k + 1}",
        )  # fmt: skip
        share = (0.22, 0.8, 0.5, 0.4)[k]
        (x0, y0), (x1, y1) = floats(ends)
        x, y, norm = x0 + share * (x1 - x0), y0 + share * (y1 - y0), hypot(float(a), float(b))
        step = 0.09 * size / norm
        head = (x + step * float(a), y + step * float(b))
        arrow = {"arrowstyle": "-|>", "color": NEURONS[k], "linewidth": 1.3, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", head, (x, y), arrowprops=arrow, zorder=3)


def draw_datum(axes: Any, at: Corner, shape: str, solved: bool, words: str = "", above: bool = True) -> None:
    """A data point: filled where its loss is 0, else white with a thick rim and a cross in it."""
    x, y = float(at[0]), float(at[1])
    face, edge = (style.GREEN, style.BLACK) if solved else (style.WHITE, style.VERMILION)
    axes.plot(
        [x], [y], shape, markersize=8 if shape != "^" else 9, markerfacecolor=face, markeredgecolor=edge,
        markeredgewidth=0.8 if solved else 2.0, zorder=5, clip_on=False,
    )  # fmt: skip
    if words:
        axes.annotate(
            words, (x, y), (0, 7 if above else -7), textcoords="offset points", ha="center", zorder=6, fontsize=7.5,
            va="bottom" if above else "top",
            bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
        )  # fmt: skip


def data_key(axes: Any, shapes: Sequence[tuple[str, str]], **more: Any) -> None:
    """A legend for shapes (marker, words), for solved and unsolved data points, and for the neurons drawn."""
    from matplotlib.lines import Line2D

    def entry(marker: str, face: str, edge: str, width: float, words: str) -> Any:
        return Line2D(
            [], [], marker=marker, linestyle="", markersize=7, markerfacecolor=face, markeredgecolor=edge,
            markeredgewidth=width, label=words,
        )  # fmt: skip

    entries = [entry(marker, style.LIGHT, style.BLACK, 0.8, words) for marker, words in shapes]
    entries.append(entry("o", style.GREEN, style.BLACK, 0.8, "solved: loss 0"))
    entries.append(entry("o", style.WHITE, style.VERMILION, 2.0, "unsolved: loss > 0"))
    neurons, _ = axes.get_legend_handles_labels()
    key_below(axes.figure, handles=[*entries, *neurons], **more)


def key_below(figure: Any, share: float = 0.1, **more: Any) -> None:
    """A legend in a strip beneath the panels that takes this share of the height."""
    figure.get_layout_engine().set(rect=(0, share, 1, 1 - share))
    at = {"bbox_to_anchor": (0.5, 0.0), "bbox_transform": figure.transFigure}  # not the box cut out when it is saved
    figure.legend(loc="lower center", frameon=False, borderaxespad=0.1, **at, **more)
