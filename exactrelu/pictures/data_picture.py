"""The data with the hyperplanes of the neurons at a point: which data points are solved, unsolved, dead; the output.

With two inputs the plane of the inputs, subdivided exactly into linear regions; with one the graph of the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu.pictures import style
from exactrelu.pictures.labels import haloed, place_beside
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.pictures.planes import InputPlane, Spot
from exactrelu.pictures.raster import outputs
from exactrelu.pictures.regions import Window, joined
from exactrelu.pictures.subdivision import LIMIT, Subdivision, subdivision
from exactrelu.pictures.views import base_point, read_window, rounded_window
from exactrelu.pictures.weight_slice import rings_of, short
from exactrelu.rational import Vector

if TYPE_CHECKING:
    from exactrelu.landscape import Problem
    from exactrelu.pictures.picture import Subject

SHAPES = ("o", "s", "^", "D", "v", "P", "h", "<")
"""One for each class."""
FILLS = {"solved": style.SKY, "unsolved": style.VERMILION, "dead": style.WHITE}
LINES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 1.5, 1, 1.5)))
PIXELS = 160


@dataclass(frozen=True)
class Datum:
    """A data point: its place, its target, and how it stands: solved, unsolved, or dead (no neuron is active)."""

    number: int
    place: Vector
    target: Any
    text: str
    shape: int
    state: str
    dead: bool


def why_not(subject: Subject) -> str:
    """Why there is no picture of the data; empty when there is one."""
    if not hasattr(subject, "network"):
        return "an arrangement has no data; a problem file has"
    inputs = subject.network.widths[0]
    return "" if inputs <= 2 else f"the data have {inputs} inputs, a picture needs 1 or 2"


def draw(subject: Subject, wishes: Wishes) -> Picture:
    """Draw the data at a named point (default: the first)."""
    problem: Problem = subject  # type: ignore[assignment]
    name, base = base_point(problem, wishes)
    data = [datum(problem, base, i) for i in range(len(problem.x))]
    with style.styled():
        figure = style.new_figure(*(wishes.size or (style.WIDTH, style.HEIGHT)))
        axes = figure.add_subplot()
        painter = _plane if problem.network.widths[0] == 2 else _line
        parts, handles, entries = painter(figure, axes, problem, base, data, wishes)
        style.legend_below(axes, [*handles, *_state_handles(data)])
        style.settled(figure)
        place_beside(axes, entries)
    return Picture(figure, _caption(problem, name, base, data), _facts(problem, name, base, data, parts))


def datum(problem: Problem, base: Vector, i: int) -> Datum:
    """How a data point stands at a point of parameter space."""
    network = problem.network
    pre = network.preactivations(base, problem.x[i])
    result = network.output(pre)
    target = problem.y[i]
    if isinstance(target, tuple):
        solved = tuple(result) == target
    else:
        solved = all(unit.argument(result) <= 0 for unit in problem.units[i])
    hidden = pre[: network.hidden_layers]
    dead = not network.slopes[1] and any(all(value <= 0 for value in layer) for layer in hidden)
    if isinstance(target, tuple):
        text, shape = (str(target[0]) if len(target) == 1 else f"({', '.join(map(str, target))})"), 0
    elif problem.loss.kind == "hinge":
        text, shape = f"{target:+d}", 0 if target > 0 else 1
    else:
        text, shape = f"class {target}", target
    state = "solved" if solved else "dead" if dead else "unsolved"
    return Datum(i + 1, problem.x[i], target, text, shape, state, dead)


# ---------------------------------------------------------------------- two inputs


def _plane(
    figure: Any, axes: Any, problem: Problem, base: Vector, data: list[Datum], wishes: Wishes
) -> tuple[Subdivision, list[Any], list[tuple[float, float, str]]]:
    window = read_window(wishes.window) if wishes.window else rounded_window([(d.place[0], d.place[1]) for d in data])
    levels = (mpq(-1), mpq(0), mpq(1)) if problem.loss.kind == "hinge" else ()
    plane = InputPlane(problem, base, levels)
    parts = subdivision(plane, window, wishes.limit or LIMIT, wishes.tick)
    a, b, c, d = map(float, window)
    axes.set_xlim(a, b)
    axes.set_ylim(c, d)
    axes.set_aspect("equal")
    axes.set_xlabel("$x_1$")
    axes.set_ylabel("$x_2$")
    handles = _shade(figure, axes, problem, base, parts)
    handles += _input_walls(axes, problem, parts)
    _arrows(axes, problem, base, window)
    spots: dict[Spot, list[Datum]] = {}
    for each in data:
        spots.setdefault((each.place[0], each.place[1]), []).append(each)
    entries = []
    for (x, y), here in spots.items():
        for size, each in zip(range(len(here), 0, -1), here, strict=True):
            _dot(axes, float(x), float(y), each, 30 + 45 * (size - 1))
        entries.append((float(x), float(y), _target_text(here)))
    return parts, handles, entries


def _shade(figure: Any, axes: Any, problem: Problem, base: Vector, parts: Subdivision) -> list[Any]:
    import numpy as np
    from matplotlib import colormaps
    from matplotlib.collections import PolyCollection
    from matplotlib.patches import Patch

    count = problem.network.widths[-1]
    if count == 1:
        a, b, c, d = map(float, parts.window)
        xs = a + (b - a) * (np.arange(PIXELS) + 0.5) / PIXELS
        ys = c + (d - c) * (np.arange(PIXELS) + 0.5) / PIXELS
        grid = np.meshgrid(xs, ys)
        values = outputs(problem, [np.float64(value) for value in base], list(grid))[0] + 0 * grid[0]
        image = axes.imshow(
            values, extent=(a, b, c, d), origin="lower", cmap=colormaps[style.VALUES].resampled(64), alpha=0.55,
            interpolation="nearest", zorder=1,
        )  # fmt: skip
        bar = figure.colorbar(image, ax=axes, label="output of the network", aspect=30)
        bar.outline.set_linewidth(0.5)
        return []
    if problem.loss.kind == "squared":
        return []
    handles = []
    pairs = [(q, r) for q in range(count) for r in range(q + 1, count)]
    for k in range(count):
        rings = []
        for region in parts.regions:
            signs = region.columns[0][-1]
            if all((s > 0 if q == k else s < 0) for (q, r), s in zip(pairs, signs, strict=True) if k in (q, r)):
                rings += rings_of(region)
        if rings:
            face = style.PALE[k % 8]
            axes.add_collection(PolyCollection(rings, facecolors=face, edgecolors=face, linewidths=0.4, zorder=1))
            handles.append(Patch(facecolor=face, label=f"class {k} wins"))
    return handles


def _input_walls(axes: Any, problem: Problem, parts: Subdivision) -> list[Any]:
    """The boundaries of the linear regions, and the level lines of the output."""
    from matplotlib.collections import LineCollection
    from matplotlib.lines import Line2D

    hidden = len(problem.network.activated)
    looks: dict[str, tuple[list[Any], dict[str, Any]]] = {}
    for wall in joined(parts.walls, parts.window):
        if wall.group < hidden:
            name = "hyperplane of a neuron" if wall.group == 0 else f"kink of layer {wall.group + 1}"
            line = {"color": style.BLACK, "lw": style.WALL, "ls": LINES[0] if wall.group == 0 else LINES[2]}
        elif problem.loss.kind != "hinge":
            name, line = "two classes tie", {"color": style.BLUE, "lw": 1.4, "ls": "-"}
        elif wall.units[0][2] == 1:
            name, line = "output 0", {"color": style.BLUE, "lw": 1.6, "ls": "-"}
        else:
            name, line = "output -1 or 1", {"color": style.BLUE, "lw": 1.0, "ls": LINES[1]}
        looks.setdefault(name, ([], line))[0].append([(float(s), float(t)) for s, t in wall.points])
    for lines, line in looks.values():
        axes.add_collection(
            LineCollection(lines, colors=line["color"], linewidths=line["lw"], linestyles=line["ls"], zorder=4)
        )
    return [Line2D([], [], label=name, **line) for name, (_, line) in sorted(looks.items())]


def _arrows(axes: Any, problem: Problem, base: Vector, window: Window) -> None:
    """From the middle of each neuron's line an arrow to its active side, and its number."""
    a, b, c, d = map(float, window)
    reach = 0.07 * max(b - a, d - c)
    taken: list[tuple[float, float]] = []
    for k, (p, q, r) in enumerate(first_layer(problem, base), 1):
        ends = _clipped(float(p), float(q), float(r), (a, b, c, d))
        if ends is None:
            continue
        (x0, y0), (x1, y1) = ends
        spots = [(x0 + f * (x1 - x0), y0 + f * (y1 - y0)) for f in (0.5, 0.3, 0.7, 0.15, 0.85, 0.4, 0.6)]
        x, y = max(spots, key=lambda s: min((abs(s[0] - u) + abs(s[1] - v) for u, v in taken), default=0) > 1.5 * reach)
        taken.append((x, y))
        norm = (float(p) ** 2 + float(q) ** 2) ** 0.5
        nx, ny = float(p) / norm, float(q) / norm
        look = {"arrowstyle": "-|>", "lw": 1.1, "color": style.BLACK, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9}
        axes.annotate("", (x + reach * nx, y + reach * ny), (x, y), arrowprops=look, zorder=6)
        text = axes.text(
            x + 1.45 * reach * nx, y + 1.45 * reach * ny, str(k), fontsize=8, ha="center", va="center", zorder=7,
            style="italic",
        )  # fmt: skip
        haloed(text)


def first_layer(problem: Problem, base: Vector) -> list[tuple[Any, ...]]:
    """For each neuron of the first layer the coefficients of its pre-activation in the inputs, then the constant."""
    layer = problem.network.layers[0]
    zero = (mpq(0),) * layer.inputs
    constant = layer.apply(base[: layer.parameters], zero)
    columns = []
    for j in range(layer.inputs):
        unit = tuple(mpq(int(i == j)) for i in range(layer.inputs))
        columns.append([v - c for v, c in zip(layer.apply(base[: layer.parameters], unit), constant, strict=True)])
    return [(*(column[k] for column in columns), constant[k]) for k in range(layer.outputs)]


def _clipped(p: float, q: float, r: float, frame: tuple[float, ...]) -> tuple[Any, Any] | None:
    """The part of the line p x + q y + r = 0 inside a frame."""
    a, b, c, d = frame
    spots = []
    if q:
        spots += [(x, -(p * x + r) / q) for x in (a, b)]
    if p:
        spots += [(-(q * y + r) / p, y) for y in (c, d)]
    gap = 1e-9 * max(b - a, d - c)
    inside = sorted({s for s in spots if a - gap <= s[0] <= b + gap and c - gap <= s[1] <= d + gap})
    return (inside[0], inside[-1]) if len(inside) > 1 else None


# ---------------------------------------------------------------------- one input


def _line(
    figure: Any, axes: Any, problem: Problem, base: Vector, data: list[Datum], wishes: Wishes
) -> tuple[Subdivision, list[Any], list[tuple[float, float, str]]]:
    from matplotlib.lines import Line2D

    full = read_window(wishes.window) if wishes.window else rounded_window([(d.place[0], mpq(0)) for d in data])
    window = full[0], full[1], mpq(0), mpq(1)  # the second coordinate is idle
    parts = subdivision(InputPlane(problem, base), window, wishes.limit or LIMIT, wishes.tick)
    breaks = sorted({s for region in parts.regions for s, _ in (region.polygon.vertices if region.polygon else ())})
    network = problem.network
    graph = [network.output(network.preactivations(base, (s,))) for s in breaks]
    handles = []
    for r in range(network.widths[-1]):
        colour = (style.BLUE, style.VERMILION, style.GREEN, style.PURPLE)[r % 4]
        look = {"color": colour, "lw": 1.6, "ls": LINES[r % 4]}
        axes.plot([float(s) for s in breaks], [float(values[r]) for values in graph], zorder=3, **look)
        label = (
            "output of the network" if network.widths[-1] == 1 else f"output {r if problem.loss.is_hinge else r + 1}"
        )
        handles.append(Line2D([], [], label=label, **look))
    if problem.loss.is_hinge:
        for level in (-1, 1):
            axes.axhline(level, color=style.GREY, lw=0.7, ls=LINES[1], zorder=2)
        handles.append(Line2D([], [], color=style.GREY, lw=0.7, ls=LINES[1], label="output -1 or 1"))
    axes.set_xlim(float(window[0]), float(window[1]))
    entries = _dots_on_line(axes, problem, data, [float(v) for values in graph for v in values])
    if wishes.window:
        axes.set_ylim(float(full[2]), float(full[3]))
    axes.set_xlabel("$x$")
    axes.set_ylabel("output")
    _kinks_on_line(axes, problem, base, window)
    if any(p and window[0] < -c / p < window[1] for p, c in first_layer(problem, base)):
        handles.append(Line2D([], [], color=style.BLACK, lw=0.8, label="a neuron's kink, arrow to its active side"))
    return parts, handles, entries


def _dots_on_line(
    axes: Any, problem: Problem, data: list[Datum], levels: list[float]
) -> list[tuple[float, float, str]]:
    binary = problem.loss.kind in ("hinge", "squared")
    floor = min([*levels, -1.0]) - 0.4
    spots: dict[tuple[float, float], list[Datum]] = {}
    for each in data:
        targets = each.target if isinstance(each.target, tuple) else (each.target,)
        for value in targets if binary else (floor,):
            spots.setdefault((float(each.place[0]), float(value)), []).append(each)
    entries = []
    for (x, y), here in spots.items():
        for size, each in zip(range(len(here), 0, -1), here, strict=True):
            _dot(axes, x, y, each, 30 + 45 * (size - 1))
        if len(data) <= 24:
            entries.append((x, y, _target_text(here)))
    return entries


def _kinks_on_line(axes: Any, problem: Problem, base: Vector, window: Window) -> None:
    """Vertical lines where neurons of the first layer switch, with an arrow to the active side."""
    from matplotlib.transforms import blended_transform_factory

    reach = 0.06 * float(window[1] - window[0])
    blended = blended_transform_factory(axes.transData, axes.transAxes)
    level = 0.97
    for k, (p, c) in enumerate(first_layer(problem, base), 1):
        if not p or not window[0] < -c / p < window[1]:
            continue
        x, side = float(-c / p), 1 if p > 0 else -1
        axes.axvline(x, color=style.BLACK, lw=0.8, zorder=2)
        look = {"arrowstyle": "-|>", "lw": 1.0, "color": style.BLACK, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 8}
        axes.annotate(
            "", (x + side * reach, level), (x, level), xycoords=blended, textcoords=blended, arrowprops=look, zorder=6
        )
        text = axes.text(
            x + 1.4 * side * reach, level, str(k), transform=blended, fontsize=8, style="italic", ha="center",
            va="center", zorder=7,
        )  # fmt: skip
        haloed(text)
        level = level - 0.07 if level > 0.6 else 0.97


# ---------------------------------------------------------------------- data points


def _dot(axes: Any, x: float, y: float, each: Datum, size: float) -> None:
    shape = SHAPES[each.shape % len(SHAPES)]
    axes.scatter(
        [x], [y], s=size, marker=shape, c=FILLS[each.state], edgecolors=style.BLACK, linewidths=1.0, zorder=8,
        clip_on=False,
    )  # fmt: skip
    if each.dead:
        axes.scatter([x], [y], s=size * 0.5, marker="x", c=style.BLACK, linewidths=0.9, zorder=8.1, clip_on=False)


def _target_text(here: list[Datum]) -> str:
    """Numbers and targets of the data points at one place."""
    texts = [f"{each.number}: {each.text}" for each in here]
    return ", ".join(texts) if len(texts) <= 3 else f"{texts[0]} and {len(texts) - 1} more"


def _state_handles(data: list[Datum]) -> list[Any]:
    from matplotlib.lines import Line2D

    handles = []
    present = [(state, dead) for state in FILLS for dead in (False, True)]
    for state, dead in present:
        if any((each.state, each.dead) == (state, dead) for each in data):
            label = state if state == "dead" or not dead else f"{state}, dead"
            look: dict[str, Any] = {"marker": "o", "ls": "", "mfc": FILLS[state], "mec": style.BLACK, "ms": 6.5}
            handles.append(Line2D([], [], label=f"{label} data point" + (" (×)" if dead else ""), **look))
    return handles


# ---------------------------------------------------------------------- words and facts


def _caption(problem: Problem, name: str, base: Vector, data: list[Datum]) -> str:
    title = problem.name or "problem"
    counts = {state: sum(each.state == state for each in data) for state in FILLS}
    said = ", ".join(f"{number} {state}" for state, number in counts.items() if number)
    solved = "residual 0" if problem.loss.kind == "squared" else "margin at least 1"
    sentences = [
        f"{title}. The data and the network at {name}, loss {short(problem.evaluate(base))}.",
        f"Of {len(data)} data points: {said} (solved: {solved}; dead: no neuron of a hidden layer is active).",
        "Beside a data point: its number and its target; an arrow points to the active side of a neuron.",
    ]
    for k, form in enumerate(first_layer(problem, base), 1):
        if not any(form[:-1]):
            sign = "positive" if form[-1] > 0 else "negative" if form[-1] < 0 else "zero"
            sentences.append(f"Neuron {k} has no hyperplane: it is {sign} everywhere.")
    return " ".join(sentences)


def _facts(problem: Problem, name: str, base: Vector, data: list[Datum], parts: Subdivision) -> dict[str, Any]:
    return {
        "at": name,
        "loss": str(problem.evaluate(base)),
        "data": [{"number": d.number, "state": d.state, "dead": d.dead} for d in data],
        "neurons": [[str(value) for value in form] for form in first_layer(problem, base)],
        "breaks": sorted({f"{wall.curve.text} = 0" for wall in parts.walls}),
        "window": [str(end) for end in parts.window],
    }
