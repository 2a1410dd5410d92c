"""Directions in which a point moves without any change of the loss, here and from all points near by.

- Rescaling: the activation is positively homogeneous, so hidden units may be multiplied by e^s and what they feed be
  divided by it: each unit by itself between dense layers, else the units of a layer together.
- Shear, between dense layers: if the activation has the same slope for the units a and b at each data point that
  matters, not on a kink, then s times the weights and the bias of b may be added to those of a when s times what a
  feeds is taken from what b feeds. In the place of b may stand the constant 1, which the biases of the next layer
  multiply, if a has one slope.
- Translation of the parameters of a layer: what the layer passes on does not change at any data point, apart from
  units that are switched off near the point (negative, s- = 0), or feed only such units; for the last layer only what
  the loss units see counts (for the multiclass hinge all outputs may move together). Above layer 1 this is asked term
  by term, so that it holds whatever the features are. Idle and dead neurons, data that do not span, are covered.

With weight decay or a penalty none are listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from gmpy2 import mpq

from exactrelu.linear import kernel, rank
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector
from exactrelu.signature import Columns

ZERO = mpq(0)
Row = dict[tuple[int, int], Rational]  # (parameter, column of the layer, -1 for the bias): coefficient


@dataclass(frozen=True)
class _Hidden:
    """A hidden layer: the places of the weights (by column, bias -1) of each unit, of those that it feeds (by row; in
    structured layers by anything), and of the biases of the next layer.
    """

    is_dense: bool
    outputs: int
    incoming: list[dict[int, int]]
    outgoing: list[dict[int, int]]
    biases: range


@dataclass(frozen=True)
class Symmetry:
    """The symmetries of the loss at a point with the given signs."""

    instance: Instance
    parameters: Vector
    columns: Columns

    @property
    def directions(self) -> tuple[Vector, ...]:
        """All of them."""
        return self.rescalings + self.shears + self.translations

    @property
    def needed_translations(self) -> tuple[Vector, ...]:
        """Translations that span all directions together with the rescalings and the shears."""
        others = self.rescalings + self.shears
        found, known = tuple[Vector, ...](), rank(others)
        for translation in self.translations:
            if rank((*others, *found, translation)) > known:
                found, known = (*found, translation), known + 1
        return found

    @cached_property
    def rescalings(self) -> tuple[Vector, ...]:
        """The directions of the rescalings, some perhaps zero."""
        found = []
        for layer in self._hidden:
            units = [[unit] for unit in range(layer.outputs)] if layer.is_dense else [range(layer.outputs)]
            for together in units:
                moved = {p: self.parameters[p] for unit in together for p in layer.incoming[unit].values()}
                moved |= {p: -self.parameters[p] for unit in together for p in layer.outgoing[unit].values()}
                found.append(self._vector(moved))
        return tuple(found)

    @cached_property
    def shears(self) -> tuple[Vector, ...]:
        """The directions of the shears."""
        found = []
        for number, layer in enumerate(self._hidden):
            slopes = [self._slopes(number, unit) for unit in range(layer.outputs)]
            for a, b in product(range(layer.outputs if layer.is_dense else 0), range(-1, layer.outputs)):
                into, out = layer.incoming[a], layer.outgoing[a]
                if a == b or None in slopes[a]:
                    continue
                if b >= 0 and slopes[a] == slopes[b]:
                    moved = {p: self.parameters[layer.incoming[b][c]] for c, p in into.items()}
                    moved |= {layer.outgoing[b][r]: -self.parameters[p] for r, p in out.items()}
                    found.append(self._vector(moved))
                elif b < 0 and len(set(slopes[a])) == 1 and -1 in into and layer.biases:
                    slope = slopes[a][0] or ZERO
                    moved = {layer.biases[r]: -slope * self.parameters[p] for r, p in out.items()}
                    found.append(self._vector({into[-1]: mpq(1), **moved}))
        return tuple(found)

    @property
    def _hidden(self) -> Iterator[_Hidden]:
        network = self.instance.network
        for number in range(network.hidden_layers if not self.instance.squares else 0):
            layer, after = network.layers[number : number + 2]
            start, middle = network.offsets[number : number + 2]
            incoming: list[dict[int, int]] = [{} for _ in range(layer.outputs)]
            outgoing: list[dict[int, int]] = [{} for _ in range(layer.outputs)]
            for key, (row, column, weight, _) in enumerate(layer.entries):
                incoming[row][column if layer.kind == "dense" else key] = start + weight
            for key, (row, column, weight, _) in enumerate(after.entries):
                outgoing[column][row if after.kind == "dense" else key] = middle + weight
            for row in range(layer.outputs if layer.bias else 0):
                incoming[row][-1] = start + layer.size + row
            biases = range(middle + after.size, middle + after.size + after.outputs) if after.bias else range(0)
            is_dense = layer.kind == after.kind == "dense"
            yield _Hidden(is_dense, layer.outputs, incoming, outgoing, biases)

    def _vector(self, entries: Mapping[int, Rational]) -> Vector:
        return tuple(entries.get(p, ZERO) for p in range(len(self.parameters)))

    def _slopes(self, number: int, unit: int) -> tuple[Rational | None, ...]:
        """The slope of the activation for a unit at the data points where the next layer matters; None on a kink."""
        network = self.instance.network
        signs = [column[number][unit] for i, column in enumerate(self.columns) if self.live[i][number + 1]]
        linear = network.slopes[0] == network.slopes[1]
        return tuple(network.slope(s) if s else network.slopes[0] if linear else None for s in signs)

    @cached_property
    def translations(self) -> tuple[Vector, ...]:
        """A basis of the translations."""
        network, found = self.instance.network, list[Vector]()
        for number in range(len(network.layers) if not self.instance.squares else 0):
            start, stop = network.offsets[number : number + 2]
            rows: list[Vector] = []
            for i in range(len(self.instance.x)):
                for passed in self._passed(i, number):
                    symbols: dict[int, dict[int, Rational]] = {}
                    for (parameter, column), c in passed.items():
                        value = c * self.instance.x[i][column] if number == 0 and column >= 0 else c
                        place = symbols.setdefault(column if number else -1, {})
                        place[parameter] = place.get(parameter, ZERO) + value
                    rows += [tuple(s.get(p, ZERO) for p in range(start, stop)) for s in symbols.values()]
            for vector in kernel(tuple(dict.fromkeys(rows)), columns=stop - start):
                zeros = [ZERO] * network.parameters
                zeros[start:stop] = map(mpq, vector)
                found.append(tuple(zeros))
        return tuple(found)

    def _passed(self, i: int, number: int) -> Iterator[Row]:
        """What a layer passes on at a data point, as far as it matters, linear in its parameters."""
        network = self.instance.network
        layer, start = network.layers[number], network.offsets[number]
        rows: list[Row] = [{} for _ in range(layer.outputs)]
        for row, column, weight, c in layer.entries:
            if number == 0 or not self._is_off(i, number - 1, column):
                key = start + weight, column
                rows[row][key] = rows[row].get(key, ZERO) + c
        for row in range(layer.outputs if layer.bias else 0):
            rows[row][start + layer.size + row, -1] = mpq(1)
        if number < len(network.activated) or not self.instance.loss.is_hinge:
            yield from (rows[r] for r in sorted(self.live[i][number]))
            return
        for unit, s in zip(self.instance.units[i], self.columns[i][-1], strict=True):
            if s >= 0:
                seen: Row = {}
                for r, c in unit.terms:
                    seen |= {key: seen.get(key, ZERO) + c * value for key, value in rows[r].items()}
                yield seen

    def _is_off(self, i: int, group: int, unit: int) -> bool:
        return self.columns[i][group][unit] < 0 and not self.instance.network.slopes[1]

    @cached_property
    def live(self) -> list[list[set[int]]]:
        """For each data point and layer the units that matter: on which some summand of the loss depends near by."""
        network, found = self.instance.network, []
        for i, units in enumerate(self.instance.units):
            needed = set(range(network.widths[-1]))
            if self.instance.loss.is_hinge:
                active = zip(units, self.columns[i][-1], strict=True)
                needed = {r for unit, s in active if s >= 0 for r, _ in unit.terms}
            live = []
            for number in reversed(range(len(network.layers))):
                if number < len(network.activated):
                    needed = {r for r in needed if not self._is_off(i, number, r)}
                live.append(needed)
                needed = {e.column for e in network.layers[number].entries if e.row in live[-1]}
            found.append(live[::-1])
        return found
