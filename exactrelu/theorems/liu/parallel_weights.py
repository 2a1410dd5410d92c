"""Liu, section 7.1 and appendix E.1: all weight vectors parallel, a problem on the line.

Neuron k has the normal n_k u, n_k = 1 or -1, and the location h_k; its weights are w_k = n_k (u, -h_k) and z_k = n_k,
so that R_k x = x - h_k where it is active, with x = <u, data point>. Only the locations move. On a cell the loss is

    c sum_i (sum_k I_ik (x_i - h_k) - y_i)^2,  c the weight of a data point (the paper: 1),               (20)

a quadratic function with gradient 2 c (F h - f) and Hessian 2 c F, where F = sum_j N_j v_j v_j^T over the regions j
of the line between the locations, v_j the 0/1 vector of the neurons that are active there.                (21), (22)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import gmpy2
from gmpy2 import mpq

from exactrelu.landscape import Problem
from exactrelu.linear import pseudo_inverse, rank
from exactrelu.rational import Matrix, Rational, Vector, combination, dot, primitive
from exactrelu.theorems.claim import Outcome, Tick, joint, not_applicable

ZERO = mpq(0)


@dataclass(frozen=True)
class Region:
    """A part of the line between neighbouring locations: who is active there, how many data, sums of x and of y."""

    active: tuple[int, ...]
    members: tuple[int, ...]
    count: int
    sum_x: Rational
    sum_y: Rational


@dataclass(frozen=True)
class Line:
    """Data on a line and parallel weights: coordinates x and labels y (N), normals 1 or -1 and locations h (K).

    >>> line = Line((mpq(-2), mpq(1), mpq(3)), (mpq(-1), mpq(-1), mpq(1)), (1, -1), (mpq(2), mpq(0)))
    >>> line.f_matrix, line.f_vector
    (((mpq(1,1), mpq(0,1)), (mpq(0,1), mpq(1,1))), (mpq(2,1), mpq(-1,1)))
    >>> line.best
    (mpq(2,1), mpq(-1,1))
    """

    x: Vector
    y: Vector
    normals: tuple[int, ...]
    locations: Vector

    @cached_property
    def active(self) -> tuple[tuple[int, ...], ...]:
        """I_ik, a row for each data point: 1 where n_k (x_i - h_k) > 0."""
        return tuple(
            tuple(int(n * (x - h) > 0) for n, h in zip(self.normals, self.locations, strict=True)) for x in self.x
        )

    @property
    def on_a_boundary(self) -> bool:
        """Whether a data point lies at the location of a weight: there the loss is not differentiable."""
        return bool(set(self.x) & set(self.locations))

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The regions of the line from right to left, those without data too."""
        cuts = sorted(set(self.locations), reverse=True)
        inner = [(a + b) / 2 for a, b in pairwise(cuts)]
        result = []
        for place in (cuts[0] + 1, *inner, cuts[-1] - 1):
            pattern = tuple(int(n * (place - h) > 0) for n, h in zip(self.normals, self.locations, strict=True))
            inside = tuple(i for i, x in enumerate(self.x) if all((x > cut) == (place > cut) for cut in cuts))
            sums = (sum((v[i] for i in inside), ZERO) for v in (self.x, self.y))
            result.append(Region(pattern, inside, len(inside), *sums))
        return tuple(result)

    @cached_property
    def f_matrix(self) -> Matrix:
        """F of (22), summed over the regions."""
        size = range(len(self.normals))
        return tuple(
            tuple(sum((mpq(r.count) for r in self.regions if r.active[l] and r.active[k]), ZERO) for k in size)
            for l in size
        )

    @cached_property
    def f_vector(self) -> Vector:
        """f of (22): in each region, the sum of x times the number of active neurons, minus the sum of y."""
        terms = [(sum(r.active) * r.sum_x - r.sum_y, r.active) for r in self.regions]
        return combination(terms, len(self.normals))

    @property
    def rank(self) -> int:
        """The rank of F; the solution of F h = f is unique if it is the number of weights."""
        return rank(self.f_matrix)

    @cached_property
    def best(self) -> Vector:
        """The least-loss locations of (20) nearest to those given: h + F^+ (f - F h)."""
        step = [f - dot(row, self.locations) for f, row in zip(self.f_vector, self.f_matrix, strict=True)]
        moves = [dot(row, step) for row in pseudo_inverse(self.f_matrix)]
        return tuple(h + move for h, move in zip(self.locations, moves, strict=True))

    def loss(self, locations: Sequence[Rational]) -> Rational:
        """The sum of squares (20) with the activations of this cell."""
        return sum((self._residual(i, locations) ** 2 for i in range(len(self.x))), ZERO)

    def _residual(self, i: int, locations: Sequence[Rational]) -> Rational:
        row = self.active[i]
        return sum(row) * self.x[i] - dot(row, locations) - self.y[i]

    @property
    def outward(self) -> bool:
        """Whether there are two weights as in figure 3, right: the first looks right, the second left, no overlap."""
        return self.normals == (1, -1) and self.locations[0] >= self.locations[1]


@dataclass(frozen=True)
class Parallel:
    """A problem at a point with parallel weights, brought to the form above: the points "start" and "best".

    ``direction`` is u. It has length 1 if that is possible with rational numbers; else lengths along the line are
    measured in units of 1/|u|. ``weight`` is that of a data point in the loss.
    """

    problem: Problem
    line: Line
    direction: Vector
    weight: Rational

    @property
    def is_unit(self) -> bool:
        """Whether the direction has length 1, so that locations are lengths."""
        return bool(dot(self.direction, self.direction) == 1)


def parallel(problem: Problem, name: str) -> Parallel | str:
    """The reduction at a named point, or why there is none."""
    network, loss = problem.network, problem.loss
    if network.hidden_layers != 1 or network.widths[-1] != 1 or network.slopes != (1, 0):
        return "one hidden layer of ReLU units and one output are needed"
    if any(layer.kind != "dense" for layer in network.layers) or network.output_activation:
        return "dense layers and a linear output are needed"
    if not network.layers[0].bias or network.layers[1].bias:
        return "hidden biases and no output bias are needed"
    if loss.kind != "squared" or loss.is_regularised or not isinstance(loss.weights, str):
        return "the squared loss is needed, with equal weights and without decay"
    parts = network.write(problem.points[name])
    rows = [tuple(map(mpq, row)) for row in parts["W1"]]
    biases = [mpq(b) for b in parts["b1"]]
    if not all(any(row) for row in rows):
        return "a weight vector is zero"
    direction = _direction(rows[0])
    if any(primitive(row) not in (primitive(rows[0]), tuple(-a for a in primitive(rows[0]))) for row in rows):
        return "the weight vectors are not parallel"
    scales = [dot(row, direction) / dot(direction, direction) for row in rows]
    x = tuple(dot(direction, point) for point in problem.x)
    y = tuple(target[0] for target in problem.y if isinstance(target, tuple))
    line = Line(
        x, y, tuple(1 if a > 0 else -1 for a in scales), tuple(-b / a for a, b in zip(scales, biases, strict=True))
    )
    points = {key: _parameters(line, direction, h) for key, h in (("start", line.locations), ("best", line.best))}
    whole = replace(problem, points=points)
    return Parallel(whole, line, direction, loss.weight(0, 0, len(x)))


def _direction(row: Vector) -> Vector:
    """The vector on the line of a row whose first entry that is not 0 is positive: of length 1, or primitive."""
    entries = primitive(row)
    if next(a for a in entries if a) < 0:
        entries = tuple(-a for a in entries)
    square = sum(a * a for a in entries)
    length = int(gmpy2.isqrt(square))
    return tuple(mpq(a, length if length * length == square else 1) for a in entries)


def _parameters(line: Line, direction: Vector, locations: Vector) -> Vector:
    weights = [n * a for n in line.normals for a in direction]
    biases = [-n * h for n, h in zip(line.normals, locations, strict=True)]
    return (*map(mpq, weights), *biases, *map(mpq, line.normals))


def on_parallel_points(problem: Problem, tick: Tick, judge: Callable[[Parallel], Outcome]) -> Outcome:
    """Decide a claim at every named point whose weights are parallel."""
    outcomes = []
    for name in problem.points:
        tick()
        found = parallel(problem, name)
        outcomes.append((f'"{name}"', not_applicable(found) if isinstance(found, str) else judge(found)))
    return joint(outcomes) if outcomes else not_applicable("the problem names no points")


def off_boundaries(judge: Callable[[Parallel], Outcome]) -> Callable[[Parallel], Outcome]:
    """The same judge for points at which the loss is differentiable."""

    def careful(case: Parallel) -> Outcome:
        return not_applicable("a data point lies on a weight") if case.line.on_a_boundary else judge(case)

    return careful


def words(value: Any) -> str:
    """Numbers in a sentence."""
    return ", ".join(map(str, value))
