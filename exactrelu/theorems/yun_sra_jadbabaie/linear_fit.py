"""The best affine fit of the data, and how its values order the inputs: what Theorem 6 starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction, MalformedInput
from exactrelu.linear import Solution, solve
from exactrelu.problem import Instance
from exactrelu.rational import Matrix, Rational, Vector, dot


@dataclass(frozen=True)
class LinearFit:
    """The weighted least squares fit of labels (one number each) by an affine function of the inputs.

    ``inputs`` are rows x_i, ``weights`` contain the factor of the loss: the risk is sum_i weight_i (ybar_i - y_i)^2.

    >>> fit = LinearFit(((0,), (1,), (2,)), (0, 0, 1), (mpq(1, 2),) * 3)
    >>> fit.coefficients, fit.values, fit.risk
    ((mpq(1,2), mpq(-1,6)), (mpq(-1,6), mpq(1,3), mpq(5,6)), mpq(1,12))
    """

    inputs: Matrix
    labels: Vector
    weights: Vector

    @cached_property
    def coefficients(self) -> Vector:
        """The row Wbar of weights, with the bias last; where there are several, one of them."""
        rows = [(*x, mpq(1)) for x in self.inputs]
        scaled = [[w * a for w, a in zip(self.weights, column, strict=True)] for column in zip(*rows, strict=True)]
        gram = tuple(tuple(dot(left, column) for column in zip(*rows, strict=True)) for left in scaled)
        found = solve(gram, tuple(dot(left, self.labels) for left in scaled))
        if not isinstance(found, Solution):
            raise InternalContradiction("the normal equations of least squares have no solution")
        return found.point

    @cached_property
    def values(self) -> Vector:
        """The fitted outputs ybar_i."""
        return tuple(dot(self.coefficients, (*x, 1)) for x in self.inputs)

    @cached_property
    def residuals(self) -> Vector:
        """ybar_i - y_i."""
        return tuple(a - b for a, b in zip(self.values, self.labels, strict=True))

    @cached_property
    def pulls(self) -> Vector:
        """weight_i (ybar_i - y_i); orthogonal to all affine functions of the inputs, the equation (4)."""
        return tuple(w * r for w, r in zip(self.weights, self.residuals, strict=True))

    @property
    def risk(self) -> Rational:
        """The least risk of affine functions."""
        return dot(self.pulls, self.residuals)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The data points by increasing fitted output."""
        return tuple(sorted(range(len(self.values)), key=lambda i: self.values[i]))

    @cached_property
    def cuts(self) -> tuple[tuple[int, ...], ...]:
        """The data points below each gap between distinct fitted outputs, in this order, for each gap."""
        n = range(1, len(self.order))
        return tuple(self.order[:j] for j in n if self.values[self.order[j - 1]] < self.values[self.order[j]])

    @cached_property
    def unbalanced_cuts(self) -> tuple[tuple[int, ...], ...]:
        """The cuts below which the pulls do not add up to 0: the set J of the proof of Theorem 6."""
        return tuple(cut for cut in self.cuts if sum(self.pulls[i] for i in cut))

    @property
    def least_gap(self) -> Rational | None:
        """The least distance of distinct fitted outputs; None if the fit is constant."""
        levels = sorted(set(self.values))
        return min((b - a for a, b in pairwise(levels)), default=None)

    @property
    def ties(self) -> tuple[tuple[int, ...], ...]:
        """The sets of data points that share a fitted output, by increasing output, also those of one point."""
        return tuple(tuple(i for i in self.order if self.values[i] == level) for level in sorted(set(self.values)))


def fit(problem: Instance) -> LinearFit:
    """The best affine fit of a problem with one output and the squared loss.

    Raises `MalformedInput` for a hinge loss or several outputs.
    """
    labels = [target[0] for target in problem.y if isinstance(target, tuple) and len(target) == 1]
    if len(labels) < len(problem.x):
        raise MalformedInput("loss", f"{problem.loss!r}", "the squared loss of one output")
    return LinearFit(problem.x, tuple(labels), _weights(problem))


def merged_fit(problem: Instance) -> LinearFit:
    """The best affine fit of the distinct inputs, each with the weighted mean of its labels and the sum of its weights.

    For every function o of the input, sum_i weight_i (o(x_i) - y_i)^2 is a constant plus the same for these data.
    """
    whole = fit(problem)
    groups = repeated(problem.x)
    weights = [sum(whole.weights[i] for i in group) for group in groups]
    means = [
        dot([whole.weights[i] for i in g], [whole.labels[i] for i in g]) / w
        for g, w in zip(groups, weights, strict=True)
    ]
    return LinearFit(tuple(problem.x[g[0]] for g in groups), tuple(means), tuple(weights))


def repeated(rows: Sequence[Vector]) -> tuple[tuple[int, ...], ...]:
    """The places of each distinct row, in the order of the first ones.

    >>> repeated(((1,), (2,), (1,)))
    ((0, 2), (1,))
    """
    places: dict[Vector, tuple[int, ...]] = {}
    for i, row in enumerate(rows):
        places[row] = (*places.get(row, ()), i)
    return tuple(places.values())


def _weights(problem: Instance) -> Vector:
    return tuple(problem.loss.weight(i, 0, len(problem.x)) for i in range(len(problem.x)))
