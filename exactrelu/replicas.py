"""The exact penalty: the one-versus-all problem with a replica of the hidden layers for each class.

Laurent and von Brecht, ICML 2018, (12) and (13): class r has the loss L^(r) of its own replica, and a penalty keeps
the replicas together. All of them together are one network, the layers block by block, so that everything here that
works on networks works on the penalised problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from gmpy2 import mpq

from exactrelu.errors import MalformedInput
from exactrelu.loss import Loss, Penalty
from exactrelu.network import Layer, Network
from exactrelu.problem import Instance
from exactrelu.rational import Rational, Vector, rational

P = TypeVar("P", bound=Instance)


def exact_penalty(problem: P, gamma: object = 1) -> P:
    """E_gamma = sum_r L^(r)(replica r) + gamma * R/(R-1) * sum_r |hidden parameters of replica r - their mean|^2.

    The points of the problem become points with equal replicas. Raises `MalformedInput` unless the problem is
    one-versus-all with dense layers, one of them hidden, and without weight decay.

    >>> from exactrelu.loss import Loss
    >>> one = Instance(Network.dense([1, 1, 2]), [[1], [-1]], [0, 1], Loss("one-vs-all-hinge"))
    >>> exact_penalty(one, "1/2").network
    Network(1 -> 2 -> 2, slopes (1, 0), layers dense, linear)
    """
    network, loss = problem.network, problem.loss
    replicas = network.widths[-1]
    if loss.kind != "one-vs-all-hinge" or loss.is_regularised or network.output_activation:
        raise MalformedInput("loss", repr(loss), "the one-versus-all hinge loss alone")
    if network.hidden_layers < 1 or any(layer.kind != "dense" for layer in network.layers):
        raise MalformedInput("network", repr(network), "dense layers, one of them hidden")
    return replace(
        problem,
        network=_replicated(network),
        loss=replace(loss, penalty=Penalty(rational(gamma, "gamma"), replicas)),
        points={name: join([point] * replicas, network) for name, point in problem.points.items()},
        name=f"{problem.name}, exact penalty" if problem.name else "",
    )


def class_problem(problem: P, r: int) -> P:
    """The binary problem of class r, with the loss L^(r) of (12): label 1 for the data of the class, -1 for the rest.

    Of a penalised problem it is that of replica r.

    >>> from exactrelu.loss import Loss
    >>> one = Instance(Network.dense([1, 1, 2]), [[1], [-1]], [0, 1], Loss("one-vs-all-hinge"))
    >>> class_problem(one, 1).y
    (-1, 1)
    """
    network, loss, count = problem.network, problem.loss, len(problem.x)
    if loss.kind != "one-vs-all-hinge" or loss.weight_decay:
        raise MalformedInput("loss", repr(loss), "the one-versus-all hinge loss, with a penalty or alone")
    weights = tuple((loss.weight(i, r, count),) for i in range(count))
    if loss.penalty:
        network = _one_replica(network, loss.penalty.replicas)
        spans, many = list(problem.network.spans()), loss.penalty.replicas
        points = {name: _block(point, spans, many, r) for name, point in problem.points.items()}
    else:
        points = {name: part(point, network, r) for name, point in problem.points.items()}
    top = network.layers[-1]
    if top.kind != "dense":
        raise MalformedInput("network", repr(network), "a dense output layer")
    return replace(
        problem,
        network=replace(network, layers=(*network.layers[:-1], Layer.dense(top.inputs, 1, top.bias))),
        y=tuple(1 if y == r else -1 for y in problem.y),
        loss=Loss("hinge", weights=weights),
        points=points,
        name=f"{problem.name}, class {r}" if problem.name else "",
    )


def part(point: Sequence[Rational], network: Network, r: int) -> Vector:
    """The parameters of the one-versus-all network that class r depends on: all but the other rows of the output."""
    top = network.layers[-1]
    start = network.offsets[-2]
    own = point[start + r * top.inputs : start + (r + 1) * top.inputs]
    bias = point[start + top.size + r : start + top.size + r + 1] if top.bias else ()
    return (*point[:start], *own, *bias)


def join(points: Sequence[Sequence[Rational]], network: Network) -> Vector:
    """The point of the penalised problem with a point of the one-versus-all network for each replica."""
    result: list[Rational] = []
    last = len(network.layers) - 1
    for number, (layer, start, stop) in enumerate(network.spans()):
        weights, biases = (
            [p[start : start + layer.size] for p in points],
            [p[start + layer.size : stop] for p in points],
        )
        if number == last:
            weights = [w[r * layer.inputs : (r + 1) * layer.inputs] for r, w in enumerate(weights)]
            biases = [b[r : r + 1] for r, b in enumerate(biases)]
        result += [value for part in (*weights, *biases) for value in part]
    return tuple(result)


def replicas_of(problem: Instance, point: Sequence[Rational]) -> list[Vector]:
    """The hidden parameters of each replica at a point of a penalised problem."""
    penalty = problem.loss.penalty
    if penalty is None:
        raise MalformedInput("loss", repr(problem.loss), "an exact penalty")
    hidden = list(problem.network.spans())[:-1]
    return [_block(point, hidden, penalty.replicas, r) for r in range(penalty.replicas)]


def _replicated(network: Network) -> Network:
    """A replica of all hidden layers for each output."""
    replicas = network.widths[-1]
    layers = [Layer.dense(network.widths[0], replicas * network.widths[1], network.layers[0].bias)]
    for layer in network.layers[1:]:
        rows = 1 if layer is network.layers[-1] else layer.outputs
        blocks = [(r, i, j) for r in range(replicas) for i in range(rows) for j in range(layer.inputs)]
        layers.append(_linear(blocks, rows, layer.inputs, replicas, layer.bias))
    return Network(tuple(layers), network.slopes)


def _one_replica(network: Network, replicas: int) -> Network:
    """The network of which a network consists of replicas."""
    widths = [network.widths[0], *(width // replicas for width in network.widths[1:-1]), replicas]
    one = Network.dense(widths, network.slopes, [layer.bias for layer in network.layers])
    if network.widths[-1] != replicas or _replicated(one) != network:
        raise MalformedInput("network", repr(network), f"{replicas} replicas side by side, as of exact_penalty")
    return one


def _block(point: Sequence[Rational], spans: Iterable[tuple[Layer, int, int]], replicas: int, r: int) -> Vector:
    """The r-th of the equal blocks of the weights and of the biases of some layers."""
    result: list[Rational] = []
    for layer, start, stop in spans:
        for first, last in ((start, start + layer.size), (start + layer.size, stop)):
            length = (last - first) // replicas
            result += point[first + r * length : first + (r + 1) * length]
    return tuple(result)


def _linear(blocks: list[tuple[int, int, int]], outputs: int, inputs: int, replicas: int, bias: bool) -> Layer:
    """The layer with a block of shape (outputs, inputs) for each replica on its diagonal, all entries free."""
    basis = []
    for r, i, j in blocks:
        matrix = [[mpq(0)] * (replicas * inputs) for _ in range(replicas * outputs)]
        matrix[r * outputs + i][r * inputs + j] = mpq(1)
        basis.append(matrix)
    return Layer.linear(replicas * inputs, replicas * outputs, basis, bias)
