"""Sheets: coordinates in which, given the signs of the units before it, every unit is an affine function.

Three kinds of them are known, and on each the cells can be enumerated by linear programming:

- the parameters of one layer, all others frozen at a point;
- the input of a fixed network (its linear regions);
- one dense hidden layer and one output: the variables R_k = v_k (w_k, b_k) and the output bias, one sheet for each
  choice of the signs s_k of the output weights v_k. There the output is linear on each hidden pattern, and
  (v, w) -> R is an open map, so that a signature is realised by parameters iff it is on one of the 2^K sheets.
  The multiclass hinge with two classes is the same in the difference of the two outputs.

Units are visited group by group (all data points' layer 1, then layer 2, .., then the loss units).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TypeAlias

from gmpy2 import mpq

from exactrelu.errors import MalformedInput, Unsupported
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector
from exactrelu.signature import Columns, Signs, groups

Affine: TypeAlias = "tuple[Rational, ...]"
"""An affine form: the coefficients of the variables, then the constant."""
Place: TypeAlias = "tuple[int, int, int]"
"""A unit: (data point, group, unit)."""


def scaled(form: Affine, factor: Rational) -> Affine:
    """A multiple of an affine form."""
    return tuple(factor * entry for entry in form) if factor != 1 else form


def combined(terms: Sequence[tuple[Rational, Affine]], size: int) -> Affine:
    """A linear combination of affine forms with ``size`` entries."""
    total = [mpq(0)] * size
    for factor, form in terms:
        if factor:
            total = [a + factor * b for a, b in zip(total, form, strict=True)]
    return tuple(total)


@dataclass(frozen=True)
class Sheet:
    """The common part: the layout of the units, and the walk through the layers as affine forms."""

    instance: Instance
    _cache: dict[tuple[int, int, tuple[Signs, ...]], tuple[Affine, ...]] = field(
        default_factory=dict, repr=False, compare=False, kw_only=True
    )

    @property
    def variables(self) -> int:
        """The number of variables."""
        raise NotImplementedError

    @property
    def points(self) -> int:
        """The number of data points whose units are looked at."""
        return len(self.instance.x)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The sizes of the groups of a data point."""
        return groups(self.instance)

    @cached_property
    def order(self) -> tuple[Place, ...]:
        """All units in the order in which they are visited."""
        return tuple((i, g, u) for g, size in enumerate(self.sizes) for i in range(self.points) for u in range(size))

    @cached_property
    def position(self) -> dict[Place, int]:
        """The position of each unit in the signature, separators not counted."""
        sequence = ((i, g, u) for i in range(self.points) for g, n in enumerate(self.sizes) for u in range(n))
        return {place: index for index, place in enumerate(sequence)}

    def forms(self, i: int, group: int, signs: tuple[Signs, ...]) -> tuple[Affine, ...]:
        """The affine forms of a group of units at data point i, given the signs of the groups before it."""
        key = (i, group, signs)
        if key not in self._cache:
            self._cache[key] = self._forms(i, group, signs)
        return self._cache[key]

    def _forms(self, i: int, group: int, signs: tuple[Signs, ...]) -> tuple[Affine, ...]:
        if group < len(self.instance.network.activated):
            return self._preactivations(i, group, signs)
        outputs = self._outputs(i, signs)
        one = (*([mpq(0)] * self.variables), mpq(1))
        return tuple(
            combined([(mpq(1), one), *((mpq(c), outputs[r]) for r, c in unit.terms)], self.variables + 1)
            for unit in self.instance.units[i]
        )

    def _activate(self, i: int, group: int, signs: tuple[Signs, ...]) -> tuple[Affine, ...]:
        """The features after a group of hidden units."""
        network = self.instance.network
        pre = self.forms(i, group, signs[:group])
        return tuple(scaled(form, network.slope(s)) for form, s in zip(pre, signs[group], strict=True))

    def _outputs(self, i: int, signs: tuple[Signs, ...]) -> tuple[Affine, ...]:
        network = self.instance.network
        if network.output_activation:
            return self._activate(i, len(network.layers) - 1, signs)
        return self._preactivations(i, len(network.layers) - 1, signs)

    def _preactivations(self, i: int, group: int, signs: tuple[Signs, ...]) -> tuple[Affine, ...]:
        raise NotImplementedError

    def is_flat(self, columns: Columns) -> bool:
        """Whether the loss is constant on the part of a cell that lies on this sheet.

        A hinge loss is affine there, a squared loss a sum of squares of affine forms.
        """
        loss = self.instance.loss
        if loss.weight_decay and self.variables:
            return False
        total = [mpq(0)] * self.variables
        for i, column in enumerate(columns):
            hidden = column[: len(self.instance.network.activated)]
            if not loss.is_hinge:
                if any(any(form[:-1]) for form in self._outputs(i, hidden)):
                    return False
                continue
            units = zip(self.instance.units[i], self.forms(i, len(hidden), hidden), column[-1], strict=True)
            for unit, form, s in units:
                if s > 0:
                    total = [a + unit.weight * b for a, b in zip(total, form, strict=False)]
        return not any(total)

    def lift(self, point: Sequence[Rational]) -> Vector:
        """The witness that a point of the sheet stands for: all parameters, or an input."""
        raise NotImplementedError


@dataclass(frozen=True)
class LayerSheet(Sheet):
    """The parameters of one layer (counted from 1), all others frozen at a point of parameter space."""

    layer: int
    base: Vector

    @property
    def variables(self) -> int:
        return self.instance.network.layers[self.layer - 1].parameters

    def _preactivations(self, i: int, group: int, signs: tuple[Signs, ...]) -> tuple[Affine, ...]:
        network, size = self.instance.network, self.variables + 1
        layer, start, stop = tuple(network.spans())[group]
        if group == 0:
            features: tuple[Affine, ...] = tuple((*([mpq(0)] * (size - 1)), value) for value in self.instance.x[i])
        else:
            features = self._activate(i, group - 1, signs)
        rows = [[mpq(0)] * size for _ in range(layer.outputs)]
        free = group == self.layer - 1
        values = self.base[start:stop]
        for row, column, weight, coefficient in layer.entries:
            if free:
                rows[row][weight] += coefficient * features[column][-1]
            elif factor := coefficient * values[weight]:
                rows[row] = [a + factor * b for a, b in zip(rows[row], features[column], strict=True)]
        if layer.bias:
            for row in range(layer.outputs):
                if free:
                    rows[row][layer.size + row] += 1
                else:
                    rows[row][-1] += values[layer.size + row]
        return tuple(tuple(row) for row in rows)

    def is_flat(self, columns: Columns) -> bool:
        hidden = self.layer < len(self.instance.network.layers)
        return not (self.instance.loss.penalty and hidden) and super().is_flat(columns)

    def lift(self, point: Sequence[Rational]) -> Vector:
        offsets = self.instance.network.offsets
        return (*self.base[: offsets[self.layer - 1]], *point, *self.base[offsets[self.layer] :])


@dataclass(frozen=True)
class InputSheet(Sheet):
    """The input space of the network with the given parameters; one pseudo data point, no loss units."""

    base: Vector

    @property
    def variables(self) -> int:
        return self.instance.network.widths[0]

    @property
    def points(self) -> int:
        return 1

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        return self.instance.network.activated

    def _preactivations(self, i: int, group: int, signs: tuple[Signs, ...]) -> tuple[Affine, ...]:
        network, size = self.instance.network, self.variables + 1
        layer, start, stop = tuple(network.spans())[group]
        if group == 0:
            features: tuple[Affine, ...] = tuple(tuple(mpq(int(j == k)) for k in range(size)) for j in range(size - 1))
        else:
            features = self._activate(i, group - 1, signs)
        values = self.base[start:stop]
        rows = [[mpq(0)] * size for _ in range(layer.outputs)]
        for row, column, weight, coefficient in layer.entries:
            if factor := coefficient * values[weight]:
                rows[row] = [a + factor * b for a, b in zip(rows[row], features[column], strict=True)]
        if layer.bias:
            for row in range(layer.outputs):
                rows[row][-1] += values[layer.size + row]
        return tuple(tuple(row) for row in rows)

    def is_flat(self, columns: Columns) -> bool:
        """Whether the network is constant on a linear region."""
        return not any(any(form[:-1]) for form in self._outputs(0, columns[0]))

    def lift(self, point: Sequence[Rational]) -> Vector:
        return tuple(point)


@dataclass(frozen=True)
class LiftedSheet(Sheet):
    """One dense hidden layer, one output (or difference): the variables R_k = v_k (w_k, b_k) and c, v_k of sign s_k."""

    signs: Signs

    def __post_init__(self) -> None:
        reason = why_not_lifted(self.instance)
        if reason:
            raise Unsupported(reason)

    @property
    def outputs(self) -> int:
        """The number of outputs, 1 or 2."""
        return self.instance.network.widths[-1]

    @cached_property
    def block(self) -> int:
        """The number of variables of one neuron."""
        first = self.instance.network.layers[0]
        return first.inputs + (1 if first.bias else 0)

    @property
    def variables(self) -> int:
        return self.block * len(self.signs) + (1 if self.instance.network.layers[1].bias else 0)

    def _preactivations(self, i: int, group: int, signs: tuple[Signs, ...]) -> tuple[Affine, ...]:
        rows = []
        for k, s in enumerate(self.signs):
            row = [mpq(0)] * (self.variables + 1)
            start = k * self.block
            for j, value in enumerate(self.instance.x[i]):
                row[start + j] = s * value
            if self.instance.network.layers[0].bias:
                row[start + self.block - 1] = mpq(s)
            rows.append(tuple(row))
        if group == 0:
            return tuple(rows)
        slopes = [self.instance.network.slope(sign) * s for sign, s in zip(signs[0], self.signs, strict=True)]
        terms = list(zip(slopes, rows, strict=True))
        if self.instance.network.layers[1].bias:
            terms.append((mpq(1), tuple(mpq(int(j == self.variables - 1)) for j in range(self.variables + 1))))
        output = combined(terms, self.variables + 1)
        return (output,) if self.outputs == 1 else (scaled(output, mpq(0)), output)

    def lift(self, point: Sequence[Rational]) -> Vector:
        first, second = self.instance.network.layers
        weights: list[Rational] = []
        biases: list[Rational] = []
        for k, s in enumerate(self.signs):
            block = [s * value for value in point[k * self.block : (k + 1) * self.block]]
            weights.extend(block[: first.inputs])
            biases.extend(block[first.inputs :])
        idle = self.outputs - 1  # of two outputs the first is zero: only their difference matters
        output = [mpq(0)] * (idle * len(self.signs)) + [mpq(s) for s in self.signs]
        output += [mpq(0)] * idle + [point[-1]] if second.bias else []
        return (*weights, *biases, *output)


def why_not_lifted(instance: Instance) -> str:
    """Why the lifted sheets do not cover parameter space; empty when they do."""
    network = instance.network
    if network.hidden_layers != 1:
        return f"{network.hidden_layers} hidden layers: with several layers free the boundaries are polynomial"
    if any(layer.kind != "dense" for layer in network.layers):
        return "a structured layer with kinks behind it: the boundaries are polynomial"
    difference = instance.loss.kind == "multiclass-hinge" and not network.output_activation
    if network.widths[-1] != 1 and not (difference and network.widths[-1] == 2):
        return "several outputs with kinks behind them: the boundaries are polynomial"
    return ""


def kinks_in_first_layer_only(instance: Instance) -> bool:
    """Whether every boundary is a hyperplane in the parameters of the first layer."""
    network = instance.network
    return len(network.layers) == 1 or (network.activated == network.widths[1:2] and not instance.loss.is_hinge)


def why_not_complete(instance: Instance) -> str:
    """Why no complete list of the cells of parameter space is known; empty when one can be made."""
    return "" if kinks_in_first_layer_only(instance) else why_not_lifted(instance)


def parameter_sheets(instance: Instance) -> Iterator[Sheet]:
    """Sheets that together show every cell of parameter space, made one by one.

    Raises `Unsupported`, with the reason, when the boundaries are polynomial of higher degree.
    """
    network = instance.network
    if kinks_in_first_layer_only(instance):
        base = (mpq(0),) * network.offsets[1] + (mpq(1),) * (network.parameters - network.offsets[1])
        return iter([LayerSheet(instance, 1, base)])
    reason = why_not_lifted(instance)
    if reason:
        raise Unsupported(
            f"the cells of all parameters: {reason}; choose one layer (--layer L --at NAME), or explore from a point"
        )
    return (LiftedSheet(instance, signs) for signs in product((1, -1), repeat=network.widths[1]))


def layer_sheet(instance: Instance, layer: int, base: Vector) -> LayerSheet:
    """The sheet of one layer; raises `MalformedInput` when there is no such layer."""
    count = len(instance.network.layers)
    if not 1 <= layer <= count:
        raise MalformedInput("layer", str(layer), f"a layer from 1 to {count}")
    return LayerSheet(instance, layer, base)


def columns_of(sheet: Sheet, signs: Sequence[int]) -> Columns:
    """The signature of a full list of signs given in the order of the walk."""
    columns: list[list[Signs]] = [[] for _ in range(sheet.points)]
    start = 0
    for size in sheet.sizes:
        for column in columns:
            column.append(tuple(signs[start : start + size]))
            start += size
    return tuple(tuple(column) for column in columns)
