"""Random deep linear networks with the squared loss, with a planted critical point.

Weights of low rank are drawn first, then a gradient G of l_0 in the space of those for which they are critical, then
targets for which G is the gradient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from gmpy2 import mpq

from exactrelu.landscape import Problem
from exactrelu.linear import inverse, kernel, product, rank, transpose
from exactrelu.loss import Loss
from exactrelu.network import Network
from exactrelu.rational import Matrix, Rational, Vector, combination
from exactrelu.refinement import no_tick
from exactrelu.theorems.yun_sra_jadbabaie.factorisation import Weights, difference, factors, scaled
from exactrelu.theorems.yun_sra_jadbabaie.linear_network import LinearPoint, only_first_bias, why_not_wide
from exactrelu.theorems.yun_sra_jadbabaie.saddle_curve import plus


class Choices(Protocol):
    """Where random choices come from: `exactrelu.theorems.random_instances.Stream`."""

    def integer(self, low: int, high: int) -> int:
        """An integer from low to high, both included."""

    def happens(self, parts: int, of: int) -> bool:
        """True with the probability parts / of."""


def linear_network(stream: Choices, biased: bool) -> Problem:
    """A linear network with the points planted (critical), zero, random and, where it is wide, global.

    With biases, these are in all layers, in the first, the last, or in these two.
    """
    d_x, d_y, hidden = stream.integer(1, 3), stream.integer(1, 3), stream.integer(1, 3)
    least = max(1, min(d_x + biased, d_y) - stream.happens(1, 3))
    widths = [d_x, *(least + stream.happens(1, 3) for _ in range(hidden)), d_y]
    bias = [False] * (hidden + 1)
    if biased:
        style = stream.integer(0, 3)
        bias = [style == 0 or (style in (1, 2) and i == 0) or (style >= 2 and i == hidden) for i in range(hidden + 1)]
    slope = mpq(2) if stream.happens(1, 4) else mpq(1)
    network = Network.dense(widths, (slope, slope), bias)
    x = _data(stream, d_x, d_x + biased + stream.integer(0, 2), biased)
    zero = tuple((mpq(0),) * d_y for _ in x)
    problem = Problem(network, x, zero, Loss("squared", factor="1/2", weights="sum"))
    planted = _planted(stream, network)
    problem = replace(problem, points={"planted": planted, "zero": (mpq(0),) * network.parameters})
    return _with_targets(stream, problem)


def _data(stream: Choices, d_x: int, count: int, biased: bool) -> Matrix:
    """Points whose span, with an entry 1 if there are biases, is everything."""
    while True:
        x = tuple(tuple(mpq(stream.integer(-2, 2)) for _ in range(d_x)) for _ in range(count))
        if rank(_augmented(x, biased)) == d_x + biased:
            return x


def _augmented(x: Matrix, biased: bool) -> Matrix:
    return tuple((*row, mpq(1)) for row in x) if biased else x


def _planted(stream: Choices, network: Network) -> Vector:
    values: list[Rational] = []
    for layer in network.layers:
        kept = stream.integer(0, min(layer.inputs, layer.outputs))
        entries = [[stream.integer(-1, 1) for _ in range(layer.inputs)] for _ in range(layer.outputs)]
        values += [mpq(a) if c < kept else mpq(0) for row in entries for c, a in enumerate(row)]
        values += [mpq(stream.integer(-1, 1)) for _ in range(layer.outputs if layer.bias else 0)]
    return tuple(values)


def _with_targets(stream: Choices, problem: Problem) -> Problem:
    """The problem with targets for which the planted point is critical, and the points that depend on them."""
    here = LinearPoint(problem, "planted", no_tick)
    network, first = problem.network, only_first_bias(problem.network)
    biased = any(layer.bias for layer in network.layers)
    gradient = _critical_gradient(stream, here.weights)
    if biased and not first:
        gradient = tuple((*row, mpq(0)) for row in gradient)
    data = _augmented(problem.x, biased)
    fit = product(inverse(product(transpose(data), data)), transpose(data))
    own = product(transpose(fit), transpose(scaled(1 / here.factor, gradient)))
    noise = tuple(tuple(mpq(stream.integer(-1, 1)) for _ in row) for row in own)
    residuals = plus(own, difference(noise, product(data, fit, noise)))
    targets = difference(here.residuals, residuals)
    best = transpose(product(fit, targets))
    points = {**problem.points, "random": tuple(mpq(stream.integer(-2, 2)) for _ in range(network.parameters))}
    if not why_not_wide(network):
        points["global"] = _global(network, best, here.factor)
    return replace(problem, y=targets, points=points)


def _critical_gradient(stream: Choices, weights: Weights) -> Matrix:
    """A matrix G with W_{H+1:i+1}^T G W_{i-1:1}^T = 0 for all i."""
    d_y, d_x, last = weights.widths[-1], weights.widths[0], weights.depth
    rows = []
    for i in range(1, last + 1):
        above, below = transpose(weights.between(last, i + 1)), weights.between(i - 1, 1)
        rows += [tuple(a * b for a in u for b in v) for u in above for v in below]
    free = kernel(tuple(rows))
    terms = [(mpq(stream.integer(-2, 2)), vector) for vector in free]
    flat = combination(terms, d_y * d_x)
    return tuple(flat[k : k + d_x] for k in range(0, d_y * d_x, d_x))


def _global(network: Network, best: Matrix, factor: Rational) -> Vector:
    """A global minimum, from the best affine map, by the factors of Lemma 4."""
    hidden, first, last = network.widths[1:-1], only_first_bias(network), network.layers[-1].bias
    shift = [row[-1] for row in best] if last else []
    rows: Sequence[Vector] = [row[:-1] for row in best] if last else best
    matrices = factors(scaled(1 / factor, tuple(rows)), hidden).matrices
    values: list[Rational] = []
    for number, (layer, matrix) in enumerate(zip(network.layers, matrices, strict=True)):
        augmented = first and number == 0
        values += [a for row in matrix for a in (row[:-1] if augmented else row)]
        if layer.bias:
            top = last and number == network.hidden_layers
            values += [row[-1] for row in matrix] if augmented else shift if top else [mpq(0)] * layer.outputs
    return tuple(values)
