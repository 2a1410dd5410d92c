"""What all results of Milne's paper assume, and the quantities in them: training error, decay, norms of the layers.

A dense network without biases, H >= 1 hidden layers, one output, slopes at most 1 (in the paper ReLU, at the output
too); the training error l(W) = sum_i weight_i e_i^2, e_i = output - target, with weights of sum 1/2 (in the paper
1/(2N) each). The loss of the problem is l_lambda = l + lambda/2 |W|^2: lambda is its weight decay. The layer W1 of a
problem is the transpose of the paper's W_0, and so on. ||W||_* is the largest operator norm of a layer, |W| the
Euclidean norm of all weights, r the largest norm of a data point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from gmpy2 import mpq

from exactrelu.certificate import Certificate
from exactrelu.facts import facts
from exactrelu.linear import product, transpose
from exactrelu.network import weights_matrix
from exactrelu.problem import Instance
from exactrelu.rational import Matrix, Rational, Vector, dot

W = "W"  # the name of the point in certificates


def scope(problem: Instance, *, decay: bool = True) -> str:
    """Why the problem is not one of Milne's; empty if it is one. ``decay`` asks for lambda > 0."""
    network, loss = problem.network, problem.loss
    if any(layer.kind != "dense" or layer.bias for layer in network.layers):
        return "dense layers without biases are needed"
    if not network.hidden_layers or network.widths[-1] != 1:
        return "a hidden layer and a single output are needed"
    if max(network.slopes) > 1:
        return "slopes of at most 1 are needed"
    count = len(problem.x)
    if loss.is_hinge or sum(loss.weight(i, 0, count) for i in range(count)) != mpq(1, 2):
        return "the mean of half squares is needed (the squared loss with weights of sum 1/2)"
    return "weight decay lambda > 0 is needed" if decay and not loss.weight_decay else ""


def decay_rate(problem: Instance) -> Rational:
    """Lambda."""
    return mpq(problem.loss.weight_decay)


def radius2(problem: Instance) -> Rational:
    """r^2, the largest squared norm of a data point."""
    return max(dot(x, x) for x in problem.x)


def training_error(problem: Instance, parameters: Sequence[Rational]) -> Rational:
    """l(W), the loss without the decay."""
    return mpq(problem.evaluate(parameters) - decay_rate(problem) / 2 * dot(parameters, parameters))


def layers(problem: Instance, parameters: Sequence[Rational]) -> tuple[Matrix, ...]:
    """The matrices of the layers."""
    return tuple(weights_matrix(layer, parameters[a:b]) for layer, a, b in problem.network.spans())


def gram(matrix: Matrix) -> Matrix:
    """W W^T or W^T W, whichever is smaller: their largest eigenvalue is the square of the operator norm of W."""
    flat = transpose(matrix)
    return product(matrix, flat) if len(matrix) <= len(flat) else product(flat, matrix)


def alone(problem: Instance, **points: Vector) -> Instance:
    """The problem with these points and no others: what a certificate embeds."""
    return replace(problem, points=points)


def definitions(problem: Instance, name: str = W) -> dict[str, str]:
    """Expressions for certificates: ``r2``, the layers ``W1`` .. and ``G1`` .. (`gram`), ``size2`` = |W|^2, ``l``."""
    network, point = problem.network, f"'{name}'"
    result = {"r2": f"max({', '.join(f'norm2(x[{i}])' for i in range(len(problem.x)))})"}
    for k, layer in enumerate(network.layers, 1):
        result[f"W{k}"] = f"parameter({point}, 'W{k}')"
        flat = f"transpose(W{k})"
        result[f"G{k}"] = f"W{k} @ {flat}" if layer.outputs <= layer.inputs else f"{flat} @ W{k}"
    result["size2"] = " + ".join(f"norm2(W{k})" for k in range(1, len(network.layers) + 1))
    result["l"] = f"loss({point}) - weight_decay/2*size2"
    return result


def proved(
    problem: Instance,
    parameters: Vector,
    words: str,
    relations: Sequence[str],
    more: Mapping[str, str] | None = None,
    variables: Sequence[str] = (),
) -> Certificate:
    """The certificate of relations about a point, in terms of `definitions` and of more ones."""
    embedded = alone(problem, **{W: parameters})
    return facts(embedded, words, relations, {**definitions(problem), **(more or {})}, variables)
