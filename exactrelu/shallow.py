"""One hidden layer, or none, near a point: neurons that feed one output each, and the summands of the loss.

Here the outputs depend on the neurons through R_k = |v_k| (w_k, b_k) and the sign of v_k, and every summand of the loss
is a convex function of one output. All that is decided about kinks rests on this. Without a hidden layer the loss is
convex in all parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gmpy2 import mpq

from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector, dot

ZERO = mpq(0)


@dataclass(frozen=True)
class Item:
    """A summand of the loss: a convex function of one output at one data point.

    ``x`` has a last entry 1 if the hidden layer has biases; ``low`` and ``high`` are the one-sided derivatives with
    respect to the output at the point, weight included.
    """

    output: int
    x: Vector
    low: Rational
    high: Rational


@dataclass(frozen=True)
class Neuron:
    """A hidden neuron: where its parameters (w, b) and v stand, their values, and <(w, b), x> for each of its items."""

    inputs: tuple[int, ...]
    weight: int
    w: Vector
    v: Rational
    items: tuple[int, ...]
    values: tuple[Rational, ...]

    @property
    def sides(self) -> tuple[int, ...]:
        """The signs that v takes near the point."""
        return (1,) if self.v > 0 else (-1,) if self.v < 0 else (1, -1)

    @property
    def is_thin(self) -> bool:
        """Whether v = 0 and (w, b) != 0: R then moves in a thin double cone around the line of (w, b) only."""
        return self.v == 0 and any(self.w)


def why_not_shallow(instance: Instance) -> str:
    """Why a problem is not of this form; empty if it is."""
    network = instance.network
    if network.hidden_layers > 1:
        return f"the network has {network.hidden_layers} hidden layers"
    if network.output_activation:
        return "the outputs pass through the activation"
    if network.hidden_layers and network.layers[0].kind != "dense":
        return "the hidden layer is not dense"
    if network.hidden_layers and _feeds(instance) is None:
        return "some neuron feeds several outputs"
    if instance.loss.kind == "multiclass-hinge" and not _counts_differences(instance):
        return "the multiclass hinge loss couples the outputs"
    return ""


def _counts_differences(instance: Instance) -> bool:
    """Whether two outputs of a dense layer count as one, their difference, because the loss knows no more."""
    network = instance.network
    return instance.loss.kind == "multiclass-hinge" and network.widths[-1] == 2 and network.layers[-1].kind == "dense"


def _feeds(instance: Instance) -> dict[int, tuple[int, int]] | None:
    """For each neuron that feeds an output: the output and the number of the weight; None where it is not so simple."""
    layer = instance.network.layers[-1]
    if _counts_differences(instance):
        return {column: (1, weight) for row, column, weight, _ in layer.entries if row}
    found: dict[int, tuple[int, int]] = {}
    for row, column, weight, coefficient in layer.entries:
        if column in found or coefficient != 1 or any(w == weight for _, w in found.values()):
            return None
        found[column] = (row, weight)
    return found if len(found) == layer.inputs else None


@dataclass(frozen=True)
class Shallow:
    """The neurons and the items of a problem with one hidden layer at a point."""

    instance: Instance
    parameters: Vector

    @classmethod
    def at(cls, instance: Instance, parameters: Vector) -> Shallow | None:
        """What is near a point, None where the problem is not of this form (`why_not_shallow`)."""
        return None if why_not_shallow(instance) else cls(instance, parameters)

    @property
    def slopes(self) -> tuple[Rational, Rational]:
        """The slopes of the activation for positive and for negative arguments."""
        return self.instance.network.slopes

    @cached_property
    def data(self) -> tuple[Vector, ...]:
        """The data points, each with a last entry 1 if the hidden layer has biases."""
        one = (mpq(1),) if self.instance.network.layers[0].bias else ()
        return tuple((*x, *one) for x in self.instance.x)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The summands of the loss, data point by data point, output by output."""
        instance = self.instance
        found: list[Item] = []
        for i, x in enumerate(instance.x):
            outputs = instance.network.output(instance.network.preactivations(self.parameters, x))
            target = instance.y[i]
            if isinstance(target, tuple):
                weight = 2 * instance.loss.weight(i, 0, len(instance.x))
                for r, (output, t) in enumerate(zip(outputs, target, strict=True)):
                    found.append(Item(r, self.data[i], weight * (output - t), weight * (output - t)))
            for unit in instance.units[i]:
                argument, (r, sense) = unit.argument(outputs), unit.terms[0]
                if len(unit.terms) > 1:  # o_r - o_y, where only o_1 - o_0 counts
                    r, sense = 1, 1 if r else -1
                slope = unit.weight * sense
                low, high = min(slope, ZERO), max(slope, ZERO)
                if argument:
                    low = high = slope if argument > 0 else ZERO
                found.append(Item(r, self.data[i], low, high))
        return tuple(found)

    @cached_property
    def neurons(self) -> tuple[Neuron, ...]:
        """The hidden neurons, in order."""
        hidden, start = self.instance.network.layers[0], self.instance.network.offsets[1]
        if not self.instance.network.hidden_layers:
            return ()
        feeds = _feeds(self.instance) or {}
        first = self.parameters[start:] if _counts_differences(self.instance) else [ZERO] * hidden.outputs
        result = []
        for k in range(hidden.outputs):
            inputs = (*range(k * hidden.inputs, (k + 1) * hidden.inputs), *([hidden.size + k] if hidden.bias else []))
            w = tuple(self.parameters[j] for j in inputs)
            output, weight = feeds[k]
            items = tuple(j for j, item in enumerate(self.items) if item.output == output)
            values = tuple(dot(w, self.items[j].x) for j in items)
            v = self.parameters[start + weight] - first[k]
            result.append(Neuron(inputs, start + weight, w, v, items, values))
        return tuple(result)

    @cached_property
    def linear(self) -> dict[int, dict[int, Rational]]:
        """The parameters in which all outputs are linear, and by how much they change each item's output.

        The output biases; without hidden layer the weights too.
        """
        network = self.instance.network
        layer, start = network.layers[-1], network.offsets[-2]
        found: dict[int, dict[int, Rational]] = {}
        for j, item in enumerate(self.items):
            if layer.bias:
                found.setdefault(start + layer.size + item.output, {})[j] = mpq(1)
            for row, column, weight, coefficient in layer.entries if not network.hidden_layers else ():
                if row == item.output:
                    coefficients = found.setdefault(start + weight, {})
                    coefficients[j] = coefficients.get(j, ZERO) + coefficient * item.x[column]
        return found

    @cached_property
    def kinks(self) -> tuple[int, ...]:
        """The items with a kink in the loss at the point."""
        return tuple(j for j, item in enumerate(self.items) if item.low != item.high)

    def feature(self, neuron: Neuron) -> dict[int, Rational]:
        """The activation of a neuron at each of its items."""
        return {j: value * self.slope(value) for j, value in zip(neuron.items, neuron.values, strict=True)}

    def slope(self, value: Rational) -> Rational:
        """The slope of the activation at a number that is not 0."""
        return self.slopes[0] if value > 0 else self.slopes[1]

    def changes(self, neuron: Neuron, direction: Sequence[Rational], side: int) -> dict[int, Rational]:
        """How the outputs of the items change, to first order in R, when v has this sign and R moves in a direction."""
        result = {}
        for j, value in zip(neuron.items, neuron.values, strict=True):
            change = dot(direction, self.items[j].x)
            result[j] = side * self.slope(value or change) * change
        return result
