"""The Clarke subdifferential at a point: the gradients of the incident cells as a fan, their hull, and where 0 is.

Laurent and von Brecht, ICML 2018, definition 2 and figure 3. Whether 0 is in the hull is decided in the space of all
parameters, not on the plane of the picture; the caption says so where the two differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu.errors import Unsupported
from exactrelu.pictures import style
from exactrelu.pictures.clarke_plane import Axis, Fan, Ray, Shadow
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.polynomial import latex_name
from exactrelu.rational import Rational, Vector, dot, texts
from exactrelu.signature import SYMBOLS

if TYPE_CHECKING:
    from exactrelu.landscape import Problem
    from exactrelu.pictures.picture import Subject

ZERO = mpq(0)
LABELLED, NAMED, LONG = 12, 8, 24


def why_not(subject: Subject) -> str:
    """Why there is no fan to draw; empty where there is."""
    if not hasattr(subject, "points"):
        return "an arrangement has no loss, hence no gradients; a problem is needed"
    return "" if subject.points else 'the problem names no points; add one under "points"'


def draw(subject: Subject, wishes: Wishes) -> Picture:
    """The fan at a named point (default: the first one on a kink), on two parameters or on the most telling plane."""
    reason = why_not(subject)
    if reason:
        raise Unsupported(reason)
    problem: Any = subject
    point = problem.at(wishes.at or _first_kink(problem), wishes.tick)
    return of_fan(Fan.at(point), wishes)


def _first_kink(problem: Problem) -> str:
    names = list(problem.points)
    return next((name for name in names if problem.at(name).kinks), names[0])


def of_fan(fan: Fan, wishes: Wishes) -> Picture:
    """The picture of a fan."""
    shadow = Shadow(fan, fan.named(wishes.axes) if wishes.axes else fan.telling())
    with style.styled():
        figure = style.new_figure(*(wishes.size or (5.2, 4.4)))
        draw_fan(figure.add_subplot(), shadow)
    return Picture(figure, caption(shadow), facts(shadow))


# ---------------------------------------------------------------- drawing


def draw_fan(axes: Any, shadow: Shadow) -> None:
    """Draw a shadow into matplotlib axes: true lengths, 0 as a disc if it is in the hull, else as a ring."""
    fan = shadow.fan
    scales = [sqrt(float(axis.square)) or 1.0 for axis in shadow.axes]

    def place(corner: tuple[Rational, Rational]) -> tuple[float, float]:
        return float(corner[0]) / scales[0], float(corner[1]) / scales[1]

    tips = [place(point) for point in shadow.points]
    u = fan.separating
    _frame(axes, [*tips, *map(place, shadow.hull), (0.0, 0.0)])
    span = max(axes.get_xlim()[1] - axes.get_xlim()[0], axes.get_ylim()[1] - axes.get_ylim()[0])
    _draw_hull(axes, [place(corner) for corner in shadow.hull], shadow.is_whole)
    if u is not None and shadow.axes[0].direction == u and fan.answer.nearest is not None:
        wall = place((shadow.axes[0].square, ZERO))[0]
        axes.axvline(wall, color=style.VERMILION, linewidth=0.9, linestyle=(0, (5, 3)), zorder=1)
    ordered = sorted(zip(tips, fan.rays, strict=True), key=lambda pair: pair[1].multiplier > 0)
    for tip, ray in ordered:
        _arrow(axes, tip, style.BLUE, 1.8 if ray.multiplier else 0.9, 4)
    if u is not None and fan.answer.nearest is not None:
        _arrow(axes, place(shadow.of(u)), style.VERMILION, 2.6, 5)
        half = tuple(value / 2 for value in place(shadow.of(u)))
        note = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
        axes.annotate("$u$", half, color=style.VERMILION, weight="bold", ha="center", va="center", zorder=9, bbox=note)
    inside = fan.answer.answer == "yes"
    face = style.BLACK if inside else style.WHITE
    axes.plot([0], [0], "o", markersize=7, markerfacecolor=face, markeredgecolor=style.BLACK, zorder=7)
    _label_tips(axes, shadow, tips, span)
    axes.set_title(_title(shadow))
    for setter, axis in zip((axes.set_xlabel, axes.set_ylabel), shadow.axes, strict=True):
        setter(_axis_label(axis))
    if not shadow.axes[1].name:  # of one parameter only
        axes.set_yticks([])


def _title(shadow: Shadow) -> str:
    answer = shadow.fan.answer.answer
    if answer == "no":
        return "0 is not in the hull" + (", though in its shadow on this plane" if shadow.holds_zero else "")
    return "0 is in the hull" if answer == "yes" else "undecided whether 0 is in the hull"


def _frame(axes: Any, points: list[tuple[float, float]]) -> None:
    """Limits around the points with room for labels, equal units, thin lines through 0."""
    spans = [(min(values), max(values)) for values in zip(*points, strict=True)]
    size = max(high - low for low, high in spans) or 1.0
    for setter, (low, high) in zip((axes.set_xlim, axes.set_ylim), spans, strict=True):
        middle, half = (low + high) / 2, max((high - low) / 2, 0.42 * size) + 0.16 * size
        setter(middle - half, middle + half)
    axes.set_aspect("equal")
    axes.axhline(0, color=style.LIGHT, linewidth=0.8, zorder=0)
    axes.axvline(0, color=style.LIGHT, linewidth=0.8, zorder=0)


def _draw_hull(axes: Any, corners: list[tuple[float, float]], complete: bool) -> None:
    """The hull; its border is dashed where there may be more gradients than are drawn."""
    if len(corners) > 2:
        border = {"edgecolor": style.BLUE, "linewidth": 0.8, "linestyle": "-" if complete else (0, (4, 3))}
        axes.fill(*zip(*corners, strict=True), facecolor=style.PALE[1], zorder=2, **border)
    elif len(corners) == 2:
        axes.plot(*zip(*corners, strict=True), color=style.SKY, linewidth=5, solid_capstyle="round", zorder=2)


def _arrow(axes: Any, tip: tuple[float, float], color: str, width: float, order: int) -> None:
    if tip == (0.0, 0.0):
        axes.plot([0], [0], "s", markersize=12, markerfacecolor="none", markeredgecolor=color, zorder=order)
        return
    shape = {"arrowstyle": "-|>,head_width=0.22,head_length=0.5", "color": color, "linewidth": width}
    axes.annotate("", tip, (0, 0), arrowprops={**shape, "shrinkA": 0, "shrinkB": 0}, zorder=order)


def _label_tips(axes: Any, shadow: Shadow, tips: list[tuple[float, float]], span: float) -> None:
    """One label for all tips that are close together: the names of the gradients there, and their multipliers."""
    clusters: list[list[int]] = []
    for k, (x, y) in enumerate(tips):
        near = (c for c in clusters if abs(tips[c[0]][0] - x) < 0.05 * span and abs(tips[c[0]][1] - y) < 0.03 * span)
        found = next(near, None)
        if found is None:
            clusters.append([k])
        else:
            found.append(k)
    corners = {tips[shadow.points.index(corner)] for corner in (() if shadow.fan.factors else shadow.hull)}
    corners |= {(0.0, 0.0)} if len(corners) < 3 else set()
    centre = tuple(sum(values) / len(corners) for values in zip(*sorted(corners), strict=True))
    for members in clusters:
        if len(clusters) > LABELLED and not any(shadow.fan.rays[k].multiplier for k in members):
            continue
        x, y = tips[members[0]]
        away = x - centre[0], y - centre[1]
        length = sqrt(away[0] ** 2 + away[1] ** 2)
        dx, dy = (away[0] / length, away[1] / length) if length > 0.02 * span else (0.75, -0.75)
        axes.annotate(
            _tip_text(members, shadow.fan.rays), (x, y), (9 * dx, 9 * dy), textcoords="offset points", zorder=8,
            fontsize=8, ha="left" if dx > 0.35 else "right" if dx < -0.35 else "center",
            va="bottom" if dy > 0.35 else "top" if dy < -0.35 else "center",
            bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
        )  # fmt: skip


def _tip_text(members: list[int], rays: Sequence[Ray]) -> str:
    """The names of one or two gradients, or of those that have a multiplier, and how many others there are."""
    used = [k for k in members if rays[k].multiplier]
    named = members if len(members) <= 2 else used if len(used) <= 2 else []
    parts = [f"$g_{{{k + 1}}}$" + (f": {_short(rays[k].multiplier)}" if k in used else "") for k in named]
    if len(named) < len(members):
        weight = sum((rays[k].multiplier for k in members if k not in named), ZERO)
        others = f"{len(members) - len(named)} {'more' if named else 'gradients'}"
        parts.append(others + (f": {_short(weight)}" if weight else ""))
    return ", ".join(parts)


def _axis_label(axis: Axis) -> str:
    if axis.name == "u":
        return "along $u$, the element of least norm"
    if not axis.name:
        return ""
    name, _, rest = axis.name.partition(", ")
    return f"$\\partial L / \\partial {latex_name(name)}$" + (f", {rest}" if rest else "")


def _short(value: Rational) -> str:
    text = str(value)
    return text if len(text) <= LONG else f"~{float(value):.4g}"


# ---------------------------------------------------------------- words


def caption(shadow: Shadow) -> str:
    """What is drawn, what is decided, and what the plane does not show."""
    fan = shadow.fan
    subject = f'point "{fan.point.name}"' if fan.point.name else "a point"
    source = f" of {fan.point.instance.name}" if fan.point.instance.name else ""
    parts = [f"Clarke subdifferential at the {subject}{source}: {_counted(fan)}."]
    parts.append(_decided(fan))
    parts.append(_about_plane(shadow))
    if len(fan.rays) <= NAMED and fan.point.vanishing:
        places = {(i, g, u) for i, g, u in fan.point.vanishing}
        signs = [
            "".join(
                SYMBOLS[s]
                for i, column in enumerate(ray.cells[0].columns)
                for g, group in enumerate(column)
                for u, s in enumerate(group)
                if (i, g, u) in places
            )
            + (f" and {len(ray.cells) - 1} more" if len(ray.cells) > 1 else "")
            for ray in fan.rays
        ]
        listed = "; ".join(f"g{k + 1}: {text}" for k, text in enumerate(signs))
        parts.append(f"Signs of the units that vanish at the point, in the order of the signature: {listed}.")
    return " ".join(part for part in parts if part)


def _counted(fan: Fan) -> str:
    cells = sum(len(ray.cells) for ray in fan.rays)
    gradients = f"{len(fan.rays)} different gradient{'s' if len(fan.rays) > 1 else ''}"
    if not fan.point.vanishing:
        return "no unit vanishes, so it is the gradient alone"
    if fan.complete:
        return f"all {cells} incident cells, {gradients}"
    total = f" of {fan.number}" if fan.number else ""
    hull = "the hull is that of all" if fan.factors else "their hull is dashed"
    return f"{cells}{total} incident cells, {gradients}; {hull}, not drawn are others, since {fan.reason}"


def _decided(fan: Fan) -> str:
    answer = fan.answer
    if answer.answer == "undecided":
        return f"Whether 0 is in the hull is undecided: {answer.reason}."
    used = [(k + 1, ray.multiplier) for k, ray in enumerate(fan.rays) if ray.multiplier]
    combination = " + ".join(f"{_short(m)} g{k}" if m != 1 else f"g{k}" for k, m in used)
    if len(used) > NAMED:
        combination = f"a convex combination of {len(used)} gradients"
    if answer.answer == "yes":
        return f"0 is in the hull: 0 = {combination}."
    if answer.nearest is None:
        return f"0 is not in the hull: <d, g> > 0 for all of them, with d = {_vector(fan, fan.separating)}."
    square = dot(answer.nearest, answer.nearest)
    words = f"0 is not in the hull: its element of least norm is u = {combination} = {_vector(fan, answer.nearest)}"
    return f"{words}, |u|^2 = {_short(square)}, and <u, g> >= |u|^2 for all gradients g."


def _vector(fan: Fan, vector: Vector | None) -> str:
    entries = [(name, v) for name, v in zip(fan.names, vector or (), strict=True) if v]
    if len(entries) > 6 or any(len(str(v)) > LONG for _, v in entries):
        return f"a vector with {len(entries)} entries that are not 0"
    return "(" + ", ".join(f"{name}: {v}" for name, v in entries) + "), the others 0" * (len(entries) < len(fan.names))


def _about_plane(shadow: Shadow) -> str:
    fan = shadow.fan
    if fan.is_faithful(shadow.axes):
        return "The gradients lie in a plane, which this one shows without loss." * (len(fan.names) > 2)
    if fan.answer.answer == "no" and shadow.holds_zero:
        return (
            "In this plane the shadow of the hull covers 0; in the space of all "
            f"{len(fan.names)} parameters 0 is outside, and the direction u that shows it is not in this plane."
        )
    if fan.answer.answer == "no":
        return f"The plane is a projection of the space of {len(fan.names)} parameters; already in it 0 is outside."
    return f"The plane is a projection of the space of {len(fan.names)} parameters, where the question is decided."


def facts(shadow: Shadow) -> dict[str, Any]:
    """The exact numbers: gradients, multipliers, hull on the plane, the decision."""
    fan, write = shadow.fan, shadow.fan.point.instance.network.write
    return {
        "at": fan.point.name,
        "critical": fan.answer.answer,
        "complete": fan.complete,
        "hull_of_all": shadow.is_whole,
        "gradients": [
            {
                "gradient": write(ray.gradient),
                "cells": [cell.signature for cell in ray.cells],
                "multiplier": str(ray.multiplier),
            }
            for ray in fan.rays
        ],
        "least_norm": write(fan.answer.nearest) if fan.answer.nearest is not None else None,
        "axes": [{"name": axis.name, "direction": write(axis.direction)} for axis in shadow.axes],
        "hull": texts(shadow.hull),
        "zero_in_projection": shadow.holds_zero,
    }
