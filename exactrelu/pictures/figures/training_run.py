"""Milne, figure 1 (right): the training loss of the toy experiment, and where the network is in the region U(lambda).

The data of the shipped problem ``milne-toy``, from its point ``start``; gradient descent with the paper's step 1/10.
After each step the parameters are rounded to multiples of 2^-48: every network is a list of rationals, and its loss and
whether it is in U(lambda) = {8 r^2 l < lambda^2} (one hidden layer) are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, cast

from gmpy2 import mpq

from exactrelu.landscape import Problem
from exactrelu.pictures import style
from exactrelu.pictures.picture import Picture, Wishes
from exactrelu.rational import Rational, Vector
from exactrelu.theorems.milne.setting import decay_rate, radius2, training_error

STEP, STEPS, GRID = mpq(1, 10), 150, 2**48


@dataclass(frozen=True)
class Run:
    """A run of gradient descent: the networks, their training errors l, and the bound that defines U(lambda)."""

    path: tuple[Vector, ...]
    errors: tuple[Rational, ...]
    losses: tuple[Rational, ...]
    bound: Rational

    @property
    def entry(self) -> int:
        """The first step after which the network is in U(lambda), for good."""
        outside = [k for k, error in enumerate(self.errors) if error >= self.bound]
        return outside[-1] + 1 if outside else 0


def run(problem: Problem, start: Vector, steps: int = STEPS) -> Run:
    """Gradient descent with the step 1/10; a unit that is 0 at a data point counts as not active there."""
    path = [start]
    for _ in range(steps):
        path.append(_moved(problem, path[-1]))
    errors = tuple(training_error(problem, point) for point in path)
    losses = tuple(problem.evaluate(point) for point in path)
    return Run(tuple(path), errors, losses, decay_rate(problem) ** 2 / (8 * radius2(problem)))


def _moved(problem: Problem, point: Vector) -> Vector:
    """One step for a network x -> sum_k v_k max(w_k x, 0) and the mean of half squares, rounded to the grid."""
    size = len(point) // 2
    w, v = point[:size], point[size:]
    slopes = [mpq(0)] * len(point)
    for i, ((x,), target) in enumerate(zip(problem.x, problem.y, strict=True)):
        hidden = [max(p * x, mpq(0)) for p in w]
        residual = sum((q * h for q, h in zip(v, hidden, strict=True)), mpq(0)) - cast(Vector, target)[0]
        factor = 2 * problem.loss.weight(i, 0, len(problem.x)) * residual
        for k, h in enumerate(hidden):
            slopes[k] += factor * v[k] * x if h else 0
            slopes[size + k] += factor * h
    decay = decay_rate(problem)
    moved = (p - STEP * (s + decay * p) for p, s in zip(point, slopes, strict=True))
    return tuple(mpq(round(Fraction(int(p.numerator), int(p.denominator)) * GRID), GRID) for p in moved)


def draw(wishes: Wishes) -> Picture:
    """The training error l and the regularised loss against the steps, and the bound below which U(lambda) lies."""
    problem = Problem.example("milne-toy")
    found = run(problem, problem.points["start"])
    size = len(problem.x)
    with style.styled():
        figure = style.new_figure(*(wishes.size or (6.0, 3.8)))
        axes = figure.add_subplot()
        steps = range(len(found.path))
        axes.plot(
            steps,
            [float(v) for v in found.losses],
            color=style.BLUE,
            linewidth=1.4,
            label=r"$\ell_\lambda(W)$, regularised",
        )
        axes.plot(
            steps, [float(v) for v in found.errors], color=style.VERMILION, linewidth=1.4, linestyle=(0, (5, 1.5)),
            label=r"$\ell(W)$, training error",
        )  # fmt: skip
        axes.axhline(float(found.bound), color=style.BLACK, linewidth=0.9, linestyle=(0, (2, 2)))
        axes.annotate(
            r"$\lambda^2 / (8 r^2)$", (len(found.path) - 1, float(found.bound)), (0, 4), textcoords="offset points",
            ha="right", fontsize=9,
        )  # fmt: skip
        inside: Any = {"facecolor": style.PALE[2], "hatch": "....", "linewidth": 0, "alpha": 0.5, "zorder": 0}
        axes.axvspan(found.entry, len(found.path) - 1, **inside)
        axes.annotate(
            rf"in $U(\lambda)$ from step {found.entry} on", (found.entry, float(max(found.losses))), (6, -4),
            textcoords="offset points", va="top", fontsize=9,
            bbox={"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none"},
        )  # fmt: skip
        axes.set_xlim(0, len(found.path) - 1)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("steps of gradient descent")
        axes.set_ylabel("loss")
        axes.legend(loc="upper right")
    caption = (
        "After Milne, figure 1 (right): target x/4 at 100 points, two ReLU units, lambda = 2/5, step 1/10. The paper "
        "prints neither its points nor its first weights: the shipped problem milne-toy from its point start. Each "
        "network is rounded to multiples of 2^-48 and looked at exactly. It is in U(lambda) where "
        f"l < lambda^2/(8 r^2) = {found.bound}; step {found.entry} is the first from which on it stays there. "
        "The run goes to the zero network, where l = l(0) > 0: it learns nothing of x/4. "
        "The histogram (left) is of 1000 random runs that are not printed, and is not redrawn."
    )
    facts = {
        "problem": problem.name,
        "bound": str(found.bound),
        "entry": found.entry,
        "points": size,
        "training_errors": [str(error) for error in found.errors],
        "inside": [error < found.bound for error in found.errors],
    }
    return Picture(figure, caption, facts)
