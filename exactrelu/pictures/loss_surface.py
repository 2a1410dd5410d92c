"""The graph of the loss over a slice of parameter space: a mesh made of the exact regions, the kinks as its edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from exactrelu.pictures import style
from exactrelu.pictures.labels import haloed
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.pictures.planes import Slice
from exactrelu.pictures.regions import Region, Strip, Wall, Window
from exactrelu.pictures.subdivision import LIMIT, Subdivision, subdivision
from exactrelu.pictures.views import Mark, view
from exactrelu.pictures.weight_slice import MARKERS, axis_label, caption, facts, why_not
from exactrelu.polynomial import from_flint
from exactrelu.signature import Columns

if TYPE_CHECKING:
    from exactrelu.landscape import Problem
    from exactrelu.pictures.picture import Subject

__all__ = ["draw", "why_not"]
MESH = 24
"""Faces over the width of a window, about."""
PIECES = 12
"""Pieces of a straight edge: what is hidden is decided piece by piece."""
BOX, ELEVATION = (1.0, 1.0, 0.62), 36
HIGHEST = 0.97
"""The surface is cut off above this quantile of the losses in the window, if it is steep."""


def draw(subject: Subject, wishes: Wishes) -> Picture:
    """Draw the loss over a slice; see `exactrelu.pictures.views` for which."""
    problem: Problem = subject  # type: ignore[assignment]
    seen = view(problem, wishes)
    parts = subdivision(seen.plane, seen.window, wishes.limit or LIMIT, wishes.tick)
    losses = Losses(seen.plane)
    faces, heights = _mesh(parts, losses, wishes.tick)
    top = _top(heights)
    with style.styled():
        figure = style.new_figure(*(wishes.size or (style.WIDTH, style.HEIGHT)))
        from matplotlib.ticker import MaxNLocator

        figure.set_layout_engine("none")
        axes: Any = figure.add_axes((0.0, 0.08, 0.94, 0.92), projection="3d", computed_zorder=False)
        a, b, c, d = map(float, seen.window)
        low = max(0.0, float(min(heights)))  # rounding may put it just below
        axes.set_xlim(a, b)
        axes.set_ylim(c, d)
        axes.set_zlim(low, top if top > low else low + 1)
        axes.set_proj_type("ortho")
        axes.view_init(elev=ELEVATION, azim=_azimuth(seen.marks, seen.window))
        axes.set_box_aspect(BOX)
        axes.set_xlabel(axis_label(seen.plane.labels[0]))
        axes.set_ylabel(axis_label(seen.plane.labels[1]))
        axes.set_zlabel("loss")
        axes.tick_params(labelsize=7, pad=1)
        for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
            axis.set_pane_color((1, 1, 1, 0))
            axis.line.set_linewidth(0.5)
            axis.set_major_locator(MaxNLocator(5))
        axes.grid(False)
        _paint(axes, faces, _edges(parts, losses, top), low, top)
        style.legend_below(axes, _marks(axes, seen.marks, low, top), down=-0.05)
    cut = " Steep parts are cut off at the top." if top < max(heights) else ""
    text = caption(problem, seen, parts, "loss") + " Black lines: the exact kinks and other walls." + cut
    return Picture(figure, text, facts(seen, parts))


class Losses:
    """The loss in floats, from the exact polynomial of each region."""

    def __init__(self, plane: Slice) -> None:
        self.plane = plane
        self._terms: dict[Columns, list[tuple[int, int, float]]] = {}

    def at(self, columns: Columns, s: Any, t: Any) -> Any:
        """The polynomial of a region at points of its closure."""
        if columns not in self._terms:
            polynomial = self.plane.loss(columns).to_dict()
            self._terms[columns] = [(int(p), int(q), float(from_flint(c))) for (p, q), c in sorted(polynomial.items())]
        total = 0 * s
        for p, q, c in self._terms[columns]:
            total = total + c * s**p * t**q
        return total


def _mesh(parts: Subdivision, losses: Losses, tick: Callable[[], None]) -> tuple[list[Any], list[float]]:
    """The faces, as lists of corners (s, t, loss), and all heights."""
    height = float(parts.window[3] - parts.window[2])
    faces = []
    for region in parts.regions:
        tick()
        for strip in strips_of(region, parts.window):
            s, low, high = (np.array([float(v) for v in row]) for row in (strip.s, strip.low, strip.high))
            rows = max(1, int(np.ceil(MESH * (high - low).max() / height)))
            levels = low[None, :] + (high - low)[None, :] * np.linspace(0, 1, rows + 1)[:, None]
            grid = np.broadcast_to(s, levels.shape)
            z = losses.at(region.columns, grid, levels)
            for j in range(rows):
                for k in range(len(s) - 1):
                    corners = ((j, k), (j, k + 1), (j + 1, k + 1), (j + 1, k))
                    faces.append([(grid[p], levels[p], z[p]) for p in corners])
    return faces, [corner[2] for face in faces for corner in face]


def strips_of(region: Region, window: Window) -> Sequence[Strip]:
    """A region as strips over about `MESH` intervals in the width of the window; a polygon's are exact."""
    step = (window[1] - window[0]) / MESH
    if region.polygon is None:
        return [_thinned(strip, step) for strip in region.strips]
    ring = region.polygon.vertices
    sides = list(zip(ring, (*ring[1:], ring[0]), strict=True))
    corners = sorted({s for s, _ in ring})
    places = set(corners)
    k = int((corners[0] - window[0]) / step) + 1
    while window[0] + k * step < corners[-1]:
        places.add(window[0] + k * step)
        k += 1
    s = sorted(places)
    levels = []
    for here in s:
        found = []
        for (a, b), (c, d) in sides:
            if min(a, c) <= here <= max(a, c):
                found += [b, d] if a == c else [b + (d - b) * (here - a) / (c - a)]
        levels.append((min(found), max(found)))
    return [Strip(tuple(s), tuple(low for low, _ in levels), tuple(high for _, high in levels))]


def _thinned(strip: Strip, step: Any) -> Strip:
    kept = [0]
    for k in range(1, len(strip.s)):
        if strip.s[k] - strip.s[kept[-1]] >= step or k == len(strip.s) - 1:
            kept.append(k)
    return Strip(*(tuple(row[k] for k in kept) for row in (strip.s, strip.low, strip.high)))


def _edges(parts: Subdivision, losses: Losses, top: float) -> list[list[Any]]:
    """The walls on the surface, and its border, in short pieces."""
    a, b, c, d = parts.window
    edges = []
    for wall in parts.walls:
        edges += _lifted(wall, losses)
    for region in parts.regions:
        for strip in strips_of(region, parts.window):
            for row, level in ((strip.low, c), (strip.high, d)):
                for k in range(len(strip.s) - 1):
                    if row[k] == row[k + 1] == level:
                        edges.append(_pair(losses, region.columns, (strip.s[k], row[k]), (strip.s[k + 1], row[k + 1])))
            for k, end in ((0, a), (-1, b)):
                if strip.s[k] == end:
                    edges += _upright(losses, region.columns, end, strip.low[k], strip.high[k])
    return [edge for edge in edges if min(edge[0][2], edge[1][2]) <= top]


def _lifted(wall: Wall, losses: Losses) -> list[Any]:
    pieces = []
    count = PIECES if len(wall.points) == 2 else 1
    for p, q in pairwise(wall.points):
        spots = [tuple(x + (y - x) * k / count for x, y in zip(p, q, strict=True)) for k in range(count + 1)]
        pieces += [_pair(losses, wall.beside[0], *ends) for ends in pairwise(spots)]
    return pieces


def _upright(losses: Losses, columns: Columns, s: Any, low: Any, high: Any) -> list[Any]:
    levels = [low + (high - low) * k / PIECES for k in range(PIECES + 1)]
    return [_pair(losses, columns, (s, p), (s, q)) for p, q in pairwise(levels)]


def _pair(losses: Losses, columns: Columns, p: Any, q: Any) -> list[Any]:
    return [(float(s), float(t), losses.at(columns, float(s), float(t))) for s, t in (p, q)]


# ---------------------------------------------------------------------- drawing


def _top(heights: list[float]) -> float:
    """Where the surface is cut off: where it is so steep that the rest would be flat."""
    low, high = min(heights), max(heights)
    quantile = float(np.quantile(heights, HIGHEST))
    return high if high - low <= 2.5 * (quantile - low) else quantile


def _paint(axes: Any, faces: list[Any], edges: list[Any], low: float, top: float) -> None:
    """Faces and edges in one collection, so that the edges behind the surface are hidden."""
    from matplotlib import colormaps
    from matplotlib.colors import PowerNorm
    from mpl_toolkits.mplot3d.art3d import Poly3DCollection

    norm = PowerNorm(0.5, low, top if top > low else low + 1)
    colours = colormaps[style.VALUES].resampled(64)
    kept = [face for face in faces if min(corner[2] for corner in face) <= top]
    shapes = [[(s, t, min(z, top)) for s, t, z in face] for face in kept]
    fills = [colours(norm(min(sum(corner[2] for corner in face) / len(face), top))) for face in kept]
    rims = list(fills)
    shift = _towards_the_eye(axes)
    for edge in edges:
        p, q = (np.array((s, t, min(z, top))) + shift for s, t, z in edge)
        shapes.append([tuple(p), tuple((p + q) / 2), tuple(q)])
        fills.append((0, 0, 0, 0))
        rims.append((0, 0, 0, 1))
    faces = Poly3DCollection(shapes, facecolors=fills, edgecolors=rims, linewidths=0.55, zorder=1, clip_on=False)
    axes.add_collection3d(faces)


def _towards_the_eye(axes: Any) -> Any:
    """A step towards the eye, longer than half a face: it moves nothing in the picture, but edges win over faces."""
    up, round_ = np.radians(axes.elev), np.radians(axes.azim)
    direction = np.array((np.cos(up) * np.cos(round_), np.cos(up) * np.sin(round_), np.sin(up)))
    limits = (axes.get_xlim3d(), axes.get_ylim3d(), axes.get_zlim3d())
    sizes = np.array([high - low for low, high in limits])
    return 1.5 / MESH * direction * sizes / np.array(BOX)


def _azimuth(marks: tuple[Mark, ...], window: Window) -> float:
    """Seen from the corner that hides the marks least: from where the loss at the marks is low."""
    a, b, c, d = map(float, window)
    if not marks:
        return -55.0
    best = min(marks, key=lambda mark: mark.loss)
    right = float(best.spot[0]) >= (a + b) / 2
    back = float(best.spot[1]) >= (c + d) / 2
    return {(True, False): -35.0, (False, False): -125.0, (True, True): 35.0, (False, True): 125.0}[right, back]


def _marks(axes: Any, marks: tuple[Mark, ...], low: float, top: float) -> list[Any]:
    handles = []
    gap = 0.03 * ((top - low) or 1.0)
    for name, (marker, look) in MARKERS.items():
        here = [mark for mark in marks if mark.verdict == name and float(mark.loss) <= top]
        if not here:
            continue
        xs, ys = ([float(mark.spot[k]) for mark in here] for k in (0, 1))
        zs = [float(mark.loss) + gap for mark in here]
        handles.append(
            axes.scatter(xs, ys, zs, marker=marker, label=name, zorder=8, depthshade=False, clip_on=False, **look)
        )
        for mark, x, y, z in zip(here, xs, ys, zs, strict=True):
            text = axes.text(x, y, z + 1.5 * gap, ", ".join(mark.names), fontsize=8, zorder=9, ha="center", va="bottom")
            haloed(text)
    return handles
