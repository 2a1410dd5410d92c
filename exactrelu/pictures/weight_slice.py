"""A slice of parameter space with the exact walls of its cells, by loss or by signature; named points marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exactrelu import signature as signatures
from exactrelu.errors import MalformedInput
from exactrelu.pictures import style
from exactrelu.pictures.curves import RING
from exactrelu.pictures.labels import fits, haloed, place_beside
from exactrelu.pictures.minima import Minima, joined_curves, minima_in
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.pictures.raster import loss_grid
from exactrelu.pictures.regions import Region, Wall, joined
from exactrelu.pictures.subdivision import LIMIT, Subdivision, subdivision
from exactrelu.pictures.views import Mark, View, view
from exactrelu.polynomial import Polynomial, latex_name
from exactrelu.signature import Columns, unit_name

if TYPE_CHECKING:
    from exactrelu.landscape import Problem
    from exactrelu.pictures.picture import Subject

PIXELS = (320, 240)
MARKERS: dict[str, tuple[str, dict[str, Any]]] = {
    "global minimum": ("*", {"s": 130, "c": style.WHITE, "edgecolors": style.BLACK, "linewidths": 1.0}),
    "spurious local minimum": ("*", {"s": 130, "c": style.VERMILION, "edgecolors": style.BLACK, "linewidths": 0.8}),
    "local minimum": ("*", {"s": 130, "c": style.SKY, "edgecolors": style.BLACK, "linewidths": 0.8}),
    "local maximum": ("^", {"s": 50, "c": style.WHITE, "edgecolors": style.BLACK, "linewidths": 1.0}),
    "saddle": ("X", {"s": 60, "c": style.WHITE, "edgecolors": style.BLACK, "linewidths": 0.9}),
    "critical": ("D", {"s": 34, "c": style.WHITE, "edgecolors": style.BLACK, "linewidths": 0.9}),
    "not critical": ("o", {"s": 22, "c": style.BLACK, "edgecolors": style.WHITE, "linewidths": 0.8}),
    "undecided": ("s", {"s": 34, "c": style.LIGHT, "edgecolors": style.BLACK, "linewidths": 0.9}),
}
"""How points are marked, by what is decided about them."""


def why_not(subject: Subject) -> str:
    """Why there is no slice; empty when there is."""
    if not hasattr(subject, "network"):
        return "an arrangement has no parameters; a problem file has"
    if subject.network.parameters < 2:
        return "the network has one parameter, a slice needs two"
    return ""


def draw(subject: Subject, wishes: Wishes) -> Picture:
    """Draw a slice; see `exactrelu.pictures.views` for which."""
    problem: Problem = subject  # type: ignore[assignment]
    colour = wishes.color or "loss"
    if colour not in ("loss", "signature"):
        raise MalformedInput("--color", f'"{colour}"', '"loss" or "signature"')
    seen = view(problem, wishes)
    parts = subdivision(seen.plane, seen.window, wishes.limit or LIMIT, wishes.tick)
    minima = minima_in(problem, parts, wishes.limit or LIMIT, wishes.tick)
    with style.styled():
        figure = style.new_figure(*(wishes.size or (style.WIDTH, style.HEIGHT)))
        axes = figure.add_subplot()
        _frame(axes, seen)
        handles = [*draw_walls(axes, parts, problem), *draw_marks(axes, seen.marks), *_draw_minima(axes, seen, minima)]
        numbered: dict[Columns, int] = {}
        if colour == "loss":
            _loss_colours(figure, axes, seen)
            handles += _flat_regions(axes, seen, parts, minima)
        else:
            numbered = {columns: n for n, columns in enumerate(parts.signatures, 1)}
            _signature_colours(axes, parts)
        style.legend_below(axes, handles)
        style.settled(figure)
        if numbered:
            _signature_labels(figure, axes, parts, numbered)
        place_beside(axes, [(float(m.spot[0]), float(m.spot[1]), ", ".join(m.names)) for m in seen.marks])
    return Picture(figure, caption(problem, seen, parts, colour, minima), facts(seen, parts, minima))


def _frame(axes: Any, seen: View) -> None:
    a, b, c, d = map(float, seen.window)
    axes.set_xlim(a, b)
    axes.set_ylim(c, d)
    if b - a == d - c:
        axes.set_aspect("equal")
    axes.set_xlabel(axis_label(seen.plane.labels[0]))
    axes.set_ylabel(axis_label(seen.plane.labels[1]))


def axis_label(label: str) -> str:
    """The label of an axis: a parameter in mathematics, other texts as they are."""
    name = latex_name(label)
    return label if name == label else f"${name}$"


# ---------------------------------------------------------------------- walls and marks


def wall_style(group: int, problem: Problem) -> tuple[str, dict[str, Any]]:
    """The name and the line of the walls of a group of units."""
    hidden = len(problem.network.activated)
    if group >= hidden:
        return "wall of the loss (margin 1)", {"color": style.BLACK, "lw": style.KINK, "ls": (0, (4, 2))}
    dashes: Any = "-" if group == 0 else (0, (1, 1.5)) if group == 1 else (0, (6, 1.5, 1, 1.5))
    name = "wall of the hidden layer" if problem.network.hidden_layers == 1 else f"wall of layer {group + 1}"
    name = "wall of the activated output" if group == problem.network.hidden_layers else name
    return name, {"color": style.BLACK, "lw": style.WALL, "ls": dashes}


def draw_walls(axes: Any, parts: Subdivision, problem: Problem) -> list[Any]:
    """Draw the walls; returns a handle for the legend for each sort of them."""
    from matplotlib.collections import LineCollection
    from matplotlib.lines import Line2D

    handles = []
    walls = joined(parts.walls, parts.window)
    for group in sorted({wall.group for wall in walls}):
        name, line = wall_style(group, problem)
        lines = [[(float(s), float(t)) for s, t in wall.points] for wall in walls if wall.group == group]
        axes.add_collection(
            LineCollection(lines, colors=line["color"], linewidths=line["lw"], linestyles=line["ls"], zorder=4)
        )
        handles.append(Line2D([], [], label=name, **line))
    return handles


def draw_marks(axes: Any, marks: tuple[Mark, ...]) -> list[Any]:
    """Draw the named points; returns a handle for the legend for each verdict."""
    handles = []
    for name, (marker, look) in MARKERS.items():
        spots = [mark.spot for mark in marks if mark.verdict == name]
        if spots:
            xs, ys = ([float(spot[k]) for spot in spots] for k in (0, 1))
            handles.append(axes.scatter(xs, ys, marker=marker, label=name, zorder=8, clip_on=False, **look))
    return handles


def _draw_minima(axes: Any, seen: View, minima: Minima | None) -> list[Any]:
    """Draw the sets of local minima: areas dotted, curves and points in vermilion with a white rim."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.patheffects import Normal, Stroke

    if minima is None:
        return []
    handles: list[Any] = []
    for region, _ in minima.areas:
        _fill(axes, region, facecolor="none", edgecolor=style.VERMILION, hatch="..", linewidth=0, zorder=3)
    if minima.areas:
        handles.append(Patch(facecolor="white", edgecolor=style.VERMILION, hatch="..", label="area of local minima"))
    rim = [Stroke(linewidth=4.2, foreground="white"), Normal()]
    look: dict[str, Any] = {"color": style.VERMILION, "lw": 2.6, "solid_capstyle": "butt"}
    for points in joined_curves(minima):
        axes.plot(*([float(spot[k]) for spot in points] for k in (0, 1)), path_effects=rim, zorder=5, **look)
    if minima.curves:
        handles.append(Line2D([], [], label="curve of local minima", **look))
    named = {mark.spot for mark in seen.marks}
    named |= {spot for _, points, _ in minima.curves for spot in (points[0], points[-1])}  # ends of what is drawn
    spots = [
        spot for spot, _ in minima.points
        if spot not in named and not any(region.polygon and region.polygon.holds(spot) for region, _ in minima.areas)
    ]  # fmt: skip
    if spots:
        xs, ys = ([float(spot[k]) for spot in spots] for k in (0, 1))
        dot: dict[str, Any] = {
            "marker": "*",
            "s": 70,
            "c": style.VERMILION,
            "edgecolors": style.WHITE,
            "linewidths": 0.7,
        }
        handles.append(axes.scatter(xs, ys, zorder=7, label="local minimum without a name", **dot))
    return handles


# ---------------------------------------------------------------------- colours


def _loss_colours(figure: Any, axes: Any, seen: View) -> None:
    import numpy as np
    from matplotlib import colormaps
    from matplotlib.colors import PowerNorm

    values = loss_grid(seen.plane, seen.window, *PIXELS)
    low, high = float(values.min()), float(np.quantile(values, 0.98))
    high = high if high > low else low + 1
    norm = PowerNorm(0.5, low, high)
    a, b, c, d = map(float, seen.window)
    image = axes.imshow(
        values, extent=(a, b, c, d), origin="lower", aspect=axes.get_aspect(), norm=norm, interpolation="nearest",
        cmap=colormaps[style.VALUES].resampled(64), zorder=1,
    )  # fmt: skip
    bar = figure.colorbar(image, ax=axes, label="loss", extend="max" if values.max() > high else "neither", aspect=30)
    bar.outline.set_linewidth(0.5)
    levels = [low + (high - low) * (k / 9) ** 2 for k in range(1, 9)]
    if values.max() > low:
        xs = np.linspace(a, b, 2 * PIXELS[0] + 1)[1::4]
        ys = np.linspace(c, d, 2 * PIXELS[1] + 1)[1::4]
        axes.contour(xs, ys, values[::2, ::2], levels=levels, colors="white", linewidths=0.35, alpha=0.7, zorder=2)


def _flat_regions(axes: Any, seen: View, parts: Subdivision, minima: Minima | None) -> list[Any]:
    """Hatch the regions of constant loss that are no areas of local minima."""
    from matplotlib.patches import Patch

    areas = [region.polygon for region, _ in minima.areas if region.polygon] if minima else []
    flat = [
        region for region in parts.regions
        if seen.plane.loss(region.columns).is_constant() and not any(area.holds(region.sample) for area in areas)
    ]  # fmt: skip
    for region in flat:
        _fill(axes, region, facecolor="none", edgecolor="#ffffff", hatch="////", linewidth=0, zorder=3)
    return [Patch(facecolor="#bbbbbb", edgecolor="white", hatch="////", label="loss constant")] if flat else []


def _signature_colours(axes: Any, parts: Subdivision) -> None:
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(parts.signatures)
    graph.add_edges_from(wall.beside for wall in parts.walls if wall.beside[0] != wall.beside[1])
    colours = networkx.greedy_color(graph, strategy="DSATUR") if len(graph) > 1 else dict.fromkeys(graph, 0)
    for region in parts.regions:
        number = colours.get(region.columns, 0)
        face, hatch = style.PALE[number % 8], style.HATCHES[number // 8 % 8]
        _fill(axes, region, facecolor=face, edgecolor=face, hatch=hatch, linewidth=0.4, zorder=1)


def _fill(axes: Any, region: Region, **look: Any) -> None:
    """Fill a region: its parts are one path, so that no seams show."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    rings = rings_of(region)
    path = Path.make_compound_path(*(Path([*ring, ring[0]], closed=True) for ring in rings))
    axes.add_patch(PathPatch(path, **look))


def rings_of(region: Region) -> list[list[tuple[float, float]]]:
    """The outlines of the parts of a region, as floats."""
    if region.polygon is not None:
        return [[(float(s), float(t)) for s, t in region.polygon.vertices]]
    rings = []
    for strip in region.strips:
        ring = [*zip(strip.s, strip.low, strict=True), *reversed([*zip(strip.s, strip.high, strict=True)])]
        rings.append([(float(s), float(t)) for s, t in ring])
    return rings


def _signature_labels(figure: Any, axes: Any, parts: Subdivision, numbered: dict[Columns, int]) -> None:
    """Signatures where they fit; else numbers, and a key beside the picture."""
    texts = {columns: signatures.write(columns).replace(";", "\n") for columns in numbered}
    boxes = [(region, *_room(region)) for region in parts.regions]
    direct = all(fits(axes, texts[region.columns], 7, w, h) for region, _, _, w, h in boxes)
    named: set[int] = set()
    for region, x, y, width, height in boxes:
        text = texts[region.columns] if direct else str(numbered[region.columns])
        if not direct and not fits(axes, text, 7, width * 1.1, height * 1.1):
            continue
        named.add(numbered[region.columns])
        haloed(axes.text(x, y, text, ha="center", va="center", fontsize=7, zorder=7, linespacing=1.1))
    if not direct:
        lines = [f"{n:2}  {signatures.write(columns)}" for columns, n in numbered.items() if n in named]
        if lines and len(lines) <= 40 and max(map(len, lines)) <= 60:
            axes.text(
                1.02, 1.0, "\n".join(lines), transform=axes.transAxes, fontsize=6.5, va="top", family="DejaVu Sans Mono"
            )


def _room(region: Region) -> tuple[float, float, float, float]:
    """A point of a region, and about how much room there is around it."""
    rings = rings_of(region)
    if region.polygon is not None:
        ring = rings[0]
        x, y = (sum(p[k] for p in ring) / len(ring) for k in (0, 1))
    else:
        return _curved_room(region)
    return x, y, _chord(rings, x, y, 0), _chord(rings, x, y, 1)


def _curved_room(region: Region) -> tuple[float, float, float, float]:
    """Along the middle of the strips, the place with most room."""
    best = (float(region.sample[0]), float(region.sample[1]), 0.0, 0.0)
    spans = sorted(
        (float(s), float(low), float(high))
        for strip in region.strips
        for s, low, high in zip(strip.s, strip.low, strip.high, strict=True)
    )
    for place, (x, low, high) in enumerate(spans):
        y = (low + high) / 2
        ways = []
        for beyond in (reversed(spans[:place]), iter(spans[place + 1 :])):
            end = x
            for s, below, above in beyond:
                if not below <= y <= above:
                    break
                end = s
            ways.append(abs(end - x))
        room = x, y, 1.6 * min(ways), 0.8 * (high - low)
        if min(room[2:]) > min(best[2:]):
            best = room
    return best


def _chord(rings: list[list[tuple[float, float]]], x: float, y: float, axis: int) -> float:
    """Twice the way to the nearest side in the direction of an axis, about."""
    here, level = (x, y) if axis == 0 else (y, x)
    ways = []
    for ring in rings:
        for p, q in zip(ring, [*ring[1:], ring[0]], strict=True):
            a, b = (p[axis], p[1 - axis]), (q[axis], q[1 - axis])
            if (a[1] - level) * (b[1] - level) < 0:
                ways.append(abs(a[0] + (b[0] - a[0]) * (level - a[1]) / (b[1] - a[1]) - here))
    return 1.6 * min(ways, default=0.0)


# ---------------------------------------------------------------------- words and facts


def caption(problem: Problem, seen: View, parts: Subdivision, colour: str, minima: Minima | None = None) -> str:
    """What is seen, the slice's equation, and how it was chosen."""
    title = problem.name or "problem"
    what = "The loss" if colour == "loss" else "Cells by signature"
    choice = f" ({seen.choice})" if seen.choice else ""
    count = len(parts.signatures)
    sentences = [
        f"{title}. {what} on the slice {seen.plane.equation}{choice}.",
        f"The walls are exact; {count} cell{'' if count == 1 else 's'} meet{'s' if count == 1 else ''} the window.",
    ]
    if parts.vanishing:
        names = [unit_name(problem, *unit) for unit in parts.vanishing]
        listed = ", ".join(names) if len(names) <= 4 else f"{len(names)} units"
        sentences.append(
            f"The slice lies in walls: {listed} {'vanishes' if len(names) == 1 else 'vanish'} on all of it."
        )
    if seen.marks:
        sentences.append(
            "; ".join(f"{', '.join(mark.names)}: {mark.verdict}, loss {short(mark.loss)}" for mark in seen.marks) + "."
        )
    if minima is not None and (minima.areas or minima.curves or minima.points):
        values = {value for group in (minima.areas, minima.curves, minima.points) for *_, value in group}
        losses = ", ".join(short(value) for value in sorted(values))
        sentences.append(f"Vermilion: sets of local minima in this slice, each proved (loss {losses}).")
    return " ".join(sentences)


def short(value: Any) -> str:
    """A number as it is if it is short, else to four digits, and marked so."""
    text = str(value)
    return text if len(text) <= 12 else f"~{float(value):.4g}"


def facts(seen: View, parts: Subdivision, minima: Minima | None = None) -> dict[str, Any]:
    """What is drawn, exactly: for scripts."""
    plane = seen.plane
    write = plane.instance.network.write
    return {
        "slice": {
            "equation": plane.equation,
            "origin": write(plane.origin),
            "first": write(plane.first),
            "second": write(plane.second),
        },
        "window": [str(end) for end in seen.window],
        "regions": [_region(plane, region) for region in parts.regions],
        "walls": [_wall(plane, wall, parts.is_straight) for wall in parts.walls],
        "points": [
            {"names": list(m.names), "at": [str(x) for x in m.spot], "loss": str(m.loss), "verdict": m.verdict}
            for m in seen.marks
        ],
        "minima": None if minima is None else _minima(minima),
    }


def _minima(minima: Minima) -> dict[str, Any]:
    return {
        "areas": [
            {"polygon": [[str(x) for x in v] for v in region.polygon.vertices], "loss": str(value)}
            for region, value in minima.areas
            if region.polygon is not None
        ],
        "curves": [
            {
                "curve": f"{curve.text} = 0",
                "ends": [[str(x) for x in spot] for spot in points] if curve.is_line else None,
                "loss": str(value),
            }
            for curve, points, value in minima.curves
        ],
        "points": [{"at": [str(x) for x in spot], "loss": str(value)} for spot, value in minima.points],
    }


def _region(plane: Any, region: Region) -> dict[str, Any]:
    polygon = region.polygon
    return {
        "signature": signatures.write(region.columns),
        "sample": [str(x) for x in region.sample],
        "polygon": None if polygon is None else [[str(x) for x in vertex] for vertex in polygon.vertices],
        "loss": str(Polynomial(RING, plane.loss(region.columns))),
    }


def _wall(plane: Any, wall: Wall, exact: bool) -> dict[str, Any]:
    return {
        "curve": f"{wall.curve.text} = 0",
        "units": [unit_name(plane.instance, *unit) for unit in wall.units],
        "ends": [[str(x) for x in spot] for spot in wall.points] if exact else None,
    }
