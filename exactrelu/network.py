"""Feed-forward networks: widths, (structured) layers, two-slope activations, exact forward pass.

Layer l computes W(omega_l) z + b_l. Every layer, dense or structured, is the linear map
omega -> W(omega) given by its *entries*: W(omega)[row, column] is a sum of coefficient * omega[weight].
This is the class of networks of Laurent and von Brecht (ICML 2018, equation (4)).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from gmpy2 import mpq

from exactrelu.errors import MalformedInput
from exactrelu.rational import Matrix, Rational, Vector, matrix, rational, texts, vector

ZERO, ONE = mpq(0), mpq(1)


class Entry(NamedTuple):
    """One term of a structured matrix: W[row, column] gains coefficient * omega[weight]."""

    row: int
    column: int
    weight: int
    coefficient: Rational


@dataclass(frozen=True)
class Layer:
    """An affine layer z -> W(omega) z + b with W linear in omega.

    ``kind`` is ``dense`` (omega is the matrix, row by row), ``conv1d`` or ``linear``; ``size`` is the
    number of weights; ``structure`` holds what the problem file says besides the kind.
    """

    kind: str
    inputs: int
    outputs: int
    bias: bool
    size: int
    entries: tuple[Entry, ...]
    structure: tuple[tuple[str, Any], ...] = ()
    channels: int = 1

    def __repr__(self) -> str:
        given = dict(self.structure)
        words = [str(self.inputs), str(self.outputs)]
        if self.kind == "linear":
            words.append(f"<{len(given['basis'])} matrices>")
        else:
            words += [f"{name}={value}" for name, value in given.items()]
        return f"Layer.{self.kind}({', '.join(words)}{'' if self.bias else ', bias=False'})"

    @classmethod
    def dense(cls, inputs: int, outputs: int, bias: bool = True) -> Layer:
        """A fully connected layer.

        >>> Layer.dense(2, 3).size
        6
        """
        entries = tuple(Entry(r, c, r * inputs + c, ONE) for r in range(outputs) for c in range(inputs))
        return cls("dense", inputs, outputs, bias, inputs * outputs, entries)

    @classmethod
    def conv1d(
        cls, inputs: int, outputs: int, channels: int, kernel: int, stride: int = 1,
        bias: bool = True, input_channels: int = 1, where: str = "layers",
    ) -> Layer:  # fmt: skip
        """A one-dimensional convolution without padding.

        Features are stored channel by channel. The weights are ordered by output channel, then input
        channel, then place in the kernel. The bias has one entry for each unit, as in the paper.

        >>> [entry[:3] for entry in Layer.conv1d(3, 2, channels=1, kernel=2).entries]
        [(0, 0, 0), (0, 1, 1), (1, 1, 0), (1, 2, 1)]
        """
        for name, value in (("channels", channels), ("kernel", kernel), ("stride", stride)):
            _positive(value, f"{where}.{name}")
        if inputs % input_channels:
            raise MalformedInput(where, f"{inputs} inputs", f"a multiple of the {input_channels} input channels")
        length = inputs // input_channels
        if kernel > length:
            raise MalformedInput(f"{where}.kernel", str(kernel), f"at most the {length} places of the input")
        places = (length - kernel) // stride + 1
        if channels * places != outputs:
            raise MalformedInput(
                where, f"width {outputs}", f"{channels} channels x {places} places = {channels * places}"
            )
        entries = tuple(
            Entry(c * places + p, i * length + p * stride + k, (c * input_channels + i) * kernel + k, ONE)
            for c in range(channels)
            for p in range(places)
            for i in range(input_channels)
            for k in range(kernel)
        )
        structure = (("channels", channels), ("kernel", kernel), ("stride", stride))
        size = channels * input_channels * kernel
        return cls("conv1d", inputs, outputs, bias, size, entries, structure, channels)

    @classmethod
    def linear(
        cls, inputs: int, outputs: int, basis: Sequence[Iterable[Iterable[object]]], bias: bool = True,
        where: str = "layers",
    ) -> Layer:  # fmt: skip
        """The general structured layer W(omega) = sum_j omega_j B_j, each B_j of shape (outputs, inputs).

        >>> Layer.linear(2, 1, [[[1, 2]]]).entries[1]
        Entry(row=0, column=1, weight=0, coefficient=mpq(2,1))
        """
        if not basis:
            raise MalformedInput(f"{where}.basis", "an empty list", "at least one matrix")
        matrices = tuple(matrix(b, f"{where}.basis[{j}]") for j, b in enumerate(basis))
        for j, b in enumerate(matrices):
            if len(b) != outputs or any(len(row) != inputs for row in b):
                shape = f"shape ({len(b)}, {len(b[0]) if b else 0})"
                raise MalformedInput(f"{where}.basis[{j}]", shape, f"({outputs}, {inputs})")
        entries = tuple(
            Entry(r, c, j, value)
            for j, b in enumerate(matrices)
            for r, row in enumerate(b)
            for c, value in enumerate(row)
            if value
        )
        return cls("linear", inputs, outputs, bias, len(matrices), entries, (("basis", matrices),))

    @property
    def parameters(self) -> int:
        """The number of weights and biases."""
        return self.size + (self.outputs if self.bias else 0)

    def apply(self, values: Sequence[Any], inputs: Sequence[Any], zero: Any = ZERO) -> list[Any]:
        """The pre-activations W z + b; ``values`` holds the weights, then the biases, of any ring."""
        result = [zero] * self.outputs
        for row, column, index, coefficient in self.entries:
            factor = inputs[column]
            if factor:
                weight = values[index]
                result[row] += (weight if coefficient == 1 else weight * coefficient) * factor
        if self.bias:
            result = [total + bias for total, bias in zip(result, values[self.size :], strict=True)]
        return result

    def to_dict(self) -> dict[str, Any]:
        """As in the key ``layers`` of a problem file."""
        plain = {key: [texts(b) for b in value] if key == "basis" else value for key, value in self.structure}
        return {"kind": self.kind, **plain}


@dataclass(frozen=True)
class Network:
    """A network: layers, activation slopes (s+, s-), and whether the output is activated too.

    ``Network.dense([2, 2, 1])`` is the usual way to make one. The activation is
    s(t) = s+ max(t, 0) + s- min(t, 0) with s+ > 0 and s- >= 0.

    >>> Network.dense([2, 2, 1], slopes=(1, "1/2"))
    Network(2 -> 2 -> 1, slopes (1, 1/2))
    """

    layers: tuple[Layer, ...]
    slopes: tuple[Rational, Rational] = (ONE, ZERO)
    output_activation: bool = False

    def __post_init__(self) -> None:
        if not self.layers:
            raise MalformedInput("network.widths", "fewer than two", "the input, hidden and output widths")
        for index, (below, layer) in enumerate(pairwise(self.layers), 1):
            if below.outputs != layer.inputs:
                needed = f"{below.outputs}, the outputs of the layer below"
                raise MalformedInput(f"network.layers[{index}]", f"{layer.inputs} inputs", needed)
        positive, negative = (rational(slope, "network.activation") for slope in self.slopes)
        object.__setattr__(self, "slopes", (positive, negative))
        if positive <= 0:
            raise MalformedInput("network.activation.slopes[0]", str(positive), "s+ > 0")
        if negative < 0:
            raise MalformedInput("network.activation.slopes[1]", str(negative), "s- >= 0")

    @classmethod
    def dense(
        cls, widths: Sequence[int], slopes: tuple[object, object] = (1, 0),
        bias: bool | Sequence[bool] = True, output_activation: bool = False,
    ) -> Network:  # fmt: skip
        """A fully connected network; ``bias`` is one boolean, or one for each layer."""
        count = len(widths) - 1
        if count < 1:
            raise MalformedInput("network.widths", f"{len(widths)} entries", "the input, hidden and output widths")
        for index, width in enumerate(widths):
            _positive(width, f"network.widths[{index}]")
        biases = [bias] * count if isinstance(bias, bool) else list(bias)
        if len(biases) != count:
            raise MalformedInput("network.bias", f"{len(biases)} entries", f"{count}, one for each layer")
        layers = tuple(Layer.dense(widths[i], widths[i + 1], biases[i]) for i in range(count))
        first, second = slopes
        return cls(layers, (rational(first), rational(second)), output_activation)

    @property
    def widths(self) -> tuple[int, ...]:
        """Input dimension, hidden widths, output dimension."""
        return (self.layers[0].inputs, *(layer.outputs for layer in self.layers))

    @property
    def hidden_layers(self) -> int:
        """The number L of hidden layers."""
        return len(self.layers) - 1

    @cached_property
    def activated(self) -> tuple[int, ...]:
        """The widths of the layers that are followed by the activation."""
        return self.widths[1:] if self.output_activation else self.widths[1:-1]

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each layer's parameters begin in the flat parameter vector; the total comes last."""
        result = [0]
        for layer in self.layers:
            result.append(result[-1] + layer.parameters)
        return tuple(result)

    @property
    def parameters(self) -> int:
        """The dimension of parameter space."""
        return self.offsets[-1]

    @cached_property
    def blocks(self) -> tuple[tuple[str, int, int, tuple[int, ...]], ...]:
        """The parameter arrays in order: (name, first, last, shape), as in the points of a problem file.

        >>> Network.dense([2, 1, 1]).blocks
        (('W1', 0, 2, (1, 2)), ('b1', 2, 3, (1,)), ('W2', 3, 4, (1, 1)), ('b2', 4, 5, (1,)))
        """
        result: list[tuple[str, int, int, tuple[int, ...]]] = []
        for number, (layer, start) in enumerate(zip(self.layers, self.offsets, strict=False), 1):
            stop = start + layer.size
            if layer.kind == "dense":
                result.append((f"W{number}", start, stop, (layer.outputs, layer.inputs)))
            else:
                result.append((f"w{number}", start, stop, (layer.size,)))
            if layer.bias:
                result.append((f"b{number}", stop, stop + layer.outputs, (layer.outputs,)))
        return tuple(result)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """A name for each parameter, row and column counted from 1.

        >>> Network.dense([2, 1, 1]).names
        ('W1_1_1', 'W1_1_2', 'b1_1', 'W2_1_1', 'b2_1')
        """
        return tuple(
            f"{name}_{index // shape[1] + 1}_{index % shape[1] + 1}" if len(shape) == 2 else f"{name}_{index + 1}"
            for name, start, stop, shape in self.blocks
            for index in range(stop - start)
        )

    def slope(self, sign: int) -> Rational:
        """The slope of the activation on one side of 0; 0 for a unit that vanishes identically."""
        return self.slopes[0] if sign > 0 else self.slopes[1] if sign < 0 else ZERO

    def preactivations(self, parameters: Sequence[Rational], x: Sequence[Rational]) -> list[list[Rational]]:
        """The exact pre-activations of every layer, the last one being the output before any activation.

        >>> net = Network.dense([1, 2, 1])
        >>> point = net.read({"W1": [[1], [-1]], "b1": [0, 0], "W2": [[1, 1]], "b2": [1]})
        >>> net.preactivations(point, vector([3]))
        [[mpq(3,1), mpq(-3,1)], [mpq(4,1)]]
        """
        result: list[list[Rational]] = []
        features: Sequence[Rational] = x
        for layer, start, stop in self.spans():
            pre = layer.apply(parameters[start:stop], features)
            result.append(pre)
            features = [self.slope(value) * value for value in pre]
        return result

    def output(self, preactivations: list[list[Rational]]) -> list[Rational]:
        """The network's output, given the pre-activations."""
        last = preactivations[-1]
        return [self.slope(value) * value for value in last] if self.output_activation else last

    def spans(self) -> Iterator[tuple[Layer, int, int]]:
        """Each layer with the place of its parameters in the flat vector."""
        return zip(self.layers, self.offsets[:-1], self.offsets[1:], strict=True)

    def read(self, point: Mapping[str, Any], where: str = "point") -> Vector:
        """The flat parameter vector of a point given by named arrays; raises `MalformedInput` on misfits."""
        known = [name for name, *_ in self.blocks]
        for name in point:
            if name not in known:
                raise MalformedInput(f"{where}.{name}", "an unknown key", f"one of: {', '.join(known)}")
        values: list[Rational] = []
        for name, _, _, shape in self.blocks:
            if name not in point:
                raise MalformedInput(f"{where}.{name}", "nothing", f"this key, of shape {_shape(shape)}")
            values.extend(_array(point[name], shape, f"{where}.{name}"))
        return tuple(values)

    def write(self, parameters: Sequence[Rational]) -> dict[str, Any]:
        """The named arrays of a flat parameter vector, the numbers as strings."""
        result: dict[str, Any] = {}
        for name, start, stop, shape in self.blocks:
            flat = [str(value) for value in parameters[start:stop]]
            width = shape[-1]
            result[name] = [flat[r * width : (r + 1) * width] for r in range(shape[0])] if len(shape) == 2 else flat
        return result

    def default_point(self) -> Vector:
        """A fixed point with small entries of both signs, for problems that name none."""
        return tuple(mpq((7919 * (j + 1)) % 31 - 15, 16) for j in range(self.parameters))

    def to_dict(self) -> dict[str, Any]:
        """As in the key ``network`` of a problem file, all defaults written out."""
        activation: Any = {"slopes": texts(self.slopes)}
        result: dict[str, Any] = {"widths": list(self.widths), "activation": activation}
        result["bias"] = [layer.bias for layer in self.layers]
        if self.output_activation:
            result["output_activation"] = True
        if any(layer.kind != "dense" for layer in self.layers):
            result["layers"] = [layer.to_dict() for layer in self.layers]
        return result

    def __repr__(self) -> str:
        arrow = " -> ".join(map(str, self.widths))
        marks = [f"slopes ({self.slopes[0]}, {self.slopes[1]})"]
        if any(layer.kind != "dense" for layer in self.layers):
            marks.append("layers " + ", ".join(layer.kind for layer in self.layers))
        without = [str(number) for number, layer in enumerate(self.layers, 1) if not layer.bias]
        if without:
            marks.append("no bias in layer " + ", ".join(without))
        if self.output_activation:
            marks.append("activated output")
        return f"Network({arrow}, {', '.join(marks)})"


def _positive(value: object, where: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise MalformedInput(where, str(value), "an integer of at least 1")


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _array(value: Any, shape: tuple[int, ...], where: str) -> list[Rational]:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (str, Mapping)) or not isinstance(value, Iterable):
        raise MalformedInput(where, repr(value), f"an array of shape {_shape(shape)}")
    items = list(value)
    if len(items) != shape[0]:
        raise MalformedInput(where, f"{len(items)} entries", f"{shape[0]}, for the shape {_shape(shape)}")
    if len(shape) == 1:
        return list(vector(items, where))
    return [entry for index, row in enumerate(items) for entry in _array(row, shape[1:], f"{where}[{index}]")]


def weights_matrix(layer: Layer, values: Sequence[Rational]) -> Matrix:
    """The matrix W(omega) of a layer.

    >>> weights_matrix(Layer.conv1d(3, 2, channels=1, kernel=2), vector([5, 7]))
    ((mpq(5,1), mpq(7,1), mpq(0,1)), (mpq(0,1), mpq(5,1), mpq(7,1)))
    """
    rows = [[ZERO] * layer.inputs for _ in range(layer.outputs)]
    for row, column, index, coefficient in layer.entries:
        rows[row][column] += coefficient * values[index]
    return tuple(tuple(row) for row in rows)
