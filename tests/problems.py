"""Random small problems, and a second implementation of networks and losses straight from the definitions.

The oracle reads the plain data of a problem file (`Problem.to_dict`) and works in any ring: with `Fraction` it is the
forward pass, with `sympy.polys.rings` it expands the loss. It shares nothing with the engine but the file format.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

from exactrelu import Layer, Loss, Network, Problem
from exactrelu.rational import rational

# ---------------------------------------------------------------- the oracle


def fractions(value: Any) -> Any:
    """Nested lists of numbers and strings as nested lists of Fractions."""
    return [fractions(entry) for entry in value] if isinstance(value, list) else Fraction(value)


class Oracle:
    """A problem by its file: parameter names, forward pass, signature and loss, in any ring."""

    def __init__(self, problem: Problem) -> None:
        data = problem.to_dict()
        network = data["network"]
        self.widths = network["widths"]
        self.bias = network["bias"]
        self.above, self.below = map(Fraction, network["activation"]["slopes"])
        self.activated = network.get("output_activation", False)
        self.layers = network.get("layers", [{"kind": "dense"}] * (len(self.widths) - 1))
        self.loss = data["loss"]
        self.x = fractions(data["data"]["x"])
        y = data["data"]["y"]
        self.y = [fractions(t if isinstance(t, list) else [t]) for t in y] if self.is_squared else y

    @property
    def is_squared(self) -> bool:
        return bool(self.loss["kind"] == "squared")

    @property
    def depth(self) -> int:
        """The number of layers that an activation follows."""
        return len(self.layers) if self.activated else len(self.layers) - 1

    def names(self) -> list[str]:
        """The names of the parameters, layer by layer, weights before biases, counted from 1."""
        names, channels = [], 1
        for l, layer in enumerate(self.layers, 1):
            rows, columns = self.widths[l], self.widths[l - 1]
            if layer["kind"] == "dense":
                names += [f"W{l}_{r}_{c}" for r in range(1, rows + 1) for c in range(1, columns + 1)]
                channels = 1
            elif layer["kind"] == "conv1d":
                names += [f"w{l}_{j + 1}" for j in range(layer["channels"] * channels * layer["kernel"])]
                channels = layer["channels"]
            else:
                names += [f"w{l}_{j + 1}" for j in range(len(layer["basis"]))]
                channels = 1
            if self.bias[l - 1]:
                names += [f"b{l}_{r}" for r in range(1, rows + 1)]
        return names

    def matrices(self, values: Sequence[Any], zero: Any) -> list[tuple[list[list[Any]], list[Any]]]:
        """The matrix and the bias of each layer, from a flat list of parameters in any ring."""
        rest, result, channels = list(values), [], 1
        for l, layer in enumerate(self.layers):
            rows, columns = self.widths[l + 1], self.widths[l]
            w = [[zero] * columns for _ in range(rows)]
            if layer["kind"] == "dense":
                w = [[rest[r * columns + c] for c in range(columns)] for r in range(rows)]
                used, channels = rows * columns, 1
            elif layer["kind"] == "conv1d":
                kernel, stride = layer["kernel"], layer.get("stride", 1)
                length, places = columns // channels, rows // layer["channels"]
                for out, place, inner, k in product(
                    range(layer["channels"]), range(places), range(channels), range(kernel)
                ):
                    w[out * places + place][inner * length + place * stride + k] = rest[
                        (out * channels + inner) * kernel + k
                    ]
                used, channels = layer["channels"] * channels * kernel, layer["channels"]
            else:
                basis = fractions(layer["basis"])
                for j, b in enumerate(basis):
                    w = [[e + rest[j] * f for e, f in zip(p, q, strict=True)] for p, q in zip(w, b, strict=True)]
                used, channels = len(basis), 1
            rest = rest[used:]
            shift, rest = (rest[:rows], rest[rows:]) if self.bias[l] else ([zero] * rows, rest)
            result.append((w, shift))
        assert not rest, "the layout of the parameters is not that of the contract"
        return result

    def run(
        self, values: Sequence[Any], x: Sequence[Any], activate: Callable[[int, int, Any], Any], zero: Any
    ) -> tuple[list[list[Any]], list[Any]]:
        """The pre-activations of all layers, and the outputs; ``activate(layer, unit, value)`` is the activation."""
        features, pre = list(x), []
        for l, (w, b) in enumerate(self.matrices(values, zero)):
            pre.append([sum((e * f for e, f in zip(r, features, strict=True)), s) for r, s in zip(w, b, strict=True)])
            features = [activate(l, u, v) for u, v in enumerate(pre[-1])] if l < self.depth else pre[-1]
        return pre, features

    def activation(self, _layer: int, _unit: int, value: Any) -> Any:
        """The activation of a number."""
        return self.above * max(value, 0) + self.below * min(value, 0)

    def weight(self, i: int, r: int = 0) -> Fraction:
        weights, factor = self.loss["weights"], Fraction(self.loss["factor"])
        if weights == "sum":
            return factor
        if weights == "mean":
            return factor / len(self.x)
        entry = weights[i]
        return factor * Fraction(entry[r] if isinstance(entry, list) else entry)

    def loss_units(self, i: int, outputs: Sequence[Any]) -> list[tuple[Fraction, Any]]:
        """The pairs (weight, argument) of a hinge loss: CONTRACT, `loss.kind`."""
        kind, y = self.loss["kind"], self.y[i]
        if kind == "hinge":
            return [(self.weight(i), 1 - outputs[0] * int(y))]
        if kind == "multiclass-hinge":
            return [(self.weight(i), 1 + o - outputs[y]) for r, o in enumerate(outputs) if r != y]
        return [(self.weight(i, r), 1 - o if r == y else 1 + o) for r, o in enumerate(outputs)]

    def decay(self, values: Sequence[Any]) -> Any:
        """The weight decay term and the penalty on the replicas of the hidden layers."""
        total = sum((v * v for v in values), 0 * values[0]) * (Fraction(self.loss.get("weight_decay", 0)) / 2)
        penalty = self.loss.get("penalty")
        arrays: dict[str, list[Any]] = {}
        for name, value in zip(self.names(), values, strict=True):
            array = name.partition("_")[0]
            if penalty and int(array[1:]) < len(self.layers):
                arrays.setdefault(array, []).append(value)
        for array in arrays.values():
            replicas = penalty["replicas"]
            parts = [array[r * len(array) // replicas : (r + 1) * len(array) // replicas] for r in range(replicas)]
            for column in zip(*parts, strict=True):
                mean = sum(column, 0 * column[0]) / replicas
                spread = sum(((v - mean) ** 2 for v in column), 0 * column[0])
                total += spread * (Fraction(penalty["gamma"]) * replicas / (replicas - 1))
        return total

    def value(self, point: Sequence[Any]) -> Fraction:
        """The loss at a point of parameter space."""
        values = [Fraction(str(v)) for v in point]
        total = Fraction(0)
        for i, x in enumerate(self.x):
            _, outputs = self.run(values, x, self.activation, Fraction(0))
            if self.is_squared:
                total += self.weight(i) * sum((o - t) ** 2 for o, t in zip(outputs, self.y[i], strict=True))
            else:
                total += sum(w * max(u, Fraction(0)) for w, u in self.loss_units(i, outputs))
        return total + self.decay(values)

    def signature(self, point: Sequence[Any]) -> str:
        """The signature of a point of parameter space."""
        values = [Fraction(str(v)) for v in point]
        columns = []
        for i, x in enumerate(self.x):
            pre, outputs = self.run(values, x, self.activation, Fraction(0))
            groups = pre[: self.depth]
            if not self.is_squared:
                groups = [*groups, [u for _, u in self.loss_units(i, outputs)]]
            columns.append(",".join("".join(letter(v) for v in group) for group in groups))
        return ";".join(columns)

    def units(
        self, signature: str, values: Sequence[Any], zero: Any, number: Callable[[Fraction], Any], x: Any = None
    ) -> tuple[list[tuple[str, Any]], list[list[Any]]]:
        """All units (letter, ring element) in the order of a signature, and the outputs, with its slopes.

        ``x``: the inputs, in the ring, in the place of the data.
        """
        units: list[tuple[str, Any]] = []
        outputs = []
        for i, column in enumerate(signature.split(";")):
            groups = column.split(",") if column else []
            slopes = {"+": number(self.above), "-": number(self.below), "0": number(Fraction(0))}
            inputs = x[i] if x is not None else [number(v) for v in self.x[i]]

            def activate(
                layer: int, unit: int, value: Any, groups: list[str] = groups, slopes: dict[str, Any] = slopes
            ) -> Any:
                return value * slopes[groups[layer][unit]]

            pre, out = self.run(values, inputs, activate, zero)
            found = [v for group in pre[: self.depth] for v in group]
            if not self.is_squared and x is None:
                found += [u for _, u in self.loss_units(i, out)]
            units += zip("".join(groups), found, strict=True)
            outputs.append(out)
        return units, outputs

    def expand(self, signature: str, ring: Any) -> Any:
        """The loss on the cell with a signature as an element of a `sympy.polys.rings` ring."""
        field = ring.domain

        def number(value: Fraction) -> Any:
            return ring.ground_new(field(value.numerator, value.denominator))

        values = list(ring.gens)
        _, outputs = self.units(signature, values, ring.zero, number)
        total = ring.zero
        for i, column in enumerate(signature.split(";")):
            if self.is_squared:
                squares = (o - number(t) for o, t in zip(outputs[i], self.y[i], strict=True))
                total += sum((q**2 for q in squares), ring.zero) * number(self.weight(i))
            else:
                kinks = column.split(",")[-1]
                for s, (weight, unit) in zip(kinks, self.loss_units(i, outputs[i]), strict=True):
                    if s == "+":
                        total += unit * number(weight)
        half = number(Fraction(self.loss.get("weight_decay", 0)) / 2)
        return total + sum((g**2 for g in values), ring.zero) * half


def letter(value: Fraction) -> str:
    """The letter of a sign."""
    return "+" if value > 0 else "-" if value < 0 else "0"


# ---------------------------------------------------------------- problems


def rational_numbers(rng: random.Random, count: int, size: int = 3, denominator: int = 4) -> list[str]:
    """Short random rational numbers as strings."""
    return [str(Fraction(rng.randint(-size * denominator, size * denominator), denominator)) for _ in range(count)]


def random_point(rng: random.Random, problem: Problem, size: int = 2, denominator: int = 97) -> list[str]:
    """A random point of parameter space, hardly ever on a boundary."""
    return rational_numbers(rng, problem.network.parameters, size, denominator)


def structured_layers(rng: random.Random, style: str, outputs: int) -> tuple[Layer, ...]:
    """Layers of a two- or three-layer network on four inputs: convolutions with channels, or linear maps."""
    bias = rng.random() < 0.7
    if style == "conv":
        return (Layer.conv1d(4, 4, channels=2, kernel=2, stride=2, bias=bias), Layer.dense(4, outputs, True))
    if style == "deep-conv":
        return (
            Layer.conv1d(4, 6, channels=2, kernel=2, stride=1, bias=bias),
            Layer.conv1d(6, 2, channels=1, kernel=2, stride=1, bias=True, input_channels=2),
            Layer.dense(2, outputs, bias),
        )
    basis = [[rational_numbers(rng, 4, 1, 1) for _ in range(2)] for _ in range(3)]
    return (Layer.linear(4, 2, basis, bias), Layer.dense(2, outputs, True))


def random_problem(
    rng: random.Random,
    kind: str = "squared",
    widths: Sequence[int] = (2, 2, 1),
    style: str = "dense",
    points: int = 3,
    output_activation: bool = False,
    decay: bool = False,
    bias: bool | Sequence[bool] = True,
    slopes: tuple[object, object] | None = None,
) -> Problem:
    """A random problem of the wanted form; the outputs of classifiers are widened to two or three classes."""
    chosen = slopes if slopes is not None else rng.choice([(1, 0), (1, "1/2"), (2, 1), ("3/2", "1/3"), (1, 1)])
    outputs = {"hinge": 1, "squared": widths[-1]}.get(kind, rng.choice([2, 3]))
    if style == "dense":
        network = Network.dense([*widths[:-1], outputs], chosen, bias, output_activation)
    else:
        layers = structured_layers(rng, style, outputs)
        network = Network(layers, chosen, output_activation)  # type: ignore[arg-type]
    x = [rational_numbers(rng, network.widths[0], 2, 2) for _ in range(points)]
    y: list[Any] = [rng.choice([-1, 1]) for _ in x]
    if kind == "squared":
        y = [rational_numbers(rng, outputs, 2, 3) for _ in x]
    elif kind != "hinge":
        y = [rng.randrange(outputs) for _ in x]
    weights: Any = rng.choice(["mean", "sum", "list"])
    if weights == "list":
        columns = outputs if kind == "one-vs-all-hinge" else 1
        weights = tuple(tuple(rational(f"{rng.randint(1, 5)}/7") for _ in range(columns)) for _ in x)
    return Problem(network, x, y, Loss(kind, rng.choice([1, "1/2", "3/7"]), weights, "1/5" if decay else 0))


def sign_vectors(template: str) -> Iterator[str]:
    """All signatures of a shape: each ``?`` becomes + or -."""
    places = [j for j, s in enumerate(template) if s == "?"]
    for choice in product("+-", repeat=len(places)):
        letters = list(template)
        for j, s in zip(places, choice, strict=True):
            letters[j] = s
        yield "".join(letters)
