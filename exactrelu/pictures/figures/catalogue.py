"""The figures of the papers by name: those that are redrawn from exact data, and those that cannot be, with the reason.

>>> FIGURES["milne-2"].refusal[:40]
'training on images in floating point (MN'
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from exactrelu.errors import MalformedInput, Unsupported
from exactrelu.pictures.figures import (
    boundary_minimum,
    four_cells,
    kink_of_four_cells,
    probability_curves,
    three_classes,
    three_minima,
    three_points,
    training_run,
    two_samples,
)
from exactrelu.pictures.picture import Picture, Wishes

LVB, MLR = "Laurent, von Brecht 2018", "Laurent, von Brecht, anonymous version"
SKETCH = "a sketch for which the paper prints neither a function nor data"


@dataclass(frozen=True)
class Figure:
    """A figure of a paper: where it is, what it shows, and how it is drawn, or why it is not."""

    source: str
    title: str
    draw: Callable[[Wishes], Picture] | None = None
    refusal: str = ""


FIGURES: dict[str, Figure] = {
    "laurent-brecht-1": Figure(f"{LVB}, figure 1", "four cells, flat and sharp minima", four_cells.draw),
    "laurent-brecht-2": Figure(
        f"{LVB}, figure 2", "flat minima are optimal, sharp ones are not",
        refusal=f"{SKETCH}; the claim itself: exactrelu claims LvB-F2",
    ),
    "laurent-brecht-3": Figure(f"{LVB}, figure 3", "Clarke's subdifferential at a kink", kink_of_four_cells.draw),
    "laurent-brecht-4": Figure(f"{LVB}, figure 4", "three local minima of two neurons", three_minima.draw),
    "laurent-brecht-5": Figure(f"{LVB}, figure 5", "a minimum with several classes", three_classes.draw),
    "laurent-brecht-anonymous-1": Figure(
        f"{MLR}, figure 1", "a piecewise multilinear surface with five cells",
        refusal=f"{SKETCH}; a surface of this kind: --figure laurent-brecht-1",
    ),
    "laurent-brecht-anonymous-2": Figure(f"{MLR}, figure 2", "the same as laurent-brecht-4", three_minima.draw),
    "liu-1": Figure(
        "Liu, figure 1", "samples cut the space of a weight",
        refusal=f"{SKETCH}; a picture of this kind: --figure liu-a1",
    ),
    "liu-2": Figure("Liu, figure 2", "the landscape of two samples, both labels", two_samples.draw_2),
    "liu-3": Figure(
        "Liu, figure 3", "parallel weights and their regions",
        refusal=f"{SKETCH}; its quantities on data: exactrelu claims 'LIU-(23),(24)'",
    ),
    "liu-4": Figure("Liu, figure 4", "loss and probability of two weights", probability_curves.draw_4),
    "liu-a1": Figure("Liu, figure A1", "two samples, four cells", two_samples.draw_a1),
    "liu-a2": Figure("Liu, figure A2", "a minimum on the boundary of two cells", boundary_minimum.draw),
    "liu-a3": Figure("Liu, figure A3", "when the matrix F is singular", refusal=SKETCH),
    "liu-a4": Figure("Liu, figure A4", "the probability of four weights", probability_curves.draw_a4),
    "milne-1": Figure("Milne, figure 1, right", "a training run enters U(lambda)", training_run.draw),
    "milne-2": Figure(
        "Milne, figure 2", "training on images",
        refusal="training on images in floating point (MNIST, CIFAR) with random numbers that are not printed",
    ),
    "yun-theorem-7": Figure(
        "Yun, Sra, Jadbabaie 2018, theorem 7 (no figure)", "three points, a spurious minimum", three_points.draw
    ),
}  # fmt: skip


def draw(name: str, wishes: Wishes) -> Picture:
    """The figure of that name.

    Raises `MalformedInput` when there is none, `Unsupported` with the reason when it cannot be redrawn.
    """
    if name not in FIGURES:
        raise MalformedInput("--figure", f'"{name}"', f"one of: {', '.join(FIGURES)}")
    figure = FIGURES[name]
    if figure.draw is None:
        raise Unsupported(f"{figure.source} is not redrawn: {figure.refusal}")
    return figure.draw(wishes)
