"""Where labels go: beside what they name, apart from one another, inside the picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

Box: TypeAlias = "tuple[float, float, float, float]"
"""Left, bottom, right, top, in pixels."""

SIDES = ((1, 1), (1, -1), (-1, 1), (-1, -1), (0, 1), (0, -1), (1, 0), (-1, 0))


def place_beside(axes: Any, entries: Sequence[tuple[float, float, str]], size: float = 8) -> None:
    """Write each text beside its point, where it hides least. The layout of the figure must be settled."""
    renderer = axes.figure.canvas.get_renderer()
    frame = axes.get_window_extent(renderer)
    scale = axes.figure.dpi / 72
    taken: list[Box] = []
    for x, y, _ in entries:
        px, py = axes.transData.transform((x, y))
        taken.append((px - 4 * scale, py - 4 * scale, px + 4 * scale, py + 4 * scale))
    for x, y, text in entries:
        px, py = axes.transData.transform((x, y))
        artist = axes.text(0, 0, text, fontsize=size)
        extent = artist.get_window_extent(renderer)
        artist.remove()
        best: tuple[float, int] | None = None
        boxes = [_beside(px, py, extent.width, extent.height, side, scale) for side in SIDES]
        for number, box in enumerate(boxes):
            cost = sum(_overlap(box, other) for other in taken) + 4 * _outside(box, frame)
            if best is None or cost < best[0] - 1e-6:
                best = cost, number
        chosen = boxes[best[1] if best else 0]
        taken.append(chosen)
        left, bottom = axes.transData.inverted().transform((chosen[0], chosen[1]))
        haloed(axes.text(left, bottom, text, fontsize=size, ha="left", va="bottom", zorder=9, clip_on=False))


def fits(axes: Any, text: str, size: float, width: float, height: float) -> bool:
    """Whether a text fits into a box of so many data units."""
    artist = axes.text(0, 0, text, fontsize=size)
    extent = artist.get_window_extent(axes.figure.canvas.get_renderer())
    artist.remove()
    (a, b), (c, d) = axes.transData.transform((0, 0)), axes.transData.transform((width, height))
    return bool(extent.width < abs(c - a) and extent.height < abs(d - b))


def haloed(artist: Any, width: float = 2.0) -> None:
    """Give letters a white rim, so that they are legible on any ground."""
    from matplotlib.patheffects import withStroke

    artist.set_path_effects([withStroke(linewidth=width, foreground="white")])


def _beside(x: float, y: float, width: float, height: float, side: tuple[int, int], scale: float) -> Box:
    gap = 5 * scale
    h, v = side
    left = x + gap if h > 0 else x - gap - width if h < 0 else x - width / 2
    bottom = y + gap * 0.6 if v > 0 else y - gap * 0.6 - height if v < 0 else y - height / 2
    return left, bottom, left + width, bottom + height


def _overlap(a: Box, b: Box) -> float:
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def _outside(box: Box, frame: Any) -> float:
    inner = (frame.x0, frame.y0, frame.x1, frame.y1)
    return (box[2] - box[0]) * (box[3] - box[1]) - _overlap(box, inner)
