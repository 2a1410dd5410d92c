"""Moves of the neurons of one hidden layer, order by order, and the curve that they make.

With R = |v| (w, b) a neuron with v != 0 or (w, b) = 0 moves R freely; one with v = 0 and (w, b) != 0 moves it in a thin
cone around the line of (w, b): first v leaves 0, then (w, b) may turn, by less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gmpy2 import mpq

from exactrelu.errors import InternalContradiction
from exactrelu.germ import Curve
from exactrelu.rational import Rational, Vector, combination
from exactrelu.shallow import Shallow

Side = tuple[int, int]  # a neuron and a sign of its output weight
ZERO = mpq(0)


@dataclass(frozen=True)
class Move:
    """A multiple of one elementary move: R_k in a ``direction``, or (None) v_k by itself from 0 to the given side."""

    side: Side
    direction: Vector | None
    factor: Rational


@dataclass(frozen=True)
class Level:
    """Moves, and changes of the parameters that enter linearly, that together do not raise the loss to first order."""

    moves: tuple[Move, ...]
    linear: Mapping[int, Rational]


def curve_of(shallow: Shallow, levels: list[Level]) -> Curve:
    """The curve on which the moves of level l have order t^l relative to each other.

    With a common factor t^E, E above the number of levels, a neuron with v != 0 moves (w, b), one with v = 0 and
    (w, b) = 0 moves both v and (w, b) at order t^(E/2), and one with v = 0 only moves v by t^E tau(t) and (w, b) by
    the quotient f(t) / tau(t) of power series, cut off.
    """
    depth = len(levels)
    touched = [shallow.neurons[move.side[0]] for level in levels for move in level.moves]
    exponent = depth + depth % 2 if any(not n.v and not any(n.w) for n in touched) else depth
    terms: dict[int, dict[int, Rational]] = {}

    def add(order: int, place: int, value: Rational) -> None:
        row = terms.setdefault(order, {})
        row[place] = row.get(place, ZERO) + value

    for l, level in enumerate(levels):
        for place, value in level.linear.items():
            add(exponent + l, place, value)
    for k, neuron in enumerate(shallow.neurons):
        size = len(neuron.w)
        rows: list[Vector] = []
        weights: list[Rational] = []
        side = next((m.side[1] for level in reversed(levels) for m in level.moves if m.side[0] == k), 0)
        for level in levels:
            moves = [m for m in level.moves if m.side == (k, side)]
            rows.append(combination(((m.factor, m.direction) for m in moves if m.direction is not None), size))
            weights.append(sum((m.factor for m in moves if m.direction is None), ZERO))
        if not side:
            continue
        start, scale = exponent, mpq(1)
        if neuron.v:
            scale = 1 / abs(neuron.v)
        elif not neuron.is_thin:
            start = exponent // 2
            add(start, neuron.weight, mpq(side))
        else:
            start = 0
            for l, value in enumerate(weights):
                add(exponent + l, neuron.weight, side * value)
            rows = _quotient(rows, weights)
        for l, row in enumerate(rows):
            for place, value in zip(neuron.inputs, row, strict=True):
                add(start + l, place, scale * value)
    size, last = len(shallow.parameters), max((order for order, row in terms.items() if any(row.values())), default=1)
    return tuple(tuple(terms.get(order, {}).get(j, ZERO) for j in range(size)) for order in range(1, last + 1))


def _quotient(rows: list[Vector], weights: list[Rational]) -> list[Vector]:
    """The power series f / tau up to the order of the given ones, where the lowest order of f is above that of tau."""
    lead = next((l for l, value in enumerate(weights) if value), None)
    if lead is None:
        return []
    padded = weights[lead:] + [ZERO] * lead
    result: list[Vector] = []
    for l in range(len(rows)):
        row = rows[l + lead] if l + lead < len(rows) else tuple(ZERO for _ in rows[0])
        for m, earlier in enumerate(result):
            row = tuple(a - padded[l - m] * b for a, b in zip(row, earlier, strict=True))
        result.append(tuple(a / padded[0] for a in row))
    if result and any(result[0]):
        raise InternalContradiction("a thin neuron turns before its output weight moves")
    return result
