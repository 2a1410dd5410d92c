"""All kinds of pictures by name. ``KINDS[name].why_not(subject)`` is empty where the kind applies.

>>> from exactrelu import Problem
>>> isinstance(applicable(Problem.example("yun2018-three-point")), dict)
True
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exactrelu.errors import MalformedInput, Unsupported
from exactrelu.pictures import clarke_fan, data_picture, graph_picture, loss_surface, weight_slice
from exactrelu.pictures.picture import Picture, Wishes

if TYPE_CHECKING:
    from exactrelu.pictures.picture import Subject


@dataclass(frozen=True)
class Kind:
    """A kind of picture: a line about it, how it is drawn, and why it does not apply to a subject (empty: it does).

    ``takes`` names the wishes that it looks at, besides ``size`` and ``tick``.
    """

    title: str
    draw: Callable[[Subject, Wishes], Picture]
    why_not: Callable[[Subject], str]
    takes: tuple[str, ...]


PLANE = ("at", "axes", "through", "window", "limit")
KINDS: dict[str, Kind] = {
    "slice": Kind(
        "a slice of parameter space with the exact walls of cells",
        weight_slice.draw,
        weight_slice.why_not,
        (*PLANE, "color"),
    ),
    "surface": Kind(
        "the loss over such a slice, the kinks as edges",
        loss_surface.draw,
        loss_surface.why_not,
        PLANE,
    ),
    "data": Kind(
        "the data with the hyperplanes of the neurons at a point",
        data_picture.draw,
        data_picture.why_not,
        ("at", "window", "limit"),
    ),
    "graph": Kind(
        "the graph of the cells, or of an arrangement's chambers, by best loss",
        graph_picture.draw,
        graph_picture.why_not,
        ("at", "limit"),
    ),
    "pieces": Kind(
        "the graph of an atlas, by best loss, local minima ringed",
        graph_picture.draw_pieces,
        graph_picture.why_no_pieces,
        ("limit",),
    ),
    "clarke": Kind(
        "the gradients around a kink, their hull, 0 in it or not",
        clarke_fan.draw,
        clarke_fan.why_not,
        ("at", "axes"),
    ),
}
"""In the order of preference: without a wish, the first that applies is drawn."""


def applicable(subject: Subject) -> dict[str, Kind]:
    """The kinds that apply to a problem or an arrangement, in the order of preference."""
    return {name: kind for name, kind in KINDS.items() if not kind.why_not(subject)}


def plot(subject: Subject, kind: str | None = None, **wishes: Any) -> Picture:
    """A picture of a problem or an arrangement: of this kind, or of the first that applies and looks at all wishes.

    The wishes are the fields of `Wishes`. A `Picture` shows itself in a notebook, and has a method ``save``. Raises
    `MalformedInput` for an unknown kind or wish; `Unsupported` where the kind does not apply, or without matplotlib.

    >>> from exactrelu import Arrangement, example
    >>> plot(Arrangement([[1, 0], [0, 1]])).facts["edges"][0]
    [0, 1]
    >>> plot(example("milne-deep"), "pieces")
    Traceback (most recent call last):
    exactrelu.errors.Unsupported: pieces: the loss has weight decay or a penalty
    """
    for name in wishes:
        if name not in Wishes.__dataclass_fields__:
            raise MalformedInput("plot", f'the wish "{name}"', f"one of: {', '.join(Wishes.__dataclass_fields__)}")
    if kind is not None and kind not in KINDS:
        raise MalformedInput("plot", f'the kind "{kind}"', f"one of: {', '.join(KINDS)}")
    asked = set(wishes) - {"size", "tick"}
    reasons = {}
    for name in KINDS if kind is None else (kind,):
        ignored = ", ".join(sorted(asked - set(KINDS[name].takes)))
        reasons[name] = f"it does not look at {ignored}" if ignored else KINDS[name].why_not(subject)
        if not reasons[name]:
            return KINDS[name].draw(subject, Wishes(**wishes))
    raise Unsupported("; ".join(f"{name}: {reason}" for name, reason in reasons.items()))
