"""A training problem: network, data, loss, named points. Reads and writes ``exactrelu.problem/1``.

`Instance` is the plain data. The questions that one asks about it (cells, points, minima) are methods of
`exactrelu.landscape.Problem`, which is an instance too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import Any, Self

from gmpy2 import mpq

from exactrelu import display
from exactrelu.errors import MalformedInput
from exactrelu.jsonfile import Node, parse_document, pretty, read_document
from exactrelu.loss import Loss, LossUnit, Target
from exactrelu.network import Layer, Network
from exactrelu.rational import Matrix, Rational, Vector, matrix, rational, texts, vector

FORMAT = "exactrelu.problem/1"
SIZE_LIMIT = 10**6
ZERO = mpq(0)


@dataclass(frozen=True)
class Instance:
    """Network, data (x of shape (N, d); y of length N), loss, and named points of parameter space.

    The targets ``y`` are labels -1 or 1 (hinge), classes counted from 0 (multiclass and one-versus-all hinge),
    or numbers or vectors (squared). Points are given by named arrays or by flat parameter vectors.
    Raises `MalformedInput` with the path of what does not fit, `InexactError` for floats.

    >>> Instance(Network.dense([1, 1, 1]), [[1], ["1/2"]], [1, -1], Loss("hinge"))
    Instance(2 points in R^1, Network(1 -> 1 -> 1, slopes (1, 0)), Loss(mean_i max(1 - y_i output_i, 0)))
    """

    network: Network
    x: Matrix
    y: tuple[Target, ...]
    loss: Loss
    points: Mapping[str, Vector] = field(default_factory=dict, hash=False)
    name: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        x = matrix(self.x, "data.x")
        if not x:
            raise MalformedInput("data.x", "no data points", "at least one")
        inputs, outputs = self.network.widths[0], self.network.widths[-1]
        for i, row in enumerate(x):
            if len(row) != inputs:
                raise MalformedInput(f"data.x[{i}]", f"{len(row)} entries", f"{inputs}, the input width")
        targets = list(self.y)
        if len(targets) != len(x):
            raise MalformedInput("data.y", f"{len(targets)} entries", f"{len(x)}, one for each row of data.x")
        self.loss.check_shapes(outputs, len(x))
        _check_replicas(self.network, self.loss)
        y = tuple(_target(value, self.loss.kind, outputs, f"data.y[{i}]") for i, value in enumerate(targets))
        points = {
            name: self.network.read(point, f"points.{name}") if isinstance(point, Mapping) else vector(point)
            for name, point in self.points.items()
        }
        for name, point in points.items():
            if len(point) != self.network.parameters:
                needed = f"{self.network.parameters} parameters"
                raise MalformedInput(f"points.{name}", f"{len(point)} numbers", needed)
        for key, value in (("x", x), ("y", y), ("points", MappingProxyType(points))):
            object.__setattr__(self, key, value)

    @classmethod
    def read(cls, node: Node) -> Self:
        """The problem in a JSON document; raises `MalformedInput` with the path of the first misfit."""
        required = ("format", "network", "loss", "data")
        if isinstance(node.value, dict) and "format" in node.value:
            Node(node.value["format"], "format").choice((FORMAT,))
        members = node.members(required, ("name", "source", "points"))
        network = _network(members["network"])
        data = members["data"].members(("x", "y"))
        x = tuple(tuple(e.number() for e in row.items("a row of numbers")) for row in data["x"].items("a list of rows"))
        y = tuple(_raw_target(item) for item in data["y"].items("a list of targets"))
        points = members["points"].entries() if "points" in members else {}
        arrays = {key: {k: v.value for k, v in node.entries().items()} for key, node in points.items()}
        name = members["name"].text() if "name" in members else ""
        source = members["source"].text() if "source" in members else ""
        return cls(network, x, y, Loss.read(members["loss"]), arrays, name, source)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: str) -> Self:
        """The problem in a file; ``-`` is standard input."""
        return cls.read(read_document(path))

    @classmethod
    def loads(cls, text: str, name: str = "text") -> Self:
        """The problem in a string."""
        return cls.read(parse_document(text, name))

    def to_dict(self) -> dict[str, Any]:
        """The problem as plain data in the form of a problem file, all defaults written out."""
        result: dict[str, Any] = {"format": FORMAT}
        if self.name:
            result["name"] = self.name
        if self.source:
            result["source"] = self.source
        result["network"] = self.network.to_dict()
        result["loss"] = self.loss.to_dict()
        result["data"] = {"x": texts(self.x), "y": [_plain_target(value) for value in self.y]}
        if self.points:
            result["points"] = {name: self.network.write(point) for name, point in self.points.items()}
        return result

    def dumps(self) -> str:
        """The text of a problem file."""
        return pretty(self.to_dict())

    @cached_property
    def units(self) -> tuple[tuple[LossUnit, ...], ...]:
        """The loss units of each data point (none for the squared loss)."""
        outputs = self.network.widths[-1]
        return tuple(self.loss.units(i, y, outputs, len(self.x)) for i, y in enumerate(self.y))

    @cached_property
    def squares(self) -> tuple[tuple[Rational, int, int | None], ...]:
        """The terms c (p_i - p_j)^2 of weight decay (j is None: c p_i^2) and penalty, as triples (c, i, j)."""
        terms: list[tuple[Rational, int, int | None]] = []
        if half := self.loss.weight_decay / 2:
            terms += [(half, i, None) for i in range(self.network.parameters)]
        if penalty := self.loss.penalty:
            c = penalty.gamma / (penalty.replicas - 1)
            for start, n in _replicas(self.network, penalty.replicas):
                for r, s in combinations(range(penalty.replicas), 2):
                    terms += [(c, start + r * n + k, start + s * n + k) for k in range(n)]
        return tuple(terms)

    def point(self, name: str) -> Vector:
        """The parameters of a named point.

        Raises `MalformedInput` that lists the names there are.
        """
        if name not in self.points:
            known = ", ".join(self.points) or "none"
            raise MalformedInput("points", f'no point "{name}"', f"one of the named points: {known}")
        return self.points[name]

    def evaluate(self, parameters: Sequence[Rational]) -> Rational:
        """The exact loss at a point of parameter space."""
        return self.value(parameters, [self.network.preactivations(parameters, x) for x in self.x])

    def value(self, parameters: Sequence[Rational], preactivations: Sequence[list[list[Rational]]]) -> Rational:
        """The exact loss, given the pre-activations of every data point."""
        total = mpq(0)
        for i, pre in enumerate(preactivations):
            outputs = self.network.output(pre)
            target = self.y[i]
            if isinstance(target, tuple):
                squares = sum((o - t) ** 2 for o, t in zip(outputs, target, strict=True))
                total += self.loss.weight(i, 0, len(self.x)) * squares
            else:
                for unit in self.units[i]:
                    total += unit.weight * max(unit.argument(outputs), mpq(0))
        for c, i, j in self.squares:
            total += c * (parameters[i] - (ZERO if j is None else parameters[j])) ** 2
        return total

    def _repr_html_(self) -> str:
        rows = [("network", display.text(repr(self.network), 200)), ("loss", display.text(repr(self.loss), 200))]
        for i, x in enumerate(self.x[: display.ROWS], 1):
            y = self.y[i - 1]
            target = str(y) if isinstance(y, int) else display.short(y[0]) if len(y) == 1 else display.vector(y)
            rows.append((f"x<sub>{i}</sub>", f"{display.vector(x)}, target {target}"))
        more = display.left_out(display.ROWS, len(self.x), "data points")
        names = ", ".join(self.points)
        rows.append(("points", display.code(names, 400) if names else "none named"))
        source = f"{display.text(self.source, 200)}. " if self.source else ""
        return display.table(display.text(self.name or type(self).__name__), rows, more=source + more)

    def __repr__(self) -> str:
        head = f"{self.name}: " if self.name else ""
        count = f"{len(self.x)} point{'s' if len(self.x) > 1 else ''} in R^{len(self.x[0])}"
        return f"{type(self).__name__}({head}{count}, {self.network!r}, {self.loss!r})"


def _replicas(network: Network, replicas: int) -> list[tuple[int, int]]:
    """Where the weights and the biases of each hidden layer begin, and how long one replica of them is."""
    spans = list(network.spans())[:-1]
    weights = [(start, layer.size // replicas) for layer, start, _ in spans]
    return weights + [(stop - layer.outputs, layer.outputs // replicas) for layer, _, stop in spans if layer.bias]


def _check_replicas(network: Network, loss: Loss) -> None:
    if loss.penalty is None:
        return
    hidden = network.layers[:-1]
    if not hidden or any(part % loss.penalty.replicas for layer in hidden for part in (layer.size, layer.outputs)):
        needed = f"hidden layers whose weights and units are cut into {loss.penalty.replicas} equal blocks"
        raise MalformedInput("loss.penalty.replicas", f"widths {list(network.widths)}", needed)


def _raw_target(node: Node) -> Any:
    if isinstance(node.value, list):
        return tuple(entry.number() for entry in node.items())
    return node.number()


def _target(value: Any, kind: str, outputs: int, where: str) -> Target:
    if kind == "squared":
        entries = vector(value if isinstance(value, (list, tuple)) else [value], where)
        if len(entries) != outputs:
            raise MalformedInput(where, f"{len(entries)} entries", f"{outputs}, the output width")
        return entries
    if isinstance(value, (list, tuple)):
        raise MalformedInput(where, "a list", f'a label; use kind "squared" for vector targets, not "{kind}"')
    label = rational(value, where)
    if kind == "hinge":
        if label not in (-1, 1):
            raise MalformedInput(where, str(label), '1 or -1 (binary hinge loss; use kind "squared" for regression)')
    elif label.denominator != 1 or not 0 <= label < outputs:
        raise MalformedInput(where, str(label), f"a class from 0 to {outputs - 1}")
    return int(label)


def _plain_target(value: Target) -> Any:
    if isinstance(value, int):
        return value
    return str(value[0]) if len(value) == 1 else texts(value)


def _network(node: Node) -> Network:
    members = node.members(("widths", "activation"), ("bias", "layers", "output_activation"))
    widths = [item.integer(1, "an integer of at least 1") for item in members["widths"].items("a list of widths")]
    if len(widths) < 2:
        raise MalformedInput("network.widths", f"{len(widths)} entries", "the input, hidden and output widths")
    count = len(widths) - 1
    biases = [True] * count
    if "bias" in members:
        biases = [item.boolean() for item in members["bias"].items("one boolean for each layer", count)]
    if sum(a * b for a, b in pairwise(widths)) > SIZE_LIMIT:
        raise MalformedInput("network.widths", "more than 10^6 weights", "a network that fits into memory")
    if "layers" in members:
        nodes = members["layers"].items("one object for each layer", count)
        layers: list[Layer] = []
        for index, item in enumerate(nodes):
            channels = layers[-1].channels if layers else 1
            layers.append(_layer(item, widths[index], widths[index + 1], biases[index], channels))
    else:
        layers = [Layer.dense(widths[i], widths[i + 1], biases[i]) for i in range(count)]
    activated = members["output_activation"].boolean() if "output_activation" in members else False
    return Network(tuple(layers), _slopes(members["activation"]), activated)


def _layer(node: Node, inputs: int, outputs: int, bias: bool, channels: int) -> Layer:
    kind = node.entries().get("kind", Node(None, f"{node.path}.kind")).choice(("dense", "conv1d", "linear"))
    if kind == "dense":
        node.members(("kind",))
        return Layer.dense(inputs, outputs, bias)
    if kind == "linear":
        basis = node.members(("kind", "basis"))["basis"]
        matrices = [
            [[entry.number() for entry in row.items("a row of numbers")] for row in item.items("a matrix")]
            for item in basis.items("a list of matrices")
        ]
        return Layer.linear(inputs, outputs, matrices, bias, node.path)
    members = node.members(("kind", "channels", "kernel"), ("stride",))
    needed = "an integer of at least 1"
    stride = members["stride"].integer(1, needed) if "stride" in members else 1
    return Layer.conv1d(
        inputs, outputs, members["channels"].integer(1, needed), members["kernel"].integer(1, needed), stride,
        bias, channels, node.path,
    )  # fmt: skip


def _slopes(node: Node) -> tuple[Rational, Rational]:
    one = mpq(1)
    if isinstance(node.value, dict) and "leaky" in node.value:
        leak = node.members(("leaky",))["leaky"]
        value = leak.number()
        if not 0 < value < 1:
            raise leak.complain("a slope strictly between 0 and 1")
        return one, value
    if isinstance(node.value, dict):
        slopes = node.members(("slopes",))["slopes"].items("two slopes, [s_plus, s_minus]", 2)
        return slopes[0].number(), slopes[1].number()
    name = node.choice(("relu", "linear"))
    return (one, mpq(0)) if name == "relu" else (one, one)
