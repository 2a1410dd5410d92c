"""Exact points near a point that is known in floats only: guesses of the units that vanish, each solved exactly.

What is guessed: the units, and the neurons whose outgoing weights, that are nearest to 0 are 0. How many they are is
told by gaps between the distances. Then `AffinePiece` gives the exact critical point on the piece. Rounding all
parameters to small denominators is one more guess. Whether it is a critical point of the loss is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from gmpy2 import mpq

from exactrelu.affine_piece import AffinePiece
from exactrelu.float_descent import resting_signs
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector, dot
from exactrelu.sheets import Place
from exactrelu.signature import Columns, changed, of_point, places

SIZES = 16
DENOMINATORS = (1, 12, 100, 1000)
Neuron = tuple[int, int]
"""A hidden neuron: (group, unit)."""


@dataclass(frozen=True)
class Candidate:
    """A point near the given one, and how it was made, in words; which units and neurons were made to vanish."""

    parameters: Vector
    distance_squared: Rational
    how: str
    units: tuple[Place, ...] = ()
    neurons: tuple[Neuron, ...] = ()


def candidates(instance: Instance, parameters: Vector, tick: Callable[[], None]) -> list[Candidate]:
    """The point itself and exact points near it, the nearest first.

    >>> from exactrelu.examples import example
    >>> problem = example("yun2018-three-point")
    >>> near = tuple(value + mpq(1, 10**9) for value in problem.point("bad"))
    >>> problem.evaluate(candidates(problem, near, lambda: None)[1].parameters)
    mpq(1,3)
    """
    found = {parameters: Candidate(parameters, mpq(0), "the checkpoint itself")}
    for bound in DENOMINATORS:
        rounded = tuple(_rounded(value, bound) for value in parameters)
        how = f"every parameter rounded to a denominator of at most {bound}"
        found.setdefault(rounded, Candidate(rounded, _distance(rounded, parameters), how))
    for layer in range(len(instance.network.layers), 0, -1):
        how = f"the loss solved exactly for layer {layer} and the output biases"
        pieces = [(*guess, how) for guess in _guesses(instance, parameters, layer)]
        resting = resting_signs(instance, parameters, layer, tick)
        if resting is not None:
            pieces.append((parameters, resting, (), f"{how}, where a descent in floats comes to rest"))
        for base, columns, neurons, words in pieces:
            tick()
            candidate = _solved(instance, parameters, base, columns, layer, neurons, words)
            if candidate is not None:
                found.setdefault(candidate.parameters, candidate)
    return sorted(found.values(), key=lambda candidate: candidate.distance_squared)


def _rounded(value: Rational, bound: int) -> Rational:
    return mpq(Fraction(int(value.numerator), int(value.denominator)).limit_denominator(bound))


def _distance(a: Vector, b: Vector) -> Rational:
    return sum(((p - q) ** 2 for p, q in zip(a, b, strict=True)), mpq(0))


def _guesses(
    instance: Instance, parameters: Vector, layer: int
) -> Iterator[tuple[Vector, Columns, tuple[Neuron, ...]]]:
    """Bases and signs: what is nearest to vanishing does, up to a gap; the outgoing weights of some neurons are 0."""
    piece = AffinePiece(instance, layer, parameters, of_point(instance, parameters))
    weights = (
        (_squares(instance, parameters, n), n)
        for n in _neurons(instance)
        if n[0] + 2 != layer and _outgoing(instance, n)
    )
    order: list[tuple[Rational, Place | Neuron]] = sorted(chain(piece.distances(), weights))
    gaps = {
        size: _ratio(order[size - 1][0], order[size][0] if size < len(order) else None)
        for size in range(1, len(order) + 1)
    }
    zeros = sum(1 for distance, _ in order if not distance)
    widest = sorted((size for size in gaps if size > zeros and gaps[size] > 1), key=lambda size: (-gaps[size], size))
    for size in (zeros, *widest[:SIZES]):
        near = [label for _, label in order[:size]]
        neurons = tuple(sorted(label for label in near if len(label) == 2))
        zeros_of = {j for neuron in neurons for j in _outgoing(instance, neuron)}
        base = tuple(mpq(0) if j in zeros_of else value for j, value in enumerate(parameters))
        signs = of_point(instance, base)
        yield base, changed(signs, {label: 0 for label in near if len(label) == 3}), neurons


def _ratio(low: Rational, high: Rational | None) -> Rational:
    return mpq(2) if high is None else high / low if low else mpq(0)


def _neurons(instance: Instance) -> Iterator[Neuron]:
    for g, width in enumerate(instance.network.widths[1:-1]):
        yield from ((g, u) for u in range(width))


def _outgoing(instance: Instance, neuron: Neuron) -> tuple[int, ...]:
    """The parameters that are the outgoing weights of a neuron, if they are no other neuron's too; else none."""
    g, unit = neuron
    layer, start = instance.network.layers[g + 1], instance.network.offsets[g + 1]
    mine = {weight for _, column, weight, _ in layer.entries if column == unit}
    others = {weight for _, column, weight, _ in layer.entries if column != unit}
    return () if mine & others else tuple(start + weight for weight in sorted(mine))


def _squares(instance: Instance, parameters: Vector, neuron: Neuron) -> Rational:
    values = [parameters[j] for j in _outgoing(instance, neuron)]
    return dot(values, values)


def _solved(
    instance: Instance,
    parameters: Vector,
    base: Vector,
    columns: Columns,
    layer: int,
    neurons: tuple[Neuron, ...],
    how: str,
) -> Candidate | None:
    """The critical point nearest to ``base`` on the piece with these signs; units that cannot vanish keep theirs."""
    piece = AffinePiece(instance, layer, base, columns)
    if piece.contradictions:
        signs = of_point(instance, base)
        columns = changed(columns, {(i, g, u): signs[i][g][u] for i, g, u in piece.contradictions})
        piece = AffinePiece(instance, layer, base, columns)
    point = piece.nearest_critical()
    if point is None:
        return None
    units = tuple((i, g, u) for i, g, u, s in places(columns) if s == 0)
    return Candidate(point, _distance(point, parameters), how, units, neurons)
