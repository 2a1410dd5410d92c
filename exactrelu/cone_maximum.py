"""Is a point on kinks a local maximum? One hidden layer, each neuron feeding one output, any convex loss: decided.

On a pattern the change H of the loss is a convex function of moves that form a convex cone, so it is <= 0 near the
point iff it is on the generators: on each neuron's moves and each output bias by themselves. Let H'(D) be the one-sided
derivative of H along the change D of the outputs.

- Output bias (any parameter without hidden layer): H <= 0 along both directions.
- v != 0, or v = 0 and (w, b) = 0: psi(d) = -H'(D(d)) >= 0 for all d and each sign of v; for the squared loss, whose
  second derivative is positive, psi(d) >= margin * sum_i |D_i(d)| for some margin > 0.
- v = 0, (w, b) != 0: v and -v change the outputs by opposite amounts, and H is convex, hence H = 0 along all moves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gmpy2 import mpq

from exactrelu.cone_proof import Fold, prove_nonnegative
from exactrelu.errors import InternalContradiction
from exactrelu.germ import Curve, loss_germ, lowest_change
from exactrelu.rational import Rational, Vector
from exactrelu.shallow import Neuron, Shallow
from exactrelu.signature import SYMBOLS

ZERO = mpq(0)


def cone_proofs(shallow: Shallow, tick: Callable[[], None]) -> dict[str, Any] | Curve:
    """For each neuron and sign of its output weight the proof that no move raises the loss, as plain data for a
    certificate; or a curve along which the loss rises.
    """
    return _Cones(shallow, tick).run()


class _Cones:
    def __init__(self, shallow: Shallow, tick: Callable[[], None]) -> None:
        self.shallow, self.tick = shallow, tick
        self.squared = not shallow.instance.loss.is_hinge
        self.size = len(shallow.parameters)

    def run(self) -> dict[str, Any] | Curve:
        for place in self.shallow.linear:
            for s in (1, -1):
                if self.rises([self._move({place: mpq(s)})]):
                    return (self._move({place: mpq(s)}),)
        neurons: list[dict[str, Any]] = []
        for neuron in self.shallow.neurons:
            proofs: dict[str, Any] = {}
            for side in neuron.sides:
                found = self._thin(neuron, side) if neuron.is_thin else self._free(neuron, side)
                if not isinstance(found, dict):
                    return found
                proofs[SYMBOLS[side]] = found
            neurons.append(proofs)
        return {"neurons": neurons}

    def rises(self, curve: Sequence[Vector]) -> bool:
        order, coefficient = lowest_change(loss_germ(self.shallow.instance, self.shallow.parameters, curve))
        return bool(order) and coefficient > 0

    def _move(self, entries: dict[int, Rational]) -> Vector:
        return tuple(entries.get(j, ZERO) for j in range(self.size))

    def _certain(self, *curves: Sequence[Vector]) -> Curve:
        for curve in curves:
            if self.rises(curve):
                return tuple(curve)
        raise InternalContradiction("convexity on the generators: a move that is not flat does not rise either way")

    def _free(self, neuron: Neuron, side: int) -> dict[str, Any] | Curve:
        margin = mpq(0)
        if self.squared:
            margin = mpq(1)
            witness = self._flat_direction(neuron, side)
            if witness is not None:
                return self._rise(neuron, side, witness)
        while True:
            self.tick()
            base, folds = falling(self.shallow, neuron, side, margin)
            found = prove_nonnegative(base, folds, {}, self.tick)
            if isinstance(found, dict):
                return {"cone": found, **({"margin": str(margin)} if self.squared else {})}
            if not self.squared:
                return self._rise(neuron, side, found)
            margin /= 2

    def _rise(self, neuron: Neuron, side: int, direction: Vector) -> Curve:
        inputs = dict(zip(neuron.inputs, direction, strict=True))
        if not neuron.v:
            inputs[neuron.weight] = mpq(side)
        return self._certain([self._move(inputs)])

    def _flat_direction(self, neuron: Neuron, side: int) -> Vector | None:
        """A direction in which psi <= 0 although some output changes."""
        base, folds = falling(self.shallow, neuron, side, ZERO)
        for j, value in zip(neuron.items, neuron.values, strict=True):
            for sign in (1, -1):
                if any(self.shallow.items[j].x) and self.shallow.slope(value or mpq(sign)):
                    row = tuple(sign * a for a in self.shallow.items[j].x)
                    found = prove_nonnegative(base, folds, {}, self.tick, [row])
                    if isinstance(found, tuple):
                        return found
        return None

    def _thin(self, neuron: Neuron, side: int) -> dict[str, Any] | Curve:
        shallow = self.shallow
        along_v = [[self._move({neuron.weight: mpq(s)})] for s in (1, -1)]
        features = shallow.feature(neuron)
        for j, value in zip(neuron.items, neuron.values, strict=True):
            item = shallow.items[j]
            if features[j] and (self.squared or item.low != item.high):
                return self._certain(*along_v)
            if not value and any(item.x) and (self.squared or item.low != item.high):
                return self._turn(neuron, item.x)
        if sum((shallow.items[j].low * h for j, h in features.items()), ZERO):
            return self._certain(*along_v)
        base, folds = falling(shallow, neuron, side, ZERO)
        found = prove_nonnegative(base, folds, {}, self.tick)
        return {"cone": found} if isinstance(found, dict) else self._turn(neuron, found)

    def _turn(self, neuron: Neuron, direction: Vector) -> Curve:
        step = self._move(dict(zip(neuron.inputs, direction, strict=True)))
        return self._certain(*([step, self._move({neuron.weight: mpq(s)})] for s in (1, -1)))


def falling(shallow: Shallow, neuron: Neuron, side: int, margin: Rational) -> tuple[Vector, dict[int, Fold]]:
    """psi(d) = -H'(D(d)) - margin * sum_i |D_i(d)|, where D_i(d) = side * h_i(<x_i, d>)."""
    folds = {}
    for j, value in zip(neuron.items, neuron.values, strict=True):
        item = shallow.items[j]
        slopes = {}
        for sign in (1, -1):
            change = side * sign * shallow.slope(value or mpq(sign))
            slopes[sign] = -max(item.low * change, item.high * change) - margin * abs(change)
        if any(item.x):
            folds[j] = Fold(item.x, slopes[1], -slopes[-1])
    return tuple(ZERO for _ in neuron.w), folds
